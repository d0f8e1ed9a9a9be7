import type { TypedArray } from "../dtype";
import { numel, type Shape } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";

/** How a kernel slides over the spatial dimensions; one number per dimension. */
export interface Sliding {
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
  groups: number;
}

/**
 * The three tensors that a convolution ties together: `wide` (N, C, spatial), the one that is slid over,
 * `weight` (K, C / groups, kernel) and `narrow` (N, K, places). Each of them can be computed from the others:
 * the convolution, its transpose, and the gradient of the weight are one loop with the roles exchanged.
 */
interface Layout {
  batch: number;
  groups: number;
  /** Channels of `wide` and `narrow` in one group. */
  wideChannels: number;
  narrowChannels: number;
  /** Spatial sizes, brought to three dimensions. */
  wide: Shape;
  narrow: Shape;
  kernel: Shape;
  stride: Shape;
  padding: Shape;
  dilation: Shape;
}

/** One run along the last dimension: `count` pairs of places that one weight connects. */
type Run = (narrow: number, wide: number, wideStep: number, weight: number, count: number) => void;

/** input (N, C, spatial) and weight (K, C / groups, kernel) → (N, K, places). */
export function convolve(input: Tensor, weight: Tensor, places: Shape, sliding: Sliding): Tensor {
  const shape = [input.shape[0], weight.shape[0], ...places];
  const out = new Float64Array(numel(shape));
  const x = elements(input);
  const w = elements(weight);
  eachRun(layout(input.shape, shape, weight.shape, sliding), (narrow, wide, step, k, count) => {
    const scale = w[k];
    if (step === 1) for (let i = 0; i < count; i++) out[narrow + i] += scale * x[wide + i];
    else for (let i = 0, from = wide; i < count; i++, from += step) out[narrow + i] += scale * x[from];
  });
  return rounded(out, shape, input);
}

/** The transpose of `convolve`: input (N, K, places) and weight (K, C / groups, kernel) → (N, C, spatial). */
export function convolveTransposed(input: Tensor, weight: Tensor, spatial: Shape, sliding: Sliding): Tensor {
  const shape = [input.shape[0], weight.shape[1] * sliding.groups, ...spatial];
  const out = new Float64Array(numel(shape));
  const x = elements(input);
  const w = elements(weight);
  eachRun(layout(shape, input.shape, weight.shape, sliding), (narrow, wide, step, k, count) => {
    const scale = w[k];
    for (let i = 0, to = wide; i < count; i++, to += step) out[to] += scale * x[narrow + i];
  });
  return rounded(out, shape, input);
}

/** The weight's gradient: wide (N, C, spatial) and narrow (N, K, places) → (K, C / groups, kernel). */
export function correlate(wide: Tensor, narrow: Tensor, weightShape: Shape, sliding: Sliding): Tensor {
  const out = new Float64Array(numel(weightShape));
  const x = elements(wide);
  const y = elements(narrow);
  eachRun(layout(wide.shape, narrow.shape, weightShape, sliding), (at, from, step, k, count) => {
    let sum = 0;
    for (let i = 0, place = from; i < count; i++, place += step) sum += y[at + i] * x[place];
    out[k] += sum;
  });
  return rounded(out, [...weightShape], wide);
}

function rounded(sums: Float64Array, shape: number[], like: Tensor): Tensor {
  const out: TypedArray = new like.dtype.ArrayType(sums.length);
  out.set(sums);
  return fromData(out, shape, like.dtype);
}

function layout(wide: Shape, narrow: Shape, weight: Shape, sliding: Sliding): Layout {
  const n = weight.length - 2;
  const three = (list: Shape, fill: number) => [...new Array<number>(3 - n).fill(fill), ...list];
  const { groups } = sliding;
  return {
    batch: wide[0],
    groups,
    wideChannels: weight[1],
    narrowChannels: weight[0] / groups,
    wide: three(wide.slice(2), 1),
    narrow: three(narrow.slice(2), 1),
    kernel: three(weight.slice(2), 1),
    stride: three(sliding.stride, 1),
    padding: three(sliding.padding, 0),
    dilation: three(sliding.dilation, 1),
  };
}

function eachRun(l: Layout, run: Run): void {
  const [depth, height, width] = l.wide;
  const [places0, places1, places2] = l.narrow;
  const [kernel0, kernel1, kernel2] = l.kernel;
  const widePlane = depth * height * width;
  const narrowPlane = places0 * places1 * places2;
  const volume = kernel0 * kernel1 * kernel2;
  const narrowTotal = l.narrowChannels * l.groups;
  const wideTotal = l.wideChannels * l.groups;
  for (let b = 0; b < l.batch; b++)
    for (let n = 0; n < narrowTotal; n++) {
      const narrowBase = (b * narrowTotal + n) * narrowPlane;
      const group = Math.floor(n / l.narrowChannels);
      for (let c = 0; c < l.wideChannels; c++) {
        const wideBase = (b * wideTotal + group * l.wideChannels + c) * widePlane;
        const weightBase = (n * l.wideChannels + c) * volume;
        for (let k0 = 0; k0 < kernel0; k0++) {
          const [from0, to0] = range(l, 0, k0);
          for (let k1 = 0; k1 < kernel1; k1++) {
            const [from1, to1] = range(l, 1, k1);
            for (let k2 = 0; k2 < kernel2; k2++) {
              const [from2, to2] = range(l, 2, k2);
              if (to2 <= from2) continue;
              const weight = weightBase + (k0 * kernel1 + k1) * kernel2 + k2;
              const column = from2 * l.stride[2] + k2 * l.dilation[2] - l.padding[2];
              for (let p0 = from0; p0 < to0; p0++) {
                const z = p0 * l.stride[0] + k0 * l.dilation[0] - l.padding[0];
                for (let p1 = from1; p1 < to1; p1++) {
                  const y = p1 * l.stride[1] + k1 * l.dilation[1] - l.padding[1];
                  run(
                    narrowBase + (p0 * places1 + p1) * places2 + from2,
                    wideBase + (z * height + y) * width + column,
                    l.stride[2],
                    weight,
                    to2 - from2,
                  );
                }
              }
            }
          }
        }
      }
    }
}

/** The places along dimension `d` from which kernel element `k` falls inside the wide tensor. */
function range(l: Layout, d: number, k: number): [from: number, to: number] {
  const shift = k * l.dilation[d] - l.padding[d];
  const from = Math.max(0, Math.ceil(-shift / l.stride[d]));
  const to = Math.min(l.narrow[d], Math.floor((l.wide[d] - 1 - shift) / l.stride[d]) + 1);
  return [from, to];
}
