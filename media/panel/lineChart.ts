import uPlot from "uplot";
import { decimate, type Points } from "../../src/panel/model/decimate";
import { ticks } from "../../src/panel/model/lineChart";
import type { Line } from "../../src/panel/model/lines";
import { formatValue, scaleRange, symlogThreshold } from "../../src/panel/model/range";
import { valueAt } from "../../src/panel/model/table";
import type { Scale } from "../../src/panel/model/view";
import { element } from "../dom";
import type { Theme } from "./theme";

export interface ChartLine {
  name: string;
  line: Line;
  /** Shown beside the name while there is no cursor; null if there is no value yet. */
  last: number | null;
  color: string;
  alpha: number;
  width: number;
  dash: number[];
}

export interface LineChartState {
  title: string;
  xLabel: string;
  lines: readonly ChartLine[];
  scale: Scale;
  x: [number, number];
  /** Where the shared cursor stands; null where it stands nowhere. */
  cursor: number | null;
  /** Where the editor's annotations are. */
  marker: number | null;
  theme: Theme;
}

export interface LineChartEvents {
  cursor(x: number | null): void;
  /** `null` shows everything. */
  zoom(x: [number, number] | null): void;
}

/** Up to this many lines are named below a chart. */
const MAX_NAMES = 24;
/** Lines of no more points than this show them. */
const MAX_DOTS = 50;
/** Points that a frame may draw; with many lines each gets fewer. */
const POINTS_PER_FRAME = 60_000;
/** Charts are drawn when they are this near to being seen. */
const NEAR_PX = 100;

/** How high a chart of this width is, both in pixels. */
export function heightFor(width: number): number {
  return Math.round(Math.min(420, Math.max(220, width * 0.4)));
}

/** Curves over steps or epochs. */
export class LineChart {
  readonly element: HTMLElement;
  private readonly events: LineChartEvents;
  private readonly plotElement = element("div", { class: "plot" });
  private readonly names = element("ul", { class: "names", tabindex: 0, "aria-label": "Values" });
  private readonly spoken = element("p", { class: "spoken", "aria-live": "polite" });
  private values: HTMLOutputElement[] = [];
  private namesSignature = "";
  private plot: uPlot | null = null;
  private signature = "";
  private state: LineChartState | null = null;
  private drawn: Points[] = [];
  private y: [number, number] = [0, 1];
  private isShowing = false;
  private isInSight = false;
  /** What is to be shown has not been drawn yet. */
  private isDue = false;

  constructor(events: LineChartEvents) {
    this.events = events;
    this.element = element("div", { class: "chart" }, this.plotElement, this.names, this.spoken);
    this.plotElement.tabIndex = 0;
    this.plotElement.setAttribute("role", "img");
    this.plotElement.addEventListener("keydown", (event) => this.pressKey(event));
    this.plotElement.addEventListener("wheel", (event) => this.turnWheel(event), { passive: false });
    this.plotElement.addEventListener("pointerdown", (event) => this.startPan(event), { capture: true });
    new ResizeObserver(() => this.resize()).observe(this.plotElement);
    const seen = (entries: IntersectionObserverEntry[]) => {
      this.isInSight = entries.at(-1)?.isIntersecting ?? false;
      if (this.isInSight && this.isDue) this.draw();
    };
    new IntersectionObserver(seen, { rootMargin: `${NEAR_PX}px` }).observe(this.plotElement);
  }

  /** What is drawn, to be exported. */
  get picture(): { points: readonly Points[]; y: [number, number] } {
    if (this.isDue && this.state !== null) this.choosePoints(this.state);
    return { points: this.drawn, y: this.y };
  }

  show(state: LineChartState): void {
    this.state = state;
    this.element.hidden = state.lines.length === 0;
    this.isDue = true;
    if (this.isInSight) this.draw();
    this.showCursor(state.cursor);
    this.plotElement.setAttribute("aria-label", describe(state));
  }

  private draw(): void {
    const { state } = this;
    if (state === null || this.plotElement.clientWidth === 0) return;
    this.isDue = false;
    this.choosePoints(state);
    this.ensurePlot(state);
    const { x } = state;
    const plot = this.plot!;
    this.isShowing = true;
    plot.batch(() => {
      plot.setData(
        [null, ...this.drawn.map(({ xs, ys }) => [xs, ys])] as unknown as uPlot.AlignedData,
        false,
      );
      plot.setScale("x", { min: x[0], max: x[1] });
      plot.setScale("y", { min: this.y[0], max: this.y[1] });
    });
    this.isShowing = false;
  }

  private choosePoints({ lines, x: [min, max], scale }: LineChartState): void {
    const width = this.plotElement.clientWidth;
    const most = Math.floor(POINTS_PER_FRAME / 2 / Math.max(1, lines.length));
    const window = { min, max, buckets: Math.max(50, Math.min(width, most)) };
    this.drawn = lines.map(({ line }) =>
      drawable(decimate(line.xs.values, line.ys.values, line.extremes, window), scale),
    );
    this.y = scaleRange(scale, ...extentOf(this.drawn, [min, max], scale));
  }

  /** Moves the cursor line and tells the values there. */
  showCursor(x: number | null): void {
    if (this.state === null) return;
    this.state = { ...this.state, cursor: x };
    this.plot?.setCursor(
      { left: x === null ? -10 : this.plot.valToPos(x, "x"), top: x === null ? -10 : 0 },
      false,
    );
    this.showNames(x);
  }

  private ensurePlot(state: LineChartState): void {
    const { lines, scale, theme, xLabel } = state;
    const styles = lines.map(({ color, alpha, width, dash }) => [color, alpha, width, dash]);
    const threshold = scale === "symlog" ? symlogThreshold(...this.y) : 0;
    const signature = JSON.stringify([styles, scale, threshold, theme, xLabel]);
    if (this.plot !== null && signature === this.signature) return;
    this.signature = signature;
    this.plot?.destroy();
    this.plot = new uPlot(
      this.options(state, threshold),
      [null, ...lines.map(() => [[], []])] as never,
      this.plotElement,
    );
  }

  private options({ lines, scale, theme, xLabel }: LineChartState, threshold: number): uPlot.Options {
    const axis = {
      stroke: theme.muted,
      font: theme.font,
      labelFont: theme.font,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { stroke: theme.grid, width: 1, size: 4 },
    };
    return {
      mode: 2,
      width: this.plotElement.clientWidth,
      height: heightFor(this.plotElement.clientWidth),
      legend: { show: false },
      cursor: {
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        y: false,
        bind: { dblclick: () => () => this.reset() },
      },
      scales: {
        x: { time: false, auto: false },
        y: {
          auto: false,
          distr: { linear: 1, log: 3, symlog: 4 }[scale] as uPlot.Scale.Distr,
          asinh: threshold,
        },
      },
      axes: [
        { ...axis, label: xLabel, labelSize: 16, size: 28, values: (_, splits) => splits.map(wholeNumber) },
        {
          ...axis,
          size: 58,
          splits: (_, __, min, max) => ticks([min, max], scale),
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map((value) => (value === null ? "" : formatValue(value))),
        },
      ],
      series: [
        {},
        ...lines.map(({ color, alpha, width, dash }) => ({
          facets: [{ scale: "x" }, { scale: "y" }],
          stroke: color,
          alpha,
          width,
          dash,
          paths: uPlot.paths.linear!(),
          points: { show: false },
        })),
      ] as uPlot.Series[],
      hooks: {
        draw: [(plot) => this.drawDots(plot), (plot) => this.drawMarker(plot)],
        setSelect: [(plot) => this.zoomToSelection(plot)],
        setCursor: [(plot) => this.followPointer(plot)],
      },
    };
  }

  private drawDots(plot: uPlot): void {
    const { ctx } = plot;
    this.drawn.forEach(({ xs, ys }, i) => {
      const line = this.state?.lines[i];
      if (line === undefined || xs.length > MAX_DOTS) return;
      ctx.fillStyle = line.color;
      ctx.globalAlpha = line.alpha;
      xs.forEach((x, at) => {
        const y = ys[at];
        if (y === null || x < this.state!.x[0] || x > this.state!.x[1]) return;
        ctx.beginPath();
        ctx.arc(
          plot.valToPos(x, "x", true),
          plot.valToPos(y, "y", true),
          (1 + line.width) * devicePixelRatio,
          0,
          7,
        );
        ctx.fill();
      });
    });
    ctx.globalAlpha = 1;
  }

  private drawMarker(plot: uPlot): void {
    const marker = this.state?.marker ?? null;
    if (marker === null) return;
    const { ctx, bbox } = plot;
    const x = plot.valToPos(marker, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.strokeStyle = this.state!.theme.marker;
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.setLineDash([]); // the last curve may have been dashed
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }

  private zoomToSelection(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.events.zoom([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
  }

  private followPointer(plot: uPlot): void {
    if (this.isShowing || !this.plotElement.matches(":hover")) return;
    const { left } = plot.cursor;
    this.events.cursor(left === undefined || left < 0 ? null : plot.posToVal(left, "x"));
  }

  private showNames(x: number | null): void {
    const { lines } = this.state!;
    this.ensureNames(lines);
    this.values.forEach((output, i) => {
      const { line, last } = lines[i];
      const value = x === null ? last : valueAtLine(line, x);
      const text = value === null ? "–" : formatValue(value);
      if (output.textContent !== text) output.textContent = text;
    });
  }

  /** Names stay as they are while only the values beside them change. */
  private ensureNames(lines: readonly ChartLine[]): void {
    const named = lines.slice(0, MAX_NAMES);
    const signature = JSON.stringify([
      lines.length,
      named.map(({ name, color, dash }) => [name, color, dash]),
    ]);
    if (signature === this.namesSignature) return;
    this.namesSignature = signature;
    this.values = named.map(() => element("output"));
    const items = named.map(({ name, color, dash }, i) => {
      const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.setProperty("--color", dash.length === 0 ? color : stripes(color, dash));
      return element("li", {}, swatch, element("span", { class: "name" }, name), " ", this.values[i]);
    });
    const rest = lines.length - named.length;
    this.names.replaceChildren(...items, ...(rest > 0 ? [element("li", {}, `and ${rest} more`)] : []));
  }

  private reset(): null {
    this.events.zoom(null);
    return null;
  }

  private resize(): void {
    const width = this.plotElement.clientWidth;
    if (width === 0) return;
    if (this.plot !== null && this.plot.width !== width)
      this.plot.setSize({ width, height: heightFor(width) });
    if (this.state !== null) this.show(this.state);
  }

  private pressKey(event: KeyboardEvent): void {
    const { state } = this;
    if (state === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.keys(state, event.shiftKey)[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  private keys({ x, cursor }: LineChartState, shift: boolean): Record<string, () => void> {
    const width = x[1] - x[0];
    const middle = cursor ?? x[0] + width / 2;
    const move = (to: number) => {
      this.events.cursor(Math.min(x[1], Math.max(x[0], to)));
      this.speak();
    };
    const pan = (by: number) => this.events.zoom([x[0] + by, x[1] + by]);
    return {
      ArrowLeft: () => (shift ? pan(-width / 10) : move(this.neighbour(middle, -1))),
      ArrowRight: () => (shift ? pan(width / 10) : move(this.neighbour(middle, 1))),
      Home: () => move(x[0]),
      End: () => move(x[1]),
      "+": () => this.events.zoom(zoomed(x, middle, 0.5)),
      "=": () => this.events.zoom(zoomed(x, middle, 0.5)),
      "-": () => this.events.zoom(zoomed(x, middle, 2)),
      "0": () => this.events.zoom(null),
      Escape: () => this.events.cursor(null),
    };
  }

  /** The next point of the first line, at least a pixel away. */
  private neighbour(from: number, direction: 1 | -1): number {
    const { x, lines } = this.state!;
    const pixel = (x[1] - x[0]) / Math.max(1, this.plotElement.clientWidth);
    const xs = this.drawn[0]?.xs ?? [];
    const beyond = (to: number) => (to - from) * direction > pixel / 2;
    const found = direction > 0 ? xs.find(beyond) : xs.findLast(beyond);
    return lines.length === 0 ? from : (found ?? from);
  }

  private speak(): void {
    const { state } = this;
    if (state === null || state.cursor === null) return;
    const values = state.lines
      .slice(0, 5)
      .map(({ name, line }) => `${name} ${formatValue(valueAtLine(line, state.cursor!) ?? Number.NaN)}`);
    this.spoken.textContent = `${state.xLabel} ${formatValue(state.cursor)}: ${values.join(", ")}`;
  }

  private turnWheel(event: WheelEvent): void {
    if (this.state === null || this.plot === null || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const left = event.clientX - this.plot.over.getBoundingClientRect().left;
    this.events.zoom(zoomed(this.state.x, this.plot.posToVal(left, "x"), event.deltaY < 0 ? 0.8 : 1.25));
  }

  /** Shift and drag moves the picture; without Shift uPlot selects. */
  private startPan(event: PointerEvent): void {
    const { state, plot } = this;
    if (!event.shiftKey || state === null || plot === null) return;
    event.preventDefault();
    event.stopPropagation();
    const [min, max] = state.x;
    const perPixel = (max - min) / plot.over.clientWidth;
    const move = (moved: PointerEvent) => {
      const by = (event.clientX - moved.clientX) * perPixel;
      this.events.zoom([min + by, max + by]);
    };
    const end = () => document.removeEventListener("pointermove", move);
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end, { once: true });
  }
}

/** Steps and epochs are counted. */
function wholeNumber(value: number): string {
  return Number.isInteger(value) ? formatValue(value) : "";
}

/** A picture of a dashed line. */
function stripes(color: string, dash: readonly number[]): string {
  let end = 0;
  const stops = dash.map((length, i) => {
    const from = end;
    end += length;
    return `${i % 2 === 0 ? color : "transparent"} ${from}px ${end}px`;
  });
  return `repeating-linear-gradient(to right, ${stops.join(", ")})`;
}

function zoomed([min, max]: [number, number], around: number, factor: number): [number, number] {
  return [around - (around - min) * factor, around + (max - around) * factor];
}

/** A logarithm shows nothing of zero and below. */
function drawable(points: Points, scale: Scale): Points {
  if (scale !== "log") return points;
  return { xs: points.xs, ys: points.ys.map((y) => (y !== null && y > 0 ? y : null)) };
}

function extentOf(drawn: readonly Points[], [from, to]: [number, number], scale: Scale): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { xs, ys } of drawn) {
    for (let i = 0; i < xs.length; i++) {
      const y = ys[i];
      if (y === null || xs[i] < from || xs[i] > to || (scale === "log" && y <= 0)) continue;
      if (y < min) min = y;
      if (y > max) max = y;
    }
  }
  return [min, max];
}

function valueAtLine({ xs, ys }: Line, x: number): number | null {
  return valueAt({ xs: xs.values, ys: ys.values }, x);
}

function describe({ title, lines, x, xLabel }: LineChartState): string {
  const range = `${xLabel} ${formatValue(x[0])} to ${formatValue(x[1])}`;
  const names = lines.slice(0, 5).map(({ name }) => name);
  return `${title}: ${names.join(", ") || "nothing yet"}, ${range}. Arrow keys move the cursor, plus and minus zoom, 0 shows everything.`;
}
