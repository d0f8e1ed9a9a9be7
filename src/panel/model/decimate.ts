import type { Extremes } from "./extremes";
import { countBelow } from "./floats";

export interface Window {
  min: number;
  max: number;
  /** Stretches of equal width in which a curve keeps its lowest and highest point: one for a pixel or two. */
  buckets: number;
}

export interface Points {
  xs: number[];
  /** Null where the curve is broken: NaN, an infinity. */
  ys: (number | null)[];
}

/** A bucket with no more points than this keeps them all. */
const FEW = 3;

/**
 * What is worth drawing of a curve in a window: of each bucket the lowest and the highest point, so that no
 * spike is lost however many points there are. One point beyond each edge lets the line run out of the picture.
 * `xs` ascends.
 */
export function decimate(xs: Float64Array, ys: Float64Array, extremes: Extremes, window: Window): Points {
  const points: Points = { xs: [], ys: [] };
  const length = Math.min(xs.length, ys.length);
  const add = (i: number) => {
    points.xs.push(xs[i]);
    points.ys.push(Number.isFinite(ys[i]) ? ys[i] : null);
  };
  const first = Math.max(0, countBelow(xs.subarray(0, length), window.min, false) - 1);
  const end = Math.min(length, countBelow(xs.subarray(0, length), window.max, true) + 1);
  if (end - first <= FEW * window.buckets) {
    for (let i = first; i < end; i++) add(i);
    return points;
  }
  const width = (window.max - window.min) / window.buckets;
  add(first);
  let i = first + 1;
  for (let bucket = 1; i < end - 1; bucket++) {
    const edge = bucket >= window.buckets ? Number.POSITIVE_INFINITY : window.min + bucket * width;
    const next = Math.min(end - 1, i + countBelow(xs.subarray(i, end - 1), edge, false));
    if (next - i <= FEW) for (; i < next; i++) add(i);
    else addExtremes(extremes.of(i, next), i, add);
    i = next;
  }
  add(end - 1);
  return points;
}

function addExtremes([lowest, highest]: [number, number], start: number, add: (i: number) => void): void {
  if (lowest < 0) add(start);
  else {
    add(Math.min(lowest, highest));
    if (lowest !== highest) add(Math.max(lowest, highest));
  }
}
