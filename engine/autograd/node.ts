import type { DType } from "../dtype";
import type { Tensor } from "../tensor";
import { gradMode } from "./grad_mode";

let created = 0;
/** Below every recorded step, since a leaf's accumulator is only made when its first consumer is. */
const LEAF_SEQUENCE = -1;

/** Shape and dtype of a node's result: what the gradient that arrives there must have. */
export interface ResultMeta {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export type Gradients = (Tensor | null)[];

/**
 * A step of the recorded computation, seen backwards: takes the gradients of its results and gives those
 * of its inputs. Gradients travel in the backward pass, never on nodes.
 * Source: torch.autograd.graph.Node.
 */
export abstract class Node {
  /** Where the gradient of each input goes on; null for an input that needs none. @internal */
  readonly next: (Node | null)[] = [];
  /** Which result of `next[i]` the input was. @internal */
  readonly nextOutput: number[] = [];
  /** One per result. @internal */
  readonly results: ResultMeta[] = [];
  /** Called before the node runs with the gradients that arrived. @internal */
  prehooks: ((grads: Gradients) => void)[] | null = null;

  /** @param sequence Counts up over the program: a node's inputs were recorded before it and have lower numbers. */
  constructor(readonly sequence: number = created++) {}

  /** `MulBackward0`, PyTorch's name for the step. */
  abstract name(): string;

  /** @internal */
  abstract backward(grads: Gradients): Gradients;

  /** Lets go of what was saved for backward. @internal */
  release(): void {}

  /** The nodes that the gradients go on to, each with the index of its result. */
  get next_functions(): [Node | null, number][] {
    return this.next.map((node, i) => [node, this.nextOutput[i]]);
  }

  /** @internal */
  connect(input: Tensor | null): void {
    const edge = input === null ? null : gradientEdge(input);
    this.next.push(edge);
    this.nextOutput.push(edge === null ? 0 : input!.outputNr);
  }

  toString(): string {
    return `<${this.name()} object>`;
  }
}

/** Where a backward pass ends: adds what arrives to the leaf's `grad`. */
export class AccumulateGrad extends Node {
  constructor(readonly variable: Tensor) {
    super(LEAF_SEQUENCE);
    this.results.push(variable);
  }

  name(): string {
    return "AccumulateGrad";
  }

  backward(grads: Gradients): Gradients {
    const grad = grads[0];
    if (grad !== null) {
      const { variable } = this;
      if (variable.grad === null) variable.grad = ownGradient(grad);
      else if (gradMode.enabled) variable.grad = variable.grad.add(grad);
      else variable.grad.add_(grad);
    }
    return [];
  }
}

/** Runs `hook` on what arrives at `node`; the handle's `remove()` ends that. */
export function addPrehook(node: Node, hook: (grads: Gradients) => void): { remove(): void } {
  node.prehooks ??= [];
  node.prehooks.push(hook);
  return {
    remove() {
      node.prehooks = node.prehooks?.filter((other) => other !== hook) ?? null;
    },
  };
}

/** A leaf owns its gradient: it may be zeroed in place while others still hold what arrived. */
function ownGradient(grad: Tensor): Tensor {
  return gradMode.enabled ? grad.clone() : grad.detach().clone();
}

/** The node that a gradient for `t` is sent to; null where `t` needs none. */
export function gradientEdge(t: Tensor): Node | null {
  const { grad_fn } = t;
  if (grad_fn !== null) return grad_fn;
  if (!t.leafRequiresGrad) return null;
  t.accumulator ??= new AccumulateGrad(t);
  return t.accumulator;
}
