import { formatValue } from "./range";
import type { Picture, Shape } from "./shapes";
import { HISTOGRAM_BINS, HISTOGRAM_WIDTH } from "./track";

export interface RidgeOptions {
  width: number;
  height: number;
  foreground: string;
  background: string;
  stroke: string;
}

const MAX_RIDGES = 32;
const LABELS = 56;
const BOTTOM = 18;

/**
 * Histograms one behind the other, the oldest at the back: how a tensor's numbers were spread over the run.
 * `rows` as in `Track.histograms`, with the place of each on the x axis of the curves.
 */
export function layoutRidges(rows: Float64Array, xs: Float64Array, options: RidgeOptions): Picture {
  const { width, height, foreground, background, stroke } = options;
  const chosen = evenly(Math.floor(rows.length / HISTOGRAM_WIDTH), MAX_RIDGES);
  const histograms = chosen.map((i) => rows.subarray(i * HISTOGRAM_WIDTH, (i + 1) * HISTOGRAM_WIDTH));
  const [min, max] = extentOf(histograms);
  const shapes: Shape[] = [];
  const right = width - LABELS;
  const toX = (value: number) => ((value - min) / (max - min || 1)) * right;
  const step = (height - BOTTOM) / (chosen.length + 3);
  chosen.forEach((entry, i) => {
    const base = height - BOTTOM - (chosen.length - 1 - i) * step;
    shapes.push({
      kind: "area",
      points: outline(histograms[i], base, step * 3, toX),
      fill: background,
      stroke,
    });
    const isLabelled = i === 0 || i === chosen.length - 1 || i === chosen.length >> 1;
    if (isLabelled) shapes.push(label(right + 6, base, formatValue(xs[entry]), "start", foreground));
  });
  shapes.push(
    label(0, height - 4, formatValue(min), "start", foreground),
    label(right, height - 4, formatValue(max), "end", foreground),
  );
  return { width, height, shapes };
}

function outline(
  histogram: Float64Array,
  base: number,
  tallest: number,
  toX: (value: number) => number,
): number[] {
  const [min, max] = histogram;
  const bins = histogram.subarray(2);
  const highest = Math.max(...bins);
  if (!(max > min) || highest === 0) return [toX(min), base, toX(min), base - tallest, toX(min) + 1, base];
  const points = [toX(min), base];
  const width = (max - min) / HISTOGRAM_BINS;
  bins.forEach((count, i) => {
    points.push(toX(min + (i + 0.5) * width), base - (count / highest) * tallest);
  });
  points.push(toX(max), base);
  return points;
}

function extentOf(histograms: readonly Float64Array[]): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const [low, high] of histograms) {
    if (low < min) min = low;
    if (high > max) max = high;
  }
  return min <= max ? [min, max] : [0, 1];
}

/** At most `most` of the first `count` whole numbers, the first and the last among them. */
export function evenly(count: number, most: number): number[] {
  const length = Math.min(count, most);
  return Array.from({ length }, (_, i) => (length === 1 ? 0 : Math.round((i * (count - 1)) / (length - 1))));
}

function label(x: number, y: number, text: string, anchor: "start" | "end", fill: string): Shape {
  return { kind: "text", x, y, text, anchor, fill };
}
