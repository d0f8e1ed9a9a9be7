import { bool, type DType, defaultDType, int64 } from "../dtype";
import { IndexError, ValueError } from "../errors";
import { F, linalg, op, torch } from "../op/define";
import { sameShape, wrapDim } from "../shape";
import type { Tensor } from "../tensor";

/**
 * The input with the elements that `mask` leaves out replaced by `identity`, which changes no result.
 * Source: torch.masked._combine_input_and_mask.
 */
function combine(input: Tensor, mask: Tensor | null, identity: number): Tensor {
  if (mask === null) return input;
  return torch.where(inputMask(input, mask), input, input.new_full([], identity));
}

function inputMask(input: Tensor, mask: Tensor): Tensor {
  if (sameShape(mask.shape, input.shape)) return mask.to(bool);
  if (mask.shape.length > input.shape.length)
    throw new IndexError(
      "_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)",
    );
  return mask.expand(input.shape).to(bool);
}

/** What no element is below; int64 goes as far down as it is exact here. */
function lowest(dtype: DType): number {
  if (dtype.category === "float") return Number.NEGATIVE_INFINITY;
  return dtype.name === "uint8" ? 0 : -(2 ** Math.min(8 * dtype.itemsize - 1, 53));
}

function highest(dtype: DType): number {
  if (dtype.category === "float") return Number.POSITIVE_INFINITY;
  return dtype.name === "uint8" ? 255 : 2 ** Math.min(8 * dtype.itemsize - 1, 53) - 1;
}

/** All dimensions unless given; in ascending order. */
function dimensions(dim: number[] | null, input: Tensor): number[] {
  const ndim = input.shape.length;
  if (dim === null || dim.length === 0) return input.shape.map((_, d) => d);
  return dim.map((d) => wrapDim(d, ndim)).sort((a, b) => a - b);
}

/** Sum of the elements where `mask` holds. Source: torch.masked.sum. */
op(
  "masked.sum(input: Tensor, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    combine(input, mask, 0).sum(dimensions(dim, input), keepdim, { dtype }),
);

/** Product of the elements where `mask` holds. Source: torch.masked.prod. */
op(
  "masked.prod(input: Tensor, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    dimensions(dim, input).reduceRight(
      (result, d) => result.prod(d, keepdim),
      combine(input, mask, 1).to(dtype ?? (input.dtype.category === "float" ? input.dtype : int64)),
    ),
);

/** Sum so far along `dim` of the elements where `mask` holds, in the input's dtype. Source: torch.masked.cumsum. */
op(
  "masked.cumsum(input: Tensor, dim: int, *, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, dtype, mask) => combine(input, mask, 0).cumsum(dim, { dtype: dtype ?? input.dtype }),
);

/** Product so far along `dim` of the elements where `mask` holds, in the input's dtype. Source: torch.masked.cumprod. */
op(
  "masked.cumprod(input: Tensor, dim: int, *, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, dtype, mask) => combine(input, mask, 1).cumprod(dim, { dtype: dtype ?? input.dtype }),
);

/** Largest element where `mask` holds. Source: torch.masked.amax. */
op(
  "masked.amax(input: Tensor, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    combine(input, mask, lowest(input.dtype))
      .amax(dimensions(dim, input), keepdim)
      .to(dtype ?? input.dtype),
);

/** Smallest element where `mask` holds. Source: torch.masked.amin. */
op(
  "masked.amin(input: Tensor, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    combine(input, mask, highest(input.dtype))
      .amin(dimensions(dim, input), keepdim)
      .to(dtype ?? input.dtype),
);

/** Index of the largest element where `mask` holds, in the input's dtype. Source: torch.masked.argmax. */
op(
  "masked.argmax(input: Tensor, dim: int? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    combine(input, mask, lowest(input.dtype))
      .argmax(dim, keepdim)
      .to(dtype ?? input.dtype),
);

/** Index of the smallest element where `mask` holds, in the input's dtype. Source: torch.masked.argmin. */
op(
  "masked.argmin(input: Tensor, dim: int? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    combine(input, mask, highest(input.dtype))
      .argmin(dim, keepdim)
      .to(dtype ?? input.dtype),
);

/** Mean of the elements where `mask` holds. Throws for integers. Source: torch.masked.mean. */
op(
  "masked.mean(input: Tensor, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) => {
    const result = dtype ?? input.dtype;
    if (result.category !== "float")
      throw new ValueError(
        `mean(): Could not infer output dtype. ${dtype === null ? "Input" : "Optional"} dtype must be either a floating point or complex dtype. Got: ${result}`,
      );
    return maskedSum(input, dim, keepdim, result, mask).div(countOf(input, dim, keepdim, mask));
  },
);

function maskedSum(
  input: Tensor,
  dim: number[] | null,
  keepdim: boolean,
  dtype: DType,
  mask: Tensor | null,
): Tensor {
  return combine(input, mask, 0).sum(dimensions(dim, input), keepdim, { dtype });
}

/** How many elements `mask` leaves to each result. */
function countOf(input: Tensor, dim: number[] | null, keepdim: boolean, mask: Tensor | null): Tensor {
  const counted = mask === null ? torch.ones(input.shape, { dtype: bool }) : inputMask(input, mask);
  return counted.sum(dimensions(dim, input), keepdim);
}

/** Lower median along `dim` of the elements where `mask` holds. Source: torch.masked.median. */
op(
  "masked.median(input: Tensor, dim: int = -1, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) => {
    const floats = input.dtype.category === "float" ? input : input.to(defaultDType.current);
    const result = combine(floats, mask, Number.NaN).nanmedian(dim, keepdim)[0];
    if (floats === input) return result;
    if (result.isnan().any().item())
      throw new ValueError("masked median expects no fully masked out rows if dtype is not floating point");
    return result.to(dtype ?? input.dtype);
  },
);

/** ln Σ e^x of the elements where `mask` holds. Source: torch.masked.logsumexp. */
op(
  "masked.logsumexp(input: Tensor, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, keepdim, dtype, mask) =>
    combine(input, mask, lowest(input.dtype))
      .logsumexp(dimensions(dim, input), keepdim)
      .to(dtype ?? input.dtype),
);

/** ln(e^input + e^other), each where its mask holds. Source: torch.masked.logaddexp. */
op(
  "masked.logaddexp(input: Tensor, other: Tensor, *, dtype: dtype? = null, input_mask: Tensor? = null, other_mask: Tensor? = null)",
  (input, other, dtype, input_mask, other_mask) =>
    combine(input, input_mask, lowest(input.dtype))
      .logaddexp(combine(other, other_mask, lowest(other.dtype)))
      .to(dtype ?? input.dtype),
);

/** Vector norm of the elements where `mask` holds. Throws for integers. Source: torch.masked.norm. */
op(
  "masked.norm(input: Tensor, ord: float? = 2, dim: int[]? = null, *, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, ord, dim, keepdim, dtype, mask) => maskedNorm(input, ord ?? 2, dim, keepdim, dtype, mask),
);

function maskedNorm(
  input: Tensor,
  ord: number,
  dim: number[] | null,
  keepdim: boolean,
  dtype: DType | null,
  mask: Tensor | null,
): Tensor {
  const identity = ord === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0;
  return linalg.vector_norm(combine(input, mask, identity), ord, dimensions(dim, input), keepdim, {
    dtype: dtype ?? input.dtype,
  });
}

/** Variance of the elements where `mask` holds. Source: torch.masked.var. */
op(
  "masked.var(input: Tensor, dim: int[]? = null, unbiased: bool? = null, *, correction: Number? = null, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, unbiased, correction, keepdim, dtype, mask) =>
    variance(input, dim, correction ?? +(unbiased ?? true), keepdim, dtype, mask),
);

/** Standard deviation of the elements where `mask` holds. Source: torch.masked.std. */
op(
  "masked.std(input: Tensor, dim: int[]? = null, unbiased: bool? = null, *, correction: Number? = null, keepdim = false, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, unbiased, correction, keepdim, dtype, mask) =>
    variance(input, dim, correction ?? +(unbiased ?? true), keepdim, dtype, mask).sqrt(),
);

function variance(
  input: Tensor,
  dim: number[] | null,
  correction: number,
  keepdim: boolean,
  dtype: DType | null,
  mask: Tensor | null,
): Tensor {
  const computed = dtype ?? (input.dtype.category === "float" ? input.dtype : defaultDType.current);
  const counts = countOf(input, dim, true, mask);
  const centred = input.sub(maskedSum(input, dim, true, computed, mask).div(counts));
  const squares = maskedSum(centred.mul(centred), dim, keepdim, computed, mask);
  const divisor = counts.reshape(squares.shape).to(computed).sub(correction);
  return squares.div(divisor.maximum(divisor.new_zeros([]))).to(computed);
}

/** Softmax along `dim` over the elements where `mask` holds; 0 elsewhere. Source: torch.masked.softmax. */
op(
  "masked.softmax(input: Tensor, dim: int, *, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, dtype, mask) =>
    F.softmax(combine(input, mask, lowest(input.dtype)), dim, { dtype: dtype ?? input.dtype }),
);

/** Log-softmax along `dim` over the elements where `mask` holds. Source: torch.masked.log_softmax. */
op(
  "masked.log_softmax(input: Tensor, dim: int, *, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, dtype, mask) =>
    F.log_softmax(combine(input, mask, lowest(input.dtype)), dim, { dtype: dtype ?? input.dtype }),
);

/** Softmin along `dim` over the elements where `mask` holds; 0 elsewhere. Source: torch.masked.softmin. */
op(
  "masked.softmin(input: Tensor, dim: int, *, dtype: dtype? = null, mask: Tensor? = null)",
  (input, dim, dtype, mask) =>
    F.softmin(combine(input, mask, highest(input.dtype)), dim, { dtype: dtype ?? input.dtype }),
);

/** The input, 0 where `mask` does not hold, over its norm along `dim`. Source: torch.masked.normalize. */
op(
  "masked.normalize(input: Tensor, ord: float, dim: int, *, eps: float = 1e-12, dtype: dtype? = null, mask: Tensor? = null)",
  (input, ord, dim, eps, dtype, mask) => {
    const norm = maskedNorm(input, ord, [dim], true, dtype, mask);
    return combine(input, mask, 0).div(norm.maximum(norm.new_full([], eps)));
  },
);
