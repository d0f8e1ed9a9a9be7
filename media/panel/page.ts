import type { LeafAnswer, ToHost, ToPage } from "../../src/panel/messages";
import { countBelow } from "../../src/panel/model/floats";
import { layoutHeatmap, toGrid } from "../../src/panel/model/heatmap";
import { layoutLineChart } from "../../src/panel/model/lineChart";
import { type Line, LineCache } from "../../src/panel/model/lines";
import { UPDATE_RATIO } from "../../src/panel/model/pieces";
import { formatValue } from "../../src/panel/model/range";
import { layoutRidges } from "../../src/panel/model/ridge";
import { labelOf, type RunInfo } from "../../src/panel/model/runs";
import {
  axisKey,
  chosenLeaf,
  drawnScalars,
  type LeafPart,
  leafLines,
  leafTracks,
  lossLines,
  plotLines,
  ratioLines,
  type Selected,
  type ShownRun,
  scalarLines,
  scalarTracks,
} from "../../src/panel/model/selection";
import type { Picture } from "../../src/panel/model/shapes";
import { briefTable, fullTable, type TableLine } from "../../src/panel/model/table";
import { HISTOGRAM_WIDTH, type LoopInfo, RunData, type Track } from "../../src/panel/model/track";
import { loopOf, mainTrack, trainingLoop } from "../../src/panel/model/training";
import {
  initialView,
  LEAF_FORMS,
  type LeafForm,
  readView,
  SCALES,
  type Scale,
  type ViewState,
} from "../../src/panel/model/view";
import type { Position } from "../../src/trace/queries";
import { type Choice, element, perFrame, Select } from "../dom";
import { Card, type CardEvents } from "./card";
import { exportCard } from "./export";
import { type ChartLine, heightFor, LineChart } from "./lineChart";
import { createMixer, PictureView } from "./picture";
import { type Drawn, PlotCards } from "./plotCards";
import { RunList } from "./runList";
import { onThemeChange, readTheme, type Theme } from "./theme";
import { Timeline } from "./timeline";
import { Toolbar } from "./toolbar";

const SCALE_CHOICES: readonly Choice<Scale>[] = SCALES.map((value) => ({ value, label: value }));
const FORM_CHOICES: readonly Choice<LeafForm>[] = LEAF_FORMS.map((value) => ({
  value,
  label: value[0].toUpperCase() + value.slice(1),
}));
const ALL_LEAVES = "";
/** Rows of a table that is there to be read; fewer where it is wide. */
const TABLE_ROWS = 100;
const TABLE_CELLS = 4000;
/** Rows and columns that a heatmap has at most. */
const HEATMAP_SIDE = 128;
/** Lines that share a colour differ in these; more than can be told apart are all thin and whole, which is faster. */
const DASHES = [[], [8, 3], [2, 3], [8, 3, 2, 3]];

interface LineCard {
  card: Card;
  chart: LineChart;
  scale: Select<Scale>;
  select(): Selected[];
}

interface LeafCard extends LineCard {
  part: LeafPart;
  leaf: Select<string>;
  form: Select<LeafForm>;
  picture: PictureView;
  note: HTMLElement;
}

/** The training panel: keeps what the extension tells, and draws it. */
export class Page {
  private readonly post: (message: ToHost) => void;
  private readonly toolbar: Toolbar;
  private readonly timeline: Timeline;
  private readonly runList: RunList;
  private readonly empty = element("p", { class: "empty" });
  private readonly cards = element("div", { class: "cards" });
  private readonly scalarPicker = element("fieldset", { class: "picker" });
  private readonly lineCards: LineCard[];
  private readonly leafCards: LeafCard[];
  private readonly plotCards: PlotCards;
  private readonly plotNote = element("p", { class: "note" });
  private readonly lines = new LineCache();
  private readonly mix = createMixer();
  private readonly drawSoon: () => void;
  private theme: Theme = readTheme();
  private title: string | null = null;
  private view: ViewState = initialView;
  private infos: readonly RunInfo[] = [];
  private readonly data = new Map<number, RunData>();
  private drawn: Drawn = { run: 0, pictures: [] };
  private position: Position | null = null;
  private progress: Extract<ToPage, { kind: "progress" }> = {
    kind: "progress",
    status: null,
    problem: null,
    progress: null,
  };
  private zoom: [number, number] | null = null;
  private cursor: number | null = null;
  private leafRequests = 0;
  private readonly leafValues = new Map<number, { card: LeafCard; key: string; value: LeafAnswer | null }>();
  private readonly shownLeaves = new Map<LeafCard, { key: string; value: LeafAnswer | null }>();

  constructor(root: HTMLElement, post: (message: ToHost) => void) {
    this.post = post;
    this.drawSoon = perFrame(() => this.draw());
    this.toolbar = new Toolbar({
      command: (command) => post({ kind: "command", command }),
      axis: (axis) => {
        this.zoom = null;
        this.changeView({ axis });
      },
      smoothing: (smoothing) => this.changeView({ smoothing }),
      resetZoom: () => this.setZoom(null),
      reveal: (line) => post({ kind: "reveal", line }),
    });
    this.timeline = new Timeline((at) => {
      this.position = at;
      post({ kind: "position", at });
      this.drawSoon();
    });
    this.runList = new RunList(post);
    const loss = this.lineCard("loss", "Loss", () => lossLines(this.runs()));
    const scalars = this.lineCard("scalars", "Scalars", () => scalarLines(this.runs(), this.view));
    scalars.card.body.prepend(this.scalarPicker);
    const plots = this.lineCard("plots", "Plots", () => plotLines(this.runs()));
    plots.card.body.append(this.plotNote);
    this.plotCards = new PlotCards(post, this.cardEvents());
    const weights = this.leafCard("weights", "Weights");
    const gradients = this.leafCard("gradients", "Gradients");
    const ratio = this.lineCard("ratio", "Update / weight size", () => ratioLines(this.runs()));
    this.leafCards = [weights, gradients];
    this.lineCards = [loss, plots, scalars, weights, gradients, ratio];
    this.cards.append(
      loss.card.element,
      this.runList.element,
      plots.card.element,
      this.plotCards.element,
      ...[weights, gradients, scalars, ratio].map(({ card }) => card.element),
    );
    const main = element("main", {}, this.empty, this.cards);
    root.replaceChildren(this.toolbar.element, main, this.timeline.element);
    onThemeChange(() => {
      this.theme = readTheme();
      this.drawSoon();
    });
    new ResizeObserver(() => this.drawSoon()).observe(this.cards);
    this.draw();
  }

  receive(message: ToPage): void {
    switch (message.kind) {
      case "program":
        this.title = message.title;
        this.view = readView(message.view);
        this.infos = [];
        this.data.clear();
        this.shownLeaves.clear();
        this.plotCards.clear();
        this.drawn = { run: 0, pictures: [] };
        this.zoom = null;
        break;
      case "runs":
        this.infos = message.runs;
        for (const id of this.data.keys())
          if (!this.infos.some((info) => info.id === id)) this.data.delete(id);
        break;
      case "data": {
        const data = this.data.get(message.run) ?? new RunData();
        this.data.set(message.run, data);
        data.apply(message.loops, message.pieces);
        break;
      }
      case "progress":
        this.progress = message;
        break;
      case "position":
        this.position = message.at;
        break;
      case "pictures":
        this.drawn = message;
        this.plotNote.textContent = message.notes.join(" ");
        this.plotNote.hidden = message.notes.length === 0;
        break;
      case "picture":
        this.plotCards.receive(message.request, message.value);
        break;
      case "leaf": {
        const asked = this.leafValues.get(message.request);
        this.leafValues.delete(message.request);
        if (asked) this.shownLeaves.set(asked.card, { key: asked.key, value: message.value });
        break;
      }
    }
    this.drawSoon();
  }

  /** Oldest first. Of runs that follow on the newest, data may be still to come. */
  private runs(): ShownRun[] {
    return this.infos.map((info) => ({ info, data: this.data.get(info.id) ?? new RunData() }));
  }

  private changeView(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.post({ kind: "view", view: this.view });
    this.drawSoon();
  }

  private setZoom(zoom: [number, number] | null): void {
    this.zoom = zoom;
    this.drawSoon();
  }

  private setCursor(x: number | null): void {
    this.cursor = x;
    for (const { card, chart } of this.lineCards) if (!card.element.hidden) chart.showCursor(x);
  }

  private lineCard(
    id: string,
    title: string,
    select: () => Selected[],
    controls: HTMLElement[] = [],
  ): LineCard {
    const scale = new Select<Scale>(`Scale of ${title}`, (value) =>
      this.changeView({ scales: { ...this.view.scales, [id]: value } }),
    );
    const card = new Card(id, title, [...controls, scale.element], this.cardEvents());
    const chart = new LineChart({ cursor: (x) => this.setCursor(x), zoom: (x) => this.setZoom(x) });
    card.body.append(chart.element);
    return { card, chart, scale, select };
  }

  private leafCard(part: LeafPart, title: string): LeafCard {
    const leaf = new Select<string>(`Tensor of ${title}`, (key) =>
      this.changeView({ leaf: key === ALL_LEAVES ? null : key }),
    );
    const form = new Select<LeafForm>(`Form of ${title}`, (value) => this.changeView({ [part]: value }));
    const select = () => leafLines(this.runs(), this.view, part);
    const picture = new PictureView();
    const note = element("p", { class: "note" });
    const line = this.lineCard(part, title, select, [leaf.element, form.element]);
    line.card.body.append(picture.element, note);
    return { ...line, part, leaf, form, picture, note };
  }

  private cardEvents(): CardEvents {
    return {
      export: (card, format) =>
        void exportCard(card, format, this.title ?? "training", this.theme, this.post),
      showTable: (id, on) => {
        const others = this.view.tables.filter((table) => table !== id);
        this.changeView({ tables: on ? [...others, id] : others });
      },
    };
  }

  private draw(): void {
    const runs = this.runs();
    const newest = runs.at(-1);
    const hasPictures = this.drawn.pictures.length > 0;
    const hasData = newest !== undefined && (hasPictures || runs.some(({ data }) => data.tracks.size > 0));
    this.toolbar.showTitle(this.title ?? "Training");
    this.toolbar.showProgress(this.progress);
    this.toolbar.showSettings(hasData);
    this.empty.hidden = hasData;
    this.cards.hidden = !hasData;
    this.empty.textContent = emptyText(this.title, this.progress.status);
    this.showTimeline(newest);
    if (!hasData) return;
    const axis = axisKey(runs, this.view.axis);
    this.toolbar.showAxis(axisChoices(newest!), this.view.axis, this.view.smoothing);
    this.runList.show(
      this.infos,
      (run) => this.runColor(run),
      (run) => this.lastLoss(run),
    );
    this.showScalarPicker(runs);
    const selections = this.lineCards.map((lineCard) => ({ lineCard, selected: lineCard.select() }));
    const x =
      this.zoom ??
      extent(
        selections.flatMap(({ selected }) => selected),
        (one) => this.xsOf(one, axis),
      );
    for (const { lineCard, selected } of selections) this.drawLineCard(lineCard, selected, axis, x);
    const { tables } = this.view;
    this.plotCards.show(this.drawn, this.position, tables, this.theme, this.mix);
    const leaves = leafTracks(runs);
    for (const leafCard of this.leafCards) this.drawLeafCard(leafCard, runs, leaves, axis);
    for (const { card } of this.lineCards) card.showTable(tables.includes(card.id));
  }

  private showTimeline(newest: ShownRun | undefined): void {
    const data = newest?.data ?? new RunData();
    const loop = data.loops.find(({ site }) => site === this.position?.loop) ?? trainingLoop(data);
    this.timeline.show(loop, loop === null ? 0 : roundsOf(data, loop), this.position);
  }

  private showScalarPicker(runs: readonly ShownRun[]): void {
    const tracks = scalarTracks(runs);
    const drawn = drawnScalars(runs, this.view);
    const signature = JSON.stringify([tracks.map(({ info }) => [info.key, info.name, info.line]), drawn]);
    this.scalarPicker.hidden = tracks.length === 0;
    if (this.scalarPicker.dataset.signature === signature) return;
    this.scalarPicker.dataset.signature = signature;
    const focused = (document.activeElement as HTMLInputElement | null)?.value;
    const boxes = tracks.map(({ info }) => {
      const box = element("input", { type: "checkbox", value: info.key, checked: drawn.includes(info.key) });
      box.addEventListener("change", () => {
        const others = drawnScalars(this.runs(), this.view).filter((key) => key !== info.key);
        this.changeView({ scalars: box.checked ? [...others, info.key] : others });
      });
      return element("label", { title: `line ${info.line}` }, box, info.name);
    });
    this.scalarPicker.replaceChildren(
      element("legend", { class: "hidden-label" }, "Scalars shown"),
      ...boxes,
    );
    const again = boxes.find((label) => label.querySelector("input")!.value === focused);
    again?.querySelector("input")?.focus();
  }

  private drawLineCard(
    { card, chart, scale }: LineCard,
    selected: Selected[],
    axis: string,
    x: [number, number],
  ): void {
    const isScalars = card.id === "scalars";
    card.element.hidden = selected.length === 0 && !(isScalars && this.scalarPicker.childElementCount > 1);
    if (card.element.hidden) return;
    const lines = this.chartLines(selected, axis);
    const chosenScale = this.view.scales[card.id] ?? "linear";
    const xLabel = axisName(this.runs(), axis);
    scale.show(SCALE_CHOICES, chosenScale);
    const { theme } = this;
    const marker = this.markerPlace(axis);
    chart.show({
      title: card.title,
      xLabel,
      lines,
      scale: chosenScale,
      x,
      cursor: this.cursor,
      marker,
      theme,
    });
    const tableLines = (): TableLine[] =>
      lines.map(({ name, line }) => ({ name, xs: line.xs.values, ys: line.ys.values }));
    card.content = {
      picture: () => {
        const { points, y } = chart.picture;
        return layoutLineChart({
          title: `${this.title} · ${card.title}`,
          xLabel,
          lines: lines.map((line, i) => ({ ...line, points: points[i] })),
          scale: chosenScale,
          x,
          y,
          width: 800,
          height: 420,
          foreground: theme.foreground,
          grid: theme.grid,
        });
      },
      fullTable: () => fullTable(xLabel, tableLines(), x),
      briefTable: () =>
        briefTable(xLabel, tableLines(), x, Math.min(TABLE_ROWS, Math.ceil(TABLE_CELLS / lines.length))),
    };
  }

  private chartLines(selected: readonly Selected[], axis: string): ChartLine[] {
    const isOne = new Set(selected.map(({ place }) => place)).size === 1;
    const isCrowd = selected.length > this.theme.series.length * DASHES.length;
    const lines = selected.flatMap((one): ChartLine[] => {
      const { run, track, column, name, place, isGhost } = one;
      const line = this.lines.line(run.data, track, column, axis, this.view.smoothing);
      if (line === null) return [];
      const { series } = this.theme;
      return [
        {
          name: isGhost ? `${name} · ${labelOf(run.info)}` : name,
          line,
          last: lastOf(line, column),
          color: isOne ? this.runColor(run.info) : series[place % series.length],
          alpha: isGhost ? (run.info.pinned ? 1 : 0.7) : 1,
          width: isGhost || isCrowd ? 1 : 1.75,
          dash: isOne || isCrowd ? [] : isGhost ? [4, 3] : dashOf(place, series.length),
        },
      ];
    });
    return lines;
  }

  private runColor({ color }: RunInfo): string {
    const { series } = this.theme;
    return series[color % series.length];
  }

  private lastLoss({ id }: RunInfo): string {
    const loss = this.data.get(id)?.ofKind("loss")[0];
    const last = loss?.columns.get("value")?.at(loss.length - 1);
    return last === undefined ? "" : formatValue(last);
  }

  private xsOf({ run, track }: Selected, axis: string): Float64Array {
    return this.lines.xs(run.data, track, axis).values;
  }

  /** Where the position stands on the axis: where the loss of its round is. */
  private markerPlace(axis: string): number | null {
    const newest = this.runs().at(-1);
    if (this.position === null || newest === undefined) return null;
    const loop = newest.data.loops.findIndex(({ site }) => site === this.position!.loop);
    const tracks = [...newest.data.ofKind("loss"), ...newest.data.ofKind("leaf")];
    const track =
      tracks.find((one) => loopOf(newest.data, one)?.site === this.position!.loop) ?? mainTrack(newest.data);
    const at = track?.indexAt(loop, this.position.iteration) ?? -1;
    return track === null || at < 0 ? null : this.lines.xs(newest.data, track, axis).at(at);
  }

  private drawLeafCard(
    leafCard: LeafCard,
    runs: readonly ShownRun[],
    leaves: readonly Track[],
    axis: string,
  ): void {
    const { card, leaf, form, picture, chart, scale, note, part } = leafCard;
    if (card.element.hidden) return;
    const chosen = chosenLeaf(runs, this.view, part);
    const shownForm = this.view[part];
    leaf.show(
      [
        ...(shownForm === "lines" ? [{ value: ALL_LEAVES, label: "all tensors" }] : []),
        ...leaves.map(({ info }) => ({ value: info.key, label: `${info.name} (${info.shape?.join(", ")})` })),
      ],
      chosen?.info.key ?? ALL_LEAVES,
    );
    form.show(
      part === "weights" ? FORM_CHOICES : FORM_CHOICES.filter(({ value }) => value !== "histogram"),
      shownForm,
    );
    const isPicture = shownForm === "histogram" || shownForm === "heatmap";
    chart.element.hidden = isPicture;
    scale.element.hidden = isPicture;
    picture.element.hidden = !isPicture;
    note.hidden = !isPicture;
    if (!isPicture) return;
    if (chosen === null) return;
    if (shownForm === "histogram") this.drawHistogram(leafCard, runs.at(-1)!, chosen, axis);
    else this.drawHeatmap(leafCard, chosen);
  }

  private drawHistogram({ card, picture, note }: LeafCard, run: ShownRun, track: Track, axis: string): void {
    const { theme } = this;
    const xs = this.lines.xs(run.data, track, axis).values;
    const position = this.markerPlace(axis);
    const entries = position === null ? xs.length : countBelow(xs, position, true);
    const rows = track.histograms.values.subarray(0, entries * HISTOGRAM_WIDTH);
    const layout = (width: number) =>
      layoutRidges(rows, xs, {
        width,
        height: heightFor(width),
        foreground: theme.muted,
        background: theme.background,
        stroke: theme.series[0],
      });
    const label = `Histograms of ${track.info.name} over ${axisName(this.runs(), axis)}`;
    picture.show(layout(card.body.clientWidth), label, theme.font);
    note.textContent = `${label}, the newest in front.`;
    const columns = [
      axisName(this.runs(), axis),
      "min",
      "max",
      ...Array.from({ length: HISTOGRAM_WIDTH - 2 }, (_, i) => `bin ${i}`),
    ];
    const table = () => ({
      columns,
      rows: Array.from({ length: entries }, (_, i) => [
        xs[i],
        ...rows.subarray(i * HISTOGRAM_WIDTH, (i + 1) * HISTOGRAM_WIDTH),
      ]),
    });
    card.content = { picture: () => layout(600), fullTable: table, briefTable: table };
  }

  private drawHeatmap(leafCard: LeafCard, track: Track): void {
    const { card, picture, note, part } = leafCard;
    const { theme, mix } = this;
    const key = JSON.stringify([this.infos.at(-1)?.id, track.info.id, this.position, track.length]);
    if (this.shownLeaves.get(leafCard)?.key !== key) this.askLeaf(leafCard, track, key);
    const value = this.shownLeaves.get(leafCard)?.value ?? null;
    const values = part === "weights" ? value?.values : value?.grad;
    picture.element.hidden = !value || !values;
    note.textContent = value && !values ? "The program has cleared this gradient." : "";
    if (!value || !values) return;
    const grid = toGrid(value.shape, values, HEATMAP_SIDE);
    const layout = (width: number): Picture =>
      layoutHeatmap(grid, {
        width,
        maxHeight: heightFor(width) * 1.5,
        foreground: theme.foreground,
        background: theme.background,
        colors: [theme.series[0], theme.series[1]],
        mix,
      });
    const what = `${part === "gradients" ? "∇ " : ""}${track.info.name}`;
    const label = `${what} (${value.shape.join(", ")}), ${grid.rows} by ${grid.columns} cells`;
    picture.show(layout(card.body.clientWidth), label, theme.font);
    const [rows, columns] = grid.averaged;
    note.textContent =
      rows * columns > 1 ? `${label}; each is the mean of ${rows} × ${columns} numbers.` : `${label}.`;
    const table = () => ({
      columns: ["row", ...Array.from({ length: grid.columns }, (_, i) => String(i))],
      rows: Array.from({ length: grid.rows }, (_, i) => [
        i,
        ...grid.values.subarray(i * grid.columns, (i + 1) * grid.columns),
      ]),
    });
    card.content = { picture: () => layout(600), fullTable: table, briefTable: table };
  }

  /** One question at a time for each card: while a run goes on they would pile up. */
  private askLeaf(card: LeafCard, track: Track, key: string): void {
    if ([...this.leafValues.values()].some((asked) => asked.card === card)) return;
    const request = ++this.leafRequests;
    this.leafValues.set(request, { card, key, value: null });
    this.post({
      kind: "leaf",
      request,
      leaf: Number(track.info.id.slice("leaf ".length)),
      at: this.position,
    });
  }
}

function dashOf(place: number, colors: number): number[] {
  return DASHES[Math.floor(place / colors)] ?? [];
}

/** How many rounds of a loop are known of. */
function roundsOf(data: RunData, { key }: LoopInfo): number {
  const index = data.loopIndex(key);
  let rounds = 0;
  for (const { iterations, length } of data.tracks.values()) {
    if (iterations[index] !== undefined && length > 0)
      rounds = Math.max(rounds, iterations[index].at(length - 1));
  }
  return rounds;
}

function emptyText(title: string | null, status: string | null): string {
  if (title === null) return "Open a .grad.ts file to see its training here.";
  if (status === "running") return "Waiting for the first numbers of the training…";
  if (status === "failed" || status === "rejected")
    return "Nothing to draw: the program did not get that far.";
  return "Nothing to draw yet. A loop in which backward() is called, or a number is computed, is drawn here as it runs.";
}

/** How far the last step moved a tensor is known only with the next. */
function lastOf({ ys }: Line, column: string): number | null {
  const at = ys.length - (column === UPDATE_RATIO ? 2 : 1);
  return at < 0 ? null : ys.at(at);
}

function axisChoices({ data }: ShownRun): Choice<string>[] {
  const training = trainingLoop(data);
  const loops = data.loops.filter(({ key }) => key !== training?.key);
  return [
    { value: "epoch", label: training?.name ?? "step" },
    ...(training ? [{ value: "step", label: "step" }] : []),
    ...loops.map(({ key, line }) => ({ value: key, label: `${key} (line ${line})` })),
  ];
}

function axisName(runs: readonly ShownRun[], axis: string): string {
  const data = runs.at(-1)?.data;
  if (data === undefined) return "step";
  if (axis === "epoch") return trainingLoop(data)?.name ?? "step";
  return data.loops.find(({ key }) => key === axis)?.name ?? "step";
}

function extent(selected: readonly Selected[], xsOf: (one: Selected) => Float64Array): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const one of selected) {
    const xs = xsOf(one);
    if (xs.length === 0) continue;
    min = Math.min(min, xs[0]);
    max = Math.max(max, xs[xs.length - 1]);
  }
  if (min > max) return [0, 1];
  return min === max ? [min - 1, max + 1] : [min, max];
}
