import type { Points } from "./decimate";
import { formatValue, symlogThreshold } from "./range";
import type { Picture, Shape } from "./shapes";
import type { Scale } from "./view";

/** A curve as it is drawn. */
export interface DrawnLine {
  name: string;
  color: string;
  alpha: number;
  width: number;
  dash: number[];
  points: Points;
}

export interface LineChartOptions {
  title: string;
  xLabel: string;
  lines: readonly DrawnLine[];
  scale: Scale;
  x: [number, number];
  y: [number, number];
  width: number;
  height: number;
  foreground: string;
  grid: string;
}

const LEFT = 64;
const RIGHT = 16;
const TOP = 28;
const BOTTOM = 40;
const LEGEND_ROW = 16;
const SWATCH = 14;

/** A chart with its title, axes and names, to be exported. */
export function layoutLineChart(options: LineChartOptions): Picture {
  const { width, lines, foreground } = options;
  const legend = lines.slice(0, 40);
  const height = options.height + legend.length * LEGEND_ROW;
  const box = { left: LEFT, right: width - RIGHT, top: TOP, bottom: options.height - BOTTOM };
  const toX = scaleTo(options.x, "linear", box.left, box.right);
  const toY = scaleTo(options.y, options.scale, box.bottom, box.top);
  const shapes: Shape[] = [text(box.left, 18, options.title, "start", foreground)];
  for (const tick of ticks(options.x, "linear")) {
    shapes.push(text(toX(tick), box.bottom + 16, formatValue(tick), "middle", foreground));
  }
  for (const tick of ticks(options.y, options.scale)) {
    shapes.push(
      rule(box.left, toY(tick), box.right, toY(tick), options.grid),
      text(box.left - 6, toY(tick) + 4, formatValue(tick), "end", foreground),
    );
  }
  shapes.push(
    text((box.left + box.right) / 2, box.bottom + 32, options.xLabel, "middle", foreground),
    rule(box.left, box.bottom, box.right, box.bottom, foreground),
    rule(box.left, box.top, box.left, box.bottom, foreground),
    ...lines.map((line) => drawLine(line, options.x, toX, toY)),
  );
  legend.forEach((line, i) => {
    const y = options.height + i * LEGEND_ROW;
    shapes.push(
      { ...rule(box.left, y + 4, box.left + SWATCH, y + 4, line.color), width: 2, dash: line.dash },
      text(box.left + SWATCH + 6, y + 8, line.name, "start", foreground),
    );
  });
  return { width, height, shapes };
}

function drawLine(
  { points, color, alpha, width, dash }: DrawnLine,
  [min, max]: [number, number],
  toX: (x: number) => number,
  toY: (y: number) => number,
): Shape & { kind: "line" } {
  const flat: (number | null)[] = [];
  points.xs.forEach((x, i) => {
    const y = points.ys[i];
    const place = y === null || x < min || x > max ? Number.NaN : toY(y);
    if (Number.isFinite(place)) flat.push(toX(x), place);
    else flat.push(null, null);
  });
  return { kind: "line", points: flat, color, width, alpha, dash };
}

function rule(x1: number, y1: number, x2: number, y2: number, color: string): Shape & { kind: "line" } {
  return { kind: "line", points: [x1, y1, x2, y2], color, width: 1, alpha: 1, dash: [] };
}

function text(
  x: number,
  y: number,
  content: string,
  anchor: "start" | "middle" | "end",
  fill: string,
): Shape {
  return { kind: "text", x, y, text: content, anchor, fill };
}

function scaleTo(
  [min, max]: [number, number],
  scale: Scale,
  from: number,
  to: number,
): (value: number) => number {
  const bend = bendOf(scale, min, max);
  const [low, high] = [bend(min), bend(max)];
  return (value) => from + ((bend(value) - low) / (high - low || 1)) * (to - from);
}

function bendOf(scale: Scale, min: number, max: number): (value: number) => number {
  if (scale === "linear") return (value) => value;
  if (scale === "log") return (value) => Math.log10(value);
  const threshold = symlogThreshold(min, max);
  return (value) => Math.asinh(value / threshold);
}

/** Round numbers within a range, five or so; powers of ten on the other scales. */
export function ticks([min, max]: [number, number], scale: Scale): number[] {
  if (scale === "log") return powers(min, max);
  if (scale === "symlog") {
    const threshold = symlogThreshold(min, max);
    const up = powers(threshold, max);
    const down = powers(threshold, -min).map((value) => -value);
    return [...down.reverse(), ...(min <= 0 && max >= 0 ? [0] : []), ...up];
  }
  const raw = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const list: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max; i++) list.push(Number((i * step).toPrecision(12)));
  return list;
}

function powers(min: number, max: number): number[] {
  const list: number[] = [];
  if (!(min > 0) || !(max > 0)) return list;
  const first = Math.ceil(Math.log10(min) - 1e-9);
  const last = Math.floor(Math.log10(max) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first) / 6));
  for (let power = first; power <= last; power += step) list.push(10 ** power);
  return list.length > 0 ? list : [min, max];
}
