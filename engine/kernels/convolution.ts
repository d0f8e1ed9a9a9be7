import { float32, type TypedArray } from "../dtype";
import { numel, type Shape } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";
import type { Layout } from "../wasm/convolution";
import * as wasm from "../wasm/convolution";
import { kernelsFor } from "../wasm/kernels";

/** How a kernel slides over the spatial dimensions; one number per dimension. */
export interface Sliding {
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
  groups: number;
}

/** Which of the three is computed from the other two. */
type Wanted = "narrow" | "wide" | "weight";

/** input (N, C, spatial) and weight (K, C / groups, kernel), and perhaps a bias (K) → (N, K, places). */
export function convolve(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  places: Shape,
  sliding: Sliding,
): Tensor {
  const shape = [input.shape[0], weight.shape[0], ...places];
  const l = layout(input.shape, shape, weight.shape, sliding);
  const fast = withKernels("narrow", l, input, weight, null, shape, bias);
  if (fast !== null) return fast;
  const out = new Float64Array(numel(shape));
  accumulate("narrow", l, doubles(input), doubles(weight), out);
  const result = rounded(out, shape, input);
  return bias === null ? result : addBias(result, bias);
}

/** Adds each channel's bias to a result (N, K, places) that nothing else refers to. */
export function addBias(result: Tensor, bias: Tensor): Tensor {
  const { data } = result.storage;
  const channels = bias.shape[0];
  const b = elements(bias);
  const inner = numel(result.shape.slice(2));
  for (let at = 0, c = 0; at < data.length; c = c + 1 === channels ? 0 : c + 1) {
    const shift = b[c];
    for (const end = at + inner; at < end; at++) data[at] += shift;
  }
  return result;
}

/** The transpose of `convolve`: input (N, K, places) and weight (K, C / groups, kernel) → (N, C, spatial). */
export function convolveTransposed(input: Tensor, weight: Tensor, spatial: Shape, sliding: Sliding): Tensor {
  const shape = [input.shape[0], weight.shape[1] * sliding.groups, ...spatial];
  const l = layout(shape, input.shape, weight.shape, sliding);
  const fast = withKernels("wide", l, null, weight, input, shape);
  if (fast !== null) return fast;
  const out = new Float64Array(numel(shape));
  accumulate("wide", l, out, doubles(weight), doubles(input));
  return rounded(out, shape, input);
}

/** The weight's gradient: wide (N, C, spatial) and narrow (N, K, places) → (K, C / groups, kernel). */
export function correlate(wide: Tensor, narrow: Tensor, weightShape: Shape, sliding: Sliding): Tensor {
  const l = layout(wide.shape, narrow.shape, weightShape, sliding);
  const fast = withKernels("weight", l, wide, null, narrow, [...weightShape]);
  if (fast !== null) return fast;
  const out = new Float64Array(numel(weightShape));
  accumulate("weight", l, doubles(wide), out, doubles(narrow));
  return rounded(out, [...weightShape], wide);
}

/** Multiplications from which on a float32 convolution is worth taking into the kernels' memory. */
const LARGE = 16384;

/** The wanted one, which is null, from the other two; null where the loops below are to do it. */
function withKernels(
  wanted: Wanted,
  l: Layout,
  wide: Tensor | null,
  weight: Tensor | null,
  narrow: Tensor | null,
  shape: number[],
  bias: Tensor | null = null,
): Tensor | null {
  const given = [wide, weight, narrow, bias].filter((t) => t !== null);
  if (given.some((t) => t.dtype !== float32)) return null;
  const channels = l.batch * l.groups * l.narrowChannels * l.wideChannels;
  const work = channels * numel(l.kernel) * numel(l.narrow);
  const kernels = work > 0 ? kernelsFor(work, LARGE) : null;
  if (kernels === null) return null;
  const out = new float32.ArrayType(numel(shape), false) as Float32Array;
  const floats = (t: Tensor | null) => (t === null ? out : (elements(t) as Float32Array));
  const shift = bias === null ? null : floats(bias);
  wasm.convolve(kernels, wanted, l, floats(wide), floats(weight), floats(narrow), shift);
  return fromData(out, shape, float32);
}

/** One type of array for all: the loop below is compiled once, for that. */
function doubles(t: Tensor): Float64Array {
  const data = elements(t);
  return data instanceof Float64Array ? data : new Float64Array(data);
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

/**
 * Adds every product of the other two to the wanted array. The three roles are spelled out in the innermost
 * loop, not passed as functions: a call for each row would take longer than the row.
 */
function accumulate(
  wanted: Wanted,
  l: Layout,
  wide: Float64Array,
  weight: Float64Array,
  narrow: Float64Array,
): void {
  const [depth, height, width] = l.wide;
  const [places0, places1, places2] = l.narrow;
  const [kernel0, kernel1, kernel2] = l.kernel;
  const [stride0, stride1, step] = l.stride;
  const [from0, to0] = ranges(l, 0);
  const [from1, to1] = ranges(l, 1);
  const [from2, to2] = ranges(l, 2);
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
        let k = (n * l.wideChannels + c) * volume;
        for (let k0 = 0; k0 < kernel0; k0++)
          for (let k1 = 0; k1 < kernel1; k1++)
            for (let k2 = 0; k2 < kernel2; k2++, k++) {
              const start = from2[k2];
              const count = to2[k2] - start;
              if (count <= 0) continue;
              const column = start * step + k2 * l.dilation[2] - l.padding[2];
              const scale = weight[k];
              let sum = 0;
              for (let p0 = from0[k0]; p0 < to0[k0]; p0++) {
                const z = p0 * stride0 + k0 * l.dilation[0] - l.padding[0];
                for (let p1 = from1[k1]; p1 < to1[k1]; p1++) {
                  const y = p1 * stride1 + k1 * l.dilation[1] - l.padding[1];
                  const at = narrowBase + (p0 * places1 + p1) * places2 + start;
                  const end = at + count;
                  let place = wideBase + (z * height + y) * width + column;
                  if (wanted === "narrow")
                    for (let i = at; i < end; i++, place += step) narrow[i] += scale * wide[place];
                  else if (wanted === "wide")
                    for (let i = at; i < end; i++, place += step) wide[place] += scale * narrow[i];
                  else for (let i = at; i < end; i++, place += step) sum += narrow[i] * wide[place];
                }
              }
              if (wanted === "weight") weight[k] += sum;
            }
      }
    }
}

/** For each kernel element along dimension `d`: the places from which it falls inside the wide tensor. */
function ranges(l: Layout, d: number): [from: number[], to: number[]] {
  const from: number[] = [];
  const to: number[] = [];
  for (let k = 0; k < l.kernel[d]; k++) {
    const shift = k * l.dilation[d] - l.padding[d];
    from.push(Math.max(0, Math.ceil(-shift / l.stride[d])));
    to.push(Math.min(l.narrow[d], Math.floor((l.wide[d] - 1 - shift) / l.stride[d]) + 1));
  }
  return [from, to];
}
