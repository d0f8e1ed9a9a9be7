// biome-ignore-all lint/suspicious/noRedeclare: the instances of a class can be called only by declaration merging
// biome-ignore-all lint/style/useShorthandFunctionType: likewise
// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: likewise
import type { Tensor } from "../tensor";
import { Parameter } from "./parameter";

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

  constructor() {
    // A module is itself the function that one calls; its class comes in as the function's prototype.
    const self = ((...args: never[]) => self.forward(...args)) as unknown as this;
    Object.setPrototypeOf(self, new.target.prototype);
    for (const own of ["name", "length"]) Reflect.deleteProperty(self, own);
    define(self, "training", true);
    define(self, "bufferNames", new Set<string>());
    // biome-ignore lint/correctness/noConstructorReturn: the callable object is the instance
    return self;
  }

  /** What the module computes; subclasses say. */
  // biome-ignore lint/suspicious/noExplicitAny: every subclass has its own parameters and result
  forward(..._args: any[]): any {
    throw new Error(`Module [${this.constructor.name}] is missing the required "forward" function`);
  }

  /** The modules among the fields, by name. Source: torch.nn.Module.named_children. */
  named_children(): [string, Module][] {
    return Object.entries(this).filter((field): field is [string, Module] => field[1] instanceof Module);
  }

  /** The modules among the fields. Source: torch.nn.Module.children. */
  children(): Module[] {
    return this.named_children().map(([, child]) => child);
  }

  /** This module and all below it, each once, by path. Source: torch.nn.Module.named_modules. */
  named_modules(prefix = "", seen = new Set<Module>()): [string, Module][] {
    if (seen.has(this)) return [];
    seen.add(this);
    const below = this.named_children().flatMap(([name, child]) =>
      child.named_modules(join(prefix, name), seen),
    );
    return [[prefix, this], ...below];
  }

  /** This module and all below it. Source: torch.nn.Module.modules. */
  modules(): Module[] {
    return this.named_modules().map(([, module]) => module);
  }

  /** The parameters of this module and all below it, each once, by path. Source: torch.nn.Module.named_parameters. */
  named_parameters(): [string, Parameter][] {
    const seen = new Set<Parameter>();
    return this.named_modules().flatMap(([path, module]) =>
      Object.entries(module).flatMap(([name, value]): [string, Parameter][] => {
        if (!(value instanceof Parameter) || seen.has(value)) return [];
        seen.add(value);
        return [[join(path, name), value]];
      }),
    );
  }

  /** The parameters of this module and all below it. Source: torch.nn.Module.parameters. */
  parameters(): Parameter[] {
    return this.named_parameters().map(([, parameter]) => parameter);
  }

  /**
   * Gives the module a tensor that belongs to its state but is not trained, such as a running mean; null keeps
   * the name for none. Source: torch.nn.Module.register_buffer.
   */
  register_buffer(name: string, tensor: Tensor | null): void {
    this.bufferNames.add(name);
    define(this, name, tensor);
  }

  /** The buffers of this module and all below it, each once, by path. Source: torch.nn.Module.named_buffers. */
  named_buffers(): [string, Tensor][] {
    const seen = new Set<Tensor>();
    return this.named_modules().flatMap(([path, module]) =>
      [...module.bufferNames].flatMap((name): [string, Tensor][] => {
        const value = (module as unknown as Record<string, Tensor | null>)[name];
        if (value === null || seen.has(value)) return [];
        seen.add(value);
        return [[join(path, name), value]];
      }),
    );
  }

  /** The buffers of this module and all below it. Source: torch.nn.Module.buffers. */
  buffers(): Tensor[] {
    return this.named_buffers().map(([, buffer]) => buffer);
  }

  /** Sets training mode here and below. Source: torch.nn.Module.train. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Ends training mode here and below. Source: torch.nn.Module.eval. */
  eval(): this {
    return this.train(false);
  }

  /** Clears the gradients of all parameters. Source: torch.nn.Module.zero_grad. */
  zero_grad(set_to_none = true): void {
    for (const parameter of this.parameters()) clearGradient(parameter, set_to_none);
  }

  /** Whether the parameters ask for gradients from now on. Source: torch.nn.Module.requires_grad_. */
  requires_grad_(requires_grad = true): this {
    for (const parameter of this.parameters()) parameter.requires_grad_(requires_grad);
    return this;
  }

  /** Calls `fn` with every module below, then with this one. Source: torch.nn.Module.apply. */
  apply(fn: (module: Module) => void): this {
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
    const lines = this.named_children().map(
      ([name, child]) => `(${name}): ${child.toString().replaceAll("\n", "\n  ")}`,
    );
    if (lines.length === 0) return `${this.constructor.name}(${extra})`;
    const all = extra === "" ? lines : [extra, ...lines];
    return `${this.constructor.name}(\n  ${all.join("\n  ")}\n)`;
  }
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
  if (tensor.grad === null) return;
  if (setToNone) tensor.grad = null;
  else tensor.grad.detach_().zero_();
}
