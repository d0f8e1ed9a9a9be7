import { int32 } from "../dtype";
import { IndexError, RuntimeError } from "../errors";
import { numel, type Shape } from "../shape";

/** For each element of `shape` in row-major order, its offset by `strides`, counted from `start`. */
export function offsetsOver(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  const offsets = new int32.ArrayType(numel(shape)) as Int32Array;
  if (offsets.length === 0) return offsets;
  offsets[0] = start;
  // Each dimension, from the last, repeats what the ones after it gave.
  let filled = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const block = filled;
    for (let i = 1; i < shape[d]; i++) {
      const shift = i * strides[d];
      for (let k = 0; k < block; k++) offsets[filled++] = offsets[k] + shift;
    }
  }
  return offsets;
}

/** A place along a dimension, negative ones counted from the end. Throws IndexError outside. */
export function wrapPlace(place: number, dim: number, size: number): number {
  if (place < -size || place >= size)
    throw new IndexError(`index ${place} is out of bounds for dimension ${dim} with size ${size}`);
  return place < 0 ? place + size : place;
}

/** Throws where `dims`, already counted from the front, name a dimension twice. */
export function refuseRepeats(dims: readonly number[]): void {
  const repeated = dims.find((d, i) => dims.indexOf(d) !== i);
  if (repeated !== undefined)
    throw new RuntimeError(`dim ${repeated} appears multiple times in the list of dims`);
}
