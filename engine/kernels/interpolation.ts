import { makeTaps, type Taps } from "./taps";

export type Interpolation = "nearest" | "nearest-exact" | "linear" | "cubic";

/** How a dimension is resampled. */
export interface Resampling {
  size: number;
  outputs: number;
  /** The factor asked for, which PyTorch uses in place of outputs / size. */
  factor: number | null;
  align_corners: boolean;
  antialias: boolean;
}

/** The taps that resample one dimension. Source: aten/src/ATen/native/cpu/UpSampleKernel.cpp. */
export function resamplingTaps(mode: Interpolation, r: Resampling): Taps {
  if (mode === "nearest" || mode === "nearest-exact") return nearestTaps(r, mode === "nearest-exact");
  if (r.antialias) return antialiasTaps(r, mode);
  return mode === "linear" ? linearTaps(r) : cubicTaps(r);
}

function nearestTaps({ size, outputs, factor }: Resampling, exact: boolean): Taps {
  // In single precision, as PyTorch does: which neighbour is nearest may hang on the rounding.
  const scale = Math.fround(factor !== null && factor > 0 ? 1 / factor : size / outputs);
  return makeTaps(outputs, 1, (o, set) => {
    const at = Math.floor(Math.fround((exact ? o + 0.5 : o) * scale));
    set(0, Math.min(at, size - 1), 1);
  });
}

/** Input places per output place. */
function scaleOf({ size, outputs, factor, align_corners }: Resampling): number {
  if (align_corners) return outputs > 1 ? (size - 1) / (outputs - 1) : 0;
  return factor !== null && factor > 0 ? 1 / factor : size / outputs;
}

function linearTaps(r: Resampling): Taps {
  const scale = scaleOf(r);
  return makeTaps(r.outputs, 2, (o, set) => {
    const at = r.align_corners ? scale * o : Math.max(scale * (o + 0.5) - 0.5, 0);
    const below = Math.min(Math.floor(at), r.size - 1);
    const share = Math.min(Math.max(at - below, 0), 1);
    set(0, below, 1 - share);
    set(1, Math.min(below + 1, r.size - 1), share);
  });
}

function cubicTaps(r: Resampling): Taps {
  const scale = scaleOf(r);
  return makeTaps(r.outputs, 4, (o, set) => {
    const at = r.align_corners ? scale * o : scale * (o + 0.5) - 0.5;
    const below = Math.floor(at);
    cubicWeights(at - below).forEach((weight, k) => {
      set(k, Math.min(Math.max(below - 1 + k, 0), r.size - 1), weight);
    });
  });
}

/** Weights of the four neighbours of a place `t` of the way from the second to the third. Keys 1981, A = −0.75. */
export function cubicWeights(t: number): [number, number, number, number] {
  return [keys(t + 1, -0.75), keys(t, -0.75), keys(1 - t, -0.75), keys(2 - t, -0.75)];
}

/** Their derivatives by `t`. */
export function cubicSlopes(t: number): [number, number, number, number] {
  return [keysSlope(t + 1), keysSlope(t), -keysSlope(1 - t), -keysSlope(2 - t)];
}

function keys(x: number, a: number): number {
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

function keysSlope(x: number): number {
  const a = -0.75;
  if (x <= 1) return (3 * (a + 2) * x - 2 * (a + 3)) * x;
  return (3 * a * x - 10 * a) * x + 8 * a;
}

/** A filter as wide as the reduction, so that every input counts. */
function antialiasTaps(r: Resampling, mode: "linear" | "cubic"): Taps {
  const scale = scaleOf(r);
  const reach = mode === "linear" ? 1 : 2;
  const stretch = Math.max(scale, 1);
  const support = reach * stretch;
  const filter = (x: number) => {
    const d = Math.abs(x);
    if (d >= reach) return 0;
    return mode === "linear" ? 1 - d : keys(d, -0.5);
  };
  return makeTaps(r.outputs, Math.ceil(support) * 2 + 1, (o, set) => {
    const center = scale * (o + 0.5);
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), r.size);
    const weights = Array.from({ length: end - start }, (_, j) =>
      filter((j + start - center + 0.5) / stretch),
    );
    const total = weights.reduce((sum, w) => sum + w, 0);
    weights.forEach((w, j) => {
      set(j, start + j, total === 0 ? w : w / total);
    });
  });
}
