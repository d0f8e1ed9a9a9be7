import type { ToHost, ToPage } from "../../src/graph/messages";
import { modulePaths, pathOf } from "../../src/graph/model/collapse";
import { describe, neighbour, search } from "../../src/graph/model/describe";
import { graphDot } from "../../src/graph/model/dot";
import { loopOf } from "../../src/graph/model/fold";
import { type Layout, layoutInput } from "../../src/graph/model/layout";
import { pictureOf } from "../../src/graph/model/picture";
import { graphSvg, type Palette } from "../../src/graph/model/svg";
import { type Role, type View, viewOf } from "../../src/graph/model/view";
import type { GraphNode } from "../../src/trace/queries";
import { button, element } from "../dom";
import { toPng } from "../png";
import { Canvas } from "./canvas";
import { Layouter } from "./layouter";
import { Tree } from "./tree";

const EMPTY = "Put the cursor on a tensor that was computed from one with requires_grad, such as a loss.";
const ROLES: Role[] = ["leaf", "step", "saved", "output", "module"];

/** The page: toolbar, picture, tree, and a line about the selected box. */
export class Page {
  private readonly post: (message: ToHost) => void;
  private readonly layouter: Layouter;
  private readonly canvas: Canvas;
  private readonly tree: Tree;
  private readonly root: HTMLElement;
  private readonly title = element("h1");
  private readonly empty = element("p", { class: "empty" }, EMPTY);
  private readonly details = element("p", { class: "details", role: "status" });
  private readonly go: HTMLButtonElement;
  private readonly moduleButton: HTMLButtonElement;
  private readonly loopButton: HTMLButtonElement;
  private readonly modulesToggle: HTMLButtonElement;
  private readonly loopsToggle: HTMLButtonElement;
  private readonly savedToggle: HTMLButtonElement;
  private readonly treeToggle: HTMLButtonElement;
  private readonly treeBox: HTMLElement;
  private readonly search = element("input", {
    type: "text",
    placeholder: "Find",
    "aria-label": "Find in the graph",
  });
  private nodes: readonly GraphNode[] = [];
  private lines: Record<number, number> = {};
  private isTruncated = false;
  private view: View = { nodes: [], edges: [] };
  private layout: Layout | null = null;
  private collapsed = new Set<string>();
  private unfolded = new Set<string>();
  private folds = true;
  private saved = false;
  private selected: string | null = null;
  private shownInput = "";

  constructor(root: HTMLElement, post: (message: ToHost) => void) {
    this.root = root;
    this.post = post;
    this.layouter = new Layouter(root.dataset["worker"]!);
    this.canvas = new Canvas({
      onHover: (node) => this.hover(node),
      onClick: (node) => {
        this.select(node);
        this.reveal();
      },
      onDoubleClick: (node) => {
        this.select(node);
        this.toggleModule();
      },
    });
    this.tree = new Tree(
      ({ id }) =>
        this.select(
          this.view.nodes.findIndex(({ members }) => members.includes(id)),
          true,
        ),
      ({ site }) => {
        if (site !== null) this.post({ kind: "reveal", site });
      },
    );
    const toggle = (label: string, title: string, onClick: () => void) =>
      button(label, { class: "quiet", "aria-pressed": "false", title }, onClick);
    this.modulesToggle = toggle("Collapse modules", "Draw each module as one box", () =>
      this.toggleModules(),
    );
    this.loopsToggle = toggle("Fold loops", "Draw repeated steps of a loop as one box", () => {
      this.folds = !this.folds;
      this.unfolded.clear();
      this.update();
    });
    this.savedToggle = toggle("Saved tensors", "Show what steps saved for their derivatives", () => {
      this.saved = !this.saved;
      this.update();
    });
    this.treeToggle = toggle("Tree", "Show next_functions as a tree", () => this.toggleTree());
    this.treeBox = element("nav", { class: "side", "aria-label": "Steps", hidden: true }, this.tree.element);
    this.go = button("Go to source", { class: "quiet" }, () => this.reveal());
    this.moduleButton = button("", { class: "quiet" }, () => this.toggleModule());
    this.loopButton = button("", { class: "quiet" }, () => this.toggleLoop());
    this.build();
    this.update();
  }

  receive(message: ToPage): void {
    if (message.kind === "stale") {
      this.root.classList.toggle("stale", message.on);
      return;
    }
    this.nodes = message.graph?.nodes ?? [];
    this.isTruncated = message.graph?.truncated ?? false;
    this.lines = message.lines;
    const then = message.iteration === null ? "" : ` in iteration ${message.iteration}`;
    this.title.textContent =
      message.title === "" ? "Backward graph" : `Backward graph of ${message.title}${then}`;
    this.root.classList.remove("stale");
    this.tree.show(this.nodes);
    this.update();
  }

  private build(): void {
    const format = (label: string, save: () => unknown) =>
      button(label, { class: "quiet" }, () => void save());
    const legend = ROLES.map((role) =>
      element(
        "span",
        { class: "role" },
        element("span", { class: `swatch ${role}` }),
        role === "step" ? "operation" : role,
      ),
    );
    this.search.addEventListener("input", () => this.find(false));
    this.search.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") this.find(true);
    });
    this.canvas.element.addEventListener("keydown", (event) => this.press(event));
    this.root.append(
      element(
        "header",
        { class: "toolbar" },
        element("div", { class: "line" }, this.title, element("span", { class: "legend" }, ...legend)),
        element(
          "div",
          { class: "line" },
          this.search,
          this.modulesToggle,
          this.loopsToggle,
          this.savedToggle,
          this.treeToggle,
          button("Fit", { class: "quiet", title: "Show the whole graph (0)" }, () => this.canvas.fitWhole()),
          element(
            "span",
            { class: "exports", role: "group", "aria-label": "Export" },
            format("SVG", () => this.save("svg", this.picture())),
            format("PNG", async () =>
              this.save("png", new Uint8Array(await (await toPng(this.picture())).arrayBuffer())),
            ),
            format("DOT", () => this.save("dot", graphDot(this.view, this.title.textContent ?? ""))),
          ),
        ),
      ),
      element("main", {}, this.treeBox, this.canvas.element, this.empty),
      element(
        "footer",
        {},
        this.details,
        element("div", { class: "line" }, this.go, this.moduleButton, this.loopButton),
      ),
    );
  }

  /** Draws what is to be seen now; places are computed anew only if boxes or arrows changed. */
  private async update(): Promise<void> {
    const { collapsed, folds, unfolded, saved } = this;
    const view = pictureOf(this.nodes, { collapsed, folds, unfolded, saved });
    const isEmpty = view.nodes.length === 0;
    this.empty.hidden = !isEmpty;
    this.canvas.element.toggleAttribute("hidden", isEmpty);
    this.showToggles();
    const input = layoutInput(view);
    const signature = JSON.stringify(input);
    const layout =
      signature === this.shownInput && this.layout !== null ? this.layout : await this.layouter.layout(input);
    if (layout === null) return;
    this.shownInput = signature;
    this.view = view;
    this.layout = layout;
    this.canvas.show(view, layout);
    this.root.dataset["boxes"] = String(view.nodes.length);
    this.find(false);
    this.showDetails(this.selectedIndex());
  }

  private showToggles(): void {
    const paths = modulePaths(viewOf(this.nodes));
    this.modulesToggle.hidden = paths.length === 0;
    this.modulesToggle.setAttribute("aria-pressed", String(paths.length > 0 && this.collapsed.size > 0));
    this.loopsToggle.setAttribute("aria-pressed", String(this.folds));
    this.savedToggle.setAttribute("aria-pressed", String(this.saved));
    this.treeToggle.setAttribute("aria-pressed", String(!this.treeBox.hidden));
  }

  private selectedIndex(): number {
    return this.view.nodes.findIndex(({ key }) => key === this.selected);
  }

  private select(node: number, reach = false): void {
    const box = this.view.nodes[node];
    if (box === undefined) return;
    this.selected = box.key;
    this.canvas.select(box.key);
    if (reach) this.canvas.reach(node);
    this.showDetails(node);
    this.post({ kind: "highlight", site: box.site });
  }

  private hover(node: number | null): void {
    this.showDetails(node ?? this.selectedIndex());
    this.post({ kind: "highlight", site: this.view.nodes[node ?? this.selectedIndex()]?.site ?? null });
  }

  private showDetails(node: number): void {
    const box = this.view.nodes[node];
    const more = this.isTruncated ? "The graph is larger than what is shown. " : "";
    this.details.textContent = more + (box === undefined ? "" : describe(box, this.nodes));
    const line = box?.site == null ? undefined : this.lines[box.site];
    this.go.hidden = line === undefined;
    this.go.textContent = `Go to line ${line}`;
    this.moduleButton.hidden = !box || box.modules.length === 0;
    const path = box ? pathOf(box.modules) : "";
    this.moduleButton.textContent = `${box?.role === "module" ? "Expand" : "Collapse"} ${path}`;
    this.loopButton.hidden = (box?.count ?? 1) === 1;
    this.loopButton.textContent = `Unfold ×${box?.count}`;
  }

  private reveal(): void {
    const site = this.view.nodes[this.selectedIndex()]?.site ?? null;
    if (site !== null) this.post({ kind: "reveal", site });
  }

  private toggleModules(): void {
    this.collapsed = this.collapsed.size > 0 ? new Set() : new Set(modulePaths(viewOf(this.nodes)));
    void this.update();
  }

  /** Collapses the module around the selected box; opens it if it is one. */
  private toggleModule(): void {
    const box = this.view.nodes[this.selectedIndex()];
    if (box === undefined || box.modules.length === 0) return;
    const path = pathOf(box.modules);
    if (box.role === "module") this.collapsed.delete(path);
    else this.collapsed.add(path);
    void this.update();
  }

  private toggleLoop(): void {
    if (this.selected === null) return;
    for (const key of loopOf(this.view, this.selected)) this.unfolded.add(key);
    void this.update();
  }

  private toggleTree(): void {
    this.treeBox.hidden = !this.treeBox.hidden;
    this.showToggles();
    if (!this.treeBox.hidden) this.treeBox.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  private find(goes: boolean): void {
    const found = search(this.view, this.search.value);
    this.canvas.find(new Set(found.map((i) => this.view.nodes[i].key)));
    if (!goes || found.length === 0) return;
    const after = found.find((i) => i > this.selectedIndex()) ?? found[0];
    this.select(after, true);
  }

  private press(event: KeyboardEvent): void {
    const at = this.selectedIndex();
    const actions: Record<string, () => void> = {
      Enter: () => this.reveal(),
      m: () => this.toggleModule(),
      f: () => this.toggleLoop(),
      "+": () => this.canvas.zoom(1.25),
      "-": () => this.canvas.zoom(0.8),
      "0": () => this.canvas.fitWhole(),
    };
    const { key } = event;
    if (key === "ArrowUp" || key === "ArrowDown" || key === "ArrowLeft" || key === "ArrowRight") {
      const start = this.view.nodes.findIndex(({ role }) => role === "output");
      const next = at < 0 ? Math.max(start, 0) : neighbour(this.view, this.layout!.nodes, at, key);
      if (next !== null) this.select(next, true);
    } else if (actions[key] !== undefined && !event.ctrlKey && !event.metaKey) actions[key]();
    else return;
    event.preventDefault();
  }

  private picture(): string {
    return graphSvg(this.view, this.layout!, this.palette());
  }

  private palette(): Palette {
    const style = getComputedStyle(document.body);
    const read = (name: string) => style.getPropertyValue(name).trim() || "#888";
    const resolve = (name: string) => {
      const probe = element("span", { class: `swatch ${name}` });
      this.root.append(probe);
      const { backgroundColor, borderTopColor } = getComputedStyle(probe);
      probe.remove();
      return { fill: backgroundColor, stroke: borderTopColor };
    };
    const colors = ROLES.map((role) => [role, resolve(role)] as const);
    const pick = (part: "fill" | "stroke") =>
      Object.fromEntries(colors.map(([role, color]) => [role, color[part]])) as Record<Role, string>;
    return {
      background: read("--vscode-editor-background"),
      text: read("--vscode-foreground"),
      muted: read("--vscode-descriptionForeground"),
      edge: read("--vscode-descriptionForeground"),
      fill: pick("fill"),
      stroke: pick("stroke"),
    };
  }

  private save(extension: string, content: string | Uint8Array): void {
    if (this.layout === null || this.nodes.length === 0) return;
    const name = (this.title.textContent ?? "")
      .replace(/^Backward graph( of )?/, "")
      .replace(/[^\p{L}\p{N}_.]+/gu, "-");
    this.post({ kind: "save", fileName: `${name || "tensor"}-graph.${extension}`, content });
  }
}
