import type { GraphNode } from "../../trace/queries";
import { pathOf } from "./collapse";
import { knownShape, type View, type ViewNode } from "./view";

/** All that is known of a box, in one line. */
export function describe(box: ViewNode, nodes: readonly GraphNode[]): string {
  const node = nodes.find(({ id }) => id === box.members[0]);
  if (node === undefined) return box.title;
  const isOne = box.role !== "module" && box.role !== "saved";
  const parts = [
    box.count > 1 ? `${box.title} ×${box.count}` : box.title,
    isOne && node.name !== null && node.name !== box.title ? node.name : "",
    `${knownShape(box.shape)}${isOne && node.dtype !== null ? ` ${node.dtype.replace("torch.", "")}` : ""}`,
    box.modules.length > 0 ? `in ${pathOf(box.modules)}` : "",
    isOne && node.text !== null ? `value ${node.text}` : "",
    isOne && node.grad !== null && box.count === 1 ? `gradient ${node.grad}` : "",
    box.gradNorm !== null ? `‖gradient‖ ${Number(box.gradNorm.toPrecision(4))}` : "",
    isOne && node.saved.length > 0 ? `saved ${node.saved.map(({ name }) => name).join(", ")}` : "",
  ];
  return parts.filter((part) => part.trim() !== "").join(" · ");
}

/** Boxes whose texts contain what was looked for, whatever its case. */
export function search({ nodes }: View, wanted: string): number[] {
  const text = wanted.trim().toLowerCase();
  if (text === "") return [];
  return nodes.flatMap(({ title, lines, modules }, i) =>
    [title, ...lines, pathOf(modules)].some((line) => line.toLowerCase().includes(text)) ? [i] : [],
  );
}

/** The next box in a direction: up to what a box was computed from, down to where it goes, or beside it. */
export function neighbour(
  { nodes, edges }: View,
  places: readonly { x: number; y: number }[],
  from: number,
  key: "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight",
): number | null {
  const here = places[from];
  const sign = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
  const isVertical = key === "ArrowUp" || key === "ArrowDown";
  const joined = edges.flatMap((edge) =>
    edge.from === from ? [edge.to] : edge.to === from ? [edge.from] : [],
  );
  const candidates = (isVertical ? joined : nodes.map((_, i) => i)).filter((i) => {
    const by = isVertical ? places[i].y - here.y : places[i].x - here.x;
    return i !== from && by * sign > 0 && (isVertical || Math.abs(places[i].y - here.y) < 40);
  });
  const distance = (i: number) => Math.hypot(places[i].x - here.x, places[i].y - here.y);
  return candidates.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}
