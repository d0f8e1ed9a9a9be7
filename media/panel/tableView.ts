import { formatValue } from "../../src/panel/model/range";
import type { Table } from "../../src/panel/model/table";
import { element } from "../dom";

/** So long a table stands before it shows newer numbers: it is there to be read. */
const STANDS_MS = 500;

/** A chart's numbers to be read. */
export class TableView {
  readonly element: HTMLElement;
  private readonly table = element("table");
  private latest: Table = { columns: [], rows: [] };
  private shown = "";
  private isResting = false;

  constructor(label: string) {
    this.element = element(
      "div",
      { class: "table", tabindex: 0, role: "region", "aria-label": `${label}, table` },
      this.table,
    );
  }

  show(table: Table): void {
    this.latest = table;
    if (!this.isResting) this.draw();
  }

  private draw(): void {
    const { columns, rows } = this.latest;
    const signature = JSON.stringify(this.latest);
    if (signature === this.shown) return;
    this.shown = signature;
    const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.map((row) =>
      element("tr", {}, ...row.map((value) => element("td", {}, value === null ? "–" : formatValue(value)))),
    );
    this.table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...body));
    this.isResting = true;
    setTimeout(() => {
      this.isResting = false;
      this.draw();
    }, STANDS_MS);
  }
}
