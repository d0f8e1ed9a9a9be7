import type { Node } from "../../engine/autograd/node";
import { giveBack } from "../../engine/recycling";
import type { Tensor } from "../../engine/tensor";

/** What one input of a later step sent back to a tensor. */
export interface Share {
  readonly consumer: Node;
  /** Which of the consumer's inputs the tensor was. */
  readonly input: number;
  /** The gradient as the consumer's derivative gave it. */
  readonly computed: Tensor;
  /** The same in the tensor's own shape: summed where the tensor was broadcast. */
  readonly sent: Tensor;
  /** The share that came before. */
  readonly earlier: Share | null;
}

export const NONE: readonly (Tensor | null)[] = [];
const NO_ROOTS: readonly Tensor[] = [];

/** What is known of a step of the graph: where in the source it is, and what the last backward pass did there. */
export class Observed {
  /** The sites that saw the step's result: the expression itself, and the variable it was given to. */
  site = -1;
  binding = -1;
  /** The pass that came here last; null before the first. */
  pass: Pass | null = null;
  /** The gradient of each of the step's results. */
  grads: readonly (Tensor | null)[] = NONE;
  /** The last of the shares that those are the sums of; null once the pass was forgotten. */
  lastShare: Share | null = null;
  /** Whether the shares were forgotten. */
  isForgotten = false;
  /** What the step's derivatives used. Null once the pass was forgotten, or if nothing was saved. */
  saved: readonly unknown[] | null = null;
  /** Of a leaf: its `grad` when the pass was over, earlier passes' included. */
  accumulated: Tensor | null = null;
  /** The last search that came here (see `search.ts`). */
  search = 0;

  /** What the gradient of result `nr` is the sum of, in the order of arrival. */
  sharesOf(nr: number): Share[] {
    const shares: Share[] = [];
    for (let share = this.lastShare; share !== null; share = share.earlier) {
      if (share.consumer.nextOutput[share.input] === nr) shares[shares.length] = share;
    }
    return shares.reverse();
  }
}

/** What is known of a step; made at the first question. */
export function observed(node: Node): Observed {
  node.observed ??= new Observed();
  return node.observed as Observed;
}

/** One walk of `backward()` or `autograd.grad()`. */
export class Pass {
  /** Empty once it was forgotten: what still knows of the pass would else keep its whole graph. */
  roots: readonly Tensor[];
  readonly steps: Observed[] = [];
  /** Number of the first step of the program that it came to, leaves left out. */
  firstSequence = 1 / 0;
  readonly leaves: Tensor[] = [];
  /** Whether its shares outlast the next pass, so that older iterations can be explained. */
  readonly isKept: boolean;
  bytes = 0;
  /** What its gradients lie in that the engine can use again. */
  memory: readonly ArrayBuffer[] = [];
  /** The last search that came to one of its steps. */
  search = 0;

  constructor(roots: readonly Tensor[], isKept: boolean) {
    this.roots = roots;
    this.isKept = isKept;
  }

  /** Lets go of all but the gradients. */
  forget(): void {
    for (let i = 0; i < this.steps.length; i++) {
      const step = this.steps[i];
      if (step.pass !== this) continue;
      step.lastShare = null;
      step.isForgotten = true;
      step.saved = null;
    }
    this.roots = NO_ROOTS;
    if (this.memory.length === 0) this.steps.length = 0;
  }

  /** Lets go of the gradients too and gives their memory back. */
  release(): void {
    for (let i = 0; i < this.steps.length; i++) {
      const step = this.steps[i];
      if (step.pass === this) step.grads = NONE;
    }
    for (let i = 0; i < this.memory.length; i++) giveBack(this.memory[i]);
    this.leave();
  }

  /** Leaves its gradients to whoever still has them. */
  leave(): void {
    this.steps.length = 0;
    this.memory = [];
  }
}
