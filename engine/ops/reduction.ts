import { bool, type DType, int64, uint8 } from "../dtype";
import { IndexError, RuntimeError } from "../errors";
import { floating } from "../kernels/elementwise";
import {
  type Dims,
  indexOfLargest,
  indexOfSmallest,
  reduce,
  reducedCount,
  reducedShape,
  requireElements,
  rowsOf,
  sumOver,
} from "../kernels/reduce";
import { op, torch } from "../op/define";
import { numel, type Shape, wrapDim } from "../shape";
import { fromData, type Tensor } from "../tensor";
// First of all: a tensor in `x.max(other)` is another operand, not a dimension.
import "./selection";

/** Sum of all elements; integers and bools give int64. `dtype` is cast to first. Source: torch.sum. */
op("sum(input, *, dtype: dtype? = null)", {
  grad_fn: "SumBackward0",
  forward: (input, dtype) => sum(input, null, false, dtype),
  backward: {
    input: [["input.shape"], (grad, shape) => grad.expand(shape), "grad, spread over every element"],
  },
});

/** Sum over the given dimensions, which stay with size 1 if `keepdim`. Source: torch.sum. */
op("sum.dim(input, dim: int[]?, keepdim = false, *, dtype: dtype? = null)", {
  grad_fn: "SumBackward1",
  forward: (input, dim, keepdim, dtype) => sum(input, dim, keepdim, dtype),
  backward: {
    input: [
      ["input.shape", "dim", "keepdim"],
      (grad, shape, dim, keepdim) => spread(grad, shape, dim, keepdim),
      "grad, spread over the summed dimensions",
    ],
  },
});

/** Mean of all elements. Throws for integers unless `dtype` is floating. Source: torch.mean. */
op("mean(input, *, dtype: dtype? = null)", {
  grad_fn: "MeanBackward0",
  forward: (input, dtype) => mean(input, null, false, dtype),
  backward: {
    input: [
      ["input.shape"],
      (grad, shape) => grad.expand(shape).div(numel(shape)),
      "grad / number of elements",
    ],
  },
});

/** Mean over the given dimensions, which stay with size 1 if `keepdim`. Throws for integers. Source: torch.mean. */
op("mean.dim(input, dim: int[]?, keepdim = false, *, dtype: dtype? = null)", {
  grad_fn: "MeanBackward1",
  forward: (input, dim, keepdim, dtype) => mean(input, dim, keepdim, dtype),
  backward: {
    input: [
      ["input.shape", "dim", "keepdim"],
      (grad, shape, dim, keepdim) => spread(grad, shape, dim, keepdim).div(reducedCount(shape, dim)),
      "grad / number of elements averaged",
    ],
  },
});

/** Sum without the NaNs. Source: torch.nansum. */
op("nansum(input, dim: int[]? = null, keepdim = false, *, dtype: dtype? = null)", {
  grad_fn: "NansumBackward0",
  forward: (input, dim, keepdim, dtype) =>
    reduce(cast(input, dtype), dim, keepdim, dtype ?? summed(input.dtype), (data, start, end) => {
      let total = 0;
      for (let i = start; i < end; i++) if (!Number.isNaN(data[i])) total += data[i];
      return total;
    }),
  backward: {
    input: [
      ["input", "dim", "keepdim"],
      (grad, input, dim, keepdim) => spread(grad, input.shape, dim, keepdim).mul(input.isnan().logical_not()),
      "grad, 0 at the NaNs",
    ],
  },
});

/** Mean without the NaNs. Throws for integers. Source: torch.nanmean. */
op(
  "nanmean(input, dim: int[]? = null, keepdim = false, *, dtype: dtype? = null)",
  (input, dim, keepdim, dtype) => {
    if (input.dtype.category !== "float")
      throw new RuntimeError(
        `nanmean(): expected input to have floating point or complex dtype but got ${input.dtype.scalarTypeName}`,
      );
    const count = input.detach().isnan().logical_not().sum(dim, keepdim);
    return input.nansum(dim, keepdim, { dtype }).div(count);
  },
);

function sum(input: Tensor, dims: Dims, keepdim: boolean, dtype: DType | null): Tensor {
  if (dtype === bool) return reduce(input, dims, keepdim, bool, anyInRow);
  return sumOver(cast(input, dtype), dims, keepdim, dtype ?? summed(input.dtype), 1);
}

/** The dtype of a sum or product: integers are added up in int64. */
function summed(dtype: DType): DType {
  return dtype.category === "float" ? dtype : int64;
}

function cast(input: Tensor, dtype: DType | null): Tensor {
  return dtype === null ? input : input.to(dtype);
}

function mean(input: Tensor, dims: Dims, keepdim: boolean, dtype: DType | null): Tensor {
  const out = dtype ?? input.dtype;
  if (out.category !== "float")
    throw new RuntimeError(
      `mean(): could not infer output dtype. ${dtype === null ? "Input" : "Optional"} dtype must be either a floating point or complex dtype. Got: ${out.scalarTypeName}`,
    );
  return sumOver(input, dims, keepdim, out, reducedCount(input.shape, dims));
}

/** Undoes a reduction's loss of dimensions: `grad` repeated over the dimensions it was summed over. */
export function spread(grad: Tensor, shape: Shape, dims: Dims, keepdim: boolean): Tensor {
  return kept(grad, shape, dims, keepdim).expand([...shape]);
}

/** A reduction's result, or its gradient, with the reduced dimensions as size 1. */
export function kept(reduced: Tensor, shape: Shape, dims: Dims, keepdim: boolean): Tensor {
  return keepdim ? reduced : reduced.reshape(reducedShape(shape, dims, true));
}

/** Product of all elements; integers and bools give int64. `dtype` is cast to first. Source: torch.prod. */
op("prod(input, *, dtype: dtype? = null)", {
  grad_fn: "ProdBackward0",
  forward: (input, dtype) => product(input, null, false, dtype),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => {
        const zeros = input.eq(0).sum().item();
        if (zeros === 0) return grad.mul(result.div(input));
        if (zeros > 1) return torch.zeros_like(input);
        return productOfOthers(input.reshape(-1), 0).mul(grad).reshape(input.shape);
      },
      "grad · product of the other elements",
    ],
  },
});

/** Products along a dimension, which stays with size 1 if `keepdim`. Source: torch.prod. */
op("prod.dim(input, dim: int, keepdim = false, *, dtype: dtype? = null)", {
  grad_fn: "ProdBackward1",
  forward: (input, dim, keepdim, dtype) => product(input, dim, keepdim, dtype),
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grad, input, dim, keepdim, result) => {
        if (input.shape.length === 0) return grad;
        const g = kept(grad, input.shape, dim, keepdim);
        if (input.eq(0).sum().item() > 0) return productOfOthers(input, dim).mul(g);
        return g.mul(kept(result, input.shape, dim, keepdim).div(input));
      },
      "grad · product of the other elements",
    ],
  },
});

function product(input: Tensor, dims: Dims, keepdim: boolean, dtype: DType | null): Tensor {
  if (dtype === bool) return reduce(input, dims, keepdim, bool, allInRow);
  return reduce(cast(input, dtype), dims, keepdim, dtype ?? summed(input.dtype), (data, start, end) => {
    let result = 1;
    for (let i = start; i < end; i++) result *= data[i];
    return result;
  });
}

/** For each element the product of all others along `dim`, without a division. */
function productOfOthers(input: Tensor, dim: number): Tensor {
  const size = input.shape[wrapDim(dim, input.shape.length)];
  const one = torch.ones_like(input.narrow(dim, 0, 1));
  const before = torch.cat([one, input.narrow(dim, 0, size - 1)], dim).cumprod(dim);
  const after = torch.cat([one, input.narrow(dim, 1, size - 1).flip(dim)], dim).cumprod(dim);
  return before.mul(after.flip(dim));
}

/** Whether every element (along the given dimensions) is true. uint8 stays uint8. Source: torch.all. */
op("all(input, dim: int[]? = null, keepdim = false)", (input, dim, keepdim) =>
  truth(input, dim, keepdim, allInRow),
);

/** Whether any element (along the given dimensions) is true. uint8 stays uint8. Source: torch.any. */
op("any(input, dim: int[]? = null, keepdim = false)", (input, dim, keepdim) =>
  truth(input, dim, keepdim, anyInRow),
);

function truth(input: Tensor, dim: number[] | null, keepdim: boolean, f: typeof allInRow): Tensor {
  const dtype = input.dtype === uint8 ? uint8 : bool;
  // Unlike in a sum, no dimensions mean none here.
  if (dim !== null && dim.length === 0) return input.ne(0).to(dtype);
  return reduce(input, dim, keepdim, dtype, f);
}

function allInRow(data: ArrayLike<number>, start: number, end: number): number {
  for (let i = start; i < end; i++) if (data[i] === 0) return 0;
  return 1;
}

function anyInRow(data: ArrayLike<number>, start: number, end: number): number {
  for (let i = start; i < end; i++) if (data[i] !== 0) return 1;
  return 0;
}

/** Number of elements that are not zero, int64. Source: torch.count_nonzero. */
op("count_nonzero(input, dim: int[]? = null)", (input, dim) =>
  reduce(input, dim, false, int64, (data, start, end) => {
    let count = 0;
    for (let i = start; i < end; i++) if (data[i] !== 0) count++;
    return count;
  }),
);

/** Index of the largest element; of the flattened tensor if `dim` is null. NaN counts as largest. Source: torch.argmax. */
op("argmax(input, dim: int? = null, keepdim = false)", (input, dim, keepdim) =>
  indexOf(input, dim, keepdim, "argmax", indexOfLargest),
);

/** Index of the smallest element; of the flattened tensor if `dim` is null. NaN counts as smallest. Source: torch.argmin. */
op("argmin(input, dim: int? = null, keepdim = false)", (input, dim, keepdim) =>
  indexOf(input, dim, keepdim, "argmin", indexOfSmallest),
);

type Find = typeof indexOfLargest;

function indexOf(input: Tensor, dim: number | null, keepdim: boolean, name: string, find: Find): Tensor {
  if (input.dtype === bool) throw new RuntimeError(`${name}(): does not support bool input`);
  if (dim !== null) requireElements(input, [wrapDim(dim, input.shape.length)], `${name}()`);
  else if (numel(input.shape) === 0)
    throw new IndexError(`${name}(): Expected reduction dim to be specified for input.numel() == 0.`);
  return reduce(input, dim, keepdim, int64, (data, start, end) => find(data, start, end) - start);
}

/** Largest element of the whole tensor; NaN if there is one. Source: torch.max. */
op("max(input)", {
  grad_fn: "MaxBackward1",
  forward: (input) => extreme(input, [], false, "max", indexOfLargest),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => shareAmongTies(grad, input, result),
      "grad shared among the elements equal to the maximum",
    ],
  },
});

/** Smallest element of the whole tensor; NaN if there is one. Source: torch.min. */
op("min(input)", {
  grad_fn: "MinBackward1",
  forward: (input) => extreme(input, [], false, "min", indexOfSmallest),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => shareAmongTies(grad, input, result),
      "grad shared among the elements equal to the minimum",
    ],
  },
});

/** Largest elements along a dimension, and where they are; the first of several. Source: torch.max. */
op("max.dim(input, dim: int, keepdim = false) -> (values, indices)", {
  grad_fn: "MaxBackward0",
  forward: (input, dim, keepdim) => extremes(input, dim, keepdim, "max", indexOfLargest),
  backward: {
    input: [
      ["input.shape", "dim", "keepdim", "result"],
      (grads, shape, dim, keepdim, result) => placeAt(grads[0], shape, dim, keepdim, result[1]),
      "grad at the maximum's place, 0 elsewhere",
    ],
  },
});

/** Smallest elements along a dimension, and where they are; the first of several. Source: torch.min. */
op("min.dim(input, dim: int, keepdim = false) -> (values, indices)", {
  grad_fn: "MinBackward0",
  forward: (input, dim, keepdim) => extremes(input, dim, keepdim, "min", indexOfSmallest),
  backward: {
    input: [
      ["input.shape", "dim", "keepdim", "result"],
      (grads, shape, dim, keepdim, result) => placeAt(grads[0], shape, dim, keepdim, result[1]),
      "grad at the minimum's place, 0 elsewhere",
    ],
  },
});

/** Largest elements over the given dimensions; ties share the gradient. Source: torch.amax. */
op("amax(input, dim: int[]? = [], keepdim = false)", {
  grad_fn: "AmaxBackward0",
  forward: (input, dim, keepdim) => extreme(input, dim, keepdim, "amax", indexOfLargest),
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grad, input, dim, keepdim, result) => shareAlong(grad, input, dim, keepdim, result),
      "grad shared among the elements equal to the maximum",
    ],
  },
});

/** Smallest elements over the given dimensions; ties share the gradient. Source: torch.amin. */
op("amin(input, dim: int[]? = [], keepdim = false)", {
  grad_fn: "AminBackward0",
  forward: (input, dim, keepdim) => extreme(input, dim, keepdim, "amin", indexOfSmallest),
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grad, input, dim, keepdim, result) => shareAlong(grad, input, dim, keepdim, result),
      "grad shared among the elements equal to the minimum",
    ],
  },
});

/** Smallest and largest elements (along `dim`); ties share the gradient. Source: torch.aminmax. */
op("aminmax(input, *, dim: int? = null, keepdim = false) -> (min, max)", {
  grad_fn: "AminmaxBackward0",
  forward: (input, dim, keepdim) => {
    if (dim !== null) requireElements(input, [wrapDim(dim, input.shape.length)], "aminmax");
    else if (numel(input.shape) === 0)
      throw new RuntimeError(
        "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.",
      );
    const dims = dim === null ? [] : [dim];
    // As the reference vectors have it, a 0-dim tensor keeps its reduced dimension here alone.
    const source = keepdim && dim !== null && input.shape.length === 0 ? input.reshape([1]) : input;
    return [indexOfSmallest, indexOfLargest].map((find) => extreme(source, dims, keepdim, "aminmax", find));
  },
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grads, input, dim, keepdim, result) =>
        total(grads.map((grad, i) => grad && shareAlong(grad, input, dim, keepdim, result[i]))),
      "grads shared among the elements equal to the minimum and the maximum",
    ],
  },
});

/** Sum of the gradients that are there. */
export function total(grads: readonly (Tensor | null)[]): Tensor | null {
  return grads.reduce((a, b) => (a === null || b === null ? (a ?? b) : a.add(b)), null);
}

function extreme(input: Tensor, dim: number[] | null, keepdim: boolean, name: string, find: Find): Tensor {
  const dims = dim ?? [];
  if (dims.length > 0) requireElements(input, dims, `${name}()`);
  else if (numel(input.shape) === 0)
    throw new RuntimeError(
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  return reduce(input, dims, keepdim, input.dtype, (data, start, end) => data[find(data, start, end)]);
}

function extremes(input: Tensor, dim: number, keepdim: boolean, name: string, find: Find): Tensor[] {
  requireElements(input, [wrapDim(dim, input.shape.length)], `${name}()`);
  return pick(input, dim, keepdim, find);
}

/** The element of each row along `dim` that `find` gives the position of, and its index. */
export function pick(input: Tensor, dim: number, keepdim: boolean, find: Find): Tensor[] {
  const { data, rows, count } = rowsOf(input, dim);
  const values = new input.dtype.ArrayType(rows);
  const indices = new int64.ArrayType(rows);
  for (let r = 0; r < rows; r++) {
    const found = find(data, r * count, (r + 1) * count);
    values[r] = data[found];
    indices[r] = found - r * count;
  }
  const shape = reducedShape(input.shape, dim, keepdim);
  return [fromData(values, shape, input.dtype), fromData(indices, [...shape], int64)];
}

/** `grad` in equal parts to all elements that have the value of `result`. Source: evenly_distribute_backward. */
export function shareAmongTies(grad: Tensor, input: Tensor, result: Tensor): Tensor {
  const ties = Number.isNaN(result.item()) ? input.isnan() : input.eq(result);
  return ties.mul(grad.div(ties.sum()));
}

function shareAlong(grad: Tensor, input: Tensor, dims: Dims, keepdim: boolean, result: Tensor): Tensor {
  const ties = input.eq(kept(result, input.shape, dims, keepdim));
  const count = ties.sum(dims === null ? null : [dims].flat(), true);
  return kept(grad, input.shape, dims, keepdim).mul(ties).div(count);
}

/** `grad` where the elements were taken from, 0 elsewhere. Source: value_selecting_reduction_backward. */
export function placeAt(
  grad: Tensor | null,
  shape: number[],
  dim: number,
  keepdim: boolean,
  indices: Tensor,
): Tensor | null {
  if (grad === null || shape.length === 0) return grad;
  const g = keepdim ? grad : grad.unsqueeze(dim);
  const places = keepdim ? indices : indices.unsqueeze(dim);
  return grad.new_zeros(shape).scatter_add(dim, places, g);
}

/** ln Σ e^input over the given dimensions, without overflow. Integers give float32. Source: torch.logsumexp. */
op("logsumexp(input, dim: int[], keepdim = false)", {
  grad_fn: "LogsumexpBackward0",
  forward: (input, dim, keepdim) =>
    reduce(input, dim, keepdim, floating(input.dtype), (data, start, end) => {
      if (start === end) return Number.NEGATIVE_INFINITY;
      const max = data[indexOfLargest(data, start, end)];
      if (Math.abs(max) === Number.POSITIVE_INFINITY) return max;
      let powers = 0;
      for (let i = start; i < end; i++) powers += Math.exp(data[i] - max);
      return max + Math.log(powers);
    }),
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grad, input, dim, keepdim, result) =>
        kept(grad, input.shape, dim, keepdim).mul(input.sub(kept(result, input.shape, dim, keepdim)).exp()),
      "grad · softmax(input)",
    ],
  },
  alias: ["special.logsumexp"],
});
