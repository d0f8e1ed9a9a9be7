import { AccumulateGrad, type Node } from "../../engine/autograd/node";
import type { Tensor } from "../../engine/tensor";
import type { Calls } from "./calls";
import { cut } from "./describe";
import { type Source, variableOf } from "./explain";
import type { TensorMoment } from "./history";
import { isTensor } from "./kinds";
import { type Observed, observed } from "./passes";
import type { GraphAnswer, GraphNode } from "./queries";

/** A larger graph is told from its root down to this many nodes. */
const MAX_NODES = 5000;
const MAX_CHARS = 80;

/** Values and gradients of an earlier moment; null where they are not known. */
export interface GraphThen {
  result(site: number): TensorMoment | null;
  leaf(tensor: Tensor): TensorMoment | null;
}

/** The backward graph of a tensor: its step, and every one before it. With `then` as they were at that moment. */
export function graphOf(
  root: Node,
  source: Source,
  calls: Calls,
  resultOf: (site: number) => Tensor | null,
  then: GraphThen | null = null,
): GraphAnswer {
  const ids = new Map<Node, number>();
  const order: Node[] = [root];
  ids.set(root, 0);
  let truncated = false;
  for (let i = 0; i < order.length; i++) {
    const { next } = order[i];
    for (let k = 0; k < next.length; k++) {
      const node = next[k];
      if (node === null || ids.has(node)) continue;
      if (order.length === MAX_NODES) {
        truncated = true;
        continue;
      }
      ids.set(node, order.length);
      order[order.length] = node;
    }
  }
  const nodes: GraphNode[] = [];
  for (let i = 0; i < order.length; i++)
    nodes[i] = describeNode(order[i], i, ids, source, calls, resultOf, then);
  return { nodes, truncated };
}

function describeNode(
  node: Node,
  id: number,
  ids: Map<Node, number>,
  source: Source,
  calls: Calls,
  resultOf: (site: number) => Tensor | null,
  then: GraphThen | null,
): GraphNode {
  const step = observed(node);
  const leaf = node instanceof AccumulateGrad ? node.variable : null;
  const known = leaf === null ? null : source.names.of(leaf);
  const site = step.binding >= 0 ? step.binding : step.site;
  const now = leaf ?? (site < 0 ? null : resultIfOf(resultOf(site), node));
  const past = now === null ? null : leaf !== null ? then?.leaf(leaf) : then?.result(site);
  const result = then === null ? now : (past?.value ?? null);
  const gradNow = leaf !== null ? leaf.grad : (step.grads[0] ?? null);
  const grad = then === null ? gradNow : (past?.grad ?? null);
  return {
    id,
    kind: leaf !== null ? "leaf" : id === 0 ? "root" : "step",
    gradFn: node.typeName,
    name: known?.name ?? (step.binding < 0 ? null : source.nameOfSite(step.binding)),
    site: known?.site ?? (site < 0 ? null : site),
    ...modulesAround(node, source, calls),
    shape: node.results.length === 0 ? null : node.results[0].shape.slice(),
    dtype: node.results.length === 0 ? null : String(node.results[0].dtype),
    text: result === null ? null : cut(result.formatValue(), MAX_CHARS),
    grad: grad === null ? null : cut(grad.formatValue(), MAX_CHARS),
    gradNorm: grad === null ? null : (grad.norm().item() as number),
    saved: savedBy(node, step, source),
    next: nextIds(node, ids),
  };
}

/** Each module by its name inside the one around it. */
function modulesAround(node: Node, source: Source, calls: Calls): Pick<GraphNode, "modules" | "calls"> {
  const around = node instanceof AccumulateGrad ? [] : calls.around(node.sequence);
  const modules: string[] = [];
  const ids: number[] = [];
  let path = "";
  for (let i = 0; i < around.length; i++) {
    const name = source.names.ofModule(around[i].module);
    modules[i] = name.startsWith(`${path}.`) ? name.slice(path.length + 1) : name;
    ids[i] = around[i].id;
    path = name;
  }
  return { modules, calls: ids };
}

/** A site shows its latest tensor; that of an earlier step is not the result asked for. */
function resultIfOf(tensor: Tensor | null, node: Node): Tensor | null {
  return tensor !== null && tensor.grad_fn === node ? tensor : null;
}

function nextIds({ next }: Node, ids: Map<Node, number>): (number | null)[] {
  const list: (number | null)[] = [];
  for (let i = 0; i < next.length; i++) {
    const node = next[i];
    list[i] = node === null ? null : (ids.get(node) ?? null);
  }
  return list;
}

function savedBy(node: Node, step: Observed, source: Source): GraphNode["saved"] {
  const saved = step.saved ?? node.savedValues;
  const list: GraphNode["saved"] = [];
  for (let i = 0; i < node.next.length; i++) {
    const uses = node.derivativeOf(i, saved)?.uses ?? [];
    for (let k = 0; k < uses.length; k++) {
      const [name, value] = uses[k];
      if (!isTensor(value) || has(list, name)) continue;
      list[list.length] = { name, variable: variableOf(value, source), shape: value.shape.slice() };
    }
  }
  return list;
}

function has(list: GraphNode["saved"], name: string): boolean {
  for (let i = 0; i < list.length; i++) if (list[i].name === name) return true;
  return false;
}
