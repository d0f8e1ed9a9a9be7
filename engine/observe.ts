import type { Node } from "./autograd/node";
import type { Module } from "./nn/module";
import type { Storage } from "./storage";
import type { Tensor } from "./tensor";

/** What the engine tells whoever watches a program. Without an observer these points cost nothing. */
export interface Observer {
  /** Just before an in-place write to a storage whose `watched` is not 0. */
  storageWillChange(storage: Storage): void;
  /** `backward()` or `autograd.grad()` was asked of these tensors. */
  backwardStarted(roots: readonly Tensor[]): void;
  /**
   * Backward has summed what its consumers sent to `node`: one gradient per output of the node, null
   * where none arrived. For a leaf's AccumulateGrad node, called after `.grad` was updated.
   */
  gradientArrived(node: Node, grads: readonly (Tensor | null)[]): void;
  /**
   * A step computed the gradient of its input `index` and sends it to `node.next[index]`: as its derivative
   * gave it, and brought to the input's shape and dtype (summed where that was broadcast).
   */
  gradientSent(node: Node, index: number, computed: Tensor, sent: Tensor): void;
  /**
   * The pass from these roots is over. Its gradients that only the observer was told of lie in `memory`, which is
   * for `giveBack` (see `recycling.ts`) once the observer has let go of them; or else for nobody.
   */
  backwardEnded(roots: readonly Tensor[], memory: readonly ArrayBuffer[]): void;
  /** PyTorch would warn of this: the text of its `UserWarning`. */
  warned(message: string): void;
  /** A module was called, and recorded the steps of `sequence` from `first` to before `end`. */
  moduleCalled(module: Module, first: number, end: number): void;
}

export let observer: Observer | null = null;

export function setObserver(next: Observer | null): void {
  observer = next;
}
