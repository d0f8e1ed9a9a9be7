import { KeyError, RuntimeError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";
import type { Module } from "./module";
import type { ForwardPreHook } from "./module_hooks";
import { Parameter } from "./parameter";
import { matrixOf, powerStep, spectralNormOf } from "./power_iteration";
import {
  checkIterations,
  defaultDim,
  type SpectralNormOptions,
  spectralNormArguments,
} from "./spectral_norm";

/** What computes a parameter from others before every `forward`, and undoes that. */
interface Recomputed {
  hook: ForwardPreHook;
  /** Ends the hook. */
  detach(): void;
  /** Puts the parameter as it is now in the others' place. */
  remove(): void;
}

/** What is recomputed of each module, by the field's name. */
type Registry = WeakMap<Module, Map<string, Recomputed>>;

const weightNorms: Registry = new WeakMap();
const spectralNorms: Registry = new WeakMap();

function register(
  registry: Registry,
  kind: string,
  module: Module,
  name: string,
  compute: () => Tensor,
  remove: () => void,
): void {
  const own = registry.get(module) ?? new Map<string, Recomputed>();
  if (own.has(name))
    throw new RuntimeError(`Cannot register two ${kind} hooks on the same parameter ${name}`);
  registry.set(module, own);
  const hook = () => {
    replaceField(module, name, compute());
  };
  const handle = module.register_forward_pre_hook(hook);
  own.set(name, { hook, detach: () => handle.remove(), remove });
}

function unregister(registry: Registry, kind: string, module: Module, name: string): void {
  const found = registry.get(module)?.get(name);
  if (found === undefined) throw new ValueError(`${kind} of '${name}' not found in ${module}`);
  found.detach();
  found.remove();
  registry.get(module)!.delete(name);
}

function fieldOf(module: Module, name: string): unknown {
  return (module as unknown as Record<string, unknown>)[name];
}

/** Makes a field hold a plain tensor, whatever it held. */
function replaceField(module: Module, name: string, value: Tensor): void {
  Reflect.deleteProperty(module, name);
  Object.defineProperty(module, name, { value, writable: true, configurable: true, enumerable: false });
}

const weightNormArguments = signature("weight_norm(module: any, name: str = 'weight', dim: int? = 0)");

/**
 * Gives a module's parameter as a magnitude `weight_g`, one per slice along `dim` (null: one of all), and a
 * direction `weight_v`, from which it is computed before every `forward`. Source: torch.nn.utils.weight_norm.
 */
export function weight_norm<M extends Module>(module: M, options?: { name?: string; dim?: number | null }): M;
export function weight_norm<M extends Module>(module: M, name: string, dim?: number | null): M;
export function weight_norm<M extends Module>(options: { module: M; name?: string; dim?: number | null }): M;
export function weight_norm(...args: unknown[]): Module {
  const [owner, name, given] = weightNormArguments(args);
  const module = owner as Module;
  const dim = given ?? -1;
  const compute = () =>
    torch._weight_norm(
      fieldOf(module, `${name}_v`) as Tensor,
      fieldOf(module, `${name}_g`) as Tensor,
      dim,
    ) as Tensor;
  const weight = parameterNamed(module, name);
  register(weightNorms, "weight_norm", module, name, compute, () => {
    const now = compute().detach();
    for (const field of [name, `${name}_g`, `${name}_v`]) Reflect.deleteProperty(module, field);
    module.register_parameter(name, new Parameter(now));
  });
  Reflect.deleteProperty(module, name);
  module.register_parameter(`${name}_g`, new Parameter(torch.norm_except_dim(weight, 2, dim).detach()));
  module.register_parameter(`${name}_v`, new Parameter(weight.detach()));
  replaceField(module, name, compute());
  return module;
}

function parameterNamed(module: Module, name: string): Tensor {
  const value = fieldOf(module, name);
  if (!(value instanceof Tensor)) throw new KeyError(`'${name}'`);
  return value;
}

const removeArguments = signature("remove_weight_norm(module: any, name: str = 'weight')");

/** Makes the parameter an ordinary one again. Source: torch.nn.utils.remove_weight_norm. */
export function remove_weight_norm<M extends Module>(module: M, name?: string | { name?: string }): M;
export function remove_weight_norm<M extends Module>(options: { module: M; name?: string }): M;
export function remove_weight_norm(...args: unknown[]): Module {
  const [given, name] = removeArguments(args);
  const module = given as Module;
  unregister(weightNorms, "weight_norm", module, name);
  return module;
}

/**
 * Divides a module's parameter by its largest singular value before every `forward`. The value is approximated
 * by the power method, whose vectors are the buffers `weight_u` and `weight_v`; what is trained is
 * `weight_orig`. Source: torch.nn.utils.spectral_norm.
 */
export function spectral_norm<M extends Module>(module: M, options?: SpectralNormOptions): M;
export function spectral_norm<M extends Module>(
  module: M,
  name: string,
  n_power_iterations?: number,
  eps?: number,
  dim?: number | null,
): M;
export function spectral_norm<M extends Module>(options: { module: M } & SpectralNormOptions): M;
export function spectral_norm(...args: unknown[]): Module {
  const [owner, name, iterations, eps, given] = spectralNormArguments(args);
  const module = owner as Module;
  const dim = given ?? defaultDim(module);
  checkIterations(iterations);
  const weight = fieldOf(module, name);
  if (weight === null)
    throw new ValueError(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`);
  if (!(weight instanceof Parameter)) throw new KeyError(`'${name}'`);
  const compute = (iterate: boolean) => {
    const [original, u, v] = ["orig", "u", "v"].map((end) => fieldOf(module, `${name}_${end}`) as Tensor);
    const matrix = matrixOf(original, dim);
    if (iterate) for (let i = 0; i < iterations; i++) powerStep(matrix, v, u, eps, "v");
    return original.div(spectralNormOf(matrix, u.clone(), v.clone()));
  };
  register(
    spectralNorms,
    "spectral_norm",
    module,
    name,
    () => compute(module.training),
    () => {
      const now = compute(false).detach();
      for (const end of ["", "_u", "_v", "_orig"]) {
        Reflect.deleteProperty(module, name + end);
        module.bufferNames.delete(name + end);
      }
      module.register_parameter(name, new Parameter(now));
    },
  );
  const [height, width] = matrixOf(weight.detach(), dim).shape;
  const [u, v] = [height, width].map((size) =>
    F.normalize(weight.detach().new_empty([size]).normal_(0, 1), { dim: 0, eps }),
  );
  Reflect.deleteProperty(module, name);
  module.register_parameter(`${name}_orig`, weight);
  replaceField(module, name, weight.detach());
  module.register_buffer(`${name}_u`, u);
  module.register_buffer(`${name}_v`, v);
  return module;
}

/** Makes the parameter an ordinary one again. Source: torch.nn.utils.remove_spectral_norm. */
export function remove_spectral_norm<M extends Module>(module: M, name?: string | { name?: string }): M;
export function remove_spectral_norm<M extends Module>(options: { module: M; name?: string }): M;
export function remove_spectral_norm(...args: unknown[]): Module {
  const [given, name] = removeArguments(args, "remove_spectral_norm");
  const module = given as Module;
  unregister(spectralNorms, "spectral_norm", module, name);
  return module;
}
