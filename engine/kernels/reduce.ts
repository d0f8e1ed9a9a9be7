import type { DType, TypedArray } from "../dtype";
import { IndexError } from "../errors";
import { contiguousStrides, numel, reducedDims, type Shape, wrapDim } from "../shape";
import { elements, fromData, gather, stridesOf, type Tensor } from "../tensor";
import * as wasm from "../wasm/reduce";
import { checkInteger } from "./elementwise";

export type Dims = number | readonly number[] | null;

/** The shape after reducing `dims`, which stay with size 1 if `keepdim`. */
export function reducedShape(shape: Shape, dims: Dims, keepdim: boolean): number[] {
  if (isAll(dims)) return keepdim ? new Array<number>(shape.length).fill(1) : [];
  const mask = reducedDims(dims, shape.length);
  const result: number[] = [];
  for (let d = 0; d < shape.length; d++)
    if (!mask[d]) result.push(shape[d]);
    else if (keepdim) result.push(1);
  return result;
}

function isAll(dims: Dims): dims is null | [] {
  return dims === null || (typeof dims !== "number" && dims.length === 0);
}

/** How many elements are reduced to one. */
export function reducedCount(shape: Shape, dims: Dims): number {
  if (isAll(dims)) return numel(shape);
  const mask = reducedDims(dims, shape.length);
  return numel(shape.filter((_, d) => mask[d]));
}

/** Elements that are reduced together, row by row: `rows × count`, row-major. */
export interface Rows {
  data: TypedArray;
  rows: number;
  count: number;
}

/** Lays `input` out as rows along `dims`, in the order of the remaining dimensions. For reading only. */
export function rowsOf(input: Tensor, dims: Dims): Rows {
  const ndim = input.shape.length;
  if (isAll(dims)) {
    const data = elements(input);
    return { data, rows: 1, count: data.length };
  }
  const mask = reducedDims(dims, ndim);
  const lead = firstReduced(mask);
  if (mask.indexOf(false, lead) < 0) {
    const data = elements(input);
    const rows = numel(input.shape.slice(0, lead));
    return { data, rows, count: numel(input.shape.slice(lead)) };
  }
  const strides = stridesOf(input);
  const keep = mask.flatMap((reduced, d) => (reduced ? [] : [d]));
  const drop = mask.flatMap((reduced, d) => (reduced ? [d] : []));
  const rows = numel(keep.map((d) => input.shape[d]));
  const count = numel(drop.map((d) => input.shape[d]));
  const order = [...keep, ...drop];
  const data = new input.dtype.ArrayType(rows * count);
  gather(
    input,
    order.map((d) => input.shape[d]),
    order.map((d) => strides[d]),
    data,
  );
  return { data, rows, count };
}

function firstReduced(mask: readonly boolean[]): number {
  const at = mask.indexOf(true);
  return at < 0 ? mask.length : at;
}

/**
 * The opposite of `rowsOf` for one dimension: rows of `size` elements become dimension `dim` of a tensor whose
 * other dimensions are those of `shape`. A 0-dim `shape` gives its only element.
 */
export function fromRows(data: TypedArray, shape: Shape, dim: number, size: number, dtype: DType): Tensor {
  const ndim = shape.length;
  if (ndim === 0) return fromData(data, [], dtype);
  const at = wrapDim(dim, ndim);
  const result = shape.with(at, size);
  if (at === ndim - 1) return fromData(data, result, dtype);
  const laid = [...shape.toSpliced(at, 1), size];
  const strides = contiguousStrides(laid);
  const order = strides.toSpliced(-1, 1).toSpliced(at, 0, 1);
  return fromData(
    gather(fromData(data, laid, dtype), result, order, new dtype.ArrayType(data.length)),
    result,
    dtype,
  );
}

/** Reduces each row with `f`; the result has `dtype`. */
export function reduce(
  input: Tensor,
  dims: Dims,
  keepdim: boolean,
  dtype: DType,
  f: (data: TypedArray, start: number, end: number) => number,
): Tensor {
  const { data, rows, count } = rowsOf(input, dims);
  const out = new dtype.ArrayType(rows);
  for (let r = 0; r < rows; r++) out[r] = f(data, r * count, (r + 1) * count);
  return fromData(checkInteger(out, dtype), reducedShape(input.shape, dims, keepdim), dtype);
}

/** Throws where a reduction that has no result for nothing finds nothing along one of `dims`. */
export function requireElements(input: Tensor, dims: readonly number[], name: string): void {
  for (const dim of dims)
    if (input.shape[wrapDim(dim, input.shape.length)] === 0)
      throw new IndexError(`${name}: Expected reduction dim ${dim} to have non-zero size.`);
}

/** Taken before any program runs, which may put something else in its place. */
const Doubles = Float64Array;
/** Kept between calls, since most sums are short. */
let columnSums = new Doubles(64);

/** Sums over `dims`, divided by `divisor`. Rows that are added up whole are read as they lie. */
export function sumOver(input: Tensor, dims: Dims, keepdim: boolean, dtype: DType, divisor: number): Tensor {
  const mask = isAll(dims) ? null : reducedDims(dims, input.shape.length);
  const leading = mask === null ? 0 : leadingDims(mask);
  if (leading === 0) {
    const sums = mask === null ? null : sumAround(input, mask);
    if (sums !== null) {
      const out = new dtype.ArrayType(sums.length);
      for (let i = 0; i < sums.length; i++) out[i] = sums[i] / divisor;
      return fromData(checkInteger(out, dtype), reducedShape(input.shape, dims, keepdim), dtype);
    }
    const { data, rows, count } = rowsOf(input, dims);
    const out = new dtype.ArrayType(rows);
    const large = wasm.sumRows(data, rows, count);
    for (let r = 0; r < rows; r++)
      out[r] = (large === null ? sumRow(data, r * count, (r + 1) * count) : large[r]) / divisor;
    return fromData(checkInteger(out, dtype), reducedShape(input.shape, dims, keepdim), dtype);
  }
  const data = elements(input);
  const count = numel(input.shape.slice(0, leading));
  const width = numel(input.shape.slice(leading));
  if (columnSums.length < width) columnSums = new Doubles(2 * width);
  const sums = columnSums;
  if (!wasm.sumColumns(data, width, sums)) {
    sums.fill(0, 0, width);
    for (let row = 0, at = 0; row < count; row++) for (let i = 0; i < width; i++) sums[i] += data[at++];
  }
  const out = new dtype.ArrayType(width);
  for (let i = 0; i < width; i++) out[i] = sums[i] / divisor;
  return fromData(checkInteger(out, dtype), reducedShape(input.shape, dims, keepdim), dtype);
}

/** How many dimensions are reduced if just the first ones are, else 0. */
function leadingDims(mask: readonly boolean[]): number {
  const count = mask.indexOf(false);
  return count > 0 && mask.indexOf(true, count) < 0 ? count : 0;
}

/**
 * Sums over what lies around the dimensions that stay, as batch and places do around channels, without copying;
 * null for other orders of dimensions.
 */
function sumAround(input: Tensor, mask: readonly boolean[]): Float64Array | null {
  const first = mask.indexOf(false);
  const last = mask.lastIndexOf(false);
  if (first <= 0 || last === mask.length - 1 || mask.slice(first, last).includes(true)) return null;
  const { shape } = input;
  const outer = numel(shape.slice(0, first));
  const inner = numel(shape.slice(last + 1));
  const data = elements(input);
  const sums = new Doubles(numel(shape.slice(first, last + 1)));
  const large = wasm.sumRows(data, outer * sums.length, inner);
  for (let o = 0, run = 0; o < outer; o++)
    for (let i = 0; i < sums.length; i++, run++)
      sums[i] += large === null ? sumRow(data, run * inner, (run + 1) * inner) : large[run];
  return sums;
}

/** Sums in double precision: closer to the true sum than any order of float32 additions. */
export function sumRow(data: TypedArray, start: number, end: number): number {
  let sum = 0;
  let i = start;
  if (end - start >= 16) {
    // Four sums at once: each addition would wait for the one before.
    let a = 0;
    let b = 0;
    let c = 0;
    for (const whole = end - 3; i < whole; i += 4) {
      sum += data[i];
      a += data[i + 1];
      b += data[i + 2];
      c += data[i + 3];
    }
    sum += a + (b + c);
  }
  for (; i < end; i++) sum += data[i];
  return sum;
}

/** Where the largest element is, the first of several; a NaN counts as largest. */
export function indexOfLargest(data: TypedArray, start: number, end: number): number {
  const piece = wasm.pieceWithExtreme("largest", data, start, end);
  if (piece !== null) return firstInPiece(data, piece);
  let at = start;
  let best = data[start];
  if (Number.isNaN(best)) return start;
  for (let i = start + 1; i < end; i++) {
    const x = data[i];
    if (x > best) {
      best = x;
      at = i;
    } else if (Number.isNaN(x)) return i;
  }
  return at;
}

/** Where the smallest element is, the first of several; a NaN counts as smallest. */
export function indexOfSmallest(data: TypedArray, start: number, end: number): number {
  const piece = wasm.pieceWithExtreme("smallest", data, start, end);
  if (piece !== null) return firstInPiece(data, piece);
  let at = start;
  let best = data[start];
  if (Number.isNaN(best)) return start;
  for (let i = start + 1; i < end; i++) {
    const x = data[i];
    if (x < best) {
      best = x;
      at = i;
    } else if (Number.isNaN(x)) return i;
  }
  return at;
}

function firstInPiece(data: TypedArray, { from, value }: { from: number; value: number }): number {
  let at = from;
  if (Number.isNaN(value)) while (!Number.isNaN(data[at])) at++;
  else while (data[at] !== value) at++;
  return at;
}
