import { gradMode } from "../autograd/grad_mode";
import type { DType } from "../dtype";
import { NotImplementedError } from "../errors";
import { logSoftmaxGrad, softmaxGrad } from "../kernels/backward";
import { fromRows, rowsOf } from "../kernels/reduce";
import { op } from "../op/define";
import { wrapDim } from "../shape";
import type { Tensor } from "../tensor";
import { logSoftmax, softmax } from "../wasm/rows";

/** e^input / Σ e^input along `dim`, for floating dtypes. Source: aten::_softmax. @internal */
op("_softmax(input, dim: int)", {
  grad_fn: "SoftmaxBackward0",
  forward: (input, dim) => {
    const at = requireFloating(input, dim, "softmax");
    const { data, rows, count } = rowsOf(input, at);
    const out = new input.dtype.ArrayType(data.length);
    if (softmax(data, out, rows, count)) return fromRows(out, input.shape, at, count, input.dtype);
    const powers = new Float64Array(count);
    for (let r = 0; r < rows; r++) {
      const start = r * count;
      const max = largest(data, start, start + count);
      let sum = 0;
      for (let i = 0; i < count; i++) {
        powers[i] = Math.exp(data[start + i] - max);
        sum += powers[i];
      }
      for (let i = 0; i < count; i++) out[start + i] = powers[i] / sum;
    }
    return fromRows(out, input.shape, at, count, input.dtype);
  },
  backward: {
    input: [["dim", "result"], throughSoftmax, "result · (grad − Σ grad · result)"],
  },
});

/** input − ln Σ e^input along `dim`, for floating dtypes. Source: aten::_log_softmax. @internal */
op("_log_softmax(input, dim: int)", {
  grad_fn: "LogSoftmaxBackward0",
  forward: (input, dim) => {
    const at = requireFloating(input, dim, "log_softmax");
    const { data, rows, count } = rowsOf(input, at);
    const out = new input.dtype.ArrayType(data.length);
    if (logSoftmax(data, out, rows, count)) return fromRows(out, input.shape, at, count, input.dtype);
    const step = new input.dtype.ArrayType(1);
    for (let r = 0; r < rows; r++) {
      const start = r * count;
      const end = start + count;
      const max = largest(data, start, end);
      // Rounded to the dtype at each step, as PyTorch does.
      let sum = 0;
      for (let i = start; i < end; i++) {
        out[i] = data[i] - max;
        sum += Math.exp(out[i]);
      }
      step[0] = sum;
      step[0] = Math.log(step[0]);
      for (let i = start; i < end; i++) out[i] -= step[0];
    }
    return fromRows(out, input.shape, at, count, input.dtype);
  },
  backward: {
    input: [
      ["dim", "result"],
      (grad, dim, result) =>
        gradMode.enabled || !isLast(dim, result)
          ? grad.sub(result.exp().mul(grad.sum(dim, true)))
          : logSoftmaxGrad(grad, result),
      "grad − e^result · Σ grad",
    ],
  },
});

/** The gradient of what a softmax along `dim` was of, from that of its result. */
export function throughSoftmax(grad: Tensor, dim: number, result: Tensor): Tensor {
  if (!gradMode.enabled && isLast(dim, result)) return softmaxGrad(grad, result);
  const weighted = grad.mul(result);
  return weighted.sub(result.mul(weighted.sum(dim, true)));
}

function isLast(dim: number, t: Tensor): boolean {
  return t.shape.length > 0 && wrapDim(dim, t.shape.length) === t.shape.length - 1;
}

/** Subtracting the maximum keeps e^x from overflowing. */
function largest(data: ArrayLike<number>, start: number, end: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) if (data[i] > max) max = data[i];
  return max;
}

function requireFloating(input: Tensor, dim: number, name: string): number {
  const at = wrapDim(dim, input.shape.length);
  if (input.dtype.category === "float") return at;
  const kernel = at >= input.shape.length - 1 ? `${name}_lastdim_kernel_impl` : `${name}_kernel_impl`;
  throw new NotImplementedError(`"${kernel}" not implemented for '${input.dtype.scalarTypeName}'`);
}

function cast(input: Tensor, dtype: DType | null): Tensor {
  return dtype === null ? input : input.to(dtype);
}

/**
 * Makes the elements along `dim` positive with sum 1: e^input / Σ e^input. Same shape; `dtype` is cast to
 * first. Throws for integers. Source: torch.softmax.
 */
op(
  "softmax(input, dim: int, dtype: dtype? = null)",
  (input, dim, dtype) => cast(input, dtype)._softmax(dim),
  {
    alias: ["special.softmax"],
  },
);

/**
 * Logarithm of softmax, exact where softmax underflows. Same shape; `dtype` is cast to first. Throws for
 * integers. Source: torch.log_softmax.
 */
op(
  "log_softmax(input, dim: int, dtype: dtype? = null)",
  (input, dim, dtype) => cast(input, dtype)._log_softmax(dim),
  { alias: ["special.log_softmax"] },
);

/** As `torch.softmax`; without `dim` the first dimension of a 1- or 3-d tensor, else the second. Source: torch.nn.functional.softmax. */
op(
  "nn.functional.softmax(input, dim: int? = null, _stacklevel: int = 3, dtype: dtype? = null)",
  (input, dim, _stacklevel, dtype) => input.softmax(dim ?? impliedDim(input), dtype),
);

/** As `torch.log_softmax`; without `dim` the first dimension of a 1- or 3-d tensor, else the second. Source: torch.nn.functional.log_softmax. */
op(
  "nn.functional.log_softmax(input, dim: int? = null, _stacklevel: int = 3, dtype: dtype? = null)",
  (input, dim, _stacklevel, dtype) => input.log_softmax(dim ?? impliedDim(input), dtype),
);

/** softmax(−input): the smallest element gets the largest share. Source: torch.nn.functional.softmin. */
op(
  "nn.functional.softmin(input, dim: int? = null, _stacklevel: int = 3, dtype: dtype? = null)",
  (input, dim, _stacklevel, dtype) => input.neg().softmax(dim ?? impliedDim(input), dtype),
);

function impliedDim(input: Tensor): number {
  return [0, 1, 3].includes(input.shape.length) ? 0 : 1;
}
