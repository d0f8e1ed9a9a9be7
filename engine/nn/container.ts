import type { Tensor } from "../tensor";
import { Module } from "./module";

/** Runs modules one after another. They are its fields `0`, `1`, … Source: torch.nn.Sequential. */
export class Sequential extends Module {
  [index: number]: Module;

  constructor(...modules: Module[]) {
    super();
    modules.forEach((module, i) => {
      if (!(module instanceof Module)) throw new TypeError(`${String(module)} is not a Module subclass`);
      this[i] = module;
    });
  }

  override forward(input: Tensor): Tensor {
    return this.children().reduce<Tensor>((value, module) => module(value), input);
  }

  override get length(): number {
    return this.children().length;
  }

  [Symbol.iterator](): IterableIterator<Module> {
    return this.children()[Symbol.iterator]();
  }
}
