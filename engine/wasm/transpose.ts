import type { TypedArray } from "../dtype";
import type { Shape } from "../shape";
import { after, kernelsFor, part } from "./kernels";

/** Elements from which on a kernel is faster, and those that it works on at a time. */
const LARGE = 1024;
const PIECE = 65536;

/**
 * Copies the elements that `strides` reach from `offset`, row-major over `shape`, into `out`, where the last two
 * dimensions are those of a transposed matrix. False where plain loops are to do it.
 */
export function gatherTransposed(
  data: TypedArray,
  offset: number,
  shape: Shape,
  strides: readonly number[],
  out: TypedArray,
): boolean {
  const last = shape.length - 1;
  if (last < 1 || strides[last - 1] !== 1 || strides[last] <= 1) return false;
  if (!(data instanceof Float32Array && out instanceof Float32Array)) return false;
  const rows = shape[last - 1];
  const columns = shape[last];
  // What lies in order in `data` are the columns of the result; as many as fit are turned at a time.
  const most = Math.min(columns, Math.floor(PIECE / rows));
  if (rows < 4 || most < 4) return false;
  const kernels = kernelsFor(rows * columns, LARGE);
  if (kernels === null) return false;
  const from = kernels.base;
  const to = after(from, rows * most);
  kernels.reserve(after(to, rows * most));
  const index = new Array<number>(last - 1).fill(0);
  const step = strides[last];
  for (let at = 0, start = offset; at < out.length; at += rows * columns) {
    for (let j = 0; j < columns; j += most) {
      const some = Math.min(most, columns - j);
      const first = start + j * step;
      if (step === rows) kernels.write(part(data, first, first + some * rows), from);
      else
        for (let c = 0; c < some; c++)
          kernels.write(part(data, first + c * step, first + c * step + rows), from + 4 * c * rows);
      kernels.run.transpose(some, rows, from, to);
      if (some === columns) kernels.read(to, rows * columns, out, at);
      else for (let r = 0; r < rows; r++) kernels.read(to + 4 * r * some, some, out, at + r * columns + j);
    }
    for (let d = last - 2; d >= 0; d--) {
      start += strides[d];
      if (++index[d] < shape[d]) break;
      start -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return true;
}
