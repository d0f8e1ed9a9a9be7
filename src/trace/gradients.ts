import { AccumulateGrad, type Node } from "../../engine/autograd/node";
import type { Storage } from "../../engine/storage";
import type { Tensor } from "../../engine/tensor";
import { copyOf } from "./snapshot";

/** The gradients that backward passes left, by what they arrived at. Forgets with the graph itself. */
export class Gradients {
  private readonly ofNodes = new WeakMap<Node, readonly (Tensor | null)[]>();
  private readonly ofLeaves = new WeakMap<Tensor, Tensor>();
  /** The leaf whose gradient lies in a storage, so that zeroing it in place can be noticed. */
  private readonly leafByStorage = new WeakMap<Storage, Tensor>();

  arrived(node: Node, grads: readonly (Tensor | null)[]): void {
    if (!(node instanceof AccumulateGrad)) {
      this.ofNodes.set(node, grads);
      return;
    }
    const { variable } = node;
    const { grad } = variable;
    if (grad === null) return;
    grad.storage.watched = true;
    this.ofLeaves.set(variable, grad);
    this.leafByStorage.set(grad.storage, variable);
  }

  /** Keeps what a leaf's gradient was when a backward pass left it, whatever happens to it afterwards. */
  storageWillChange(storage: Storage): void {
    const leaf = this.leafByStorage.get(storage);
    if (leaf === undefined) return;
    const grad = this.ofLeaves.get(leaf);
    if (grad?.storage === storage) this.ofLeaves.set(leaf, copyOf(grad));
    this.leafByStorage.delete(storage);
  }

  /** The gradient of a leaf, or of result `outputNr` of `node`; null if none arrived. */
  of(tensor: Tensor, node: Node | null, outputNr: number): Tensor | null {
    if (node === null) return this.ofLeaves.get(tensor) ?? null;
    return this.ofNodes.get(node)?.[outputNr] ?? null;
  }
}
