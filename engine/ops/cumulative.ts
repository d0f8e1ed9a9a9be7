import { bool, type DType, int64, uint8 } from "../dtype";
import { IndexError, NotImplementedError, RuntimeError } from "../errors";
import { add, div, mul } from "../kernels/arithmetic";
import { checkInteger } from "../kernels/elementwise";
import { fromRows, rowsOf } from "../kernels/reduce";
import { op, torch } from "../op/define";
import { numel, wrapDim } from "../shape";
import type { Tensor } from "../tensor";
import { placeAt } from "./reduction";

/** Sum of each element and those before it along `dim`; integers give int64. Source: torch.cumsum. */
op("cumsum(input, dim: int, *, dtype: dtype? = null)", {
  grad_fn: "CumsumBackward0",
  forward: (input, dim, dtype) => accumulate(input, dim, (sum, x) => sum + x, 0, dtype, "cumsum"),
  backward: {
    input: [["dim"], (grad, dim) => reversedCumsum(grad, dim), "sum of grad from each element on"],
  },
  inplace: true,
});

/** Product of each element and those before it along `dim`; integers give int64. Source: torch.cumprod. */
op("cumprod(input, dim: int, *, dtype: dtype? = null)", {
  grad_fn: "CumprodBackward0",
  forward: (input, dim, dtype) => accumulate(input, dim, (product, x) => product * x, 1, dtype, "cumprod"),
  backward: {
    input: [
      ["input", "dim", "result"],
      (grad, input, dim, result) => cumprodGrad(grad, input, dim, result),
      "Σ grad · result / input from each element on",
    ],
  },
  inplace: true,
});

function accumulate(
  input: Tensor,
  dim: number,
  f: (sum: number, x: number) => number,
  initial: number,
  dtype: DType | null,
  name: string,
): Tensor {
  const at = wrapDim(dim, input.shape.length);
  const out = dtype ?? (input.dtype.category === "float" ? input.dtype : int64);
  if (out === bool || (name === "logcumsumexp" && out.category !== "float"))
    throw new NotImplementedError(`"${name}_out_cpu" not implemented for '${out.scalarTypeName}'`);
  const { data, rows, count } = rowsOf(dtype === null ? input : input.to(dtype), at);
  const values = new out.ArrayType(data.length);
  for (let r = 0; r < rows; r++) {
    let sum = initial;
    for (let i = r * count; i < (r + 1) * count; i++) {
      sum = f(sum, data[i]);
      values[i] = sum;
    }
  }
  return fromRows(checkInteger(values, out), input.shape, at, count, out);
}

function reversedCumsum(t: Tensor, dim: number): Tensor {
  const single = t.shape.length === 0 || numel(t.shape) <= 1 || t.shape[wrapDim(dim, t.shape.length)] === 1;
  return single ? t : t.flip(dim).cumsum(dim).flip(dim);
}

function cumprodGrad(grad: Tensor, input: Tensor, dim: number, result: Tensor): Tensor {
  if (input.shape.length === 0 || numel(input.shape) <= 1) return grad;
  if (input.eq(0).sum().item() === 0) return reversedCumsum(grad.mul(result), dim).div(input);
  // A zero cannot be divided out again: multiply what is left without each element.
  const size = input.shape[wrapDim(dim, input.shape.length)];
  const one = torch.ones_like(input.narrow(dim, 0, 1));
  const slices = Array.from({ length: size }, (_, k) => {
    const before = k === 0 ? one : input.narrow(dim, 0, k).prod(dim, true);
    const after = torch.cat([one, input.narrow(dim, k + 1, size - k - 1)], dim).cumprod(dim);
    return grad
      .narrow(dim, k, size - k)
      .mul(before.mul(after))
      .sum(dim);
  });
  return torch.stack(slices, dim);
}

/** Largest element so far along `dim`, and where it is, the last of several; a NaN stays. Source: torch.cummax. */
op("cummax(input, dim: int) -> (values, indices)", {
  grad_fn: "CummaxBackward0",
  forward: (input, dim) => extremeSoFar(input, dim, (x, best) => x >= best, "cummax"),
  backward: {
    input: [
      ["input.shape", "dim", "result"],
      (grads, shape, dim, result) => placeAt(grads[0], shape, dim, true, result[1]),
      "grad added where each maximum was",
    ],
  },
});

/** Smallest element so far along `dim`, and where it is, the last of several; a NaN stays. Source: torch.cummin. */
op("cummin(input, dim: int) -> (values, indices)", {
  grad_fn: "CumminBackward0",
  forward: (input, dim) => extremeSoFar(input, dim, (x, best) => x <= best, "cummin"),
  backward: {
    input: [
      ["input.shape", "dim", "result"],
      (grads, shape, dim, result) => placeAt(grads[0], shape, dim, true, result[1]),
      "grad added where each minimum was",
    ],
  },
});

function extremeSoFar(
  input: Tensor,
  dim: number,
  better: (x: number, best: number) => boolean,
  name: string,
): Tensor[] {
  if (input.shape.length === 0 && dim !== 0 && dim !== -1)
    throw new IndexError(`${name}(): Expected reduction dim -1 or 0 for scalar but got ${dim}`);
  const at = wrapDim(dim, input.shape.length);
  const { data, rows, count } = rowsOf(input, at);
  const values = new input.dtype.ArrayType(data.length);
  const indices = new int64.ArrayType(data.length);
  for (let r = 0; r < rows; r++) {
    const start = r * count;
    let found = start;
    for (let i = start; i < start + count; i++) {
      if (Number.isNaN(data[i]) || better(data[i], data[found])) found = i;
      values[i] = data[found];
      indices[i] = found - start;
    }
  }
  return [
    fromRows(values, input.shape, at, count, input.dtype),
    fromRows(indices, input.shape, at, count, int64),
  ];
}

/** ln Σ e^x over each element and those before it along `dim`, without overflow. Throws for integers. Source: torch.logcumsumexp. */
op("logcumsumexp(input, dim: int)", {
  grad_fn: "LogcumsumexpBackward0",
  forward: (input, dim) =>
    accumulate(input, dim, logAddExp, Number.NEGATIVE_INFINITY, input.dtype, "logcumsumexp"),
  backward: {
    input: [
      ["input", "dim", "result"],
      (grad, input, dim, result) => {
        const positive = reversedLogSum(grad, grad.gt(0), input, dim, result);
        return positive.sub(reversedLogSum(grad.neg(), grad.lt(0), input, dim, result));
      },
      "Σ grad · e^(input − result) from each element on",
    ],
  },
});

function logAddExp(a: number, b: number): number {
  const max = Math.max(a, b);
  if (Math.abs(max) === Number.POSITIVE_INFINITY || Number.isNaN(max)) return max;
  return max + Math.log1p(Math.exp(Math.min(a, b) - max));
}

/** Σ grad · e^(input − result) over the elements of one sign, added up as logarithms so as not to overflow. */
function reversedLogSum(grad: Tensor, chosen: Tensor, input: Tensor, dim: number, result: Tensor): Tensor {
  const log = torch.where(chosen, grad, 1).log();
  const terms = torch.where(chosen, log, -3.4e38).sub(result);
  return terms.flip(dim).logcumsumexp(dim).flip(dim).add(input).exp();
}

// Where PyTorch's own composed operators meet a number they say so in the graph: other names than for `*` and `/`.

/** input · other. Source: aten::mul.Scalar. @internal */
op("_mul_scalar(input, other: Number)", {
  grad_fn: "MulBackward1",
  forward: mul,
  backward: { input: [["other"], (grad, other) => grad.mul(other), "grad · other"] },
});

/** input / other. Source: aten::div.Scalar. @internal */
op("_div_scalar(input, other: Number)", {
  grad_fn: "DivBackward1",
  forward: div,
  backward: { input: [["other"], (grad, other) => grad.div(other), "grad / other"] },
});

/** input + other. Source: aten::add.Scalar. @internal */
op("_add_scalar(input, other: Number)", {
  grad_fn: "AddBackward1",
  forward: add,
  backward: { input: [[], (grad) => grad, "grad"] },
});

/**
 * Differences between neighbours along `dim`, taken `n` times; `prepend` and `append` are joined to it first.
 * Source: torch.diff.
 */
op(
  "diff(input, n: int = 1, dim: int = -1, prepend: Tensor? = null, append: Tensor? = null)",
  (input, n, dim, prepend, append) => {
    if (input.shape.length === 0) throw new RuntimeError("diff expects input to be at least one-dimensional");
    const at = wrapDim(dim, input.shape.length);
    if (n < 0) throw new RuntimeError(`order must be non-negative but got ${n}`);
    for (const other of [prepend, append]) if (other !== null) checkJoins(input, other, at);
    if (n === 0) return torch.zeros_like(input).copy_(input);
    const parts = [prepend, input, append].filter((t) => t !== null);
    let result = parts.length === 1 ? input : torch.cat(parts, at);
    for (let left = Math.min(n, result.shape[at]); left > 0; left--) {
      const size = result.shape[at];
      const next = result.narrow(at, 1, size - 1);
      const before = result.narrow(at, 0, size - 1);
      result = result.dtype === bool ? next.logical_xor(before) : next.sub(before);
    }
    return result;
  },
);

function checkJoins(input: Tensor, other: Tensor, dim: number): void {
  if (other.shape.length !== input.shape.length)
    throw new RuntimeError("diff expects prepend or append to be the same dimension as input");
  input.shape.forEach((size, d) => {
    if (d !== dim && other.shape[d] !== size)
      throw new RuntimeError(
        `diff expects the shape of tensor to prepend or append to match that of input except along the differencing dimension; input.size(${d}) = ${size}, but got tensor.size(${d}) = ${other.shape[d]}`,
      );
  });
}

/** Area under points `y` along `dim` at the places `x`, by trapezoids. Source: torch.trapezoid. */
op(
  "trapezoid.x(y: Tensor, x: Tensor, *, dim: int = -1)",
  (y, x, dim) => {
    refuseBoolPoints("trapezoid", y, x);
    const size = sizeAlong(y, dim);
    if (size === 0) return y.new_zeros(y.shape.toSpliced(wrapDim(dim, y.shape.length), 1));
    return heights(y, dim)
      .mul(widths("trapezoid", y, x, dim))
      .sum(dim)
      ._div_scalar(2);
  },
  { alias: ["torch.trapz"] },
);

/** Area under points `y` along `dim` that stand `dx` apart, by trapezoids. Source: torch.trapezoid. */
op(
  "trapezoid.dx(y: Tensor, *, dx: Number = 1, dim: int = -1)",
  (y, dx, dim) => {
    refuseBoolPoints("trapezoid", y);
    const size = sizeAlong(y, dim);
    if (size === 0) return y.new_zeros(y.shape.toSpliced(wrapDim(dim, y.shape.length), 1));
    const ends = y.select(dim, 0).add(y.select(dim, -1))._mul_scalar(0.5);
    return y.sum(dim).sub(ends)._mul_scalar(dx);
  },
  { alias: ["torch.trapz"] },
);

/** As `trapezoid`, adding up along `dim` from its start; one element less. Source: torch.cumulative_trapezoid. */
op("cumulative_trapezoid.x(y: Tensor, x: Tensor, *, dim: int = -1)", (y, x, dim) => {
  refuseBoolPoints("cumulative_trapezoid", y, x);
  sizeAlong(y, dim);
  return heights(y, dim)
    .mul(widths("cumulative_trapezoid", y, x, dim))
    .cumsum(dim)
    ._div_scalar(2);
});

/** As `trapezoid`, adding up along `dim` from its start; one element less. Source: torch.cumulative_trapezoid. */
op("cumulative_trapezoid.dx(y: Tensor, *, dx: Number = 1, dim: int = -1)", (y, dx, dim) => {
  refuseBoolPoints("cumulative_trapezoid", y);
  sizeAlong(y, dim);
  const floats = y.dtype.category === "float" ? y : y.float();
  return heights(floats, dim)
    ._mul_scalar(dx / 2)
    .cumsum(dim);
});

function refuseBoolPoints(name: string, y: Tensor, x?: Tensor): void {
  if (y.dtype !== bool && x?.dtype !== bool) return;
  const points = x === undefined ? "`y`" : "`x` or `y`";
  throw new RuntimeError(`${name}: received a bool input for ${points}, but bool is not supported`);
}

function sizeAlong(t: Tensor, dim: number): number {
  if (t.shape.length === 0)
    throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  return t.shape[wrapDim(dim, t.shape.length)];
}

/** Sums of neighbours. */
function heights(y: Tensor, dim: number): Tensor {
  return y.slice(dim, 0, -1).add(y.slice(dim, 1));
}

/** Distances of neighbours, shaped so that they go with `y`. */
function widths(name: string, y: Tensor, x: Tensor, dim: number): Tensor {
  if (x.shape.length === 1) {
    const at = wrapDim(dim, y.shape.length);
    if (x.shape[0] !== y.shape[at])
      throw new RuntimeError(`${name}: There must be one \`x\` value for each sample point`);
    const column = x.reshape(y.shape.map((_, d) => (d === at ? x.shape[0] : 1)));
    return column.slice(at, 1).sub(column.slice(at, 0, -1));
  }
  const missing = y.shape.length - x.shape.length;
  const places =
    missing > 0 && x.shape.length > 0 ? x.reshape([...new Array<number>(missing).fill(1), ...x.shape]) : x;
  if (places.shape.length === 0) return x.new_zeros([0]);
  return places.slice(dim, 1).sub(places.slice(dim, 0, -1));
}

/**
 * Slopes of sampled values along each of `dim` (all unless given), by second-order central differences inside
 * and differences of order `edge_order` (1 or 2) at the ends. `spacing`: the distance of samples, one number
 * for all dimensions or one for each, or the samples' places (n) for each. Source: torch.gradient.
 */
op(
  "gradient(input, *, spacing: Number | float[] | Tensor[]? = null, dim: int[]? = null, edge_order: int = 1) -> Tensor[]",
  (input, spacing, dim, edge_order) => {
    const dims = (dim ?? input.shape.map((_, d) => d)).map((d) => wrapDim(d, input.shape.length));
    checkGradient(input, spacing, dim, dims, edge_order);
    return dims.map((d, i) => {
      if (!Array.isArray(spacing)) return evenSlope(input, d, spacing ?? 1, edge_order);
      const step = spacing[i];
      return typeof step === "number"
        ? evenSlope(input, d, step, edge_order)
        : unevenSlope(input, d, step, edge_order);
    });
  },
  { method: false },
);

function checkGradient(
  input: Tensor,
  spacing: number | number[] | Tensor[] | null,
  dim: number[] | null,
  dims: number[],
  edgeOrder: number,
): void {
  const fail = (message: string) => {
    throw new RuntimeError(message);
  };
  if (input.dtype === uint8) fail("torch.gradient does not support uint8 input.");
  if (Array.isArray(spacing) && spacing.length !== dims.length)
    fail(
      dim === null
        ? `torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to 'self.dim() = ${input.shape.length}', since dim argument was not given, but got a list of length ${spacing.length}`
        : `torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the same length, but got a spacing argument of length ${spacing.length} and a dim argument of length ${dims.length}.`,
    );
  if (edgeOrder !== 1 && edgeOrder !== 2) fail("torch.gradient only supports edge_order=1 and edge_order=2.");
  dims.forEach((d, i) => {
    if (dims.indexOf(d) !== i) fail(`dim ${d} appears multiple times in the list of dims`);
    if ((input.shape[d] ?? 1) < edgeOrder + 1)
      fail("torch.gradient expected each dimension size to be at least edge_order+1");
    const places = Array.isArray(spacing) ? spacing[i] : null;
    if (places === null || typeof places === "number") return;
    if (places.shape.length !== 1)
      fail(
        `torch.gradient expected each element of spacing to have one dimension, but got an element with ${places.shape.length} dimensions!`,
      );
    if (places.shape[0] !== input.shape[d])
      fail(
        `The size of tensor a (${places.shape[0]}) must match the size of tensor b (${input.shape[d]}) at non-singleton dimension ${d}`,
      );
  });
}

function evenSlope(input: Tensor, dim: number, step: number, edgeOrder: number): Tensor {
  const n = input.shape[dim];
  const at = (start: number, length = 1) => input.narrow(dim, start, length);
  const inner = at(2, n - 2)
    .sub(at(0, n - 2))
    ._div_scalar(2)
    ._div_scalar(step);
  if (edgeOrder === 1) {
    const first = at(1).sub(at(0))._div_scalar(step);
    return torch.cat(
      [
        first,
        inner,
        at(n - 1)
          .sub(at(n - 2))
          ._div_scalar(step),
      ],
      dim,
    );
  }
  const first = at(0)
    ._mul_scalar(-1.5)
    .add(at(1)._mul_scalar(2))
    .sub(at(2)._mul_scalar(0.5))
    ._div_scalar(step);
  const last = at(n - 1)
    ._mul_scalar(1.5)
    .sub(at(n - 2)._mul_scalar(2))
    .add(at(n - 3)._mul_scalar(0.5))
    ._div_scalar(step);
  return torch.cat([first, inner, last], dim);
}

function unevenSlope(input: Tensor, dim: number, places: Tensor, edgeOrder: number): Tensor {
  const n = input.shape[dim];
  const at = (start: number, length = 1) => input.narrow(dim, start, length);
  const column = places.reshape(input.shape.map((_, d) => (d === dim ? n : 1)));
  const distances = column.narrow(dim, 1, n - 1).sub(column.narrow(dim, 0, n - 1));
  const step = (start: number, length = 1) => distances.narrow(dim, start, length);
  const left = step(0, n - 2);
  const right = step(1, n - 2);
  const both = left.add(right);
  const inner = right
    .neg()
    .div(left.mul(both))
    .mul(at(0, n - 2))
    .add(
      right
        .sub(left)
        .div(left.mul(right))
        .mul(at(1, n - 2)),
    )
    .add(left.div(right.mul(both)).mul(at(2, n - 2)));
  if (edgeOrder === 1) {
    const first = at(1).sub(at(0)).div(step(0));
    return torch.cat(
      [
        first,
        inner,
        at(n - 1)
          .sub(at(n - 2))
          .div(step(n - 2)),
      ],
      dim,
    );
  }
  const [a, b] = [step(0), step(1)];
  const first = a
    .mul(2)
    .add(b)
    .neg()
    .div(a.mul(a.add(b)))
    .mul(at(0))
    .add(a.add(b).div(a.mul(b)).mul(at(1)))
    .add(
      a
        .neg()
        .div(b.mul(a.add(b)))
        .mul(at(2)),
    );
  const [c, d] = [step(n - 3), step(n - 2)];
  const last = d
    .div(c.mul(c.add(d)))
    .mul(at(n - 3))
    .add(
      c
        .add(d)
        .neg()
        .div(c.mul(d))
        .mul(at(n - 2)),
    )
    .add(
      d
        .mul(2)
        .add(c)
        .div(d.mul(c.add(d)))
        .mul(at(n - 1)),
    );
  return torch.cat([first, inner, last], dim);
}
