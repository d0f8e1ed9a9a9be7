// biome-ignore-all lint/suspicious/noRedeclare: the instances of a class can be called only by declaration merging
// biome-ignore-all lint/style/useShorthandFunctionType: likewise
// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: likewise
import { type RemovableHandle, stepsRecorded } from "../autograd/node";
import type { Device } from "../device";
import { bfloat16, DType, float16, float32, float64 } from "../dtype";
import { AttributeError, KeyError, NotImplementedError, pythonTypeName, ValueError } from "../errors";
import { observer } from "../observe";
import { isKeywords, single } from "../op/keywords";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";
import { positionalArguments } from "./forward_arguments";
import {
  addTo,
  type BackwardHook,
  type BackwardPreHook,
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  type ForwardPreHookOptions,
  ModuleHooks,
} from "./module_hooks";
import { Buffer, Parameter } from "./parameter";
import {
  collectState,
  type GivenState,
  type IncompatibleKeys,
  type LoadOptions,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  loadState,
  StateDict,
  type StateDictPostHook,
  type StateDictPreHook,
  StateHooks,
} from "./state_dict";

interface NamedOptions {
  prefix?: string;
  /** Whether to look into the modules below, too. */
  recurse?: boolean;
  /** Whether what is met twice is named once only. */
  remove_duplicate?: boolean;
}

const namedArguments = signature(
  "named_parameters(prefix: str = '', recurse = true, remove_duplicate = true)",
);
const bufferArguments = signature("Module.register_buffer(name: str, tensor: any, persistent = true)");
const parameterArguments = signature("Module.register_parameter(name: str, param: any)");
const moduleArguments = signature("Module.add_module(name: str, module: any)");
const loadArguments = signature("Module.load_state_dict(state_dict: any, strict = true, assign = false)");
const toArguments = signature("to(*, dtype: dtype? = null, device: device? = null, non_blocking = false)");

/** Calling a module runs its `forward`. */
export interface Module {
  (...args: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}

/**
 * Base class of all networks: give it fields that are parameters or modules, and a `forward`. Fields are
 * registered by assignment, in order. Source: torch.nn.Module.
 */
export class Module {
  /** Whether the module is in training mode. Set by `train()` and `eval()`. */
  training!: boolean;
  /** Names of the fields that are buffers, in order. @internal */
  declare readonly bufferNames: Set<string>;
  /** Names of the buffers that `state_dict` leaves out. @internal */
  declare readonly transientNames: Set<string>;
  /** What is called around `forward`; null as long as there is nothing. @internal */
  declare hooks: ModuleHooks | null;
  /** What is called around saving and loading states; null as long as there is nothing. @internal */
  declare stateHooks: StateHooks | null;
  /** The modules among the fields; null once a field was written or taken out. @internal */
  declare readonly known: { children: readonly Module[] | null };

  constructor();
  constructor(...unexpected: unknown[]) {
    if (unexpected.length > 0) refuseArguments(new.target.name, unexpected);
    // A module is itself the function that one calls; its class comes in as the function's prototype.
    const callable = ((...given: unknown[]) => {
      const last = given[given.length - 1];
      const args = isKeywords(last) ? [...positionalArguments(callable.forward, given, last)] : given;
      if (observer !== null) return watchedCall(self, callable.hooks, args);
      if (callable.hooks !== null) return callable.hooks.call(self, args);
      // Nearly all take one thing, and spreading a list costs as much as a small layer.
      return args.length === 1 ? self.forward(args[0]) : self.forward(...args);
    }) as unknown as this;
    Object.setPrototypeOf(callable, new.target.prototype);
    const self = new Proxy(callable, fieldChecks);
    for (const own of ["name", "length"]) Reflect.deleteProperty(callable, own);
    define(callable, "training", true);
    define(callable, "bufferNames", new Set<string>());
    define(callable, "transientNames", new Set<string>());
    define(callable, "hooks", null);
    define(callable, "stateHooks", null);
    define(callable, "known", { children: null });
    // biome-ignore lint/correctness/noConstructorReturn: the callable object is the instance
    return self;
  }

  /** What takes a field's place when `value` is assigned to it. Throws TypeError where that may not. @internal */
  assigned(name: string, value: unknown): unknown {
    const before: unknown = Object.getOwnPropertyDescriptor(this, name)?.value;
    if (value === null) return value;
    if (before instanceof Parameter && !(value instanceof Parameter))
      throw new TypeError(
        `cannot assign '${typeName(value)}' as parameter '${name}' (torch.nn.Parameter or None expected)`,
      );
    if (before instanceof Module && !(value instanceof Module))
      throw new TypeError(
        `cannot assign '${typeName(value)}' as child module '${name}' (torch.nn.Module or None expected)`,
      );
    if (before instanceof Tensor && this.bufferNames.has(name) && !(value instanceof Tensor))
      throw new TypeError(
        `cannot assign '${typeName(value)}' as buffer '${name}' (torch.nn.Buffer, torch.Tensor or None expected)`,
      );
    return value;
  }

  /** What the module computes; subclasses say. */
  // biome-ignore lint/suspicious/noExplicitAny: every subclass has its own parameters and result
  forward(..._args: any[]): any {
    throw new NotImplementedError(
      `Module [${this.constructor.name}] is missing the required "forward" function`,
    );
  }

  /** The modules among the fields, each once, by name. Source: torch.nn.Module.named_children. */
  named_children(): [string, Module][] {
    const seen = new Set<Module>();
    return this.childEntries().filter(([, child]) => !seen.has(child) && seen.add(child));
  }

  /** @internal */
  childEntries(): [string, Module][] {
    return Object.entries(this).filter((field): field is [string, Module] => field[1] instanceof Module);
  }

  /** All modules among the fields, in order; looked for once. @internal */
  childModules(): readonly Module[] {
    const { known } = this;
    known.children ??= this.childEntries().map(([, child]) => child);
    return known.children;
  }

  /** The modules among the fields. Source: torch.nn.Module.children. */
  children(): Module[] {
    return this.named_children().map(([, child]) => child);
  }

  /** This module and all below it, each once, by path. Source: torch.nn.Module.named_modules. */
  named_modules(
    given: string | { prefix?: string; remove_duplicate?: boolean } = "",
    seen: Set<Module> | null = typeof given === "string" || given.remove_duplicate !== false
      ? new Set()
      : null,
  ): [string, Module][] {
    const prefix = single(given, "prefix", "");
    if (seen?.has(this)) return [];
    seen?.add(this);
    const children = seen === null ? this.childEntries() : this.named_children();
    const below = children.flatMap(([name, child]) => child.named_modules(join(prefix, name), seen));
    return [[prefix, this], ...below];
  }

  /** This module and all below it. Source: torch.nn.Module.modules. */
  modules(): Module[] {
    return this.named_modules().map(([, module]) => module);
  }

  /** The parameters of this module and all below it, each once, by path. Source: torch.nn.Module.named_parameters. */
  named_parameters(options?: NamedOptions): [string, Parameter][];
  named_parameters(prefix: string, recurse?: boolean): [string, Parameter][];
  named_parameters(...args: unknown[]): [string, Parameter][] {
    return this.namedFields(args, (module) => module.ownParameters());
  }

  /** The parameters of this module and all below it. Source: torch.nn.Module.parameters. */
  parameters(recurse: boolean | { recurse?: boolean } = true): Parameter[] {
    return this.named_parameters(recurseOption(recurse)).map(([, parameter]) => parameter);
  }

  /** The buffers of this module and all below it, each once, by path. Source: torch.nn.Module.named_buffers. */
  named_buffers(options?: NamedOptions): [string, Tensor][];
  named_buffers(prefix: string, recurse?: boolean): [string, Tensor][];
  named_buffers(...args: unknown[]): [string, Tensor][] {
    return this.namedFields(args, (module) => module.ownBuffers());
  }

  /** The buffers of this module and all below it. Source: torch.nn.Module.buffers. */
  buffers(recurse: boolean | { recurse?: boolean } = true): Tensor[] {
    return this.named_buffers(recurseOption(recurse)).map(([, buffer]) => buffer);
  }

  private namedFields<T>(args: unknown[], own: (module: Module) => [string, T][]): [string, T][] {
    const [prefix, recurse, once] = namedArguments(args);
    const seen = new Set<T>();
    const modules: [string, Module][] = recurse
      ? this.named_modules({ prefix, remove_duplicate: once })
      : [[prefix, this]];
    return modules.flatMap(([path, module]) =>
      own(module).flatMap(([name, value]): [string, T][] => {
        if (once && seen.has(value)) return [];
        seen.add(value);
        return [[join(path, name), value]];
      }),
    );
  }

  /** @internal */
  ownParameters(): [string, Parameter][] {
    return Object.entries(this).filter(
      (field): field is [string, Parameter] => field[1] instanceof Parameter,
    );
  }

  /** @internal */
  ownBuffers(): [string, Tensor][] {
    const fields = this as unknown as Record<string, Tensor | null>;
    return [...this.bufferNames].flatMap((name): [string, Tensor][] => {
      const value = fields[name];
      return value == null ? [] : [[name, value]];
    });
  }

  /** What this module itself adds to a state. @internal */
  ownState(): [string, Tensor][] {
    return [...this.ownParameters(), ...this.ownBuffers().filter(([name]) => !this.transientNames.has(name))];
  }

  /**
   * Gives the module a tensor that belongs to its state but is not trained, such as a running mean; null keeps
   * the name for none. If not `persistent`, `state_dict` leaves it out. Source: torch.nn.Module.register_buffer.
   */
  register_buffer(name: string, tensor: Tensor | null, persistent?: boolean | { persistent?: boolean }): void;
  register_buffer(options: { name: string; tensor: Tensor | null; persistent?: boolean }): void;
  register_buffer(...args: unknown[]): void {
    const [name, tensor, persistent] = bufferArguments(args);
    this.checkName(name, "buffer");
    if (tensor !== null && !(tensor instanceof Tensor))
      throw new TypeError(
        `cannot assign '${pythonTypeName(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    this.bufferNames.add(name);
    if (!persistent) this.transientNames.add(name);
    define(this, name, tensor);
  }

  /** As assigning the field; null keeps the name for none. Source: torch.nn.Module.register_parameter. */
  register_parameter(name: string, param: Parameter | null): void;
  register_parameter(options: { name: string; param: Parameter | null }): void;
  register_parameter(...args: unknown[]): void {
    const [name, param] = parameterArguments(args);
    this.checkName(name, "parameter");
    if (param !== null && !(param instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${typeName(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    Object.assign(this, { [name]: param });
  }

  /** As assigning the field. Source: torch.nn.Module.add_module. */
  add_module(name: string, module: Module | null): void;
  add_module(options: { name: string; module: Module | null }): void;
  add_module(...args: unknown[]): void {
    const [name, module] = moduleArguments(args);
    if (module !== null && !(module instanceof Module))
      throw new TypeError(`${pythonTypeName(module)} is not a Module subclass`);
    this.checkName(name, "module");
    Object.assign(this, { [name]: module });
  }

  /** As `add_module`. Source: torch.nn.Module.register_module. */
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module);
  }

  private checkName(name: string, kind: string): void {
    const shown = kind === "module" ? `, got: ${name}` : "";
    if (name.includes(".")) throw new KeyError(`${kind} name can't contain "."${shown}`);
    if (name === "") throw new KeyError(`${kind} name can't be empty string ""`);
    // A field of that name is replaced if it is of that kind already.
    const before = (this as unknown as Record<string, unknown>)[name];
    const same =
      before == null ||
      (kind === "buffer" && this.bufferNames.has(name)) ||
      (kind === "parameter" && before instanceof Parameter) ||
      (kind === "module" && before instanceof Module);
    if (!same) throw new KeyError(`attribute '${name}' already exists`);
  }

  /** The module at a path such as `layers.0`; itself for none. Source: torch.nn.Module.get_submodule. */
  get_submodule(given: string | { target: string }): Module {
    const target = single<string>(given, "target", "");
    let found: Module = this;
    for (const name of target === "" ? [] : target.split(".")) {
      const next = found.fieldNamed(name);
      if (!(next instanceof Module)) throw new AttributeError(`\`${name}\` is not an nn.Module`);
      found = next;
    }
    return found;
  }

  /** The parameter at a path such as `layers.0.weight`. Source: torch.nn.Module.get_parameter. */
  get_parameter(target: string | { target: string }): Parameter {
    const [owner, name] = this.ownerOf(single<string>(target, "target", ""));
    const value = owner.fieldNamed(name);
    if (!(value instanceof Parameter)) throw new AttributeError(`\`${name}\` is not an nn.Parameter`);
    return value;
  }

  /** The buffer at a path. Source: torch.nn.Module.get_buffer. */
  get_buffer(target: string | { target: string }): Tensor {
    const [owner, name] = this.ownerOf(single<string>(target, "target", ""));
    const value = owner.fieldNamed(name);
    if (!owner.bufferNames.has(name)) throw new AttributeError(`\`${name}\` is not a buffer`);
    return value as Tensor;
  }

  private ownerOf(target: string): [Module, string] {
    const at = target.lastIndexOf(".");
    return [this.get_submodule(target.slice(0, Math.max(at, 0))), target.slice(at + 1)];
  }

  private fieldNamed(name: string): unknown {
    if (!(name in this)) throw new AttributeError(`${this.constructor.name} has no attribute \`${name}\``);
    return (this as unknown as Record<string, unknown>)[name];
  }

  /**
   * Parameters and persistent buffers by path, of this module and all below it. They share the module's
   * memory; with `keep_vars` they are the very tensors. Source: torch.nn.Module.state_dict.
   */
  state_dict({ prefix = "", keep_vars = false }: { prefix?: string; keep_vars?: boolean } = {}): StateDict {
    return collectState(this, prefix, keep_vars, new StateDict());
  }

  /**
   * Copies a state into this module's parameters and buffers; with `assign` its tensors take their places. Throws
   * where shapes differ, and if `strict` where names do; says which were missing or unexpected.
   * Source: torch.nn.Module.load_state_dict.
   */
  load_state_dict(state_dict: GivenState, options?: LoadOptions): IncompatibleKeys;
  load_state_dict(state_dict: GivenState, strict: boolean, assign?: boolean): IncompatibleKeys;
  load_state_dict(options: { state_dict: GivenState } & LoadOptions): IncompatibleKeys;
  load_state_dict(...args: unknown[]): IncompatibleKeys {
    // A state may itself be a plain object, which is then no list of arguments.
    const [first, ...rest] = args;
    const isState = isKeywords(first) && (!("state_dict" in first) || first.state_dict instanceof Tensor);
    const [state_dict, strict, assign] = loadArguments(isState ? [null, ...rest] : args);
    return loadState(this, (isState ? first : state_dict) as GivenState, strict, assign);
  }

  /** Converts parameters and buffers of floating dtypes. Source: torch.nn.Module.to. */
  to(
    target: DType | Device | string | Tensor | { dtype?: DType | null; device?: Device | string },
    second?: DType | boolean | null | { dtype?: DType | null; non_blocking?: boolean },
  ): this {
    const dtypeBeside = isKeywords(second) ? second.dtype : second;
    if (dtypeBeside instanceof DType)
      return this.to({ device: target as Device | string, dtype: dtypeBeside });
    const keywords =
      target instanceof DType
        ? { dtype: target }
        : target instanceof Tensor
          ? { dtype: target.dtype }
          : Object.getPrototypeOf(target) === Object.prototype
            ? target
            : { device: target };
    const [dtype] = toArguments([keywords]);
    if (dtype === null) return this;
    if (!dtype.is_floating_point)
      throw new TypeError(
        `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${dtype}`,
      );
    return this.convert(dtype);
  }

  /** Converts parameters and buffers of floating dtypes. Source: torch.nn.Module.type. */
  type(given: DType | { dst_type: DType }): this {
    return this.convert(single<DType>(given, "dst_type", float32));
  }

  /** The module itself: memory is the CPU's. Source: torch.nn.Module.cpu. */
  cpu(): this {
    return this;
  }

  /** Converts parameters and buffers of floating dtypes to float16. Source: torch.nn.Module.half. */
  half(): this {
    return this.convert(float16);
  }

  /** Converts parameters and buffers of floating dtypes to bfloat16. Source: torch.nn.Module.bfloat16. */
  bfloat16(): this {
    return this.convert(bfloat16);
  }

  /** Converts parameters and buffers to float32. Source: torch.nn.Module.float. */
  float(): this {
    return this.convert(float32);
  }

  /** Converts parameters and buffers to float64. Source: torch.nn.Module.double. */
  double(): this {
    return this.convert(float64);
  }

  private convert(dtype: DType): this {
    const converted = (tensor: Tensor) =>
      tensor.is_floating_point() ? tensor.detach().to(dtype) : tensor.detach();
    for (const parameter of this.parameters()) {
      const { grad } = parameter;
      parameter.data = converted(parameter);
      if (grad !== null) parameter.grad = converted(grad);
    }
    for (const module of this.modules())
      for (const [name, buffer] of module.ownBuffers()) Object.assign(module, { [name]: converted(buffer) });
    return this;
  }

  /** Calls `hook` before every `forward`. Source: torch.nn.Module.register_forward_pre_hook. */
  register_forward_pre_hook(hook: ForwardPreHook, options: ForwardPreHookOptions = {}): RemovableHandle {
    return this.ownHooks().addForwardPre(hook, options);
  }

  /** Calls `hook` after every `forward`. Source: torch.nn.Module.register_forward_hook. */
  register_forward_hook(hook: ForwardHook, options: ForwardHookOptions = {}): RemovableHandle {
    return this.ownHooks().addForward(hook, options);
  }

  /**
   * Calls `hook` whenever backward has computed the gradients of the module's arguments. It must return as many
   * as there are arguments, if any. Source: torch.nn.Module.register_full_backward_hook.
   */
  register_full_backward_hook(hook: BackwardHook, { prepend = false } = {}): RemovableHandle {
    return this.ownHooks().addBackward(hook, prepend, false);
  }

  /**
   * Calls `hook` with the gradients of the last step in `forward`, which need not be those of the arguments:
   * `register_full_backward_hook` gives these. Source: torch.nn.Module.register_backward_hook.
   */
  register_backward_hook(hook: BackwardHook): RemovableHandle {
    return this.ownHooks().addBackward(hook, false, true);
  }

  /**
   * Calls `hook` whenever backward has computed the gradients of the module's results.
   * Source: torch.nn.Module.register_full_backward_pre_hook.
   */
  register_full_backward_pre_hook(hook: BackwardPreHook, { prepend = false } = {}): RemovableHandle {
    return addTo(this.ownHooks().backwardPre, hook, prepend);
  }

  /** Calls `hook` before `state_dict` looks at this module. Source: torch.nn.Module.register_state_dict_pre_hook. */
  register_state_dict_pre_hook(hook: StateDictPreHook): RemovableHandle {
    return addTo(this.ownStateHooks().savePre, hook, false);
  }

  /**
   * Calls `hook` once `state_dict` holds what this module and those below it keep; it may change the state.
   * Source: torch.nn.Module.register_state_dict_post_hook.
   */
  register_state_dict_post_hook(hook: StateDictPostHook): RemovableHandle {
    return addTo(this.ownStateHooks().savePost, hook, false);
  }

  /**
   * Calls `hook` before `load_state_dict` looks at this module; it may change the state and the lists.
   * Source: torch.nn.Module.register_load_state_dict_pre_hook.
   */
  register_load_state_dict_pre_hook(hook: LoadStateDictPreHook): RemovableHandle {
    return addTo(this.ownStateHooks().loadPre, hook, false);
  }

  /**
   * Calls `hook` once `load_state_dict` is through with this module and those below it; it may change the lists of
   * missing and unexpected names. Source: torch.nn.Module.register_load_state_dict_post_hook.
   */
  register_load_state_dict_post_hook(hook: LoadStateDictPostHook): RemovableHandle {
    return addTo(this.ownStateHooks().loadPost, hook, false);
  }

  private ownStateHooks(): StateHooks {
    this.stateHooks ??= new StateHooks();
    return this.stateHooks;
  }

  /** Puts into a state what older ones do not have; `version` is null where the state says none. @internal */
  completeState(_state: Map<string, unknown>, _prefix: string, _version: number | null): void {}

  private ownHooks(): ModuleHooks {
    this.hooks ??= new ModuleHooks();
    return this.hooks;
  }

  /** Sets training mode here and below. Source: torch.nn.Module.train. */
  train(given: boolean | { mode?: boolean } = true): this {
    const mode = single(given, "mode", true);
    if (typeof mode !== "boolean") throw new ValueError("training mode is expected to be boolean");
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Ends training mode here and below. Source: torch.nn.Module.eval. */
  eval(): this {
    return this.train(false);
  }

  /** Clears the gradients of all parameters. Source: torch.nn.Module.zero_grad. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    const forget = typeof set_to_none === "boolean" ? set_to_none : (set_to_none.set_to_none ?? true);
    for (const parameter of this.parameters()) clearGradient(parameter, forget);
  }

  /** Whether the parameters ask for gradients from now on. Source: torch.nn.Module.requires_grad_. */
  requires_grad_(requires_grad: boolean | { requires_grad?: boolean } = true): this {
    for (const parameter of this.parameters()) parameter.requires_grad_(requires_grad);
    return this;
  }

  /** Calls `fn` with every module below, then with this one. Source: torch.nn.Module.apply. */
  apply(given: ((module: Module) => void) | { fn: (module: Module) => void }): this {
    const fn = single<(module: Module) => void>(given, "fn", () => {});
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** What stands in parentheses when the module is printed. Source: torch.nn.Module.extra_repr. */
  extra_repr(): string {
    return "";
  }

  /** As Python prints the module, with the modules below it indented. */
  toString(): string {
    const extra = this.extra_repr();
    const own = extra === "" ? [] : extra.split("\n");
    const lines = this.childLines();
    const name = this.constructor.name;
    if (lines.length === 0 && own.length <= 1) return `${name}(${extra})`;
    return `${name}(\n  ${[...own, ...lines].join("\n  ")}\n)`;
  }

  /** What is printed of the modules below, one text each. */
  protected childLines(): string[] {
    return this.childEntries().map(([name, child]) => `(${name}): ${indented(child)}`);
  }
}

/** Calls a module and tells the observer which steps that recorded. */
function watchedCall(module: Module, hooks: ModuleHooks | null, args: unknown[]): unknown {
  const first = stepsRecorded();
  const result = hooks === null ? module.forward(...args) : hooks.call(module, args);
  observer?.moduleCalled(module, first, stepsRecorded());
  return result;
}

/** Throws what Python says of arguments for a class whose constructor takes none. */
function refuseArguments(name: string, given: readonly unknown[]): never {
  signature(`${name}()`)(given);
  throw new TypeError(`${name}.__init__() takes 1 positional argument but ${given.length + 1} were given`);
}

/** Sees every assignment to a field, those of class fields too. */
const fieldChecks: ProxyHandler<Module> = {
  defineProperty(module, name, property) {
    module.known.children = null;
    if (property.value instanceof Buffer && typeof name === "string")
      return keepBuffer(module, name, property.value);
    if (typeof name !== "string" || !("value" in property) || !Object.hasOwn(module, name))
      return Reflect.defineProperty(module, name, property);
    return Reflect.defineProperty(module, name, {
      ...property,
      value: module.assigned(name, property.value),
    });
  },
  deleteProperty(module, name) {
    module.known.children = null;
    return Reflect.deleteProperty(module, name);
  },
};

/** Makes a buffer of a field, whatever it was before. */
function keepBuffer(module: Module, name: string, buffer: Buffer): boolean {
  module.bufferNames.add(name);
  if (buffer.persistent) module.transientNames.delete(name);
  else module.transientNames.add(name);
  define(module, name, buffer);
  return true;
}

/** As `torch.typename`: what a message calls the type of a value. */
function typeName(value: unknown): string {
  return value instanceof Tensor ? `torch.${value.dtype.tensorTypeName}` : pythonTypeName(value);
}

/** A module's text with all lines but the first indented. */
export function indented(module: Module): string {
  return module.toString().replaceAll("\n", "\n  ");
}

function recurseOption(recurse: boolean | { recurse?: boolean }): NamedOptions {
  return typeof recurse === "boolean" ? { recurse } : recurse;
}

/** Gives a module a property that is not one of its registered fields. */
function define(module: Module, name: string, value: unknown): void {
  Object.defineProperty(module, name, { value, writable: true, configurable: true, enumerable: false });
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Forgets a gradient, or sets it to zero in place. */
export function clearGradient(tensor: Tensor, setToNone: boolean): void {
  if (tensor.gradTensor === null) return;
  if (setToNone) tensor.grad = null;
  else tensor.gradTensor.detach_().zero_();
}
