import { formatValue } from "../../src/panel/model/range";
import type { Table } from "../../src/panel/model/table";
import { element } from "../dom";

/** A chart's numbers to be read. */
export class TableView {
  readonly element: HTMLElement;
  private readonly table = element("table");

  constructor(label: string) {
    this.element = element(
      "div",
      { class: "table", tabindex: 0, role: "region", "aria-label": `${label}, table` },
      this.table,
    );
  }

  show({ columns, rows }: Table): void {
    const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.map((row) =>
      element("tr", {}, ...row.map((value) => element("td", {}, value === null ? "–" : formatValue(value)))),
    );
    this.table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...body));
  }
}
