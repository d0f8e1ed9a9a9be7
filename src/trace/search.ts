import type { Node } from "../../engine/autograd/node";
import { isTensor } from "./kinds";
import { observed } from "./passes";
import { Snapshot } from "./snapshot";

/** Larger graphs are not searched. */
const MAX_NODES = 20_000;

let searches = 0;

/**
 * Marks the steps from `firstSequence` on that the values lead to, and the passes that came there last, with the
 * number of this search, which is returned; null if there are too many.
 */
export function searchFrom(values: readonly unknown[], firstSequence: number): number | null {
  const search = ++searches;
  const found: Node[] = [];
  const reach = (node: Node | null): void => {
    if (node === null || node.sequence < firstSequence) return;
    const step = observed(node);
    if (step.search === search) return;
    step.search = search;
    if (step.pass !== null) step.pass.search = search;
    found[found.length] = node;
  };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Snapshot.is(value)) {
      reach(value.tensor.node);
      reach(value.frozen.node);
    } else if (isTensor(value)) reach(value.node);
  }
  for (let i = 0; i < found.length && i <= MAX_NODES; i++) {
    const { next } = found[i];
    for (let k = 0; k < next.length; k++) reach(next[k]);
  }
  return found.length > MAX_NODES ? null : search;
}
