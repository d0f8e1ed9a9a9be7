import type { Shape } from "../shape";
import { after, type Kernels, part } from "./kernels";

/**
 * The three tensors that a convolution ties together: `wide` (N, C, spatial), the one that is slid over,
 * `weight` (K, C / groups, kernel) and `narrow` (N, K, places). Each of them can be computed from the others:
 * the convolution, its transpose, and the gradient of the weight are one loop with the roles exchanged.
 */
export interface Layout {
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

/** Floats in the columns that are unfolded at a time: what the second-level cache holds. */
const PIECE = 131072;
const PACKED_DEPTH = 512;

/**
 * One group of one sample as a product of matrices: `narrow` (narrowChannels, places) = `weight`
 * (narrowChannels, depth) @ columns (depth, places), where a column holds what one place sees of `wide`. So many
 * rows of places are unfolded at a time that their columns stay in the cache.
 */
interface Plan {
  depth: number;
  wideCount: number;
  narrowPlane: number;
  rows: number;
  rowsAtOnce: number;
  places: number;
  /** Addresses. */
  shape: number;
  wide: number;
  weight: number;
  bias: number;
  narrow: number;
  columns: number;
  panels: number;
}

function plan(kernels: Kernels, l: Layout): Plan {
  const [places0, places1, places] = l.narrow;
  const depth = l.wideChannels * product(l.kernel);
  const rows = places0 * places1;
  const rowsAtOnce = Math.max(1, Math.min(rows, Math.floor(PIECE / (depth * places))));
  const most = rowsAtOnce * places;
  const wideCount = l.wideChannels * product(l.wide);
  const shape = kernels.base;
  const wide = after(shape, 18);
  const weight = after(wide, wideCount + 4);
  const bias = after(weight, roomFor(l.narrowChannels, depth));
  const narrow = after(bias, l.narrowChannels);
  const columns = after(narrow, roomFor(l.narrowChannels, most));
  const panels = after(columns, roomFor(depth, most));
  kernels.reserve(after(panels, PACKED_DEPTH * (Math.max(most, depth) + 7)));
  const lists = [l.wide, l.narrow, l.kernel, l.stride, l.padding, l.dilation];
  for (let list = 0; list < 6; list++)
    for (let d = 0; d < 3; d++) kernels.integers[(shape >> 2) + 3 * list + d] = lists[list][d];
  const narrowPlane = rows * places;
  return {
    depth,
    wideCount,
    narrowPlane,
    rows,
    rowsAtOnce,
    places,
    shape,
    wide,
    weight,
    bias,
    narrow,
    columns,
    panels,
  };
}

function product(sizes: Shape): number {
  return sizes[0] * sizes[1] * sizes[2];
}

/** Kernels read and write whole blocks of four rows and eight columns. */
function roomFor(rows: number, columns: number): number {
  return (rows + 3) * (columns + 7);
}

/** Computes the wanted one of `wide`, `weight` and `narrow` from the other two; adds a bias to `narrow`. */
export function convolve(
  kernels: Kernels,
  wanted: "narrow" | "wide" | "weight",
  l: Layout,
  wide: Float32Array,
  weight: Float32Array,
  narrow: Float32Array,
  bias: Float32Array | null,
): void {
  const p = plan(kernels, l);
  const weightCount = l.narrowChannels * p.depth;
  for (let group = 0; group < l.groups; group++) {
    const start = group * weightCount;
    if (wanted !== "weight") kernels.write(part(weight, start, start + weightCount), p.weight);
    const first = group * l.narrowChannels;
    if (bias !== null) kernels.write(part(bias, first, first + l.narrowChannels), p.bias);
    for (let sample = group; sample < l.batch * l.groups; sample += l.groups) {
      if (wanted === "narrow") toNarrow(kernels, l, p, wide, narrow, sample, bias !== null);
      else if (wanted === "wide") toWide(kernels, l, p, wide, narrow, sample);
      else addToWeight(kernels, l, p, wide, narrow, sample, sample !== group);
    }
    if (wanted !== "weight") continue;
    closeRows(kernels, p.weight, l.narrowChannels, p.depth);
    kernels.read(p.weight, weightCount, weight, start);
  }
}

function toNarrow(
  kernels: Kernels,
  l: Layout,
  p: Plan,
  wide: Float32Array,
  narrow: Float32Array,
  sample: number,
  biased: boolean,
): void {
  writeWide(kernels, p, wide, sample);
  for (let top = 0; top < p.rows; top += p.rowsAtOnce) {
    const bottom = Math.min(top + p.rowsAtOnce, p.rows);
    const count = (bottom - top) * p.places;
    kernels.run.unfold(p.shape, l.wideChannels, top, bottom, p.wide, p.columns);
    gemm(
      kernels,
      p,
      l.narrowChannels,
      p.depth,
      count,
      p.weight,
      4 * p.depth,
      4,
      p.columns,
      false,
      p.narrow,
      false,
    );
    closeRows(kernels, p.narrow, l.narrowChannels, count);
    if (biased) kernels.run.addPerRow(l.narrowChannels, count, p.narrow, p.bias);
    const start = sample * l.narrowChannels * p.narrowPlane + top * p.places;
    if (count === p.narrowPlane) kernels.read(p.narrow, l.narrowChannels * count, narrow, start);
    else
      for (let n = 0; n < l.narrowChannels; n++)
        kernels.read(p.narrow + 4 * n * count, count, narrow, start + n * p.narrowPlane);
  }
}

function toWide(
  kernels: Kernels,
  l: Layout,
  p: Plan,
  wide: Float32Array,
  narrow: Float32Array,
  sample: number,
): void {
  kernels.run.zero(p.wide, p.wideCount);
  for (let top = 0; top < p.rows; top += p.rowsAtOnce) {
    const bottom = Math.min(top + p.rowsAtOnce, p.rows);
    const count = (bottom - top) * p.places;
    writeNarrow(kernels, l, p, narrow, sample, top * p.places, count);
    gemm(
      kernels,
      p,
      p.depth,
      l.narrowChannels,
      count,
      p.weight,
      4,
      4 * p.depth,
      p.narrow,
      false,
      p.columns,
      false,
    );
    closeRows(kernels, p.columns, p.depth, count);
    kernels.run.fold(p.shape, l.wideChannels, top, bottom, p.wide, p.columns);
  }
  kernels.read(p.wide, p.wideCount, wide, sample * p.wideCount);
}

function addToWeight(
  kernels: Kernels,
  l: Layout,
  p: Plan,
  wide: Float32Array,
  narrow: Float32Array,
  sample: number,
  begun: boolean,
): void {
  writeWide(kernels, p, wide, sample);
  for (let top = 0; top < p.rows; top += p.rowsAtOnce) {
    const bottom = Math.min(top + p.rowsAtOnce, p.rows);
    const count = (bottom - top) * p.places;
    kernels.run.unfold(p.shape, l.wideChannels, top, bottom, p.wide, p.columns);
    writeNarrow(kernels, l, p, narrow, sample, top * p.places, count);
    const add = begun || top > 0;
    gemm(
      kernels,
      p,
      l.narrowChannels,
      count,
      p.depth,
      p.narrow,
      4 * count,
      4,
      p.columns,
      true,
      p.weight,
      add,
    );
  }
}

function writeWide(kernels: Kernels, p: Plan, wide: Float32Array, sample: number): void {
  kernels.write(part(wide, sample * p.wideCount, (sample + 1) * p.wideCount), p.wide);
}

/** `count` places of each channel, from place `first` on. */
function writeNarrow(
  kernels: Kernels,
  l: Layout,
  p: Plan,
  narrow: Float32Array,
  sample: number,
  first: number,
  count: number,
): void {
  const start = sample * l.narrowChannels * p.narrowPlane + first;
  if (count === p.narrowPlane) kernels.write(part(narrow, start, start + l.narrowChannels * count), p.narrow);
  else
    for (let n = 0, from = start; n < l.narrowChannels; n++, from += p.narrowPlane)
      kernels.write(part(narrow, from, from + count), p.narrow + 4 * n * count);
}

/** c = a @ b or that added to c, whose rows take a multiple of eight floats; `b` without gaps. */
function gemm(
  kernels: Kernels,
  p: Plan,
  n: number,
  k: number,
  m: number,
  a: number,
  aRow: number,
  aColumn: number,
  b: number,
  transposed: boolean,
  c: number,
  add: boolean,
): void {
  const bStep = 4 * (transposed ? k : m);
  kernels.run.gemm(n, k, m, a, aRow, aColumn, b, bStep, transposed, p.panels, c, 4 * widthOf(m), add);
}

function closeRows(kernels: Kernels, at: number, rows: number, m: number): void {
  if (widthOf(m) !== m) kernels.run.closeRows(at, rows, m, 4 * widthOf(m));
}

function widthOf(m: number): number {
  return (m + 7) & ~7;
}
