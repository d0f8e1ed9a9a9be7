import { arrowHead, edgePath, edgeWidths } from "../../src/graph/model/edges";
import { type Layout, LINE_PX } from "../../src/graph/model/layout";
import type { View } from "../../src/graph/model/view";

const NAMESPACE = "http://www.w3.org/2000/svg";
const MIN_SCALE = 0.05;
const MAX_SCALE = 3;
/** Below this scale texts cannot be read and are left out. */
const TEXT_SCALE = 0.3;
const MARGIN_PX = 12;

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number>,
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const created = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, String(value));
  created.append(...children);
  return created;
}

export interface CanvasEvents {
  onHover(node: number | null): void;
  onClick(node: number): void;
  onDoubleClick(node: number): void;
}

/** Draws what of a graph is in sight, and lets it be moved and scaled. */
export class Canvas {
  readonly element: SVGSVGElement;
  private readonly scene = svg("g", {});
  private readonly events: CanvasEvents;
  private view: View = { nodes: [], edges: [] };
  private layout: Layout = { width: 0, height: 0, nodes: [], edges: [] };
  private widths: number[] = [];
  private boxes = new Map<number, SVGGElement>();
  private arrows = new Map<number, SVGGElement>();
  private at = { x: 0, y: 0, scale: 1 };
  private selected: string | null = null;
  private found: ReadonlySet<string> = new Set();
  private isDue = false;
  private isPlaced = false;
  /** How the picture fits its frame; null once the user has moved it. */
  private fitted: "readable" | "whole" | null = null;

  constructor(events: CanvasEvents) {
    this.events = events;
    this.element = svg(
      "svg",
      { class: "canvas", tabindex: 0, role: "application", "aria-label": "Backward graph" },
      this.scene,
    );
    new ResizeObserver(() => this.resized()).observe(this.element);
    this.listen();
  }

  /** The node that stays where it is on the screen is the selected one, or else what came out. */
  show(view: View, layout: Layout): void {
    const anchor = this.placeOf(this.view, this.layout, this.selected);
    this.view = view;
    this.layout = layout;
    this.widths = edgeWidths(view.edges);
    this.clear();
    const now = this.placeOf(view, layout, this.selected);
    if (!this.isPlaced || anchor === null || now === null) this.fit();
    else {
      this.at.x += (anchor.x - now.x) * this.at.scale;
      this.at.y += (anchor.y - now.y) * this.at.scale;
    }
    this.draw();
  }

  private resized(): void {
    if (this.fitted === "whole") this.fitWhole();
    else if (this.fitted === "readable") this.fit();
    else this.draw();
  }

  select(key: string | null): void {
    this.selected = key;
    this.mark();
  }

  find(keys: ReadonlySet<string>): void {
    this.found = keys;
    this.mark();
  }

  /** Brings a node into sight. */
  reach(node: number, always = false): void {
    const place = this.layout.nodes[node];
    const { clientWidth, clientHeight } = this.element;
    const { x, y, scale } = this.at;
    const [left, top] = [place.x * scale + x, place.y * scale + y];
    const isSeen = left > 40 && top > 30 && left < clientWidth - 40 && top < clientHeight - 30;
    if (isSeen && !always) return;
    this.fitted = null;
    this.at.x = clientWidth / 2 - place.x * scale;
    this.at.y = clientHeight / 2 - place.y * scale;
    this.draw();
  }

  /** Shows the whole graph, if its texts can be read then; else its lower end, where it came out. */
  fit(): void {
    const { clientWidth, clientHeight } = this.element;
    const { width, height } = this.layout;
    if (clientWidth === 0 || width === 0) return;
    this.isPlaced = true;
    this.fitted = "readable";
    const whole = Math.min((clientWidth - MARGIN_PX) / width, (clientHeight - MARGIN_PX) / height, 1);
    const scale = Math.max(whole, 0.5);
    const output = this.placeOf(this.view, this.layout, null) ?? { x: width / 2, y: height };
    const room = clientWidth - width * scale;
    // A wide one is shown around where it came out, without a void beside it.
    const x = room >= 0 ? room / 2 : Math.min(0, Math.max(room, clientWidth / 2 - output.x * scale));
    const isTall = height * scale > clientHeight;
    this.at = { x, y: isTall ? clientHeight - height * scale : (clientHeight - height * scale) / 2, scale };
    this.draw();
  }

  fitWhole(): void {
    const { clientWidth, clientHeight } = this.element;
    const { width, height } = this.layout;
    if (clientWidth === 0 || width === 0) return;
    this.fitted = "whole";
    const scale = Math.max(MIN_SCALE, Math.min(clientWidth / width, clientHeight / height, 1));
    this.at = { x: (clientWidth - width * scale) / 2, y: (clientHeight - height * scale) / 2, scale };
    this.draw();
  }

  zoom(factor: number, x = this.element.clientWidth / 2, y = this.element.clientHeight / 2): void {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.at.scale * factor));
    const by = scale / this.at.scale;
    this.fitted = null;
    this.at = { x: x - (x - this.at.x) * by, y: y - (y - this.at.y) * by, scale };
    this.draw();
  }

  private placeOf({ nodes }: View, { nodes: places }: Layout, key: string | null) {
    const wanted = nodes.findIndex((node) => node.key === key);
    const output = wanted >= 0 ? wanted : nodes.findIndex(({ role }) => role === "output");
    return places[output] ?? null;
  }

  private draw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.drawNow();
    });
  }

  private drawNow(): void {
    const { x, y, scale } = this.at;
    const { clientWidth, clientHeight } = this.element;
    this.scene.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    this.element.classList.toggle("far", scale < TEXT_SCALE);
    const sight = {
      left: -x / scale,
      top: -y / scale,
      right: (clientWidth - x) / scale,
      bottom: (clientHeight - y) / scale,
    };
    const isInSight = (left: number, top: number, right: number, bottom: number) =>
      right >= sight.left && left <= sight.right && bottom >= sight.top && top <= sight.bottom;
    this.layout.edges.forEach(({ points }, i) => {
      const xs = points.filter((_, k) => k % 2 === 0);
      const ys = points.filter((_, k) => k % 2 === 1);
      const isSeen = isInSight(Math.min(...xs) - 40, Math.min(...ys), Math.max(...xs) + 40, Math.max(...ys));
      this.keep(this.arrows, i, isSeen, () => this.arrow(i));
    });
    this.layout.nodes.forEach((place, i) => {
      const [w, h] = [place.width / 2, place.height / 2];
      const isSeen = isInSight(place.x - w, place.y - h, place.x + w, place.y + h);
      this.keep(this.boxes, i, isSeen, () => this.box(i));
    });
    this.mark();
  }

  private keep(kept: Map<number, SVGGElement>, i: number, isSeen: boolean, make: () => SVGGElement): void {
    const before = kept.get(i);
    if (isSeen && before === undefined) {
      const made = make();
      kept.set(i, made);
      if (kept === this.arrows) this.scene.prepend(made);
      else this.scene.append(made);
    } else if (!isSeen && before !== undefined) {
      before.remove();
      kept.delete(i);
    }
  }

  private clear(): void {
    this.scene.replaceChildren();
    this.boxes = new Map();
    this.arrows = new Map();
  }

  private arrow(i: number): SVGGElement {
    const { label, kind } = this.view.edges[i];
    const { points, x, y } = this.layout.edges[i];
    const width = this.widths[i];
    const group = svg(
      "g",
      { class: `arrow ${kind}` },
      svg("path", { d: edgePath(points), "stroke-width": width }),
      svg("polygon", { points: arrowHead(points, width).join(" ") }),
    );
    if (label !== "") group.append(svg("text", { x, y: y + 3 }, label));
    return group;
  }

  private box(i: number): SVGGElement {
    const { role, title, lines, count } = this.view.nodes[i];
    const { x, y, width, height } = this.layout.nodes[i];
    const [left, top] = [x - width / 2, y - height / 2];
    const radius = role === "leaf" || role === "output" ? 3 : 8;
    const texts = [count > 1 ? `${title} ×${count}` : title, ...lines];
    return svg(
      "g",
      { class: `box ${role}`, "data-node": i },
      svg("rect", { x: left, y: top, width, height, rx: radius }),
      ...texts.map((text, line) =>
        svg("text", { x, y: top + (line + 1) * LINE_PX + 1, class: line === 0 ? "title" : "" }, text),
      ),
    );
  }

  private mark(): void {
    for (const [i, box] of this.boxes) {
      const { key } = this.view.nodes[i];
      box.classList.toggle("selected", key === this.selected);
      box.classList.toggle("found", this.found.has(key));
    }
  }

  private listen(): void {
    const { element, events } = this;
    let from: { x: number; y: number } | null = null;
    let moved = false;
    const nodeAt = (event: Event): number | null => {
      const box = (event.target as Element).closest("[data-node]");
      return box === null ? null : Number(box.getAttribute("data-node"));
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY };
      moved = false;
    });
    element.addEventListener("pointermove", (event) => {
      if (from === null || event.buttons === 0) {
        from = null;
        events.onHover(nodeAt(event));
        return;
      }
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved && Math.hypot(dx, dy) < 4) return;
      if (!moved) element.setPointerCapture(event.pointerId);
      moved = true;
      from = { x: event.clientX, y: event.clientY };
      this.fitted = null;
      this.at.x += dx;
      this.at.y += dy;
      this.draw();
    });
    element.addEventListener("pointerup", () => {
      from = null;
    });
    element.addEventListener("pointerleave", () => events.onHover(null));
    element.addEventListener("click", (event) => {
      const node = nodeAt(event);
      if (node !== null && !moved) events.onClick(node);
    });
    element.addEventListener("dblclick", (event) => {
      const node = nodeAt(event);
      if (node !== null) events.onDoubleClick(node);
    });
    element.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const { left, top } = element.getBoundingClientRect();
        if (event.shiftKey) {
          this.fitted = null;
          this.at.x -= event.deltaY;
          this.draw();
        } else this.zoom(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
      },
      { passive: false },
    );
  }
}
