import { Function as AutogradFunction, type FunctionCtx } from "../autograd/function";
import { gradMode } from "../autograd/grad_mode";
import type { Node, RemovableHandle } from "../autograd/node";
import { RuntimeError } from "../errors";
import { isKeywords } from "../op/keywords";
import { pythonStr } from "../printing/python";
import { Tensor } from "../tensor";
import type { Module } from "./module";

type Grads = (Tensor | null)[];

// biome-ignore-start lint/suspicious/noExplicitAny: every module has arguments and a result of its own
/** Gets the module and its arguments, with `with_kwargs` its keywords too; what it returns takes their place. */
export type ForwardPreHook = (module: any, args: any[], kwargs?: any) => unknown;
/**
 * Gets the module, its arguments and its result, with `with_kwargs` its keywords before the result; what it
 * returns takes the result's place.
 */
export type ForwardHook = (module: any, args: any[], ...rest: any[]) => unknown;
// biome-ignore-end lint/suspicious/noExplicitAny: see above
/** Gets the gradients of the module's results; may return others. */
export type BackwardPreHook = (module: Module, grad_output: Grads) => unknown;
/** Gets the gradients of the module's arguments and of its results; may return others for the former. */
export type BackwardHook = (module: Module, grad_input: Grads, grad_output: Grads) => unknown;

export interface ForwardPreHookOptions {
  /** Call this one before those there are. */
  prepend?: boolean;
  /** Give the hook the call's keywords, and take a pair of arguments and keywords from it. */
  with_kwargs?: boolean;
}

export interface ForwardHookOptions {
  prepend?: boolean;
  /** Give the hook the call's keywords before the result. */
  with_kwargs?: boolean;
  /** Call the hook also where `forward` fails, with null for the result. */
  always_call?: boolean;
}

interface Forward<T> {
  readonly hook: T;
  readonly withKwargs: boolean;
  readonly always: boolean;
}

/** What is called around a module's `forward` and its backward passes. */
export class ModuleHooks {
  readonly forwardPre: Forward<ForwardPreHook>[] = [];
  readonly forward: Forward<ForwardHook>[] = [];
  readonly backwardPre: BackwardPreHook[] = [];
  readonly backward: BackwardHook[] = [];
  /** Whether `backward` holds those that see the module's last step instead of its arguments; null for none yet. */
  private legacy: boolean | null = null;

  addForwardPre(hook: ForwardPreHook, { prepend = false, with_kwargs = false }: ForwardPreHookOptions) {
    return addTo(this.forwardPre, { hook, withKwargs: with_kwargs, always: false }, prepend);
  }

  addForward(
    hook: ForwardHook,
    { prepend = false, with_kwargs = false, always_call = false }: ForwardHookOptions,
  ) {
    return addTo(this.forward, { hook, withKwargs: with_kwargs, always: always_call }, prepend);
  }

  /** Throws where hooks of the other kind were added before. */
  addBackward(hook: BackwardHook, prepend: boolean, legacy: boolean): RemovableHandle {
    if (this.legacy === !legacy)
      throw new RuntimeError(
        "Cannot use both regular backward hooks and full backward hooks on a single Module. Please use only one of them.",
      );
    this.legacy = legacy;
    return addTo(this.backward, hook, prepend);
  }

  /** Runs `forward` of the module with all hooks around it. */
  call(module: Module, given: readonly unknown[]): unknown {
    const called = new Set<Forward<ForwardHook>>();
    const call: Call = { args: [...given], result: null };
    try {
      return this.run(module, call, called);
    } catch (error) {
      for (const each of this.forward) if (each.always && !called.has(each)) callSilently(each, module, call);
      throw error;
    }
  }

  private run(module: Module, call: Call, called: Set<Forward<ForwardHook>>): unknown {
    for (const each of [...this.forwardPre]) call.args = argumentsAfter(each, module, call.args);
    const full = this.legacy !== true && this.backward.length + this.backwardPre.length > 0;
    const watch = full ? new BackwardWatch(module, this) : null;
    if (watch !== null) call.args = watch.enter(call.args);
    call.result = module.forward(...call.args);
    for (const each of [...this.forward]) {
      called.add(each);
      call.result = callAfter(each, module, call) ?? call.result;
    }
    if (watch !== null) call.result = watch.leave(call.result);
    if (this.legacy === true) this.hookLastStep(module, call.result);
    return call.result;
  }

  private hookLastStep(module: Module, output: unknown): void {
    let value = output;
    while (Array.isArray(value)) [value] = value;
    const node = value instanceof Tensor ? value.grad_fn : null;
    for (const hook of this.backward)
      node?.register_hook(
        (sent, got) => hook(module, [...sent], [...got]) as readonly (Tensor | null)[] | null,
      );
  }
}

/** A call of a module as far as it has come. */
interface Call {
  args: unknown[];
  result: unknown;
}

/** The positional arguments of a call and its keywords; a plain object alone is an argument. */
function separated(args: readonly unknown[]): [unknown[], Record<string, unknown>] {
  const last = args.at(-1);
  return args.length > 1 && isKeywords(last) ? [args.slice(0, -1), last] : [[...args], {}];
}

function argumentsAfter(
  { hook, withKwargs }: Forward<ForwardPreHook>,
  module: Module,
  args: unknown[],
): unknown[] {
  const [positional, keywords] = separated(args);
  const replaced = withKwargs ? hook(module, positional, keywords) : hook(module, positional);
  if (replaced == null) return args;
  if (!withKwargs) return withKeywords(Array.isArray(replaced) ? replaced : [replaced], keywords);
  if (!Array.isArray(replaced) || replaced.length !== 2)
    throw new RuntimeError(
      `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${pythonStr(replaced)}.`,
    );
  return withKeywords([...replaced[0]], replaced[1]);
}

function withKeywords(args: unknown[], keywords: Record<string, unknown>): unknown[] {
  return Object.keys(keywords).length === 0 ? args : [...args, keywords];
}

function callAfter(
  { hook, withKwargs }: Forward<ForwardHook>,
  module: Module,
  { args, result }: Call,
): unknown {
  const [positional, keywords] = separated(args);
  return withKwargs ? hook(module, positional, keywords, result) : hook(module, positional, result);
}

/** For a call that failed: what the hook throws then is not what the program is to hear of. */
function callSilently(each: Forward<ForwardHook>, module: Module, call: Call): void {
  try {
    call.result = callAfter(each, module, call) ?? call.result;
  } catch {
    // The error of the call itself is on its way.
  }
}

/** Adds a hook to a list; the handle's `remove()` takes it out. */
export function addTo<T>(list: T[], hook: T, prepend: boolean): RemovableHandle {
  if (prepend) list.unshift(hook);
  else list.push(hook);
  return {
    remove() {
      const at = list.indexOf(hook);
      if (at >= 0) list.splice(at, 1);
    },
  };
}

/** Passes tensors through a step of its own, at which gradients can be seen. */
class BackwardHookFunction extends AutogradFunction {
  static override forward(ctx: FunctionCtx, ...tensors: Tensor[]): Tensor[] {
    ctx.mark_non_differentiable(...tensors.filter((tensor) => !tensor.requires_grad));
    return tensors;
  }

  static override backward(_ctx: FunctionCtx, ...grads: Grads): Grads {
    return grads;
  }
}

/** Sees the gradients of one call's results and arguments. Source: torch.utils.hooks.BackwardHook. */
class BackwardWatch {
  private inputs = 0;
  private watchesInputs = false;
  private gradOutputs: Grads | null = null;

  constructor(
    private readonly module: Module,
    private readonly hooks: ModuleHooks,
  ) {}

  enter(args: unknown[]): unknown[] {
    this.inputs = args.length;
    const { values, places, node } = passThrough(args);
    if (node === null) return args;
    this.watchesInputs = true;
    node.register_hook((sent) => {
      // The gradient came to the input on a way that does not lead through the output.
      if (this.gradOutputs === null) return null;
      const grads: Grads = args.map(() => null);
      places.forEach((place, i) => {
        grads[place] = sent[i];
      });
      const result = this.callBackward(grads, this.gradOutputs);
      this.gradOutputs = null;
      return places.map((place) => result[place]);
    });
    return values;
  }

  leave(output: unknown): unknown {
    const list: readonly unknown[] = Array.isArray(output) ? output : [output];
    const { values, places, node } = passThrough(list);
    if (node === null) return output;
    node.register_prehook((got) => {
      let grads: Grads = list.map(() => null);
      places.forEach((place, i) => {
        grads[place] = got[i];
      });
      for (const hook of [...this.hooks.backwardPre])
        grads = asGrads(hook(this.module, grads), grads.length, "pre hook", "grad_output") ?? grads;
      this.gradOutputs = grads;
      if (!this.watchesInputs) {
        this.callBackward(new Array<null>(this.inputs).fill(null), grads);
        this.gradOutputs = null;
      }
      return places.map((place) => grads[place]);
    });
    return Array.isArray(output) ? values : values[0];
  }

  private callBackward(gradInputs: Grads, gradOutputs: Grads): Grads {
    let result = gradInputs;
    for (const hook of [...this.hooks.backward])
      result = asGrads(hook(this.module, result, gradOutputs), result.length, "hook", "grad_input") ?? result;
    return result;
  }
}

function asGrads(given: unknown, count: number, hook: string, what: string): Grads | null {
  if (given == null) return null;
  const grads = Array.isArray(given) ? given : [given as Tensor];
  if (grads.length !== count)
    throw new RuntimeError(
      `Backward ${hook} returned an invalid number of ${what}, got ${grads.length}, but expected ${count}`,
    );
  return grads;
}

/** Sends the tensors among `list` through a step; its node is null where none needs a gradient. */
function passThrough(list: readonly unknown[]): { values: unknown[]; places: number[]; node: Node | null } {
  const places = list.flatMap((value, i) => (value instanceof Tensor ? [i] : []));
  const values = [...list];
  const tensors = places.map((i) => list[i] as Tensor);
  if (!gradMode.enabled || !tensors.some((tensor) => tensor.requires_grad))
    return { values, places, node: null };
  const passed = BackwardHookFunction.apply(...tensors);
  places.forEach((place, i) => {
    values[place] = passed[i];
  });
  return { values, places, node: passed.find((tensor) => tensor.grad_fn !== null)?.grad_fn ?? null };
}
