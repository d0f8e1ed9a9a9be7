import { gradMode } from "../../engine/autograd/grad_mode";
import { defaultDType, float32, float64 } from "../../engine/dtype";
import { defaultGenerator } from "../../engine/random/generator";
import { Tensor } from "../../engine/tensor";
import torch from "../../engine/torch";
import type { ModuleLookup } from "../runtime/runtime";
import { isTensor } from "../trace/kinds";

/** Methods that fill a tensor with random numbers, of which one in double precision takes others. */
const SAMPLERS = [
  "uniform_",
  "normal_",
  "bernoulli_",
  "exponential_",
  "cauchy_",
  "log_normal_",
  "geometric_",
] as const;

type Method = (this: Tensor, ...args: unknown[]) => Tensor;

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const { getOwnPropertyDescriptors } = Object;
const prototype = Tensor.prototype as unknown as Record<string, Method>;

/** The modules of a program that computes in double precision: `torch.float32` is float64 there. */
export function doubled(modules: ModuleLookup): ModuleLookup {
  const types = { float32: float64, float: float64 };
  return (specifier) => {
    const namespace = modules(specifier);
    if (specifier !== "torch") return { ...namespace, default: widened(namespace.default) };
    const all = Object.create(namespace.default as object, getOwnPropertyDescriptors(types));
    return { ...namespace, ...types, default: all };
  };
}

/**
 * Has the realm's programs compute in double precision where they would in single; random numbers are drawn as
 * float32's and widened, so that a program starts where it would have started. `made` hears of every tensor that
 * begins to require a gradient. Gives what undoes all of it.
 */
export function computeInDouble(made: (leaf: Tensor) => void): () => void {
  const undo: (() => void)[] = [];
  const replace = (object: object, name: string, value: unknown) => {
    const before = getOwnPropertyDescriptor(object, name);
    if (before === undefined) return;
    defineProperty(object, name, { value, writable: true, configurable: true });
    undo[undo.length] = () => defineProperty(object, name, before);
  };
  replace(prototype, "float", prototype.double);
  for (let i = 0; i < SAMPLERS.length; i++)
    replace(prototype, SAMPLERS[i], drawnAsSingle(prototype[SAMPLERS[i]]));
  replace(prototype, "requires_grad_", noting(prototype.requires_grad_, made));
  replace(Math, "random", repeatableRandom());
  const state = defaultGenerator.get_state();
  const dtype = defaultDType.current;
  const { enabled, inference } = gradMode;
  defaultDType.current = float64;
  gradMode.enabled = true;
  gradMode.inference = false;
  return () => {
    for (let i = undo.length - 1; i >= 0; i--) undo[i]();
    defaultGenerator.set_state(state);
    defaultDType.current = dtype;
    gradMode.enabled = enabled;
    gradMode.inference = inference;
  };
}

function drawnAsSingle(sample: Method): Method {
  return function drawn(this: Tensor, ...args) {
    if (this.dtype !== float64 || this.strides !== null) return apply(sample, this, args);
    const single = torch.empty(this.shape, { dtype: float32 });
    apply(sample, single, args);
    return this.copy_(single);
  };
}

function noting(requiresGrad: Method, made: (leaf: Tensor) => void): Method {
  return function noted(this: Tensor, ...args) {
    apply(requiresGrad, this, args);
    if (this.leafRequiresGrad) made(this);
    return this;
  };
}

/** As good as `Math.random` for programs that begin with it, and the same each time. Source: Numerical Recipes. */
function repeatableRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** The tensors of a data file, alone or by name, in double precision. */
export function widened<T>(exported: T): T {
  if (isTensor(exported)) return (exported.dtype === float32 ? exported.to(float64) : exported) as T;
  if (exported instanceof Map) for (const [name, value] of exported) exported.set(name, widened(value));
  return exported;
}
