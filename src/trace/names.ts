import type { Node } from "../../engine/autograd/node";
import type { Module } from "../../engine/nn/module";
import type { Tensor } from "../../engine/tensor";

/** What identifies a tensor though it was copied: the step that adds up its gradient, if there is one. */
export function identityOf(tensor: Tensor): Tensor | Node {
  return tensor.accumulator ?? tensor;
}

/** What tensors are called in the program: after their variable, or by their path in a module. */
export class Names {
  private readonly names = new Map<Tensor | Node, { name: string; site: number }>();

  /** A variable that holds a tensor. */
  addTensor(tensor: Tensor, name: string, site: number): void {
    const identity = identityOf(tensor);
    if (!this.names.has(identity)) this.names.set(identity, { name, site });
  }

  /** A variable that holds a module: names its parameters `model.0.weight`. */
  addModule(module: Module, name: string, site: number): void {
    const named = module.named_parameters();
    for (let i = 0; i < named.length; i++) {
      const [path, parameter] = named[i];
      this.addTensor(parameter, `${name}.${path}`, site);
    }
  }

  of(tensor: Tensor): { name: string; site: number } | null {
    return this.names.get(identityOf(tensor)) ?? null;
  }
}
