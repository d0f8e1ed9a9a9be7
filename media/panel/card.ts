import type { Picture } from "../../src/panel/model/shapes";
import type { Table } from "../../src/panel/model/table";
import { button, element, setAttributes } from "../dom";
import { TableView } from "./tableView";

export type ExportFormat = "png" | "svg" | "csv" | "json" | "copy";

/** What a card shows, to be exported. */
export interface CardContent {
  picture(): Picture;
  /** Every number shown. */
  fullTable(): Table;
  /** A part of them to be read. */
  briefTable(): Table;
}

export interface CardEvents {
  export(card: Card, format: ExportFormat): void;
  showTable(id: string, on: boolean): void;
}

const FORMATS: readonly [ExportFormat, string][] = [
  ["png", "PNG"],
  ["svg", "SVG"],
  ["csv", "CSV"],
  ["json", "JSON"],
  ["copy", "Copy as image"],
];

const NEWS_MS = 4000;

/** A chart with its title, its controls, and its numbers as a table. */
export class Card {
  readonly element: HTMLElement;
  readonly id: string;
  readonly title: string;
  readonly body = element("div", { class: "body" });
  content: CardContent | null = null;
  private readonly tableView: TableView;
  private readonly tableButton: HTMLButtonElement;
  private readonly news = element("p", { class: "note", role: "status" });
  private isTable = false;

  constructor(id: string, title: string, controls: readonly HTMLElement[], events: CardEvents) {
    this.id = id;
    this.title = title;
    this.tableView = new TableView(title);
    this.tableButton = button("Table", { class: "quiet", "aria-pressed": "false" }, () =>
      events.showTable(id, !this.isTable),
    );
    this.element = element(
      "section",
      { class: "card", "aria-labelledby": `${id}-title`, "data-card": id },
      element(
        "header",
        {},
        element("h2", { id: `${id}-title` }, title),
        element(
          "div",
          { class: "controls" },
          ...controls,
          this.tableButton,
          exportMenu((format) => events.export(this, format)),
        ),
      ),
      this.body,
      this.tableView.element,
      this.news,
    );
    this.showTable(false);
  }

  /** Says what came of something that the user asked for. */
  announce(text: string): void {
    this.news.textContent = text;
    setTimeout(() => {
      if (this.news.textContent === text) this.news.textContent = "";
    }, NEWS_MS);
  }

  showTable(on: boolean): void {
    this.isTable = on;
    this.body.hidden = on;
    this.tableView.element.hidden = !on;
    setAttributes(this.tableButton, { "aria-pressed": String(on) });
    if (on && this.content !== null) this.tableView.show(this.content.briefTable());
  }
}

/** A menu made of the browser's own disclosure: it opens with the keyboard too. */
function exportMenu(choose: (format: ExportFormat) => void): HTMLElement {
  const summary = element("summary", {}, "Export");
  const menu = element("details", { class: "menu" }, summary);
  const close = () => {
    menu.open = false;
  };
  const items = FORMATS.map(([format, label]) =>
    button(label, {}, () => {
      close();
      summary.focus();
      choose(format);
    }),
  );
  menu.append(element("div", { class: "items" }, ...items));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    summary.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (!menu.contains(relatedTarget as Node | null)) close();
  });
  return menu;
}
