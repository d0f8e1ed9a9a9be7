// Everything in `torch.nn.utils.parametrize`.
import { no_grad } from "../autograd/context";
import { ValueError } from "../errors";
import { signature } from "../op/signature";
import { sameShape, showShape } from "../shape";
import { Tensor } from "../tensor";
import { ModuleDict, ModuleList } from "./container";
import type { Module } from "./module";
import { Parameter } from "./parameter";

/** A module that maps a tensor to the one used in its place; `right_inverse` says what to train instead of it. */
type Parametrization = Module & { right_inverse?(value: Tensor): Tensor | readonly Tensor[] };

type Fields = Record<string, unknown>;

/** What a tensor is computed from: its `original`, or `original0`, `original1`, … through one module or more. */
class ParametrizationList extends ModuleList {
  declare private readonly originals: readonly string[];

  constructor(first: Parametrization, original: Tensor) {
    super([first]);
    const inverse = first.right_inverse;
    const inner = inverse === undefined ? original : no_grad(() => inverse.call(first, original));
    const single = inner instanceof Tensor;
    const originals = single ? ["original"] : inner.map((_, i) => `original${i}`);
    Object.defineProperty(this, "originals", { value: originals });
    if (single) {
      if (inner !== original) original.data = inner.detach();
      this.keep("original", original);
      return;
    }
    inner.forEach((tensor, i) => {
      this.keep(originals[i], likeOriginal(tensor, original));
    });
  }

  private keep(name: string, tensor: Tensor): void {
    if (tensor instanceof Parameter) this.register_parameter(name, tensor);
    else this.register_buffer(name, tensor);
  }

  /** What is trained or kept in the tensor's place. */
  originalTensors(): Tensor[] {
    return this.originals.map((name) => (this as unknown as Record<string, Tensor>)[name]);
  }

  override forward(): Tensor {
    const [first, ...others] = this.items();
    let value: Tensor = first(...this.originalTensors());
    for (const module of others) value = module(value);
    return value;
  }

  /** Sets the originals so that the tensor becomes `value`. */
  right_inverse(value: Tensor): void {
    let inner: Tensor | readonly Tensor[] = value;
    for (const module of (this.items() as Parametrization[]).reverse()) {
      if (module.right_inverse === undefined)
        throw new ValueError(`parametrization ${module.constructor.name} does not implement right_inverse.`);
      const inverse: (value: Tensor) => Tensor | readonly Tensor[] = module.right_inverse;
      const outer = inner as Tensor;
      inner = no_grad(() => inverse.call(module, outer));
    }
    const values = inner instanceof Tensor ? [inner] : inner;
    this.originalTensors().forEach((tensor, i) => {
      tensor.data = values[i].detach();
    });
  }
}

function likeOriginal(tensor: Tensor, original: Tensor): Tensor {
  const own = tensor.detach();
  return original instanceof Parameter ? new Parameter(own, original.requires_grad) : own;
}

function listsOf(module: Module): Record<string, ParametrizationList> | null {
  const found = (module as unknown as Fields).parametrizations;
  return found instanceof ModuleDict ? (found as Record<string, ParametrizationList>) : null;
}

const registerArguments = signature(
  "register_parametrization(module: any, tensor_name: str, parametrization: any, *, unsafe = false)",
);
const isArguments = signature("is_parametrized(module: any, tensor_name: str? = null)");
const removeArguments = signature(
  "remove_parametrizations(module: any, tensor_name: str, leave_parametrized = true)",
);

/**
 * Computes a module's parameter or buffer by `parametrization` whenever it is read; what is trained becomes
 * `parametrizations.NAME.original`. Throws ValueError where shape or dtype would change, unless `unsafe`.
 * Source: torch.nn.utils.parametrize.register_parametrization.
 */
export function register_parametrization<M extends Module>(
  module: M,
  tensor_name: string,
  parametrization: Parametrization,
  options?: { unsafe?: boolean },
): M;
export function register_parametrization<M extends Module>(options: {
  module: M;
  tensor_name: string;
  parametrization: Parametrization;
  unsafe?: boolean;
}): M;
export function register_parametrization(...args: unknown[]): Module {
  const [owner, tensor_name, given, unsafe] = registerArguments(args);
  const module = owner as Module;
  const parametrization = given as Parametrization;
  parametrization.train(module.training);
  const list = listsOf(module)?.[tensor_name];
  const before = (module as unknown as Fields)[tensor_name];
  if (list !== undefined) {
    if (!unsafe) checkKind(before as Tensor, parametrization(before));
    list.append(parametrization);
    return module;
  }
  if (!(before instanceof Tensor))
    throw new ValueError(
      `Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${tensor_name}'`,
    );
  const { shape, dtype } = before;
  const created = new ParametrizationList(parametrization, before);
  if (!unsafe) checkKind({ shape, dtype }, created());
  if (listsOf(module) === null) {
    becomeParametrized(module);
    (module as unknown as Fields).parametrizations = new ModuleDict();
  }
  Reflect.deleteProperty(module, tensor_name);
  module.bufferNames.delete(tensor_name);
  listsOf(module)![tensor_name] = created;
  Object.defineProperty(module, tensor_name, {
    get: () => created(),
    set: (value: Tensor) => created.right_inverse(value),
    configurable: true,
    enumerable: false,
  });
  return module;
}

function checkKind(original: Pick<Tensor, "shape" | "dtype">, parametrized: unknown): void {
  if (!(parametrized instanceof Tensor))
    throw new ValueError(`A parametrization must return a tensor. Got ${typeof parametrized}.`);
  const { dtype, shape } = parametrized;
  const refusal = (what: string) =>
    `Registering a parametrization may not change the ${what} of the tensor, unless \`unsafe\` flag is enabled.\nunparametrized ${what}: `;
  if (dtype !== original.dtype)
    throw new ValueError(`${refusal("dtype")}${original.dtype}\nparametrized dtype: ${dtype}`);
  if (!sameShape(shape, original.shape))
    throw new ValueError(
      `${refusal("shape")}torch.Size(${showShape(original.shape)})\nparametrized shape: torch.Size(${showShape(shape)})`,
    );
}

/** Gives a module a class of its own, which prints as PyTorch names it. */
function becomeParametrized(module: Module): void {
  const original = module.constructor as abstract new () => Module;
  const changed = { [`Parametrized${original.name}`]: class extends original {} };
  Object.setPrototypeOf(module, Object.values(changed)[0].prototype);
}

/** Whether a module has parametrized tensors, or that one. Source: torch.nn.utils.parametrize.is_parametrized. */
export function is_parametrized(
  module: Module,
  tensor_name?: string | null | { tensor_name?: string | null },
): boolean;
export function is_parametrized(options: { module: Module; tensor_name?: string | null }): boolean;
export function is_parametrized(...args: unknown[]): boolean {
  const [module, tensor_name] = isArguments(args);
  const lists = listsOf(module as Module);
  return lists !== null && (tensor_name === null || lists[tensor_name] instanceof ParametrizationList);
}

/**
 * Makes a tensor an ordinary one again: as it is computed now, or with `leave_parametrized: false` what it was
 * computed from. Source: torch.nn.utils.parametrize.remove_parametrizations.
 */
export function remove_parametrizations<M extends Module>(
  module: M,
  tensor_name: string,
  leave_parametrized?: { leave_parametrized?: boolean } | boolean,
): M;
export function remove_parametrizations<M extends Module>(options: {
  module: M;
  tensor_name: string;
  leave_parametrized?: boolean;
}): M;
export function remove_parametrizations(...args: unknown[]): Module {
  const [given, tensor_name, leave] = removeArguments(args);
  const module = given as Module;
  if (!is_parametrized(module, tensor_name))
    throw new ValueError(`Module ${module} does not have a parametrization on ${tensor_name}`);
  const list = listsOf(module)![tensor_name];
  const originals = list.originalTensors();
  if (!leave && originals.length > 1)
    throw new ValueError(
      "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.",
    );
  const [original] = originals;
  const now = leave ? no_grad(() => list()).detach() : original.detach();
  Reflect.deleteProperty(module, tensor_name);
  const lists = (module as unknown as { parametrizations: ModuleDict }).parametrizations;
  lists.pop(tensor_name);
  if (original instanceof Parameter) {
    const kept = originals.length === 1 ? original : new Parameter(now, original.requires_grad);
    kept.data = now;
    module.register_parameter(tensor_name, kept);
  } else module.register_buffer(tensor_name, now);
  if (lists.length === 0) {
    Reflect.deleteProperty(module, "parametrizations");
    Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)));
  }
  return module;
}
