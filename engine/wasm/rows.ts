import type { TypedArray } from "../dtype";
import { after, type Kernels, kernelsFor, part } from "./kernels";

/** Elements from which on kernels are faster, and the shortest rows that are worth filling up. */
const LARGE = 2048;
const SHORTEST = 16;
/** Floats that are worked on at a time: rows as many as fit, or one that is longer. */
const PIECE = 16384;

/** out = softmax of each of `rows` rows. False where plain loops are to do it. */
export function softmax(x: TypedArray, out: TypedArray, rows: number, count: number): boolean {
  return eachPiece(x, out, rows, count, (kernels, at, some, width) =>
    kernels.run.softmax(some, width, at, after(at, some * width)),
  );
}

/** out = log-softmax of each of `rows` rows. False where plain loops are to do it. */
export function logSoftmax(x: TypedArray, out: TypedArray, rows: number, count: number): boolean {
  return eachPiece(x, out, rows, count, (kernels, at, some, width) =>
    kernels.run.logSoftmax(some, width, at),
  );
}

function eachPiece(
  x: TypedArray,
  out: TypedArray,
  rows: number,
  count: number,
  run: (kernels: Kernels, at: number, rows: number, width: number) => void,
): boolean {
  if (!(x instanceof Float32Array && out instanceof Float32Array) || count < SHORTEST) return false;
  const kernels = kernelsFor(rows * count, LARGE);
  if (kernels === null) return false;
  const width = (count + 3) & ~3;
  const most = Math.max(1, Math.floor(PIECE / width));
  const at = kernels.base;
  kernels.reserve(after(after(at, most * width), 2 * width));
  for (let row = 0; row < rows; row += most) {
    const some = Math.min(most, rows - row);
    if (width === count) kernels.write(part(x, row * count, (row + some) * count), at);
    else
      for (let r = 0; r < some; r++)
        writeRow(kernels, x, (row + r) * count, count, at + 4 * r * width, width);
    run(kernels, at, some, width);
    if (width === count) kernels.read(at, some * count, out, row * count);
    else for (let r = 0; r < some; r++) kernels.read(at + 4 * r * width, count, out, (row + r) * count);
  }
  return true;
}

/**
 * out = (grad − Σ grad · result) · result or, of the logarithm, grad − e^result · Σ grad, of rows of `count`. False
 * where plain loops are to do it.
 */
export function rowGrad(
  name: "softmaxGrad" | "logSoftmaxGrad",
  grad: TypedArray,
  result: TypedArray,
  out: TypedArray,
  count: number,
): boolean {
  if (!(grad instanceof Float32Array && result instanceof Float32Array && out instanceof Float32Array))
    return false;
  // Rows that would have to be filled up are left to the loops.
  if (count < SHORTEST || (count & 3) !== 0) return false;
  const kernels = kernelsFor(out.length, LARGE);
  if (kernels === null) return false;
  const some = Math.max(1, Math.floor(PIECE / count)) * count;
  const g = kernels.base;
  const y = after(g, some);
  kernels.reserve(after(y, some));
  for (let i = 0; i < out.length; i += some) {
    const end = Math.min(i + some, out.length);
    kernels.write(part(grad, i, end), g);
    kernels.write(part(result, i, end), y);
    kernels.run[name]((end - i) / count, count, g, y);
    kernels.read(g, end - i, out, i);
  }
  return true;
}

/** What a row is filled up with adds nothing to a sum of powers. */
function writeRow(
  kernels: Kernels,
  x: Float32Array,
  start: number,
  count: number,
  at: number,
  width: number,
): void {
  kernels.write(part(x, start, start + count), at);
  for (let i = count; i < width; i++) kernels.floats[(at >> 2) + i] = Number.NEGATIVE_INFINITY;
}
