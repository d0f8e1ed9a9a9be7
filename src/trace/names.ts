import type { Node } from "../../engine/autograd/node";
import type { Module } from "../../engine/nn/module";
import type { Tensor } from "../../engine/tensor";
import { isModule, isTensor } from "./kinds";
import { Snapshot } from "./snapshot";

/** What identifies a tensor though it was copied: the step that adds up its gradient, if there is one. */
export function identityOf(tensor: Tensor): Tensor | Node {
  return tensor.accumulator ?? tensor;
}

/** What a tensor is called, and the site of the variable that gave it the name. */
export interface TensorName {
  name: string;
  site: number;
}

/** What tensors are called in the program: after their variable, or by their path in a module. */
export class Names {
  private readonly names = new Map<Tensor | Node, TensorName>();
  private readonly modules = new Map<Module, string>();
  private readonly earlier: (tensor: Tensor) => TensorName | null;

  /** `earlier` names what no variable holds any longer. */
  constructor(earlier: (tensor: Tensor) => TensorName | null) {
    this.earlier = earlier;
  }

  /** What a variable holds, if that has a name of its own to give. */
  addValue(value: unknown, name: string, site: number): void {
    if (Snapshot.is(value)) this.addTensor(value.tensor, name, site);
    else if (isTensor(value)) this.addTensor(value, name, site);
    else if (isModule(value)) this.addModule(value, name, site);
  }

  /** A variable that holds a tensor. */
  addTensor(tensor: Tensor, name: string, site: number): void {
    const identity = identityOf(tensor);
    if (!this.names.has(identity)) this.names.set(identity, { name, site });
  }

  /** A variable that holds a module: names those below it `model.0`, and their parameters `model.0.weight`. */
  addModule(module: Module, name: string, site: number): void {
    const modules = module.named_modules(name);
    for (let i = 0; i < modules.length; i++) {
      const [path, below] = modules[i];
      if (!this.modules.has(below)) this.modules.set(below, path);
    }
    const named = module.named_parameters();
    for (let i = 0; i < named.length; i++) {
      const [path, parameter] = named[i];
      this.addTensor(parameter, `${name}.${path}`, site);
    }
  }

  /** `model.0`, or the class of a module that no variable leads to. */
  ofModule(module: Module): string {
    return this.modules.get(module) ?? module.constructor.name;
  }

  of(tensor: Tensor): TensorName | null {
    return this.names.get(identityOf(tensor)) ?? this.earlier(tensor);
  }
}
