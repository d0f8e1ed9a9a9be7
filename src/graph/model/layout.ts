import { Graph, layout } from "@dagrejs/dagre";
import type { View, ViewNode } from "./view";

/** Sizes and places in pixels. */
export interface LayoutInput {
  nodes: { width: number; height: number }[];
  /** `isBack`: leads back to the next round of a loop. */
  edges: { from: number; to: number; width: number; isBack: boolean }[];
}

export interface Layout {
  width: number;
  height: number;
  /** Centre and size of each node. */
  nodes: { x: number; y: number; width: number; height: number }[];
  /** x, y, x, y … of each edge, and where its label's centre is. */
  edges: { points: number[]; x: number; y: number }[];
}

export const FONT_PX = 12;
export const LINE_PX = 16;
/** Width of a character of a monospaced font of `FONT_PX`. */
const CHAR_PX = 7.25;
const PADDING_PX = 10;
/** Boxes grow by whole steps, so that a new value seldom moves the others. */
const WIDTH_STEP_PX = 24;
const LABEL_CHAR_PX = 6.2;
const LABEL_PX = 14;
const MARGIN_PX = 16;
const ROW_GAP_PX = 24;
const RANK_GAP_PX = 44;
/** With more boxes dagre takes too long, and its recursion does not go as deep as a long loop. */
const LARGE = 400;

export function boxSize({ title, lines, count }: ViewNode): { width: number; height: number } {
  const first = title.length + (count > 1 ? ` ×${count}`.length : 0);
  const chars = Math.max(first, ...lines.map((line) => line.length));
  const width = Math.ceil((chars * CHAR_PX + 2 * PADDING_PX) / WIDTH_STEP_PX) * WIDTH_STEP_PX;
  return { width, height: (1 + lines.length) * LINE_PX + PADDING_PX };
}

export function layoutInput({ nodes, edges }: View): LayoutInput {
  return {
    nodes: nodes.map(boxSize),
    edges: edges.map(({ from, to, label, kind }) => ({
      from,
      to,
      width: Math.ceil(label.length * LABEL_CHAR_PX),
      isBack: kind === "repeat",
    })),
  };
}

/** Places boxes and arrows from top to bottom; the same input gives the same places. */
export function layoutGraph(input: LayoutInput): Layout {
  return input.nodes.length > LARGE ? layoutRows(input) : layoutWithDagre(input);
}

function layoutWithDagre({ nodes, edges }: LayoutInput): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: "TB",
    nodesep: ROW_GAP_PX,
    edgesep: 12,
    ranksep: 26,
    marginx: MARGIN_PX,
    marginy: MARGIN_PX,
  });
  nodes.forEach((size, i) => {
    graph.setNode(String(i), { ...size });
  });
  edges.forEach(({ from, to, width }, i) => {
    const label = width === 0 ? {} : { width, height: LABEL_PX, labelpos: "c" };
    graph.setEdge(String(from), String(to), label, String(i));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Number.isFinite(width) ? width : 0,
    height: Number.isFinite(height) ? height : 0,
    nodes: nodes.map((size, i) => {
      const { x, y } = graph.node(String(i)) as { x: number; y: number };
      return { x, y, ...size };
    }),
    edges: edges.map(({ from, to }, i) => placeOfEdge(graph.edge(String(from), String(to), String(i)))),
  };
}

/** Rows by the longest way down to an output; in a row each box stands as near as it can to what it leads to. */
function layoutRows({ nodes, edges }: LayoutInput): Layout {
  const outgoing = nodes.map((): number[] => []);
  const incoming = nodes.map((): number[] => []);
  for (const { from, to, isBack } of edges) {
    if (isBack) continue;
    outgoing[from].push(to);
    incoming[to].push(from);
  }
  const places = nodes.map((size) => ({ x: 0, y: 0, ...size }));
  const waiting = outgoing.map(({ length }) => length);
  let row = nodes.flatMap((_, i) => (waiting[i] === 0 ? [i] : []));
  let [left, right, y] = [0, 0, 0];
  while (row.length > 0) {
    const wish = new Map(row.map((i) => [i, mean(outgoing[i].map((to) => places[to].x))]));
    row.sort((a, b) => wish.get(a)! - wish.get(b)!);
    const total = row.reduce((sum, i) => sum + nodes[i].width + ROW_GAP_PX, -ROW_GAP_PX);
    let x = mean([...wish.values()]) - total / 2;
    const height = Math.max(...row.map((i) => nodes[i].height));
    for (const i of row) {
      places[i].x = x + nodes[i].width / 2;
      places[i].y = y - height / 2;
      x += nodes[i].width + ROW_GAP_PX;
    }
    left = Math.min(left, x - ROW_GAP_PX - total);
    right = Math.max(right, x - ROW_GAP_PX);
    y -= height + RANK_GAP_PX;
    row = row.flatMap((i) => incoming[i].filter((from) => --waiting[from] === 0));
  }
  for (const place of places) {
    place.x += MARGIN_PX - left;
    place.y += MARGIN_PX - y;
  }
  return {
    width: right - left + 2 * MARGIN_PX,
    height: 2 * MARGIN_PX - y,
    nodes: places,
    edges: edges.map(({ from, to }) => straight(places[from], places[to])),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Place = Layout["nodes"][number];

function straight(from: Place, to: Place): Layout["edges"][number] {
  const start = from.y + from.height / 2;
  const end = to.y - to.height / 2;
  return { points: [from.x, start, to.x, end], x: (from.x + to.x) / 2, y: (start + end) / 2 };
}

function placeOfEdge(edge: { points?: { x: number; y: number }[]; x?: number; y?: number }) {
  const points = edge.points ?? [];
  const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
  return { points: points.flatMap(({ x, y }) => [x, y]), x: edge.x ?? middle.x, y: edge.y ?? middle.y };
}
