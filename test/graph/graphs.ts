import type { GraphNode } from "../../src/trace/queries";

/** A step or leaf with what a test does not care about left at nothing. */
export function node(
  id: number,
  gradFn: string,
  next: (number | null)[],
  more: Partial<GraphNode> = {},
): GraphNode {
  return {
    id,
    kind: id === 0 ? "root" : gradFn === "AccumulateGrad" ? "leaf" : "step",
    gradFn,
    name: null,
    site: null,
    modules: [],
    calls: [],
    shape: [2],
    dtype: "torch.float32",
    text: null,
    grad: null,
    gradNorm: null,
    saved: [],
    next,
    ...more,
  };
}

/** `y = tanh(model.0(x)).sum()`. */
export const model: GraphNode[] = [
  node(0, "SumBackward0", [1], { name: "y", shape: [], text: "tensor(1.5)", gradNorm: 1, site: 4 }),
  node(1, "TanhBackward0", [2], { modules: ["model", "1"], calls: [7, 6], gradNorm: 0.1 }),
  node(2, "AddmmBackward0", [3, null, 4], {
    modules: ["model", "0"],
    calls: [7, 5],
    saved: [{ name: "mat1", variable: "x", shape: [1, 2] }],
  }),
  node(3, "AccumulateGrad", [], { name: "model.0.bias" }),
  node(4, "AccumulateGrad", [], { name: "model.0.weight" }),
];

/** `for (…) h = tanh(h * w)`, `rounds` times. */
export function loop(rounds: number): GraphNode[] {
  const nodes = [node(0, "SumBackward0", [1], { site: 9 })];
  const w = 1 + 2 * rounds;
  for (let i = 0; i < rounds; i++) {
    const at = nodes.length;
    const before = i === rounds - 1 ? null : at + 2;
    nodes.push(node(at, "TanhBackward0", [at + 1], { site: 3, gradNorm: i }));
    nodes.push(node(at + 1, "MulBackward0", [before, w], { site: 2 }));
  }
  nodes.push(node(w, "AccumulateGrad", [], { name: "w" }));
  return nodes;
}
