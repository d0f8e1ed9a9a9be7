import type { TypedArray } from "../dtype";
import { float64, int64 } from "../dtype";
import { numel, type Shape } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";

/**
 * A linear map along one dimension: output o is the sum over its `width` taps of weight · input at index.
 * As tensors of shape (outputs, width), `index` int64 and `weight` float64, so that operators can take them.
 * Pooling by averages, padding by copies and interpolation act on each dimension by itself in this way.
 */
export interface Taps {
  index: Tensor;
  weight: Tensor;
}

/** Builds the taps of `outputs` places with at most `width` each; unused ones keep weight 0. */
export function makeTaps(
  outputs: number,
  width: number,
  fill: (output: number, set: (tap: number, index: number, weight: number) => void) => void,
): Taps {
  const index = new Float64Array(outputs * width);
  const weight = new Float64Array(outputs * width);
  for (let o = 0; o < outputs; o++)
    fill(o, (tap, at, value) => {
      index[o * width + tap] = at;
      weight[o * width + tap] = value;
    });
  return {
    index: fromData(index, [outputs, width], int64),
    weight: fromData(weight, [outputs, width], float64),
  };
}

/** Applies one map to each of the last `taps.length` dimensions. Sums in double precision. */
export function gatherTaps(input: Tensor, taps: readonly Taps[]): Tensor {
  const shape = [...input.shape];
  const first = shape.length - taps.length;
  let data: TypedArray = elements(input);
  taps.forEach(({ index, weight }, k) => {
    const dim = first + k;
    data = gatherAlong(data, shape, dim, index, weight);
    shape[dim] = index.shape[0];
  });
  return finish(data, shape, input);
}

/** The transpose of `gatherTaps`: spreads each output's value over the inputs it was made of. */
export function scatterTaps(grad: Tensor, size: Shape, taps: readonly Taps[]): Tensor {
  const shape = [...grad.shape];
  const first = shape.length - taps.length;
  let data: TypedArray = elements(grad);
  taps.forEach(({ index, weight }, k) => {
    const dim = first + k;
    data = scatterAlong(data, shape, dim, size[k], index, weight);
    shape[dim] = size[k];
  });
  return finish(data, shape, grad);
}

function finish(data: TypedArray, shape: number[], like: Tensor): Tensor {
  const out = new like.dtype.ArrayType(data.length);
  out.set(data);
  return fromData(out, shape, like.dtype);
}

function gatherAlong(
  data: TypedArray,
  shape: Shape,
  dim: number,
  index: Tensor,
  weight: Tensor,
): Float64Array {
  const [outputs, width] = index.shape;
  const at = elements(index);
  const by = elements(weight);
  const size = shape[dim];
  const inner = numel(shape.slice(dim + 1));
  const outer = numel(shape.slice(0, dim));
  const out = new Float64Array(outer * outputs * inner);
  for (let b = 0; b < outer; b++)
    for (let o = 0; o < outputs; o++) {
      const to = (b * outputs + o) * inner;
      for (let k = o * width; k < (o + 1) * width; k++) {
        const w = by[k];
        if (w === 0) continue;
        const from = (b * size + at[k]) * inner;
        for (let i = 0; i < inner; i++) out[to + i] += w * data[from + i];
      }
    }
  return out;
}

function scatterAlong(
  data: TypedArray,
  shape: Shape,
  dim: number,
  size: number,
  index: Tensor,
  weight: Tensor,
): Float64Array {
  const [outputs, width] = index.shape;
  const at = elements(index);
  const by = elements(weight);
  const inner = numel(shape.slice(dim + 1));
  const outer = numel(shape.slice(0, dim));
  const out = new Float64Array(outer * size * inner);
  for (let b = 0; b < outer; b++)
    for (let o = 0; o < outputs; o++) {
      const from = (b * outputs + o) * inner;
      for (let k = o * width; k < (o + 1) * width; k++) {
        const w = by[k];
        if (w === 0) continue;
        const to = (b * size + at[k]) * inner;
        for (let i = 0; i < inner; i++) out[to + i] += w * data[from + i];
      }
    }
  return out;
}
