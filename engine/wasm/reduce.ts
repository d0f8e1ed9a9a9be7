import type { TypedArray } from "../dtype";
import { after, type Kernels, kernelsFor, part } from "./kernels";

/** Elements from which on kernels are faster, and those that they work on at a time. */
const LARGE = 2048;
const LARGE_ROW = 512;
const PIECE = 16384;
/** Shorter rows are added up one element after another. */
const SHORTEST = 16;

/** Taken before any program runs, which may put something else in its place. */
const Doubles = Float64Array;
const isUnordered = Number.isNaN;

/** The sum of each row of `count` elements. Null where plain loops are to do it. */
export function sumRows(data: TypedArray, rows: number, count: number): Float64Array | null {
  if (!(data instanceof Float32Array) || count < SHORTEST) return null;
  const kernels = kernelsFor(rows * count, LARGE);
  if (kernels === null) return null;
  const sums = new Doubles(rows);
  if (count > PIECE) for (let r = 0; r < rows; r++) sums[r] = sumLongRow(kernels, data, r * count, count);
  else sumShortRows(kernels, data, count, sums);
  return sums;
}

function sumShortRows(kernels: Kernels, data: Float32Array, count: number, sums: Float64Array): void {
  const most = Math.floor(PIECE / count);
  const a = kernels.base;
  const to = after(a, most * count + 3);
  kernels.reserve(after(to, 2 * most));
  for (let row = 0; row < sums.length; row += most) {
    const some = Math.min(most, sums.length - row);
    kernels.write(part(data, row * count, (row + some) * count), a);
    kernels.run.sumRows(some, count, a, to);
    for (let r = 0; r < some; r++) sums[row + r] = kernels.doubles[(to >> 3) + r];
  }
}

/**
 * Σ (x − mean)² of each row of `count` elements; row r has the mean at `means[r mod length]`. Null where plain loops
 * are to do it.
 */
export function sumSquares(
  data: TypedArray,
  rows: number,
  count: number,
  means: Float64Array,
): Float64Array | null {
  if (!(data instanceof Float32Array) || count < SHORTEST || count > PIECE) return null;
  const kernels = kernelsFor(rows * count, LARGE);
  if (kernels === null) return null;
  const sums = new Doubles(rows);
  const most = Math.floor(PIECE / count);
  const a = kernels.base;
  const to = after(a, most * count + 3);
  kernels.reserve(after(to, 2 * most));
  const first = to >> 3;
  for (let row = 0; row < rows; row += most) {
    const some = Math.min(most, rows - row);
    for (let r = 0; r < some; r++) kernels.doubles[first + r] = means[(row + r) % means.length];
    kernels.write(part(data, row * count, (row + some) * count), a);
    kernels.run.sumSquares(some, count, a, to);
    for (let r = 0; r < some; r++) sums[row + r] = kernels.doubles[first + r];
  }
  return sums;
}

function sumLongRow(kernels: Kernels, data: Float32Array, start: number, count: number): number {
  const four = kernels.base;
  const a = after(four, 8);
  kernels.reserve(after(a, PIECE));
  const at = four >> 3;
  for (let k = 0; k < 4; k++) kernels.doubles[at + k] = 0;
  const whole = start + (count & ~3);
  for (let i = start; i < whole; i += PIECE) {
    const some = Math.min(PIECE, whole - i);
    kernels.write(part(data, i, i + some), a);
    kernels.run.addToFour(some, a, four);
  }
  const { doubles } = kernels;
  let sum = doubles[at] + (doubles[at + 1] + (doubles[at + 2] + doubles[at + 3]));
  for (let i = whole; i < start + count; i++) sum += data[i];
  return sum;
}

/** Writes what rows of `width` elements add up to into `sums`. False where plain loops are to do it. */
export function sumColumns(data: TypedArray, width: number, sums: Float64Array): boolean {
  if (!(data instanceof Float32Array) || width === 0 || width > PIECE) return false;
  const kernels = kernelsFor(data.length, LARGE);
  if (kernels === null) return false;
  const some = Math.floor(PIECE / width) * width;
  const a = kernels.base;
  const to = after(a, some + 3);
  kernels.reserve(after(to, 2 * width));
  kernels.run.zero(to, 2 * width);
  for (let i = 0; i < data.length; i += some) {
    const end = Math.min(i + some, data.length);
    kernels.write(part(data, i, end), a);
    kernels.run.addRows((end - i) / width, width, a, to);
  }
  for (let i = 0; i < width; i++) sums[i] = kernels.doubles[(to >> 3) + i];
  return true;
}

/**
 * The largest (or smallest) element from `start` to `end`, or NaN if there is one, and a place `from` which the first
 * such element is not far. Null where plain loops are to do it.
 */
export function pieceWithExtreme(
  which: "largest" | "smallest",
  data: TypedArray,
  start: number,
  end: number,
): { from: number; value: number } | null {
  if (!(data instanceof Float32Array) || end <= start) return null;
  const kernels = kernelsFor(end - start, LARGE_ROW);
  if (kernels === null) return null;
  const a = kernels.base;
  kernels.reserve(after(a, PIECE + 3));
  let value = 0;
  let from = -1;
  for (let i = start; i < end; i += PIECE) {
    const count = Math.min(PIECE, end - i);
    kernels.write(part(data, i, i + count), a);
    const found = kernels.run[which](count, a);
    const unordered = isUnordered(found);
    if (from < 0 || unordered || (which === "largest" ? found > value : found < value)) {
      value = found;
      from = i;
    }
    if (unordered) break;
  }
  return { from, value };
}
