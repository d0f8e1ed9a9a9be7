import { IndexError, RuntimeError } from "./errors";

export type Shape = readonly number[];

export function numel(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i];
  return n;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Row-major strides, in elements. A dimension of size 0 counts as 1, as in PyTorch. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i], 1);
  }
  return strides;
}

/** Whether strides are those that `contiguousStrides` gives. */
export function isRowMajor(shape: Shape, strides: readonly number[]): boolean {
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    if (strides[i] !== step) return false;
    if (shape[i] > 1) step *= shape[i];
  }
  return true;
}

/** Whether the elements fill a piece of memory, in any order of the dimensions. */
export function isDense(shape: Shape, strides: readonly number[]): boolean {
  const dims = shape.map((_, d) => d).filter((d) => shape[d] !== 1);
  dims.sort((a, b) => strides[a] - strides[b]);
  let step = 1;
  for (const d of dims) {
    if (strides[d] !== step) return false;
    step *= shape[d];
  }
  return true;
}

/** `[2, 3]`, the form of shapes in PyTorch's messages. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Counts a negative dimension from the end. Throws IndexError outside [-ndim, ndim). */
export function wrapDim(dim: number, ndim: number): number {
  const range = Math.max(ndim, 1);
  if (dim < -range || dim >= range)
    throw new IndexError(
      `Dimension out of range (expected to be in range of [${-range}, ${range - 1}], but got ${dim})`,
    );
  return dim < 0 ? dim + range : dim;
}

/** The dimensions a reduction runs over: none or an empty list means all. Throws on repeats. */
export function reducedDims(dim: number | readonly number[] | null, ndim: number): boolean[] {
  const mask = new Array<boolean>(ndim).fill(false);
  const dims = dim === null ? [] : typeof dim === "number" ? [dim] : dim;
  if (dims.length === 0) return mask.fill(true);
  for (let i = 0; i < dims.length; i++) {
    const at = wrapDim(dims[i], ndim);
    if (mask[at] || (ndim === 0 && i > 0))
      throw new RuntimeError(`dim ${at} appears multiple times in the list of dims`);
    if (ndim > 0) mask[at] = true;
  }
  return mask;
}

export function broadcastShapes(a: Shape, b: Shape): number[] {
  const ndim = Math.max(a.length, b.length);
  const result = new Array<number>(ndim);
  for (let i = ndim - 1, ia = a.length - 1, ib = b.length - 1; i >= 0; i--, ia--, ib--) {
    const sizeA = ia >= 0 ? a[ia] : 1;
    const sizeB = ib >= 0 ? b[ib] : 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1)
      throw new RuntimeError(
        `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) at non-singleton dimension ${i}`,
      );
    result[i] = sizeA === 1 ? sizeB : sizeA;
  }
  return result;
}

/** Strides that read a tensor of `shape` as `target`, or null where it does not broadcast to it. */
export function expandStrides(shape: Shape, strides: readonly number[], target: Shape): number[] | null {
  const lead = target.length - shape.length;
  if (lead < 0) return null;
  const result = new Array<number>(target.length);
  for (let i = 0; i < target.length; i++) {
    const from = i - lead;
    if (from < 0 || (shape[from] === 1 && target[i] !== 1)) result[i] = 0;
    else if (shape[from] === target[i]) result[i] = strides[from];
    else return null;
  }
  return result;
}

/** Replaces a single -1 by what is left of `count` elements. Source: at::infer_size. */
export function inferSize(shape: Shape, count: number): number[] {
  const result = [...shape];
  let known = 1;
  let inferred = -1;
  for (let i = 0; i < result.length; i++) {
    if (result[i] === -1) {
      if (inferred >= 0) throw new RuntimeError("only one dimension can be inferred");
      inferred = i;
    } else if (result[i] >= 0) known *= result[i];
    else
      throw new RuntimeError(
        `invalid shape dimension ${result[i]} at index ${i} of shape ${showShape(shape)}`,
      );
  }
  if (known === count || (inferred >= 0 && known > 0 && count % known === 0)) {
    if (inferred >= 0) {
      if (known === 0)
        throw new RuntimeError(
          `cannot reshape tensor of 0 elements into shape ${showShape(shape)} because the unspecified dimension size -1 can be any value and is ambiguous`,
        );
      result[inferred] = count / known;
    }
    return result;
  }
  throw new RuntimeError(`shape '${showShape(shape)}' is invalid for input of size ${count}`);
}

/**
 * Strides that show the same elements as `newShape` without a copy, or null where there are none.
 * Source: at::detail::computeStride.
 */
export function viewStrides(shape: Shape, strides: readonly number[], newShape: Shape): number[] | null {
  if (numel(shape) === 0) return sameShape(shape, newShape) ? [...strides] : contiguousStrides(newShape);
  const result = new Array<number>(newShape.length);
  let viewDim = newShape.length - 1;
  let chunkStride = strides.length > 0 ? strides[strides.length - 1] : 1;
  let tensorCount = 1;
  let viewCount = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    tensorCount *= shape[d];
    if (d !== 0 && (shape[d - 1] === 1 || strides[d - 1] === tensorCount * chunkStride)) continue;
    while (viewDim >= 0 && (viewCount < tensorCount || newShape[viewDim] === 1)) {
      result[viewDim] = viewCount * chunkStride;
      viewCount *= newShape[viewDim];
      viewDim--;
    }
    if (viewCount !== tensorCount) return null;
    if (d > 0) {
      chunkStride = strides[d - 1];
      tensorCount = 1;
      viewCount = 1;
    }
  }
  for (; viewDim >= 0; viewDim--) result[viewDim] = chunkStride;
  return result;
}
