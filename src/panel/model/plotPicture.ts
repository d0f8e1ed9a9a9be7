import type { ContourLayer, ImageLayer, ScatterLayer } from "../../../engine/plot/sink";
import { ticks } from "./lineChart";
import { formatValue } from "./range";
import type { Picture, Shape } from "./shapes";
import type { Table } from "./table";

export type PlotLayer = ImageLayer | ScatterLayer | ContourLayer;

export interface PlotPictureOptions {
  width: number;
  maxHeight: number;
  foreground: string;
  background: string;
  /** Of classes; the first two are also those of the lowest and the highest heights. */
  colors: readonly string[];
  /** `mix(from, to, share)` of two colours. */
  mix(from: string, to: string, share: number): string;
}

/** What a program drew under one name: an image by itself, or points over a contour. */
export function layoutPlot(layers: readonly PlotLayer[], options: PlotPictureOptions): Picture {
  const image = layers.find((layer) => layer.kind === "image");
  return image === undefined ? layoutPlane(planeOf(layers), options) : layoutImage(image, options);
}

/** The same in a sentence, with what was left out. */
export function describePlot(name: string, layers: readonly PlotLayer[]): string {
  const parts = layers.map((layer) => {
    if (layer.kind === "image") return `image of ${layer.rows} × ${layer.columns} cells`;
    if (layer.kind === "scatter") return `${layer.x.length} points`;
    return `contour of ${layer.rows} × ${layer.columns} cells`;
  });
  const notes = layers.map(({ note }) => note).filter((note) => note !== "");
  return [`${name}: ${parts.join(", ")}.`, ...notes].join(" ");
}

/** Its numbers: of each cell, or of each point if there are some. */
export function tableOfPlot(layers: readonly PlotLayer[]): Table {
  const image = layers.find((layer) => layer.kind === "image");
  if (image !== undefined) return tableOfImage(image);
  const { scatter, contour } = planeOf(layers);
  if (scatter !== null) {
    const { x, y, labels } = scatter;
    const rows = Array.from(x, (value, i) => [value, y[i], ...(labels ? [labels[i]] : [])]);
    return { columns: ["x", "y", ...(labels ? ["label"] : [])], rows };
  }
  if (contour === null) return { columns: [], rows: [] };
  const rows = Array.from(contour.values, (value, i) => [...placeOfCell(contour, i), value]);
  return { columns: ["x", "y", contour.isClasses ? "class" : "height"], rows };
}

function tableOfImage({ rows, columns, channels, values }: ImageLayer): Table {
  const names = Array.from({ length: columns }, (_, i) => String(i));
  const parts = channels === 1 ? [""] : [" red", " green", " blue"];
  const width = columns * channels;
  return {
    columns: ["row", ...names.flatMap((name) => parts.map((part) => name + part))],
    rows: Array.from({ length: rows }, (_, i) => [i, ...values.subarray(i * width, (i + 1) * width)]),
  };
}

interface Plane {
  scatter: ScatterLayer | null;
  contour: ContourLayer | null;
}

function planeOf(layers: readonly PlotLayer[]): Plane {
  return {
    scatter: layers.find((layer) => layer.kind === "scatter") ?? null,
    contour: layers.find((layer) => layer.kind === "contour") ?? null,
  };
}

const LEFT = 48;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 24;
const LEGEND = 20;
const RADIUS = 3;
/** Heights are drawn in so many shades, so that equal heights show as lines. */
const BANDS = 12;
/** Of a class's colour behind points of that colour. */
const CLASS_SHARE = 0.4;

function layoutPlane({ scatter, contour }: Plane, options: PlotPictureOptions): Picture {
  const { width, maxHeight, foreground } = options;
  const [x, y] = [extentOf("x", scatter, contour), extentOf("y", scatter, contour)];
  const bottom = Math.min(maxHeight - BOTTOM - LEGEND, width - LEFT - RIGHT + TOP);
  const toX = (value: number) => LEFT + ((value - x[0]) / (x[1] - x[0])) * (width - LEFT - RIGHT);
  const toY = (value: number) => bottom - ((value - y[0]) / (y[1] - y[0])) * (bottom - TOP);
  const shapes: Shape[] = contour === null ? [] : cellsOf(contour, toX, toY, options);
  for (const tick of ticks(x, "linear")) {
    shapes.push({
      kind: "text",
      x: toX(tick),
      y: bottom + 16,
      text: formatValue(tick),
      anchor: "middle",
      fill: foreground,
    });
  }
  for (const tick of ticks(y, "linear")) {
    shapes.push({
      kind: "text",
      x: LEFT - 6,
      y: toY(tick) + 4,
      text: formatValue(tick),
      anchor: "end",
      fill: foreground,
    });
  }
  if (scatter !== null) shapes.push(...dotsOf(scatter, toX, toY, options));
  const corners = [LEFT, TOP, LEFT, bottom, width - RIGHT, bottom];
  shapes.push({ kind: "line", points: corners, color: foreground, width: 1, alpha: 1, dash: [] });
  shapes.push(...legendOf(scatter, contour, bottom + BOTTOM + 12, options));
  return { width, height: bottom + BOTTOM + LEGEND, shapes };
}

/** Of cells their edges, of points some room around them. */
function extentOf(
  axis: "x" | "y",
  scatter: ScatterLayer | null,
  contour: ContourLayer | null,
): [number, number] {
  let [min, max] =
    contour === null ? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] : edgesOf(contour, axis);
  for (const value of scatter?.[axis] ?? []) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) return [0, 1];
  if (contour !== null) return [min, max];
  const room = (max - min) * 0.05 || 1;
  return [min - room, max + room];
}

function edgesOf(contour: ContourLayer, axis: "x" | "y"): [number, number] {
  const [low, high] = contour[axis];
  const half = stepOf(contour, axis) / 2;
  return [low - half, high + half];
}

function stepOf(contour: ContourLayer, axis: "x" | "y"): number {
  const [low, high] = contour[axis];
  const count = axis === "x" ? contour.columns : contour.rows;
  return count < 2 ? high - low : (high - low) / (count - 1);
}

function placeOfCell(contour: ContourLayer, i: number): [x: number, y: number] {
  return [
    contour.x[0] + (i % contour.columns) * stepOf(contour, "x"),
    contour.y[0] + Math.floor(i / contour.columns) * stepOf(contour, "y"),
  ];
}

/** Neighbours of one colour are drawn as one. */
function cellsOf(
  contour: ContourLayer,
  toX: (x: number) => number,
  toY: (y: number) => number,
  options: PlotPictureOptions,
): Shape[] {
  const { rows, columns, values } = contour;
  const colorOf = contour.isClasses ? classColors(options) : heightColors(values, options);
  const [left, lowest] = [edgesOf(contour, "x")[0], edgesOf(contour, "y")[0]];
  const [across, up] = [stepOf(contour, "x"), stepOf(contour, "y")];
  const shapes: Shape[] = [];
  for (let row = 0; row < rows; row++) {
    const top = Math.round(toY(lowest + (row + 1) * up));
    const height = Math.round(toY(lowest + row * up)) - top;
    for (let column = 0; column < columns; ) {
      const fill = colorOf(values[row * columns + column]);
      let end = column + 1;
      while (end < columns && colorOf(values[row * columns + end]) === fill) end++;
      const x = Math.round(toX(left + column * across));
      shapes.push({ kind: "rect", x, y: top, width: Math.round(toX(left + end * across)) - x, height, fill });
      column = end;
    }
  }
  return shapes;
}

function classColors({ background, colors, mix }: PlotPictureOptions): (value: number) => string {
  const known = colors.map((color) => mix(background, color, CLASS_SHARE));
  return (value) => known[placeOfClass(value, known.length)] ?? background;
}

function placeOfClass(value: number, count: number): number {
  return ((value % count) + count) % count;
}

/** Heights around zero, or around the middle where all are of one sign, are like the background. */
function heightColors(values: Float64Array, options: PlotPictureOptions): (value: number) => string {
  const { background, foreground, colors, mix } = options;
  const [min, max] = rangeOf(values);
  const middle = min < 0 && max > 0 ? 0 : (min + max) / 2;
  const reach = Math.max(max - middle, middle - min) || 1;
  const known = Array.from({ length: 2 * BANDS }, (_, band) => {
    const share = (band + 0.5 - BANDS) / BANDS;
    return mix(background, colors[share < 0 ? 0 : 1], Math.abs(share) * 0.8);
  });
  return (value) => {
    if (!Number.isFinite(value)) return foreground;
    const band = Math.floor(((value - middle) / reach + 1) * BANDS);
    return known[Math.min(2 * BANDS - 1, Math.max(0, band))];
  };
}

function rangeOf(values: Float64Array): [number, number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min > max ? [0, 0] : [min, max];
}

function dotsOf(
  { x, y, labels }: ScatterLayer,
  toX: (x: number) => number,
  toY: (y: number) => number,
  { colors, background }: PlotPictureOptions,
): Shape[] {
  const shapes: Shape[] = [];
  x.forEach((value, i) => {
    if (!Number.isFinite(value) || !Number.isFinite(y[i])) return;
    const fill =
      colors[labels === null ? 0 : placeOfClass(Math.trunc(labels[i]), colors.length)] ?? colors[0];
    shapes.push({ kind: "dot", x: toX(value), y: toY(y[i]), radius: RADIUS, fill, stroke: background });
  });
  return shapes;
}

/** The classes with their colours, or the lowest and the highest height. */
function legendOf(
  scatter: ScatterLayer | null,
  contour: ContourLayer | null,
  y: number,
  { foreground, colors, width }: PlotPictureOptions,
): Shape[] {
  const labels = scatter?.labels ?? (contour?.isClasses ? contour.values : null);
  if (labels !== null) {
    const classes = [...new Set(labels)].filter(Number.isInteger).sort((a, b) => a - b);
    const shown = classes.slice(0, Math.floor((width - LEFT) / 40));
    return shown.flatMap((label, i): Shape[] => [
      {
        kind: "dot",
        x: LEFT + 6 + i * 40,
        y: y - 4,
        radius: RADIUS + 1,
        fill: colors[placeOfClass(label, colors.length)],
        stroke: foreground,
      },
      { kind: "text", x: LEFT + 14 + i * 40, y, text: String(label), anchor: "start", fill: foreground },
    ]);
  }
  if (contour === null) return [];
  const [min, max] = rangeOf(contour.values);
  const text = `from ${formatValue(min)} to ${formatValue(max)}`;
  return [{ kind: "text", x: LEFT, y, text, anchor: "start", fill: foreground }];
}

const MAX_CELL = 24;

function layoutImage(image: ImageLayer, options: PlotPictureOptions): Picture {
  const { width, maxHeight, foreground, mix } = options;
  const { rows, columns, channels, values, white } = image;
  const cell = Math.min(MAX_CELL, width / columns, (maxHeight - LEGEND) / rows);
  const [min, max] = rangeOf(values);
  const byte = (value: number) => Math.round(Math.min(1, Math.max(0, value / white)) * 255);
  const colorOf = (i: number) => {
    if (channels === 3) return `rgb(${[0, 1, 2].map((part) => byte(values[3 * i + part])).join(", ")})`;
    return mix("#000", "#fff", max === min ? 0.5 : Math.round(((values[i] - min) / (max - min)) * 255) / 255);
  };
  const shapes: Shape[] = [];
  for (let i = 0; i < rows * columns; i++) {
    const [left, top] = [(i % columns) * cell, Math.floor(i / columns) * cell];
    const [x, y] = [Math.floor(left), Math.floor(top)];
    shapes.push({
      kind: "rect",
      x,
      y,
      width: Math.ceil(left + cell) - x,
      height: Math.ceil(top + cell) - y,
      fill: colorOf(i),
    });
  }
  const bottom = Math.ceil(rows * cell);
  const text = channels === 1 ? `black ${formatValue(min)}, white ${formatValue(max)}` : "";
  if (text !== "")
    shapes.push({ kind: "text", x: 0, y: bottom + 14, text, anchor: "start", fill: foreground });
  return { width, height: bottom + LEGEND, shapes };
}
