import { Module } from "../../engine/nn/module";
import { Optimizer } from "../../engine/optim/optimizer";
import { Generator } from "../../engine/random/generator";
import { Tensor } from "../../engine/tensor";

// What a value is, for any value a program can make: asking a proxy may throw.

export function isTensor(value: unknown): value is Tensor {
  return isInstance(value, Tensor);
}

export function isModule(value: unknown): value is Module {
  return isInstance(value, Module);
}

export function isOptimizer(value: unknown): value is Optimizer {
  return isInstance(value, Optimizer);
}

export function isGenerator(value: unknown): value is Generator {
  return isInstance(value, Generator);
}

function isInstance(value: unknown, type: abstract new (...args: never[]) => unknown): boolean {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
