import { withGradMode } from "../autograd/grad_mode";
import { type DType, promoteTypes } from "../dtype";
import { RuntimeError } from "../errors";
import { resultType, zip } from "../kernels/elementwise";
import { type Dims, reduce } from "../kernels/reduce";
import { linalg, op, torch } from "../op/define";
import { broadcastShapes, numel, sameShape, wrapDim } from "../shape";
import type { Tensor } from "../tensor";
import { kept } from "./reduction";

/**
 * (Σ |x|^ord)^(1/ord) over the given dimensions, of all elements unless given; ±inf gives the largest or
 * smallest |x|, 0 the number of elements that are not 0. Throws for integers. Source: torch.linalg.vector_norm.
 */
op(
  "linalg.vector_norm(x: Tensor, ord: Number = 2, dim: int[]? = null, keepdim = false, *, dtype: dtype? = null)",
  {
    grad_fn: "LinalgVectorNormBackward0",
    forward: (x, ord, dim, keepdim, dtype) => {
      checkNormTypes("linalg.vector_norm", x, dtype);
      if (ord < 0 || ord === Number.POSITIVE_INFINITY) requireIdentity(x, ord, dim);
      return pNorm(dtype === null ? x : x.to(dtype), ord, dim, keepdim);
    },
    backward: {
      x: [
        ["x", "ord", "dim", "keepdim", "result"],
        (grad, x, ord, dim, keepdim, result) => normGrad(grad, x, ord, dim, keepdim, result),
        "grad · sign(x) · (|x| / result)^(ord − 1)",
      ],
    },
  },
);

function checkNormTypes(name: string, x: Tensor, dtype: DType | null): void {
  if (x.dtype.category !== "float")
    throw new RuntimeError(
      `${name}: Expected a floating point or complex tensor as input. Got ${x.dtype.scalarTypeName}`,
    );
  if (dtype === null) return;
  if (dtype.category !== "float")
    throw new RuntimeError(
      `${name}: dtype should be floating point or complex, but got ${dtype.scalarTypeName}`,
    );
  if (promoteTypes(x.dtype, dtype) !== dtype)
    throw new RuntimeError(
      `${name}: the dtype of the input (${x.dtype.scalarTypeName}) should be convertible without narrowing to the specified dtype (${dtype.scalarTypeName})`,
    );
}

/** Throws where a largest or smallest element is asked for and there is none. */
function requireIdentity(x: Tensor, ord: number, dims: number[] | null): void {
  if (numel(x.shape) > 0) return;
  const shown = String(ord).replace("Infinity", "inf");
  if (dims === null || dims.length === 0)
    throw new RuntimeError(
      `linalg.vector_norm cannot compute the ${shown} norm on an empty tensor because the operation does not have an identity`,
    );
  for (const dim of dims)
    if (x.shape[wrapDim(dim, x.shape.length)] === 0)
      throw new RuntimeError(
        `linalg.vector_norm cannot compute the ${shown} norm on the dimension ${dim}because this dimension is empty and the operation does not have an identity`,
      );
}

function pNorm(x: Tensor, p: number, dims: Dims, keepdim: boolean): Tensor {
  return reduce(x, dims, keepdim, x.dtype, rowNorm(p));
}

function rowNorm(p: number): (data: ArrayLike<number>, start: number, end: number) => number {
  if (p === 2)
    return (data, start, end) => {
      let sum = 0;
      for (let i = start; i < end; i++) sum += data[i] * data[i];
      return Math.sqrt(sum);
    };
  if (p === 0)
    return (data, start, end) => {
      let count = 0;
      for (let i = start; i < end; i++) if (data[i] !== 0) count++;
      return count;
    };
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    const choose = p > 0 ? Math.max : Math.min;
    return (data, start, end) => {
      let best = Math.abs(data[start]);
      for (let i = start + 1; i < end; i++) best = choose(best, Math.abs(data[i]));
      return best;
    };
  }
  return (data, start, end) => {
    let sum = 0;
    for (let i = start; i < end; i++) sum += p === 1 ? Math.abs(data[i]) : Math.abs(data[i]) ** p;
    return p === 1 ? sum : sum ** (1 / p);
  };
}

/** The gradient of a p-norm, with 0 where the norm has no slope. Source: torch::autograd::norm_backward. */
function normGrad(
  gradient: Tensor,
  x: Tensor,
  p: number,
  dims: Dims,
  keepdim: boolean,
  result: Tensor,
): Tensor | null {
  if (p === 0) return null;
  const grad = kept(gradient, x.shape, dims, keepdim);
  const norm = kept(result, x.shape, dims, keepdim);
  if (p === 1) return x.sgn().mul(grad);
  if (p === 2) return grad.mul(x.div(norm).masked_fill(norm.eq(0), 0));
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    const size = x.abs();
    const ties = size.eq(norm).logical_or(size.isnan());
    return x.sgn().mul(grad.div(ties.sum(dims === null ? null : [dims].flat(), true)).mul(ties));
  }
  const slope = p < 2 ? x.sgn().mul(x.abs().pow(p - 1)) : x.mul(x.abs().pow(p - 2));
  if (p < 1)
    return slope
      .masked_fill(x.eq(0), 0)
      .mul(grad)
      .mul(norm.pow(1 - p));
  return slope.mul(grad.div(norm.pow(p - 1)).masked_fill(norm.eq(0), 0));
}

/**
 * Norm of matrices, in the two dimensions `dim`: `"fro"` (root of the sum of squares), `"nuc"` (sum of singular
 * values), ±2 (largest, smallest singular value), ±1 (column sums), ±inf (row sums). Throws for integers.
 * Source: torch.linalg.matrix_norm.
 */
op(
  "linalg.matrix_norm(A: Tensor, ord: Number | str = 'fro', dim: int[] = [-2,-1], keepdim = false, *, dtype: dtype? = null)",
  (A, ord, dim, keepdim, dtype) => {
    const known = typeof ord === "string" ? ["fro", "nuc"] : [1, 2, Number.POSITIVE_INFINITY];
    const [rows, columns] = checkMatrixDims(A, dim, dtype);
    if (!(known as unknown[]).includes(typeof ord === "string" ? ord : Math.abs(ord)))
      throw new RuntimeError(
        `linalg.matrix_norm: Order ${String(ord).replace("Infinity", "inf")} not supported.`,
      );
    if (ord === "fro") return linalg.vector_norm(A, 2, [rows, columns], keepdim, { dtype });
    if (ord === "nuc" || Math.abs(ord as number) === 2)
      return spectralNorm(
        A,
        ord === "nuc" ? "sum" : (ord as number) > 0 ? "amax" : "amin",
        rows,
        columns,
        keepdim,
        dtype,
      );
    const [summed, compared] = Math.abs(ord as number) === 1 ? [rows, columns] : [columns, rows];
    const at = !keepdim && summed < compared ? compared - 1 : compared;
    const vectors = linalg.vector_norm(A, 1, [summed], keepdim, { dtype });
    return (ord as number) > 0 ? largest(vectors, at, keepdim) : vectors.amin([at], keepdim);
  },
);

/** PyTorch gives matrices without elements the norm 0. */
function largest(norms: Tensor, dim: number, keepdim: boolean): Tensor {
  const none = norms.shape[wrapDim(dim, norms.shape.length)] === 0;
  return none ? norms.sum([dim], keepdim) : norms.amax([dim], keepdim);
}

function checkMatrixDims(A: Tensor, dims: number[], dtype: DType | null): [number, number] {
  checkNormTypes("linalg.matrix_norm", A, dtype);
  const fail = (message: string) => {
    throw new RuntimeError(`linalg.matrix_norm: ${message}`);
  };
  if (A.shape.length < 2) fail("The input tensor A must have at least 2 dimensions.");
  if (dims.length !== 2) fail(`dim must be a 2-tuple. Got ${dims.join(" ")}`);
  const [rows, columns] = dims.map((d) => wrapDim(d, A.shape.length));
  if (rows === columns) fail(`dims must be different. Got (${dims.join(", ")})`);
  return [rows, columns];
}

function spectralNorm(
  A: Tensor,
  reduction: "sum" | "amax" | "amin",
  rows: number,
  columns: number,
  keepdim: boolean,
  dtype: DType | null,
): Tensor {
  const rest = A.shape.map((_, d) => d).filter((d) => d !== rows && d !== columns);
  const order = [...rest, rows, columns];
  const moved = A.permute(order);
  const values = linalg.svdvals(dtype === null ? moved : moved.to(dtype));
  const result =
    reduction === "sum"
      ? values.sum([-1], keepdim)
      : reduction === "amax"
        ? largest(values, -1, keepdim)
        : values.amin([-1], keepdim);
  if (!keepdim) return result;
  return result.unsqueeze(-1).permute(order.map((_, d) => order.indexOf(d)));
}

/**
 * Vector or matrix norm: without `ord` the root of the sum of squares; with it the matrix norm of two
 * dimensions, the vector norm of one. Throws for integers. Source: torch.linalg.norm.
 */
op(
  "linalg.norm(A: Tensor, ord: Number | str? = null, dim: int[]? = null, keepdim = false, *, dtype: dtype? = null)",
  (A, ord, dim, keepdim, dtype) => {
    if (dim !== null && dim.length !== 1 && dim.length !== 2)
      throw new RuntimeError(
        `linalg.norm: If dim is specified, it must be of length 1 or 2. Got [${dim.join(", ")}]`,
      );
    if (dim === null && ord !== null && A.shape.length !== 1 && A.shape.length !== 2)
      throw new RuntimeError(
        `linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${A.shape.length}D.`,
      );
    const matrix = dim === null ? A.shape.length === 2 : dim.length === 2;
    if (typeof ord === "string" || (ord !== null && matrix))
      return linalg.matrix_norm(A, ord, dim ?? [0, 1], keepdim, { dtype });
    return linalg.vector_norm(A, ord ?? 2, dim, keepdim, { dtype });
  },
);

/**
 * Norm of all elements or of those along `dim`: `p` a number, `"fro"` (as 2) or `"nuc"` (of a matrix). Throws
 * for integers. Source: torch.norm.
 */
op(
  "norm(input, p: Number | str? = 'fro', dim: int[]? = null, keepdim = false, *, dtype: dtype? = null)",
  (input, p, dim, keepdim, dtype) => {
    if (typeof p !== "string") return linalg.vector_norm(input, p ?? 2, dim, keepdim, { dtype });
    if (p === "fro" && (dim === null || dim.length <= 2))
      return linalg.vector_norm(input, 2, dim, keepdim, { dtype });
    return linalg.matrix_norm(input, p, dim ?? input.shape.map((_, d) => d), keepdim, { dtype });
  },
);

/** As `linalg.vector_norm`, for operators that PyTorch composes of the older one. Source: aten::norm. @internal */
op("_norm(input, p: Number, dim: int[], keepdim = false)", {
  grad_fn: "NormBackward1",
  forward: (input, p, dim, keepdim) => {
    requireNormFloating(input.dtype);
    return pNorm(input, p, dim, keepdim);
  },
  backward: {
    input: [
      ["input", "p", "dim", "keepdim", "result"],
      (grad, input, p, dim, keepdim, result) => normGrad(grad, input, p, dim, keepdim, result),
      "grad · sign(input) · (|input| / result)^(p − 1)",
    ],
  },
});

function requireNormFloating(dtype: DType): void {
  if (dtype.category !== "float")
    throw new RuntimeError(
      `norm(): input dtype should be either floating point or complex. Got ${dtype.scalarTypeName} instead.`,
    );
}

/** Root of the sum of squares over the given dimensions. Source: torch.frobenius_norm. */
op(
  "frobenius_norm(input, dim: int[], keepdim = false)",
  (input, dim, keepdim) => input._norm(2, dim, keepdim),
  { method: false },
);

/** Sum of singular values of matrices in the two dimensions `dim`. Source: torch.nuclear_norm. */
op(
  "nuclear_norm(input, dim: int[] = [0,1], keepdim = false)",
  (input, dim, keepdim) => linalg.matrix_norm(input, "nuc", dim, keepdim),
  { method: false },
);

/** p-norm of input − other, broadcast; 0-dim. Source: torch.dist. */
op("dist(input, other: Tensor, p: Number = 2)", {
  grad_fn: "DistBackward0",
  forward: (input, other, p) => {
    requireNormFloating(resultType(input, other));
    return pNorm(
      zip(input, other, (x, y) => x - y),
      p,
      null,
      false,
    );
  },
  backward: {
    input: [
      ["input", "other", "p", "result"],
      (grad, input, other, p, result) => normGrad(grad, input.sub(other), p, null, false, result),
      "grad · the norm's gradient at input − other",
    ],
    other: [
      ["input", "other", "p", "result"],
      (grad, input, other, p, result) => normGrad(grad, other.sub(input), p, null, false, result),
      "−grad · the norm's gradient at input − other",
    ],
  },
});

/** Scales down each slice along `dim` whose p-norm is above `maxnorm`, to that norm. Source: torch.renorm. */
op("renorm(input, p: Number, dim: int, maxnorm: Number)", {
  grad_fn: "RenormBackward0",
  forward: (input, p, dim, maxnorm) => {
    if (!(p > 0)) throw new RuntimeError("renorm: non-positive-norm not supported");
    if (maxnorm < 0) throw new RuntimeError(`renorm: expected maxnorm to be >= 0 but got ${maxnorm}`);
    if (input.shape.length < 2)
      throw new RuntimeError(
        `renorm: input needs at least 2 dimensions, got ${input.shape.length} dimensions`,
      );
    const norm = linalg.vector_norm(input, p, allBut(input.shape.length, dim), true);
    return zip(input, norm, (x, n) => (n > maxnorm ? (x * maxnorm) / (n + RENORM_EPSILON) : x));
  },
  backward: {
    input: [
      ["input", "p", "dim", "maxnorm"],
      (grad, input, p, dim, maxnorm) => {
        const dims = allBut(input.shape.length, dim);
        const norm = linalg.vector_norm(input, p, dims, true);
        const along = normGrad(input.mul(grad).sum(dims, true), input, p, dims, true, norm);
        const inverse = norm.add(RENORM_EPSILON).reciprocal();
        const scaled = inverse.mul(maxnorm).mul(along === null ? grad : grad.sub(inverse.mul(along)));
        return torch.where(norm.gt(maxnorm), scaled, grad);
      },
      "grad · maxnorm / norm without its part along the norm; grad where nothing was scaled",
    ],
  },
  inplace: true,
});

const RENORM_EPSILON = 1e-7;

function allBut(ndim: number, dim: number): number[] {
  const at = wrapDim(dim, ndim);
  return Array.from({ length: ndim }, (_, d) => d).filter((d) => d !== at);
}

/** input divided by its p-norm along `dim`, which counts as `eps` at least. Source: torch.nn.functional.normalize. */
op(
  "nn.functional.normalize(input, p: float = 2, dim: int[] = [1], eps: float = 1e-12)",
  (input, p, dim, eps) => input.div(input.norm(p, dim, true).clamp_min(eps).expand(input.shape)),
);

/**
 * Cosine of the angle between vectors along `dim`, broadcast; norms count as `eps` at least.
 * Source: torch.nn.functional.cosine_similarity.
 */
op(
  "cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08)",
  (x1, x2, dim, eps) => {
    const dtype = resultType(x1, x2);
    if (dtype.category !== "float")
      throw new RuntimeError(
        `expected common dtype to be floating point, yet common dtype is ${dtype.scalarTypeName}`,
      );
    const shape = broadcastShapes(x1.shape, x2.shape);
    const [a, b] = [x1, x2].map((x) => {
      const full = sameShape(x.shape, shape) ? x.to(dtype) : x.to(dtype).expand(shape);
      const norm = linalg.vector_norm(full, 2, [dim], true).clone();
      withGradMode(false, () => norm.clamp_min_(eps));
      return full.div(norm);
    });
    return a.mul(b).sum([dim]);
  },
  { alias: ["nn.functional.cosine_similarity"] },
);

/** p-norm of x1 − x2 + eps along the last dimension, broadcast. Source: torch.nn.functional.pairwise_distance. */
op(
  "pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2, eps: float = 1e-06, keepdim = false)",
  (x1, x2, p, eps, keepdim) => {
    const last = Math.max(x1.shape.length, x2.shape.length) - 1;
    const difference = x1.sub(x2);
    const floats = difference.dtype.category === "float" ? difference : difference.float();
    return floats._add_scalar(eps)._norm(p, [last], keepdim);
  },
  { alias: ["nn.functional.pairwise_distance"] },
);

/** The norm of each slice along `dim`, kept as dimensions of size 1; −1 is the norm of all. Source: torch.norm_except_dim. */
op("norm_except_dim(v: Tensor, pow: int = 2, dim: int = 0)", (v, pow, dim) => normExcept(v, pow, dim));

function normExcept(v: Tensor, pow: number, dim: number): Tensor {
  if (dim === -1) return v.norm(pow);
  const sizes = v.shape.map((size, d) => (d === dim ? size : 1));
  if (dim === 0) return v.contiguous().reshape([v.shape[0], -1]).norm(pow, 1).reshape(sizes);
  if (dim === v.shape.length - 1)
    return v.contiguous().reshape([-1, v.shape[dim]]).norm(pow, 0).reshape(sizes);
  return normExcept(v.transpose(0, dim), pow, 0).transpose(0, dim);
}

/**
 * g · v / ‖v‖, the norm taken of each slice along `dim`, or of all for −1: what weight normalisation makes of a
 * magnitude g and a direction v. Source: torch._weight_norm.
 */
op("_weight_norm(v: Tensor, g: Tensor, dim: int = 0)", (v, g, dim) =>
  dim === 0 || dim === v.shape.length - 1
    ? torch._weight_norm_interface(v, g, dim)
    : v.mul(g.div(normExcept(v, 2, dim))),
);

/** As `_weight_norm` along the first or the last dimension, in one step. Source: torch._weight_norm_interface. */
op("_weight_norm_interface(v: Tensor, g: Tensor, dim: int = 0)", {
  grad_fn: "WeightNormInterfaceBackward0",
  forward: (v, g, dim) => v.mul(g.div(normExcept(v, 2, dim))),
  backward: {
    v: [
      ["v", "g", "dim"],
      (grad, v, g, dim) => {
        const norm = normExcept(v, 2, dim);
        const along = sumExcept(grad.mul(v), dim).div(norm.mul(norm));
        return g.div(norm).mul(grad.sub(v.mul(along)));
      },
      "g / ‖v‖ · (grad − v · sum(grad · v) / ‖v‖²)",
    ],
    g: [
      ["v", "dim"],
      (grad, v, dim) => sumExcept(grad.mul(v), dim).div(normExcept(v, 2, dim)),
      "sum(grad · v) / ‖v‖",
    ],
  },
});

function sumExcept(x: Tensor, dim: number): Tensor {
  const others = x.shape.flatMap((_, d) => (d === dim ? [] : [d]));
  return others.length === 0 ? x : x.sum(others, true);
}
