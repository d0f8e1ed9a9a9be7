import type { TypedArray } from "../../engine/dtype";
import { Storage } from "../../engine/storage";
import { elements, fromData, Tensor } from "../../engine/tensor";
import type { Budget } from "./budget";
import { History } from "./history";
import type { Moments } from "./moments";

const isNotANumber = Number.isNaN;

/** A tensor that received a gradient, over the backward passes. */
export interface Leaf {
  id: number;
  tensor: Tensor;
  /** Site of the variable that held it when its first gradient came; -1 if none did. */
  binding: number;
  /** What it and its gradient were after each pass, before the optimizer's step. */
  history: History;
  received: number;
  accumulatedStale: number;
  /** Whether it was changed in place. */
  changed: boolean;
  /** Version of its memory, and its `grad`, when the last pass was over. */
  version: number;
  grad: Tensor | null;
  /** How often it was changed in place: in all, and until the last pass. */
  changes: number;
  changesAtPass: number;
  /** The elements before the last few changes, in turns; empty for one that is too large to be copied. */
  readonly earlier: TypedArray[];
}

/** A larger leaf is not copied at every change. */
const MAX_COPIED_ELEMENTS = 4096;
/** How many changes back a leaf's elements are known. */
const EARLIER = 4;

/** So many elements are copied in any case; beyond them as many as take a small share of the run's time. */
const FREE_ELEMENTS = 1 << 18;
const ELEMENTS_PER_MS = 25_000;

const { now } = Date;

/** Follows every leaf that backward passes reach. */
export class Leaves {
  readonly all: Leaf[] = [];
  private readonly ids = new WeakMap<Tensor, Leaf>();
  private readonly moments: Moments;
  private readonly moment: Float64Array;
  private readonly budget: Budget;
  private readonly bindingOf: (tensor: Tensor) => number;
  private readonly startedAt = now();
  private copied = 0;

  constructor(moments: Moments, budget: Budget, bindingOf: (tensor: Tensor) => number) {
    this.moments = moments;
    this.moment = new Float64Array(moments.loops.length);
    this.budget = budget;
    this.bindingOf = bindingOf;
  }

  of(tensor: Tensor): Leaf | null {
    return this.ids.get(tensor) ?? null;
  }

  /** Backward has updated `tensor.grad`; `arrived` is what this pass added. */
  received(tensor: Tensor, arrived: Tensor): void {
    const { grad } = tensor;
    if (grad === null) return;
    const leaf = this.ids.get(tensor) ?? this.add(tensor);
    const visit = leaf.received++;
    const wasChanged = tensor.storage.version !== leaf.version;
    if (visit > 0 && wasChanged) {
      leaf.changed = true;
      if (grad === leaf.grad && !sameElements(grad, arrived)) leaf.accumulatedStale++;
    }
    leaf.version = tensor.storage.version;
    leaf.grad = grad;
    leaf.changesAtPass = leaf.changes;
    const { history } = leaf;
    if (visit < history.next || !history.keeps(visit) || !this.affords(2 * grad.numel())) return;
    this.moments.write(this.moment, 0);
    history.addTensor(visit, this.moment, 0, tensor, grad, null);
  }

  /** Whether as many elements may be copied now: long tensors are not kept at every pass. */
  private affords(elements: number): boolean {
    const allowed = FREE_ELEMENTS + (now() - this.startedAt) * ELEMENTS_PER_MS;
    if (this.copied + elements > allowed) return false;
    this.copied += elements;
    return true;
  }

  /** The memory of a leaf is about to be written. Gives the leaf. */
  willChange(storage: Storage): Leaf | null {
    const leaf = this.in(storage);
    if (leaf === null) return null;
    const { tensor, earlier } = leaf;
    const slot = leaf.changes++ % EARLIER;
    if (tensor.numel() > MAX_COPIED_ELEMENTS) return leaf;
    const values = elements(tensor);
    if (earlier.length === slot) earlier[slot] = values.slice();
    else earlier[slot].set(values);
    return leaf;
  }

  private in(storage: Storage): Leaf | null {
    for (let i = 0; i < this.all.length; i++) if (this.all[i].tensor.storage === storage) return this.all[i];
    return null;
  }

  /** A leaf as it was before one of its changes (counted from 0), or as it is; null if that is not known. */
  beforeChange({ tensor, changes, earlier }: Leaf, change: number): Tensor | null {
    if (change >= changes) return tensor;
    const known = changes - change <= EARLIER ? earlier[change % EARLIER] : undefined;
    return known === undefined ? null : fromData(known.slice(), tensor.shape.slice(), tensor.dtype);
  }

  /** What a tensor was when the last pass used it, if it looks into a leaf's memory; null if not known. */
  asOfPass(tensor: Tensor): Tensor | null {
    const leaf = this.in(tensor.storage);
    if (leaf === null) return tensor;
    const then = this.beforeChange(leaf, leaf.changesAtPass);
    if (then === null || then === leaf.tensor) return then === null ? null : tensor;
    if (leaf.tensor.strides !== null || leaf.tensor.offset !== 0) return null;
    const { shape, dtype, strides, offset } = tensor;
    return new Tensor(new Storage(then.storage.data), shape, dtype, strides, offset);
  }

  private add(tensor: Tensor): Leaf {
    const leaf: Leaf = {
      id: this.all.length,
      tensor,
      binding: this.bindingOf(tensor),
      history: new History(this.moments, this.budget),
      received: 0,
      accumulatedStale: 0,
      changed: false,
      version: tensor.storage.version,
      grad: null,
      changes: 0,
      changesAtPass: 0,
      earlier: [],
    };
    this.all[leaf.id] = leaf;
    this.ids.set(tensor, leaf);
    return leaf;
  }
}

/** Whether what arrived is all there is: then nothing was left of earlier passes. */
function sameElements(a: Tensor, b: Tensor): boolean {
  const [x, y] = [elements(a), elements(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i] && !isNotANumber(x[i] as number)) return false;
  return true;
}
