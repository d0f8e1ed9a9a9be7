import { bool, type DType, int64, type TypedArray } from "../dtype";
import { IndexError, RuntimeError } from "../errors";
import { floating } from "../kernels/elementwise";
import { type Dims, reduce, reducedShape, rowsOf, sumRow } from "../kernels/reduce";
import { op } from "../op/define";
import { numel, reducedDims, type Shape, wrapDim } from "../shape";
import { fromData, type Tensor } from "../tensor";

/** Sum of all elements; integers and bools give int64. Source: torch.sum. */
op("sum(input, *, dtype: dtype? = null)", {
  grad_fn: "SumBackward0",
  forward: (input, dtype) => sum(input, null, false, dtype),
  backward: {
    input: [["input"], (grad, input) => grad.expand(input.shape), "grad, spread over every element"],
  },
});

/** Sum over the given dimensions, which stay with size 1 if `keepdim`. Source: torch.sum. */
op("sum.dim(input, dim: int[]?, keepdim = false, *, dtype: dtype? = null)", {
  grad_fn: "SumBackward1",
  forward: (input, dim, keepdim, dtype) => sum(input, dim, keepdim, dtype),
  backward: {
    input: [
      ["input", "dim", "keepdim"],
      (grad, input, dim, keepdim) => spread(grad, input.shape, dim, keepdim),
      "grad, spread over the summed dimensions",
    ],
  },
});

/** Mean of all elements. Throws for integers. Source: torch.mean. */
op("mean(input, *, dtype: dtype? = null)", {
  grad_fn: "MeanBackward0",
  forward: (input, dtype) => mean(input, null, false, dtype),
  backward: {
    input: [
      ["input"],
      (grad, input) => grad.expand(input.shape).div(input.numel()),
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
      ["input", "dim", "keepdim"],
      (grad, input, dim, keepdim) =>
        spread(grad, input.shape, dim, keepdim).div(reducedCount(input.shape, dim)),
      "grad / number of elements averaged",
    ],
  },
});

function sum(input: Tensor, dims: Dims, keepdim: boolean, dtype: DType | null): Tensor {
  return reduce(
    input,
    dims,
    keepdim,
    dtype ?? (input.dtype.category === "float" ? input.dtype : int64),
    sumRow,
  );
}

function mean(input: Tensor, dims: Dims, keepdim: boolean, dtype: DType | null): Tensor {
  const out = dtype ?? input.dtype;
  if (out.category !== "float")
    throw new RuntimeError(
      `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${out.tensorTypeName.replace("Tensor", "")}`,
    );
  return reduce(input, dims, keepdim, out, (data, start, end) => sumRow(data, start, end) / (end - start));
}

function reducedCount(shape: Shape, dims: Dims): number {
  const mask = reducedDims(dims, shape.length);
  return numel(shape.filter((_, d) => mask[d]));
}

/** Undoes a reduction's loss of dimensions: `grad` repeated over the dimensions it was summed over. */
export function spread(grad: Tensor, shape: Shape, dims: Dims, keepdim: boolean): Tensor {
  const kept = keepdim ? grad : grad.reshape(reducedShape(shape, dims, true));
  return kept.expand([...shape]);
}

/** Whether every element (along `dim`) is true. Source: torch.all. */
op("all(input, dim: int[]? = null, keepdim = false)", (input, dim, keepdim) =>
  reduce(input, dim, keepdim, bool, (data, start, end) => {
    for (let i = start; i < end; i++) if (data[i] === 0) return 0;
    return 1;
  }),
);

/** Whether any element (along `dim`) is true. Source: torch.any. */
op("any(input, dim: int[]? = null, keepdim = false)", (input, dim, keepdim) =>
  reduce(input, dim, keepdim, bool, (data, start, end) => {
    for (let i = start; i < end; i++) if (data[i] !== 0) return 1;
    return 0;
  }),
);

/** Index of the largest element; of the flattened tensor if `dim` is null. NaN counts as largest. Source: torch.argmax. */
op("argmax(input, dim: int? = null, keepdim = false)", (input, dim, keepdim) =>
  arg(input, dim, keepdim, "argmax", greater),
);

/** Index of the smallest element; of the flattened tensor if `dim` is null. NaN counts as smallest. Source: torch.argmin. */
op("argmin(input, dim: int? = null, keepdim = false)", (input, dim, keepdim) =>
  arg(input, dim, keepdim, "argmin", less),
);

type Better = (x: number, best: number) => boolean;
const greater: Better = (x, best) => x > best || (Number.isNaN(x) && !Number.isNaN(best));
const less: Better = (x, best) => x < best || (Number.isNaN(x) && !Number.isNaN(best));

function arg(input: Tensor, dim: number | null, keepdim: boolean, name: string, better: Better): Tensor {
  if (numel(input.shape) === 0)
    throw new IndexError(
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  return reduce(input, dim, keepdim, int64, (data, start, end) => best(data, start, end, better) - start);
}

function best(data: TypedArray, start: number, end: number, better: Better): number {
  let at = start;
  for (let i = start + 1; i < end; i++) if (better(data[i], data[at])) at = i;
  return at;
}

/** Largest element of the whole tensor. Source: torch.max. */
op("max(input)", {
  grad_fn: "MaxBackward1",
  forward: (input) => extreme(input, "max", greater),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => shareAmongTies(grad, input, result),
      "grad shared among the elements equal to the maximum",
    ],
  },
});

/** Smallest element of the whole tensor. Source: torch.min. */
op("min(input)", {
  grad_fn: "MinBackward1",
  forward: (input) => extreme(input, "min", less),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => shareAmongTies(grad, input, result),
      "grad shared among the elements equal to the minimum",
    ],
  },
});

/** Largest elements along a dimension, and where they are. Source: torch.max. */
op("max.dim(input, dim: int, keepdim = false) -> (values, indices)", {
  grad_fn: "MaxBackward0",
  forward: (input, dim, keepdim) => extremes(input, dim, keepdim, greater),
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grads, input, dim, keepdim, result) => placeAt(grads[0]!, input, dim, keepdim, result[1]),
      "grad at the maximum's place, 0 elsewhere",
    ],
  },
});

/** Smallest elements along a dimension, and where they are. Source: torch.min. */
op("min.dim(input, dim: int, keepdim = false) -> (values, indices)", {
  grad_fn: "MinBackward0",
  forward: (input, dim, keepdim) => extremes(input, dim, keepdim, less),
  backward: {
    input: [
      ["input", "dim", "keepdim", "result"],
      (grads, input, dim, keepdim, result) => placeAt(grads[0]!, input, dim, keepdim, result[1]),
      "grad at the minimum's place, 0 elsewhere",
    ],
  },
});

function extreme(input: Tensor, name: string, better: Better): Tensor {
  if (numel(input.shape) === 0)
    throw new RuntimeError(
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  return reduce(input, null, false, input.dtype, (data, start, end) => data[best(data, start, end, better)]);
}

function extremes(input: Tensor, dim: number, keepdim: boolean, better: Better): Tensor[] {
  const at = wrapDim(dim, input.shape.length);
  const { data, rows, count } = rowsOf(input, input.shape.length === 0 ? null : at);
  if (count === 0) throw new IndexError("max(): Expected reduction dim 0 to have non-zero size.");
  const values = new input.dtype.ArrayType(rows);
  const indices = new int64.ArrayType(rows);
  for (let r = 0; r < rows; r++) {
    const found = best(data, r * count, (r + 1) * count, better);
    values[r] = data[found];
    indices[r] = found - r * count;
  }
  const shape = reducedShape(input.shape, input.shape.length === 0 ? null : at, keepdim);
  return [fromData(values, shape, input.dtype), fromData(indices, [...shape], int64)];
}

function shareAmongTies(grad: Tensor, input: Tensor, result: Tensor): Tensor {
  const ties = input.eq(result);
  return ties.mul(grad.div(ties.sum()));
}

function placeAt(grad: Tensor, input: Tensor, dim: number, keepdim: boolean, indices: Tensor): Tensor {
  if (input.shape.length === 0) return grad;
  const g = keepdim ? grad : grad.unsqueeze(dim);
  const places = keepdim ? indices : indices.unsqueeze(dim);
  return input.new_zeros(input.shape).scatter_add(dim, places, g);
}

/** Sum of squares about the mean over count − correction. Source: torch.var. */
op("var(input, dim: int[]? = null, *, correction: Number = 1, keepdim = false)", {
  grad_fn: "VarBackward0",
  forward: (input, dim, correction, keepdim) => variance(input, dim, correction, keepdim),
  backward: {
    input: [
      ["input", "dim", "correction", "keepdim"],
      (grad, input, dim, correction, keepdim) => varianceGrad(grad, input, dim, correction, keepdim),
      "grad · 2 (input − mean) / (n − correction)",
    ],
  },
});

/** Square root of the variance. Source: torch.std. */
op("std(input, dim: int[]? = null, *, correction: Number = 1, keepdim = false)", {
  grad_fn: "StdBackward0",
  forward: (input, dim, correction, keepdim) => variance(input, dim, correction, keepdim).sqrt(),
  backward: {
    input: [
      ["input", "dim", "correction", "keepdim", "result"],
      (grad, input, dim, correction, keepdim, result) =>
        varianceGrad(
          result.eq(0).where(grad.mul(0), grad.div(result.mul(2))),
          input,
          dim,
          correction,
          keepdim,
        ),
      "grad · (input − mean) / ((n − correction) · result)",
    ],
  },
});

function variance(input: Tensor, dims: Dims, correction: number, keepdim: boolean): Tensor {
  return reduce(input, dims, keepdim, floating(input.dtype), (data, start, end) => {
    const average = sumRow(data, start, end) / (end - start);
    let squares = 0;
    for (let i = start; i < end; i++) squares += (data[i] - average) ** 2;
    return squares / Math.max(end - start - correction, 0);
  });
}

function varianceGrad(
  grad: Tensor,
  input: Tensor,
  dims: number[] | null,
  correction: number,
  keepdim: boolean,
): Tensor {
  const count = reducedCount(input.shape, dims);
  const centred = input.sub(input.mean(dims, true));
  return spread(grad, input.shape, dims, keepdim).mul(centred.mul(2 / (count - correction)));
}

/** Number of elements that are not zero. Source: torch.count_nonzero. */
op("count_nonzero(input, dim: int[]? = null)", (input, dim) =>
  reduce(input, dim, false, int64, (data, start, end) => {
    let count = 0;
    for (let i = start; i < end; i++) if (data[i] !== 0) count++;
    return count;
  }),
);
