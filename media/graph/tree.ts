import { knownShape } from "../../src/graph/model/view";
import type { GraphNode } from "../../src/trace/queries";
import { element } from "../dom";

/** The steps as their `next_functions` lead from one to the next, for keyboards and screen readers. */
export class Tree {
  readonly element = element("ul", { role: "tree", "aria-label": "next_functions", class: "tree" });
  private byId = new Map<number, GraphNode>();
  private readonly nodes = new WeakMap<Element, GraphNode | null>();
  private readonly onFocus: (node: GraphNode) => void;
  private readonly onOpen: (node: GraphNode) => void;

  constructor(onFocus: (node: GraphNode) => void, onOpen: (node: GraphNode) => void) {
    this.onFocus = onFocus;
    this.onOpen = onOpen;
    this.element.addEventListener("keydown", (event) => this.press(event));
    this.element.addEventListener("click", ({ target }) => {
      const item = (target as Element).closest("[role=treeitem]");
      if (item === null) return;
      this.focus(item);
      this.toggle(item, item.getAttribute("aria-expanded") !== "true");
    });
  }

  show(nodes: readonly GraphNode[]): void {
    this.byId = new Map(nodes.map((node) => [node.id, node]));
    this.element.replaceChildren();
    if (nodes.length === 0) return;
    const root = this.item(nodes[0]);
    root.setAttribute("tabindex", "0");
    this.element.append(root);
    this.toggle(root, true);
  }

  private item(node: GraphNode | null): HTMLLIElement {
    const text =
      node === null ? "None" : [node.gradFn, node.name, knownShape(node.shape)].filter(Boolean).join(" ");
    const hasMore = node !== null && node.next.length > 0;
    const item = element(
      "li",
      {
        role: "treeitem",
        tabindex: -1,
        ...(hasMore ? { "aria-expanded": "false" } : {}),
      },
      element("span", { class: "name" }, text),
    );
    this.nodes.set(item, node);
    return item;
  }

  /** What is below an item is made when it is first opened: a graph has far more paths than steps. */
  private toggle(item: Element, on: boolean): void {
    if (!item.hasAttribute("aria-expanded")) return;
    item.setAttribute("aria-expanded", String(on));
    const group = item.querySelector(":scope > ul");
    if (!on) group?.remove();
    else if (group === null) {
      const { next } = this.nodes.get(item)!;
      const items = next.map((id) => this.item(id === null ? null : (this.byId.get(id) ?? null)));
      item.append(element("ul", { role: "group" }, ...items));
    }
  }

  private focus(item: Element | null | undefined): void {
    if (!(item instanceof HTMLElement)) return;
    for (const other of this.element.querySelectorAll('[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
    item.focus();
    const node = this.nodes.get(item) ?? null;
    if (node !== null) this.onFocus(node);
  }

  private press(event: KeyboardEvent): void {
    const item = (event.target as Element).closest("[role=treeitem]");
    if (item === null) return;
    const items = [...this.element.querySelectorAll("[role=treeitem]")];
    const at = items.indexOf(item);
    const isOpen = item.getAttribute("aria-expanded") === "true";
    const actions: Record<string, () => void> = {
      ArrowDown: () => this.focus(items[at + 1]),
      ArrowUp: () => this.focus(items[at - 1]),
      Home: () => this.focus(items[0]),
      End: () => this.focus(items.at(-1)),
      ArrowRight: () => (isOpen ? this.focus(items[at + 1]) : this.toggle(item, true)),
      ArrowLeft: () =>
        isOpen ? this.toggle(item, false) : this.focus(item.parentElement?.closest("[role=treeitem]")),
      Enter: () => {
        const node = this.nodes.get(item) ?? null;
        if (node !== null) this.onOpen(node);
      },
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }
}
