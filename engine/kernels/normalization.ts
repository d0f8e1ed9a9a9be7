import type { TypedArray } from "../dtype";
import { elements, emptyTensor, type Tensor } from "../tensor";
import { sumRows, sumSquares } from "../wasm/reduce";
import { sumRow } from "./reduce";

/** Mean and variance (divided by the count) of each group of elements that is normalised together. */
export interface Moments {
  mean: Float64Array;
  variance: Float64Array;
}

/** Moments of each of the consecutive rows of `count` elements. */
export function rowMoments(input: Tensor, rows: number, count: number): Moments {
  return channelMoments(input, 1, rows, count);
}

/** Moments of each channel of (batch, channels, inner) over batch and inner. */
export function channelMoments(input: Tensor, batch: number, channels: number, inner: number): Moments {
  const x = elements(input);
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  const runs = batch * channels;
  const sums = sumRows(x, runs, inner);
  for (let run = 0; run < runs; run++)
    mean[run % channels] += sums === null ? sumRow(x, run * inner, (run + 1) * inner) : sums[run];
  for (let c = 0; c < channels; c++) mean[c] /= batch * inner;
  const squares = sumSquares(x, runs, inner, mean);
  for (let run = 0; run < runs; run++) {
    const c = run % channels;
    variance[c] += squares === null ? squaresAround(mean[c], x, run * inner, inner) : squares[run];
  }
  for (let c = 0; c < channels; c++) variance[c] /= batch * inner;
  return { mean, variance };
}

function squaresAround(mean: number, x: TypedArray, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += (x[i] - mean) * (x[i] - mean);
  return sum;
}

/** 1 / √(variance + eps) */
export function inverseDeviation(variance: ArrayLike<number>, eps: number): Float64Array {
  const scale = new Float64Array(variance.length);
  for (let i = 0; i < scale.length; i++) scale[i] = 1 / Math.sqrt(variance[i] + eps);
  return scale;
}

/**
 * alpha · x + beta of each run of `inner` elements, run r belonging to channel r mod `channels`, with alpha =
 * scale · weight and beta = bias − mean · alpha in the input's precision, each result rounded once, as PyTorch
 * normalises batches.
 */
export function scaleRuns(
  input: Tensor,
  inner: number,
  channels: number,
  mean: ArrayLike<number>,
  scale: ArrayLike<number>,
  weight: Tensor | null,
  bias: Tensor | null,
): Tensor {
  const result = emptyTensor([...input.shape], input.dtype);
  const out = result.storage.data;
  const x = elements(input);
  const alpha = new input.dtype.ArrayType(channels);
  const beta = new input.dtype.ArrayType(channels);
  const means = new input.dtype.ArrayType(channels);
  means.set(mean);
  alpha.set(scale);
  const w = weight === null ? null : elements(weight);
  const b = bias === null ? null : elements(bias);
  for (let c = 0; c < channels; c++) {
    alpha[c] *= w === null ? 1 : w[c];
    beta[c] = (b === null ? 0 : b[c]) - means[c] * alpha[c];
  }
  const runs = inner === 0 ? 0 : x.length / inner;
  for (let r = 0; r < runs; r++) {
    const a = alpha[r % channels];
    const shift = beta[r % channels];
    for (let i = r * inner; i < (r + 1) * inner; i++) out[i] = x[i] * a + shift;
  }
  return result;
}

/**
 * (x − mean) · scale of each run of `inner` elements, times weight plus bias. Run r belongs to the group
 * `groupOf(r)` of the moments and to entry r mod `entries` of weight and bias; with `inner` = 1 each element is
 * a run.
 */
export function standardize(
  input: Tensor,
  inner: number,
  groupOf: (run: number) => number,
  mean: ArrayLike<number>,
  scale: ArrayLike<number>,
  weight: Tensor | null,
  bias: Tensor | null,
  entries: number,
): Tensor {
  const result = emptyTensor([...input.shape], input.dtype);
  const out = result.storage.data;
  const x = elements(input);
  const w = weight === null ? null : elements(weight);
  const b = bias === null ? null : elements(bias);
  const runs = inner === 0 ? 0 : x.length / inner;
  for (let r = 0; r < runs; r++) {
    const group = groupOf(r);
    const entry = r % entries;
    const m = mean[group];
    const factor = scale[group] * (w === null ? 1 : w[entry]);
    const shift = b === null ? 0 : b[entry];
    for (let i = r * inner; i < (r + 1) * inner; i++) out[i] = (x[i] - m) * factor + shift;
  }
  return result;
}

/** As `standardize` for rows of `count` elements, which are the groups; weight and bias are as long as a row. */
export function standardizeRows(
  input: Tensor,
  count: number,
  mean: ArrayLike<number>,
  scale: ArrayLike<number>,
  weight: Tensor | null,
  bias: Tensor | null,
): Tensor {
  const result = emptyTensor([...input.shape], input.dtype);
  const out = result.storage.data;
  const x = elements(input);
  const w = weight === null ? null : elements(weight);
  const b = bias === null ? null : elements(bias);
  for (let at = 0, r = 0; at < out.length; r++) {
    const m = mean[r];
    const factor = scale[r];
    for (let j = 0; j < count; j++, at++)
      out[at] = (x[at] - m) * (w === null ? factor : factor * w[j]) + (b === null ? 0 : b[j]);
  }
  return result;
}

/** Elements normalised together: group g of `outer` × `groups` × `inner` has those with g in the middle. */
export interface Groups {
  outer: number;
  groups: number;
  inner: number;
}

/** Each group with mean 0 and variance 1. */
export function normalized(input: Tensor, layout: Groups, eps: number): Tensor {
  const { outer, groups, inner } = layout;
  const { mean, variance } = momentsOf(input, layout);
  const scale = inverseDeviation(variance, eps);
  if (outer === 1) return standardizeRows(input, inner, mean, scale, null, null);
  return standardize(input, inner, (run) => run % groups, mean, scale, null, null, groups);
}

function momentsOf(input: Tensor, { outer, groups, inner }: Groups): Moments {
  return outer === 1 ? rowMoments(input, groups, inner) : channelMoments(input, outer, groups, inner);
}

/** The gradient through `normalized`: (g − mean g − x̂ · mean(g · x̂)) / σ, x̂ the normalised input. */
export function normalizedGrad(grad: Tensor, input: Tensor, layout: Groups, eps: number): Tensor {
  const { outer, groups, inner } = layout;
  const { mean, variance } = momentsOf(input, layout);
  const scale = inverseDeviation(variance, eps);
  const result = emptyTensor([...input.shape], input.dtype);
  const out = result.storage.data;
  const g = elements(grad);
  const x = elements(input);
  for (let group = 0; group < groups; group++) {
    const m = mean[group];
    const s = scale[group];
    let sum = 0;
    let slope = 0;
    for (let o = 0; o < outer; o++)
      for (let i = (o * groups + group) * inner, end = i + inner; i < end; i++) {
        sum += g[i];
        slope += g[i] * (x[i] - m);
      }
    const offset = sum / (outer * inner);
    const tilt = (slope * s * s) / (outer * inner);
    for (let o = 0; o < outer; o++)
      for (let i = (o * groups + group) * inner, end = i + inner; i < end; i++)
        out[i] = (g[i] - offset - (x[i] - m) * tilt) * s;
  }
  return result;
}
