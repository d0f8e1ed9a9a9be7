import { shapeText } from "../../annotations/texts";
import type { GraphNode } from "../../trace/queries";

/** torchviz's roles: each has a colour of its own. */
export type Role = "leaf" | "step" | "saved" | "output" | "module";

/** What is drawn as one box: a step, a leaf, or several that were collapsed or folded into one. */
export interface ViewNode {
  /** The same for the same step of a later run, as long as the graph is built alike. */
  key: string;
  role: Role;
  /** `AddBackward0`, a leaf's name, a module's path. */
  title: string;
  /** What stands below the title, a line each. */
  lines: string[];
  /** Ids of the steps and leaves in it. */
  members: number[];
  /** How many steps of a loop it stands for; 1 for itself. */
  count: number;
  site: number | null;
  /** Path of the module that it is, or that it was computed in. */
  modules: string[];
  /** Which call of each of those. */
  calls: number[];
  shape: number[] | null;
  text: string | null;
  gradNorm: number | null;
}

export interface ViewEdge {
  from: number;
  to: number;
  label: string;
  /** Norm of the gradient that flows against the arrow; null if none is known. */
  gradNorm: number | null;
  kind: "data" | "saved" | "repeat";
}

/** A picture's boxes and arrows, from what was given to what came out. */
export interface View {
  nodes: ViewNode[];
  edges: ViewEdge[];
}

/** Characters of a text in a box. */
const MAX_CHARS = 26;

/** Each step and leaf as a box of its own, and one for what came out. */
export function viewOf(nodes: readonly GraphNode[]): View {
  const keys = new Map<string, number>();
  const keyOf = (stem: string) => {
    const nth = keys.get(stem) ?? 0;
    keys.set(stem, nth + 1);
    return `${stem}#${nth}`;
  };
  const indexOf = new Map(nodes.map(({ id }, i) => [id, i]));
  const views = nodes.map((node) => boxOf(node, keyOf));
  const edges = nodes.flatMap((node, to) =>
    [...new Set(node.next)].flatMap((id) => {
      const from = id === null ? undefined : indexOf.get(id);
      return from === undefined ? [] : [edgeOf(views[from], from, to)];
    }),
  );
  const root = nodes[0];
  if (root !== undefined && root.kind !== "leaf") {
    edges.push(edgeOf(views[0], 0, views.length));
    views.push(outputOf(root));
  }
  return { nodes: views, edges };
}

function boxOf(node: GraphNode, keyOf: (stem: string) => string): ViewNode {
  const { id, kind, gradFn, name, site, modules, calls, shape, text, gradNorm } = node;
  const isLeaf = kind === "leaf";
  const title = isLeaf ? (name ?? "leaf") : gradFn;
  const lines = isLeaf
    ? [knownShape(shape), ...(text === null ? [] : [text])]
    : name === null || kind === "root"
      ? []
      : [name];
  return {
    key: keyOf([isLeaf ? "leaf" : gradFn, name ?? "", modules.join(".")].join("|")),
    role: isLeaf ? "leaf" : "step",
    title: cut(title),
    lines: lines.map(cut),
    members: [id],
    count: 1,
    site,
    modules,
    calls,
    shape,
    text,
    gradNorm,
  };
}

function outputOf({ id, name, site, shape, text, gradNorm }: GraphNode): ViewNode {
  return {
    key: "output",
    role: "output",
    title: cut(name ?? "output"),
    lines: [knownShape(shape), ...(text === null ? [] : [text])].map(cut),
    members: [id],
    count: 1,
    site,
    modules: [],
    calls: [],
    shape,
    text,
    gradNorm,
  };
}

function edgeOf({ shape, text, gradNorm }: ViewNode, from: number, to: number): ViewEdge {
  return { from, to, label: edgeLabel(shape, text), gradNorm, kind: "data" };
}

/** A number as itself, a tensor by its shape. */
function edgeLabel(shape: number[] | null, text: string | null): string {
  if (shape?.length === 0 && text !== null) return cut(text.replace(/^tensor\((.*)\)$/s, "$1"));
  return knownShape(shape);
}

/** As Python writes it; empty if it is not known. */
export function knownShape(shape: readonly number[] | null): string {
  return shape === null ? "" : shapeText(shape);
}

export function cut(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= MAX_CHARS ? line : `${line.slice(0, MAX_CHARS - 1)}…`;
}

/** The largest of some norms; null if none is known. */
export function largest(norms: readonly (number | null)[]): number | null {
  const known = norms.filter((norm) => norm !== null);
  return known.length === 0 ? null : Math.max(...known);
}
