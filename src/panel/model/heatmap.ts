import { formatValue } from "./range";
import type { Picture, Shape } from "./shapes";

/** A tensor as rows and columns of numbers. */
export interface Grid {
  rows: number;
  columns: number;
  values: Float64Array;
  /** How many rows and columns of the tensor are averaged in one cell. */
  averaged: [rows: number, columns: number];
}

/**
 * The last dimension across, the one before it down, the next across again: a convolution's kernels stand in rows and
 * columns. A vector is one row. Where there are more than `maxSide` rows or columns each cell is the mean of several.
 */
export function toGrid(shape: readonly number[], values: ArrayLike<number>, maxSide: number): Grid {
  const sizes = [...shape].reverse();
  const columns = sizes.reduce((product, size, dim) => (dim % 2 === 0 ? product * size : product), 1);
  const rows = columns === 0 ? 0 : values.length / columns;
  const averaged: [number, number] = [
    Math.max(1, Math.ceil(rows / maxSide)),
    Math.max(1, Math.ceil(columns / maxSide)),
  ];
  const grid: Grid = {
    rows: Math.ceil(rows / averaged[0]),
    columns: Math.ceil(columns / averaged[1]),
    values: new Float64Array(0),
    averaged,
  };
  grid.values = new Float64Array(grid.rows * grid.columns);
  const counts = new Float64Array(grid.values.length);
  for (let i = 0; i < values.length; i++) {
    const place = placeIn(sizes, i);
    const row = Math.floor(place.row / averaged[0]);
    const column = Math.floor(place.column / averaged[1]);
    grid.values[row * grid.columns + column] += values[i];
    counts[row * grid.columns + column]++;
  }
  grid.values.forEach((sum, i) => {
    grid.values[i] = sum / counts[i];
  });
  return grid;
}

/** Where element `i` of a tensor stands; `sizes` from the last dimension on. */
function placeIn(sizes: readonly number[], i: number): { row: number; column: number } {
  const place = { row: 0, column: 0 };
  const strides = { row: 1, column: 1 };
  let rest = i;
  sizes.forEach((size, dim) => {
    const side = dim % 2 === 0 ? "column" : "row";
    place[side] += (rest % size) * strides[side];
    strides[side] *= size;
    rest = Math.floor(rest / size);
  });
  return place;
}

export interface HeatmapOptions {
  width: number;
  maxHeight: number;
  foreground: string;
  background: string;
  /** For the lowest and the highest values. */
  colors: [negative: string, positive: string];
  /** `mix(from, to, share)` of two colours. */
  mix(from: string, to: string, share: number): string;
}

const LEGEND = 30;
const MAX_CELL = 36;

/** Each number as a cell: the background for zero, a colour of its own for either sign. */
export function layoutHeatmap(grid: Grid, options: HeatmapOptions): Picture {
  const { width, maxHeight, foreground, background, colors, mix } = options;
  const cell = Math.min(MAX_CELL, width / grid.columns, (maxHeight - LEGEND) / grid.rows);
  let largest = 0;
  for (const value of grid.values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const colorOf = (value: number) => {
    if (!Number.isFinite(value)) return foreground;
    const share = largest === 0 ? 0 : Math.abs(value) / largest;
    return mix(background, colors[value < 0 ? 0 : 1], share);
  };
  const shapes: Shape[] = [];
  grid.values.forEach((value, i) => {
    const x = (i % grid.columns) * cell;
    const y = Math.floor(i / grid.columns) * cell;
    const gap = cell > 6 ? 1 : 0;
    shapes.push({ kind: "rect", x, y, width: cell - gap, height: cell - gap, fill: colorOf(value) });
  });
  const bottom = Math.ceil(grid.rows * cell) + 6;
  const steps = 40;
  for (let i = 0; i < steps; i++) {
    const value = largest * ((2 * (i + 0.5)) / steps - 1);
    shapes.push({ kind: "rect", x: 60 + i * 3, y: bottom, width: 3, height: 10, fill: colorOf(value) });
  }
  const right = 60 + steps * 3 + 6;
  shapes.push(
    { kind: "text", x: 54, y: bottom + 10, text: formatValue(-largest), anchor: "end", fill: foreground },
    { kind: "text", x: right, y: bottom + 10, text: formatValue(largest), anchor: "start", fill: foreground },
  );
  return { width, height: bottom + LEGEND - 6, shapes };
}
