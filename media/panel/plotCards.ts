import type { ShownLayer, ToHost } from "../../src/panel/messages";
import {
  describePlot,
  layoutPlot,
  type PlotPictureOptions,
  tableOfPlot,
} from "../../src/panel/model/plotPicture";
import type { PictureFacts, Position } from "../../src/trace/queries";
import { element } from "../dom";
import { Card, type CardEvents } from "./card";
import { PictureView } from "./picture";
import type { Theme } from "./theme";

const MAX_HEIGHT_PX = 380;
const EXPORT_WIDTH_PX = 600;
/** Rows of a table that is there to be read. */
const TABLE_ROWS = 100;

interface PlotCard {
  card: Card;
  view: PictureView;
  note: HTMLElement;
  /** What is shown of which moment; null before the first answer. */
  shown: { key: string; layers: ShownLayer[] } | null;
}

export interface Drawn {
  run: number;
  pictures: readonly PictureFacts[];
}

/** A card for each picture that the program draws with `plot.image`, `plot.scatter` and `plot.contour`. */
export class PlotCards {
  readonly element = element("div", { class: "plots" });
  private readonly cards = new Map<string, PlotCard>();
  private readonly asked = new Map<number, { name: string; key: string }>();
  private readonly post: (message: ToHost) => void;
  private readonly events: CardEvents;
  private requests = 0;
  private ids = 0;

  constructor(post: (message: ToHost) => void, events: CardEvents) {
    this.post = post;
    this.events = events;
  }

  clear(): void {
    this.cards.clear();
    this.element.replaceChildren();
  }

  receive(request: number, layers: ShownLayer[] | null): void {
    const asked = this.asked.get(request);
    this.asked.delete(request);
    const card = asked && this.cards.get(asked.name);
    if (card) card.shown = { key: asked.key, layers: layers ?? [] };
  }

  show(
    { run, pictures }: Drawn,
    position: Position | null,
    tables: readonly string[],
    theme: Theme,
    mix: PlotPictureOptions["mix"],
  ): void {
    for (const [name, { card }] of this.cards) {
      if (pictures.some((picture) => picture.name === name)) continue;
      card.element.remove();
      this.cards.delete(name);
    }
    for (const { id, name, calls } of pictures) {
      const plotCard = this.cards.get(name) ?? this.add(name);
      const key = JSON.stringify([run, calls, position]);
      if (plotCard.shown?.key !== key) this.ask(id, name, key, position);
      draw(name, plotCard, theme, mix);
      plotCard.card.showTable(tables.includes(plotCard.card.id));
    }
  }

  private add(name: string): PlotCard {
    const card = new Card(`picture-${++this.ids}`, name, [], this.events);
    const view = new PictureView();
    const note = element("p", { class: "note" });
    card.body.append(view.element, note);
    this.element.append(card.element);
    const plotCard: PlotCard = { card, view, note, shown: null };
    this.cards.set(name, plotCard);
    return plotCard;
  }

  /** One question at a time for each card: while a run goes on they would pile up. */
  private ask(picture: number, name: string, key: string, at: Position | null): void {
    for (const asked of this.asked.values()) if (asked.name === name) return;
    const request = ++this.requests;
    this.asked.set(request, { name, key });
    this.post({ kind: "picture", request, picture, at });
  }
}

function draw(
  name: string,
  { card, view, note, shown }: PlotCard,
  theme: Theme,
  mix: PlotPictureOptions["mix"],
): void {
  const layers = shown?.layers ?? [];
  view.element.hidden = layers.length === 0;
  note.textContent = shown === null ? "" : "Not drawn yet by then.";
  card.content = null;
  if (layers.length === 0) return;
  const layout = (width: number) =>
    layoutPlot(layers, {
      width,
      maxHeight: MAX_HEIGHT_PX,
      foreground: theme.foreground,
      background: theme.background,
      colors: theme.series,
      mix,
    });
  const label = describePlot(name, layers);
  view.show(layout(card.body.clientWidth), label, theme.font);
  note.textContent = label;
  const table = () => tableOfPlot(layers);
  card.content = {
    picture: () => layout(EXPORT_WIDTH_PX),
    fullTable: table,
    briefTable: () => ({ ...table(), rows: table().rows.slice(0, TABLE_ROWS) }),
  };
}
