import { AccumulateGrad, type Node } from "../../engine/autograd/node";
import type { Storage } from "../../engine/storage";
import type { Tensor } from "../../engine/tensor";
import type { Budget, Thinnable } from "./budget";
import { isTensor } from "./kinds";
import type { Copies } from "./snapshot";
import { Watch } from "./watch";

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

const NONE: readonly (Tensor | null)[] = [];

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

/** A saved tensor larger than this is not copied when its memory is about to change, but forgotten. */
const MAX_COPIED_ELEMENTS = 16_384;
/** A pass that holds more than this keeps its shares and saved values only until the next one. */
const MAX_KEPT_BYTES = 32_768;
/** All that are kept together: their many small objects are moved about by every collection. */
const MAX_ALL_KEPT_BYTES = 1 << 19;
/** What a step or tensor takes beside its elements. */
const OBJECT_BYTES = 200;

/** One walk of `backward()` or `autograd.grad()`. */
export class Pass {
  readonly roots: readonly Tensor[];
  readonly steps: Observed[] = [];
  readonly leaves: Tensor[] = [];
  /** Whether its shares outlast the next pass, so that older iterations can be explained. */
  readonly isKept: boolean;
  bytes = 0;

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
    this.steps.length = 0;
  }
}

/** The gradients that backward passes left, and what each was the sum of. */
export class Gradients implements Thinnable {
  /** The pass under way, or the last one. */
  pass: Pass | null = null;
  private readonly budget: Budget;
  /** Earlier passes that are small enough to be kept whole, evenly thinned. */
  private readonly kept: Pass[] = [];
  private stride = 1;
  private passes = 0;
  private keptBytes = 0;

  constructor(budget: Budget) {
    this.budget = budget;
    budget.join(this);
  }

  get bytes(): number {
    return this.keptBytes;
  }

  started(roots: readonly Tensor[]): void {
    this.putAside();
    this.pass = new Pass(roots, this.passes % this.stride === 0);
    this.passes++;
  }

  private putAside(): void {
    const { pass } = this;
    if (pass === null) return;
    if (!pass.isKept || pass.bytes > MAX_KEPT_BYTES) {
      pass.forget();
      return;
    }
    if (this.keptBytes + pass.bytes > MAX_ALL_KEPT_BYTES) this.thin();
    this.kept[this.kept.length] = pass;
    this.keptBytes += pass.bytes;
    this.budget.grew(pass.bytes);
  }

  thin(): boolean {
    const { kept } = this;
    if (kept.length < 2) return false;
    const left = (kept.length + 1) >>> 1;
    this.keptBytes = 0;
    for (let i = 0; i < kept.length; i++) {
      if (i % 2 === 1) {
        kept[i].forget();
        continue;
      }
      this.keptBytes += kept[i].bytes;
      kept[i / 2] = kept[i];
    }
    kept.length = left;
    this.stride *= 2;
    return true;
  }

  sent(consumer: Node, input: number, computed: Tensor, sent: Tensor): void {
    const target = consumer.next[input];
    if (target === null) return;
    const step = this.reached(target);
    step.lastShare = { consumer, input, computed, sent, earlier: step.lastShare };
  }

  /** Gives the leaf whose `grad` was updated, or null. */
  arrived(node: Node, grads: readonly (Tensor | null)[]): Tensor | null {
    const step = this.reached(node);
    const pass = this.pass!;
    step.grads = grads;
    if (pass.isKept) pass.bytes += OBJECT_BYTES + bytesOfAll(grads);
    if (node instanceof AccumulateGrad) {
      this.leafReached(step, node.variable, pass);
      return node.variable;
    }
    const { savedValues } = node;
    if (savedValues === null) return null;
    step.saved = savedValues;
    if (pass.isKept) pass.bytes += bytesOfAll(savedValues);
    for (let i = 0; i < savedValues.length; i++) {
      const value = savedValues[i];
      if (!isTensor(value)) continue;
      // What a leaf was when the last pass used it is known; only older passes need copies of their own.
      const isKnown = (value.storage.watched & Watch.leaf) !== 0 && !pass.isKept;
      if (!isKnown) value.storage.watched |= Watch.gradients;
    }
    return null;
  }

  private leafReached(step: Observed, leaf: Tensor, pass: Pass): void {
    const { grad } = leaf;
    step.accumulated = grad;
    if (grad === null) return;
    grad.storage.watched |= Watch.gradients;
    pass.leaves[pass.leaves.length] = leaf;
  }

  /** What is known of a step in the pass under way; what an earlier pass left there is dropped. */
  private reached(node: Node): Observed {
    const step = observed(node);
    const { pass } = this;
    if (step.pass !== pass) {
      step.pass = pass;
      step.grads = NONE;
      step.lastShare = null;
      step.isForgotten = false;
      step.saved = null;
      pass!.steps[pass!.steps.length] = step;
    }
    return step;
  }

  /**
   * What the last pass saw in this memory is kept as it was. Steps before those of the last pass need no look:
   * they hold what was copied then, or memory that only a result of their own could change.
   */
  storageWillChange(storage: Storage, copies: Copies): void {
    const { pass } = this;
    if (pass === null) return;
    for (let i = 0; i < pass.steps.length; i++) {
      const step = pass.steps[i];
      if (step.accumulated?.storage === storage) step.accumulated = copies.of(step.accumulated);
      if (step.saved !== null) step.saved = keptFrom(step.saved, storage, copies);
    }
  }

  /** The gradient at a tensor, and what is known of the step it came from; null if no pass came there. */
  of(tensor: Tensor, node: Node | null, outputNr: number): { grad: Tensor; step: Observed } | null {
    const step = (node ?? tensor.accumulator)?.observed as Observed | null | undefined;
    if (step == null || step.pass === null) return null;
    const grad = node === null ? step.accumulated : step.grads[outputNr];
    return grad == null ? null : { grad, step };
  }
}

/** The saved values with those in `storage` copied, in a list of their own. */
function keptFrom(saved: readonly unknown[], storage: Storage, copies: Copies): readonly unknown[] {
  let kept: unknown[] | null = null;
  for (let i = 0; i < saved.length; i++) {
    const value = saved[i];
    if (!isTensor(value) || value.storage !== storage) continue;
    kept ??= saved.slice();
    kept[i] = value.numel() <= MAX_COPIED_ELEMENTS ? labelledCopy(value, copies) : undefined;
  }
  return kept ?? saved;
}

/** The values as they are, still known as the tensor they are of. */
function labelledCopy(tensor: Tensor, copies: Copies): Tensor {
  const copy = copies.of(tensor);
  copy.accumulator = tensor.accumulator;
  return copy;
}

function bytesOfAll(values: readonly unknown[]): number {
  let bytes = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isTensor(value)) bytes += OBJECT_BYTES + value.numel() * value.dtype.itemsize;
  }
  return bytes;
}
