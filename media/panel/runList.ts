import type { ToHost } from "../../src/panel/messages";
import { labelOf, type RunInfo } from "../../src/panel/model/runs";
import { button, element } from "../dom";

/** The runs by name, with what can be done to each. Newest first. */
export class RunList {
  readonly element: HTMLElement;
  private readonly list = element("ul", { class: "runs" });
  private readonly clearButton: HTMLButtonElement;
  private readonly post: (message: ToHost) => void;
  private shown = "";

  constructor(post: (message: ToHost) => void) {
    this.post = post;
    this.clearButton = button(
      "Clear",
      { class: "quiet", title: "Forget all runs but the newest and the pinned" },
      () => post({ kind: "clear" }),
    );
    this.element = element(
      "section",
      { class: "card runs-card", "aria-labelledby": "runs-title" },
      element(
        "header",
        {},
        element("h2", { id: "runs-title" }, "Runs"),
        element("div", { class: "controls" }, this.clearButton),
      ),
      this.list,
    );
  }

  /** `lossOf`: the last loss as text. */
  show(runs: readonly RunInfo[], colorOf: (run: RunInfo) => string, lossOf: (run: RunInfo) => string): void {
    const rows = [...runs]
      .reverse()
      .map((run, i) => ({ run, isNewest: i === 0, color: colorOf(run), loss: lossOf(run) }));
    const signature = JSON.stringify(rows);
    if (signature === this.shown || this.list.querySelector("input") !== null) return;
    this.shown = signature;
    this.clearButton.hidden = runs.length < 2;
    const focused = document.activeElement?.getAttribute("data-focus");
    this.list.replaceChildren(...rows.map((row) => this.row(row)));
    if (focused) this.list.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus();
  }

  private row(row: { run: RunInfo; isNewest: boolean; color: string; loss: string }): HTMLElement {
    const { run, isNewest, color, loss } = row;
    const label = labelOf(run);
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.setProperty("--color", color);
    const name = button(
      label,
      { class: "run-name", title: `${run.change} (press to rename)`, "data-focus": `name ${run.id}` },
      () => this.rename(run, item, name),
    );
    const toggle = (text: string, on: boolean, press: () => void) =>
      button(
        text,
        {
          class: "quiet",
          "aria-pressed": String(on),
          "aria-label": `${text} ${label}`,
          "data-focus": `${text} ${run.id}`,
        },
        press,
      );
    const actions = element(
      "span",
      { class: "actions" },
      toggle("Pin", run.pinned, () => this.post({ kind: "pin", run: run.id, on: !run.pinned })),
      toggle("Hide", run.hidden, () => this.post({ kind: "hide", run: run.id, on: !run.hidden })),
      ...(isNewest
        ? []
        : [
            button("Remove", { class: "quiet", "aria-label": `Remove ${label}` }, () =>
              this.post({ kind: "remove", run: run.id }),
            ),
          ]),
    );
    const item = element(
      "li",
      { class: isNewest ? "newest" : "ghost" },
      swatch,
      name,
      element("output", {}, loss),
      actions,
    );
    return item;
  }

  private rename(run: RunInfo, item: HTMLElement, name: HTMLElement): void {
    const input = element("input", {
      type: "text",
      value: labelOf(run),
      "aria-label": "Name of the run",
      maxlength: 100,
    });
    let isOver = false;
    const finish = (isKept: boolean) => {
      if (isOver) return;
      isOver = true;
      const value = input.value;
      input.replaceWith(name);
      name.focus();
      if (isKept && value !== labelOf(run)) this.post({ kind: "rename", run: run.id, name: value });
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // the button that gets the focus back must not be pressed by the same key
      finish(event.key === "Enter");
    });
    input.addEventListener("blur", () => finish(true));
    name.replaceWith(input);
    item.querySelector("input")?.select();
    input.focus();
  }
}
