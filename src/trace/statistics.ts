import type { Statistics } from "./queries";

export const HISTOGRAM_BINS = 24;

type Floats = Float32Array | Float64Array;

const { sqrt, floor, min: least } = Math;
const isNotANumber = Number.isNaN;

/** norm, mean, std, min, max. */
export const SUMMARY_WIDTH = 5;
/** min, max and the bins. */
export const HISTOGRAM_WIDTH = 2 + HISTOGRAM_BINS;

/** Describes numbers, NaN and infinities left out, in `SUMMARY_WIDTH` places of `target` from `at` on. */
export function writeSummary(values: Floats, target: Float64Array, at: number): void {
  let min = 1 / 0;
  let max = -1 / 0;
  let sum = 0;
  let squares = 0;
  let finite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value - value !== 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    squares += value * value;
    finite++;
  }
  const isNone = finite === 0;
  const mean = isNone ? Number.NaN : sum / finite;
  target[at] = sqrt(squares);
  target[at + 1] = mean;
  target[at + 2] = sqrt(squaresAround(values, mean) / (finite - 1));
  target[at + 3] = isNone ? Number.NaN : min;
  target[at + 4] = isNone ? Number.NaN : max;
}

/** Puts `min`, `max` and how many numbers lie in each bin in `HISTOGRAM_WIDTH` places of `target`, which are 0. */
export function writeHistogram(
  values: Floats,
  min: number,
  max: number,
  target: Float64Array,
  at: number,
): void {
  target[at] = min;
  target[at + 1] = max;
  if (!(max > min)) return;
  const scale = HISTOGRAM_BINS / (max - min);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value - value === 0) target[at + 2 + least(HISTOGRAM_BINS - 1, floor((value - min) * scale))]++;
  }
}

/** Counts NaN and infinities and describes the rest. */
export function statisticsOf(values: ArrayLike<number | bigint>): Statistics {
  const statistics = { count: values.length, nan: 0, inf: 0, min: 1 / 0, max: -1 / 0 };
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (isNotANumber(value)) statistics.nan++;
    else if (value === 1 / 0 || value === -1 / 0) statistics.inf++;
    else {
      if (value < statistics.min) statistics.min = value;
      if (value > statistics.max) statistics.max = value;
      sum += value;
      squares += value * value;
    }
  }
  const finite = statistics.count - statistics.nan - statistics.inf;
  const mean = finite === 0 ? Number.NaN : sum / finite;
  const { min, max } = finite === 0 ? { min: Number.NaN, max: Number.NaN } : statistics;
  return {
    ...statistics,
    min,
    max,
    mean,
    std: sqrt(squaresAround(values, mean) / (finite - 1)),
    norm: sqrt(squares),
    histogram: histogramOf(values, min, max),
  };
}

function squaresAround(values: ArrayLike<number | bigint>, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = Number(values[i]) - mean;
    if (isFiniteNumber(distance)) sum += distance * distance;
  }
  return sum;
}

function histogramOf(values: ArrayLike<number | bigint>, min: number, max: number): number[] {
  const bins: number[] = [];
  if (!(max > min)) return bins;
  for (let i = 0; i < HISTOGRAM_BINS; i++) bins[i] = 0;
  const scale = HISTOGRAM_BINS / (max - min);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (isFiniteNumber(value)) bins[least(HISTOGRAM_BINS - 1, floor((value - min) * scale))]++;
  }
  return bins;
}

function isFiniteNumber(value: number): boolean {
  return value - value === 0;
}
