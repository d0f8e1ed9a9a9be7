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

/** Floats of the matrix of what places see that are worked on at a time: what the second-level cache holds. */
const PIECE = 131072;
const PACKED_DEPTH = 512;

/**
 * One group of one sample as a product of matrices: `narrow` (narrowChannels, places) = `weight`
 * (narrowChannels, depth) @ columns (depth, places), where a column holds what one place sees of `wide`. So many
 * rows of places are worked on at a time that their columns stay in the cache.
 */
interface Plan {
  depth: number;
  wideCount: number;
  narrowPlane: number;
  rows: number;
  rowsAtOnce: number;
  places: number;
  /** Sizes of the planes with their padding; one plane's floats. */
  height: number;
  width: number;
  plane: number;
  /** Addresses; see engine/wasm/assembly/blocks.ts for `bases` and `shifts`. */
  shape: number;
  bases: number;
  shifts: number;
  wide: number;
  planes: number;
  weight: number;
  bias: number;
  narrow: number;
  columns: number;
  panels: number;
}

function plan(kernels: Kernels, l: Layout, wanted: "narrow" | "wide" | "weight"): Plan {
  const [places0, places1, places] = l.narrow;
  const depth = l.wideChannels * product(l.kernel);
  const rows = places0 * places1;
  const rowsAtOnce = Math.max(1, Math.min(rows, Math.floor(PIECE / (depth * places))));
  const most = rowsAtOnce * places;
  const wideCount = l.wideChannels * product(l.wide);
  const [, height, width] = l.wide.map((size, d) => size + 2 * l.padding[d]);
  const plane = (l.wide[0] + 2 * l.padding[0]) * height * width;
  const shape = kernels.base;
  const bases = after(shape, 18);
  const shifts = after(bases, rows * places);
  const wide = after(shifts, depth);
  const planes = after(wide, wideCount);
  const weight = after(planes, l.wideChannels * plane);
  const bias = after(weight, roomFor(l.narrowChannels, depth));
  const narrow = after(bias, l.narrowChannels);
  const columns = after(narrow, roomFor(l.narrowChannels, most));
  const panels = wanted === "wide" ? after(columns, roomFor(depth, most)) : columns;
  kernels.reserve(after(panels, PACKED_DEPTH * (Math.max(most, depth) + 7)));
  const lists = [l.wide, l.narrow, l.kernel, l.stride, l.padding, l.dilation];
  for (let list = 0; list < 6; list++)
    for (let d = 0; d < 3; d++) kernels.integers[(shape >> 2) + 3 * list + d] = lists[list][d];
  const narrowPlane = rows * places;
  const sizes = { depth, wideCount, narrowPlane, rows, rowsAtOnce, places, height, width, plane };
  const p = { ...sizes, shape, bases, shifts, wide, planes, weight, bias, narrow, columns, panels };
  if (wanted === "wide") return p;
  writePositions(kernels, l, p);
  kernels.run.zero(planes, l.wideChannels * plane);
  return p;
}

/** Where in the planes each place looks, and how far from there each element of each channel's kernel is. */
function writePositions(kernels: Kernels, l: Layout, p: Plan): void {
  const step1 = 4 * p.width;
  const step0 = step1 * p.height;
  const [places0, places1, places] = l.narrow;
  let at = p.bases >> 2;
  for (let z = 0; z < places0; z++)
    for (let y = 0; y < places1; y++)
      for (let x = 0; x < places; x++)
        kernels.integers[at++] = z * l.stride[0] * step0 + y * l.stride[1] * step1 + 4 * x * l.stride[2];
  at = p.shifts >> 2;
  const [kernel0, kernel1, kernel2] = l.kernel;
  for (let c = 0; c < l.wideChannels; c++)
    for (let z = 0; z < kernel0; z++)
      for (let y = 0; y < kernel1; y++)
        for (let x = 0; x < kernel2; x++)
          kernels.integers[at++] =
            4 * c * p.plane + z * l.dilation[0] * step0 + y * l.dilation[1] * step1 + 4 * x * l.dilation[2];
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
  const p = plan(kernels, l, wanted);
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
  writeWide(kernels, l, p, wide, sample);
  for (let top = 0; top < p.rows; top += p.rowsAtOnce) {
    const bottom = Math.min(top + p.rowsAtOnce, p.rows);
    const count = (bottom - top) * p.places;
    const step = 4 * p.depth;
    multiplyBlocks(kernels, p, l.narrowChannels, p.weight, step, top, count, false, p.narrow, false);
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
  writeWide(kernels, l, p, wide, sample);
  for (let top = 0; top < p.rows; top += p.rowsAtOnce) {
    const bottom = Math.min(top + p.rowsAtOnce, p.rows);
    const count = (bottom - top) * p.places;
    writeNarrow(kernels, l, p, narrow, sample, top * p.places, count);
    const add = begun || top > 0;
    multiplyBlocks(kernels, p, l.narrowChannels, p.narrow, 4 * count, top, count, true, p.weight, add);
  }
}

/** c = a @ columns or columnsᵀ, of `count` places from row `top` on; or that added to c. */
function multiplyBlocks(
  kernels: Kernels,
  p: Plan,
  n: number,
  a: number,
  aRow: number,
  top: number,
  count: number,
  transposed: boolean,
  c: number,
  add: boolean,
): void {
  const bases = p.bases + 4 * top * p.places;
  const step = 4 * widthOf(transposed ? p.depth : count);
  const { shifts, depth, planes, panels } = p;
  kernels.run.multiplyBlocks(
    n,
    a,
    aRow,
    4,
    bases,
    count,
    shifts,
    depth,
    planes,
    transposed,
    panels,
    c,
    step,
    add,
  );
}

/** A sample's planes, with their padding around them. */
function writeWide(kernels: Kernels, l: Layout, p: Plan, wide: Float32Array, sample: number): void {
  const from = part(wide, sample * p.wideCount, (sample + 1) * p.wideCount);
  const isBare = p.plane * l.wideChannels === p.wideCount;
  kernels.write(from, isBare ? p.planes : p.wide);
  if (isBare) return;
  const [depth, height, width] = l.wide;
  const [pad0, pad1, pad2] = l.padding;
  const inside = p.planes + 4 * ((pad0 * p.height + pad1) * p.width + pad2);
  for (let c = 0, at = p.wide; c < l.wideChannels; c++)
    for (let z = 0; z < depth; z++, at += 4 * height * width)
      kernels.run.spread(height, width, at, inside + 4 * (c * p.plane + z * p.height * p.width), 4 * p.width);
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
