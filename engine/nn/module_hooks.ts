import { Function as AutogradFunction, type FunctionCtx } from "../autograd/function";
import type { Node, RemovableHandle } from "../autograd/node";
import { RuntimeError } from "../errors";
import { Tensor } from "../tensor";
import type { Module } from "./module";

type Grads = (Tensor | null)[];

// biome-ignore-start lint/suspicious/noExplicitAny: every module has arguments and a result of its own
/** Gets the module and its arguments; what it returns takes their place. */
export type ForwardPreHook = (module: any, args: any[]) => unknown;
/** Gets the module, its arguments and its result; what it returns takes the result's place. */
export type ForwardHook = (module: any, args: any[], output: any) => unknown;
// biome-ignore-end lint/suspicious/noExplicitAny: see above
/** Gets the gradients of the module's results; may return others. */
export type BackwardPreHook = (module: Module, grad_output: Grads) => unknown;
/** Gets the gradients of the module's arguments and of its results; may return others for the former. */
export type BackwardHook = (module: Module, grad_input: Grads, grad_output: Grads) => unknown;

/** What is called around a module's `forward` and its backward passes. */
export class ModuleHooks {
  readonly forwardPre: ForwardPreHook[] = [];
  readonly forward: ForwardHook[] = [];
  readonly backwardPre: BackwardPreHook[] = [];
  readonly backward: BackwardHook[] = [];

  /** Runs `forward` of the module with all hooks around it. */
  call(module: Module, given: readonly unknown[]): unknown {
    let args = [...given];
    for (const hook of [...this.forwardPre]) {
      const replaced = hook(module, args);
      if (replaced != null) args = Array.isArray(replaced) ? replaced : [replaced];
    }
    const watch = this.backward.length + this.backwardPre.length > 0 ? new BackwardWatch(module, this) : null;
    if (watch !== null) args = watch.enter(args);
    let output: unknown = module.forward(...args);
    for (const hook of [...this.forward]) output = hook(module, args, output) ?? output;
    return watch === null ? output : watch.leave(output);
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
      if (this.gradOutputs === null)
        throw new RuntimeError(
          `Module backward hook for grad_input is called before the grad_output one. This happens because the gradient in your nn.Module flows to the Module's input without passing through the Module's output. Make sure that the output depends on the input and that the loss is computed based on the output.`,
        );
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
      for (const hook of [...this.hooks.backwardPre]) grads = asGrads(hook(this.module, grads)) ?? grads;
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
      result = asGrads(hook(this.module, result, gradOutputs)) ?? result;
    return result;
  }
}

function asGrads(given: unknown): Grads | null {
  if (given == null) return null;
  return Array.isArray(given) ? given : [given as Tensor];
}

/** Sends the tensors among `list` through a step; its node is null where none needs a gradient. */
function passThrough(list: readonly unknown[]): { values: unknown[]; places: number[]; node: Node | null } {
  const places = list.flatMap((value, i) => (value instanceof Tensor ? [i] : []));
  const values = [...list];
  const tensors = places.map((i) => list[i] as Tensor);
  if (!tensors.some((tensor) => tensor.requires_grad)) return { values, places, node: null };
  const passed = BackwardHookFunction.apply(...tensors);
  places.forEach((place, i) => {
    values[place] = passed[i];
  });
  return { values, places, node: passed.find((tensor) => tensor.grad_fn !== null)?.grad_fn ?? null };
}
