import type { Tensor } from "../../engine/tensor";
import type { Budget } from "./budget";
import { History, type TensorMoment } from "./history";
import type { Moments } from "./moments";
import { copyOf } from "./snapshot";

const isNotANumber = Number.isNaN;

/** A tensor that received a gradient, over the backward passes. */
export interface Leaf {
  id: number;
  tensor: Tensor;
  /** What it and its gradient were after each pass, before the optimizer's step. */
  history: History;
  received: number;
  accumulatedStale: number;
  /** Whether it was changed in place. */
  changed: boolean;
  /** Version of its memory, and its `grad`, when the last pass was over. */
  version: number;
  grad: Tensor | null;
}

/** Follows every leaf that backward passes reach. */
export class Leaves {
  readonly all: Leaf[] = [];
  private readonly ids = new WeakMap<Tensor, Leaf>();
  private readonly moments: Moments;
  private readonly budget: Budget;

  constructor(moments: Moments, budget: Budget) {
    this.moments = moments;
    this.budget = budget;
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
    if (visit >= leaf.history.next) {
      leaf.history.add(visit, this.moments.now(), momentOfLeaf(tensor, grad));
    }
  }

  private add(tensor: Tensor): Leaf {
    const leaf: Leaf = {
      id: this.all.length,
      tensor,
      history: new History(this.budget),
      received: 0,
      accumulatedStale: 0,
      changed: false,
      version: tensor.storage.version,
      grad: null,
    };
    this.all[leaf.id] = leaf;
    this.ids.set(tensor, leaf);
    return leaf;
  }
}

function momentOfLeaf(tensor: Tensor, grad: Tensor): TensorMoment {
  return {
    value: copyOf(tensor),
    requiresGrad: true,
    isLeaf: true,
    isParameter: tensor.isParameter,
    gradFn: null,
    nextFunctions: [],
    grad: copyOf(grad),
    step: null,
    outputNr: 0,
  };
}

/** Whether what arrived is all there is: then nothing was left of earlier passes. */
function sameElements(a: Tensor, b: Tensor): boolean {
  const [x, y] = [copyOf(a).storage.data, copyOf(b).storage.data];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i] && !isNotANumber(x[i] as number)) return false;
  return true;
}
