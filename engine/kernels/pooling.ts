import { int64 } from "../dtype";
import { numel } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";
import { makeTaps, type Taps } from "./taps";
import type { Window } from "./window";

/** Where one output looks along a dimension: from `start` to `end` (exclusive) in steps. */
export interface Span {
  start: number;
  end: number;
  step: number;
}

/** The largest element of each window and its row-major place in the input's last dimensions. */
export function maxOver(input: Tensor, spans: readonly Span[][]): [Tensor, Tensor] {
  const n = spans.length;
  const lead = input.shape.slice(0, input.shape.length - n);
  const sizes = input.shape.slice(input.shape.length - n);
  const shape = [...lead, ...spans.map((s) => s.length)];
  const count = numel(shape);
  const values = new input.dtype.ArrayType(count);
  const places = new Float64Array(count);
  const data = elements(input);
  const planes = numel(lead);
  const plane = numel(sizes);
  // One loop nest for all: missing dimensions have one place.
  const single: Span[] = [{ start: 0, end: 1, step: 1 }];
  const [zs, ys, xs] = [...new Array<Span[]>(3 - n).fill(single), ...spans];
  const [height, width] = [1, 1, ...sizes].slice(-2);
  let out = 0;
  for (let p = 0; p < planes; p++) {
    const base = p * plane;
    for (const sz of zs)
      for (const sy of ys)
        for (const sx of xs) {
          let best = Number.NEGATIVE_INFINITY;
          let place = (sz.start * height + sy.start) * width + sx.start;
          for (let z = sz.start; z < sz.end; z += sz.step)
            for (let y = sy.start; y < sy.end; y += sy.step) {
              const row = (z * height + y) * width;
              for (let x = sx.start; x < sx.end; x += sx.step) {
                const value = data[base + row + x];
                if (value > best || Number.isNaN(value)) {
                  best = value;
                  place = row + x;
                }
              }
            }
          values[out] = best;
          places[out++] = place;
        }
  }
  return [fromData(values, shape, input.dtype), fromData(places, [...shape], int64)];
}

/** The places of a sliding window, without those in the padding. */
export function windowSpans({ size, kernel, stride, padding, dilation, outputs }: Window): Span[] {
  return Array.from({ length: outputs }, (_, o) => {
    let start = o * stride - padding;
    const end = Math.min(start + (kernel - 1) * dilation + 1, size);
    while (start < 0) start += dilation;
    return { start, end, step: dilation };
  });
}

/** `outputs` windows that cover `size` places evenly. */
export function adaptiveSpans(size: number, outputs: number): Span[] {
  return Array.from({ length: outputs }, (_, o) => ({
    start: Math.floor((o * size) / outputs),
    end: Math.ceil(((o + 1) * size) / outputs),
    step: 1,
  }));
}

/** The mean of each window along a dimension. */
export function averageTaps(spans: readonly Span[]): Taps {
  const width = Math.max(1, ...spans.map(({ start, end }) => end - start));
  return makeTaps(spans.length, width, (o, set) => {
    const { start, end } = spans[o];
    for (let i = start; i < end; i++) set(i - start, i, 1 / (end - start));
  });
}

/**
 * The mean of each sliding window along a dimension: over the places in the input, or those in the padding
 * too if `count_include_pad`; the plain sum if `sum`.
 */
export function slidingTaps(window: Window, count_include_pad: boolean, sum: boolean): Taps {
  const { size, kernel, stride, padding, outputs } = window;
  return makeTaps(outputs, kernel, (o, set) => {
    const begin = o * stride - padding;
    const paddedEnd = Math.min(begin + kernel, size + padding);
    const start = Math.max(begin, 0);
    const end = Math.min(paddedEnd, size);
    const count = sum ? 1 : count_include_pad ? paddedEnd - begin : end - start;
    for (let i = start; i < end; i++) set(i - start, i, 1 / count);
  });
}
