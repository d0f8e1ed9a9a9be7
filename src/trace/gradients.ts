import { AccumulateGrad, type Node } from "../../engine/autograd/node";
import type { Storage } from "../../engine/storage";
import type { Tensor } from "../../engine/tensor";
import type { Budget, Thinnable } from "./budget";
import { isTensor } from "./kinds";
import { NONE, type Observed, observed, Pass } from "./passes";
import { searchFrom } from "./search";
import type { Copies } from "./snapshot";
import { Watch } from "./watch";

/** A saved tensor larger than this is not copied when its memory is about to change, but forgotten. */
const MAX_COPIED_ELEMENTS = 16_384;
/** A pass that holds more than this keeps its shares and saved values only until the next one. */
const MAX_KEPT_BYTES = 32_768;
/** All that are kept together: their many small objects are moved about by every collection. */
const MAX_ALL_KEPT_BYTES = 1 << 19;
/** So many passes may be asked about for longer, as those of sites after `backward()` are, before their memory is left. */
const MAX_FORGOTTEN = 2;
/** What a step or tensor takes beside its elements. */
const OBJECT_BYTES = 200;

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
  /** The passes before the last whose gradients somebody may still ask for. */
  private readonly forgotten: Pass[] = [];
  private readonly shown: readonly unknown[];

  /** `shown` are the values that somebody may ask about. */
  constructor(budget: Budget, shown: readonly unknown[]) {
    this.budget = budget;
    this.shown = shown;
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

  /** A pass within that one leaves gradients of both in the air. */
  ended(roots: readonly Tensor[], memory: readonly ArrayBuffer[]): void {
    if (this.pass?.roots === roots) this.pass.memory = memory;
  }

  private putAside(): void {
    const { pass } = this;
    if (pass === null) return;
    if (!pass.isKept || pass.bytes > MAX_KEPT_BYTES) {
      pass.forget();
      this.releaseForgotten(pass);
      return;
    }
    if (this.keptBytes + pass.bytes > MAX_ALL_KEPT_BYTES) this.thin();
    pass.memory = [];
    this.kept[this.kept.length] = pass;
    this.keptBytes += pass.bytes;
    this.budget.grew(pass.bytes);
  }

  /** Gives back the memory of passes to which nothing leads any longer. */
  private releaseForgotten(latest: Pass): void {
    if (latest.memory.length === 0) return;
    const { forgotten } = this;
    forgotten[forgotten.length] = latest;
    const search = searchFrom(this.shown, forgotten[0].firstSequence);
    let left = 0;
    for (let i = 0; i < forgotten.length; i++) {
      if (search !== null && forgotten[i].search !== search) forgotten[i].release();
      else forgotten[left++] = forgotten[i];
    }
    forgotten.length = left;
    if (left > MAX_FORGOTTEN) {
      forgotten[0].leave();
      for (let i = 1; i < left; i++) forgotten[i - 1] = forgotten[i];
      forgotten.length = left - 1;
    }
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
      if (node.sequence >= 0 && node.sequence < pass!.firstSequence) pass!.firstSequence = node.sequence;
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
    // A pass long ago was let go of; what the program had the tensor keep was not.
    const grad = node === null ? step.accumulated : (step.grads[outputNr] ?? tensor.grad);
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
