import { elements, type Tensor } from "../../engine/tensor";
import type { Statistics } from "./queries";

export const HISTOGRAM_BINS = 24;

const { sqrt, floor, min: least } = Math;
const isNotANumber = Number.isNaN;

/** Counts NaN and infinities and describes the rest. Null for a tensor without elements or of booleans. */
export function statisticsOf(tensor: Tensor): Statistics | null {
  if (tensor.dtype.category === "bool" || tensor.numel() === 0) return null;
  const values = elements(tensor);
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
