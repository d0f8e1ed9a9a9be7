import { enable_grad, no_grad } from "../autograd/context";
import { gradMode, withGradMode } from "../autograd/grad_mode";
import type { RemovableHandle } from "../autograd/node";
import { AssertionError, KeyError, pythonTypeName, RuntimeError, ValueError } from "../errors";
import { clearGradient } from "../nn/module";
import { addTo } from "../nn/module_hooks";
import { torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { formatFloat } from "../printing/number";
import { pythonRepr, pythonStr } from "../printing/python";
import { willWrite } from "../storage";
import { Tensor } from "../tensor";

/** Parameters that share the same settings, which can be read and changed at any time. */
export interface ParamGroup {
  params: Tensor[];
  lr: number;
  // biome-ignore lint/suspicious/noExplicitAny: every optimizer has settings of its own
  [setting: string]: any;
}

/** A list of tensors, or of names with tensors as `named_parameters()` gives. */
export type ParamList = Iterable<Tensor> | Iterable<readonly [string, Tensor]>;

/** Parameters with settings of their own. */
export interface GivenGroup {
  params: ParamList | Tensor;
  [setting: string]: unknown;
}

/** The tensors to optimise: a list, or groups of them with settings of their own. */
export type Params = ParamList | Iterable<GivenGroup>;

/** Settings that PyTorch has for the sake of speed on other devices. They change nothing here. */
export interface ImplementationOptions {
  foreach?: boolean | null;
  /** Not on the CPU: a step with it throws. */
  capturable?: boolean;
  /** Records the step itself, for parameters that are no leaves. */
  differentiable?: boolean;
  /** Maximises instead of minimising. */
  maximize?: boolean;
}

/** What an optimizer remembers of one parameter: tensors, numbers, lists of them. */
// biome-ignore lint/suspicious/noExplicitAny: every optimizer remembers things of its own
export type ParamState = Record<string, any>;

/** Parameters are numbered through all groups. */
export interface OptimizerStateDict {
  state: Map<number, ParamState>;
  param_groups: { params: number[]; [setting: string]: unknown }[];
}

/** Gets the arguments of `step` too; one that runs before it may return others, with keywords that stay unused. */
export type StepHook = (
  optimizer: Optimizer,
  args: unknown[],
  kwargs: Record<string, unknown>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing may be any function
) => [unknown[], Record<string, unknown>] | null | undefined | void;
export type OptimizerHook = (optimizer: Optimizer) => void;
/** What it returns takes the state's place. */
export type OptimizerStateHook = (
  optimizer: Optimizer,
  state_dict: OptimizerStateDict,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing may be any function
) => OptimizerStateDict | null | undefined | void;

interface Prepend {
  /** Call this one before those there are. */
  prepend?: boolean;
}

/** Base class of all optimizers. Source: torch.optim.Optimizer. */
export abstract class Optimizer {
  readonly param_groups: ParamGroup[] = [];
  /** What the optimizer remembers of each parameter. */
  readonly state = new Map<Tensor, ParamState>();
  private readonly preHooks: StepHook[] = [];
  private readonly postHooks: StepHook[] = [];
  private readonly savePreHooks: OptimizerHook[] = [];
  private readonly savePostHooks: OptimizerStateHook[] = [];
  private readonly loadPreHooks: OptimizerStateHook[] = [];
  private readonly loadPostHooks: OptimizerHook[] = [];

  constructor(
    params: Params,
    readonly defaults: Record<string, unknown>,
  ) {
    if (params instanceof Tensor)
      throw new TypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.${params.dtype.tensorTypeName}`,
      );
    const groups = listed(params);
    if (groups.length === 0) throw new ValueError("optimizer got an empty parameter list");
    if (isGroup(groups[0])) for (const group of groups) this.add_param_group(group as GivenGroup);
    else this.add_param_group({ params: groups as Tensor[] });
  }

  /**
   * Adds parameters with settings of their own; what they do not set comes from the defaults.
   * Source: torch.optim.Optimizer.add_param_group.
   */
  add_param_group(param_group: GivenGroup): void {
    if (!isGroup(param_group))
      throw new TypeError(`param_group must be a dict, but got <class '${pythonTypeName(param_group)}'>`);
    if (!("params" in param_group)) throw new KeyError("params");
    const group = { ...param_group, ...namedParams(param_group.params) } as ParamGroup;
    for (const param of group.params) this.checkParam(param);
    for (const [name, value] of Object.entries(this.defaults)) if (!(name in group)) group[name] = value;
    for (const other of this.param_groups) checkBothNamed(group, other);
    const known = new Set(this.param_groups.flatMap((g) => g.params));
    if (group.params.some((param) => known.has(param)))
      throw new ValueError("some parameters appear in more than one parameter group");
    this.param_groups.push(group);
  }

  private checkParam(param: unknown): void {
    if (!(param instanceof Tensor))
      throw new TypeError(
        `optimizer can only optimize Tensors, but one of the params is ${pythonTypeName(param)}`,
      );
    if (this.defaults.differentiable !== true && !param.is_leaf && !param.retainsGrad)
      throw new ValueError("can't optimize a non-leaf Tensor");
  }

  /** Forgets the gradients, or sets them to zero in place. Source: torch.optim.Optimizer.zero_grad. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    const forget = typeof set_to_none === "boolean" ? set_to_none : (set_to_none.set_to_none ?? true);
    for (const group of this.param_groups) for (const param of group.params) clearGradient(param, forget);
  }

  /**
   * Changes the parameters by their gradients. `closure`, if given, computes the loss anew and its value is
   * returned. Source: torch.optim.Optimizer.step.
   */
  step(): null;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | null;
  step<T>(closure?: () => T): T | null {
    let given = closure;
    for (const hook of [...this.preHooks]) {
      const replaced = hook(this, argumentsOf(this, given), {});
      if (replaced == null) continue;
      if (!Array.isArray(replaced) || replaced.length !== 2)
        throw new RuntimeError(
          `<function ${hook.name || "<lambda>"}> must return None or a tuple of (new_args, new_kwargs), but got ${pythonStr(replaced)}.`,
        );
      given = replaced[0][1] as typeof closure;
    }
    const loss = withGradMode(this.defaults.differentiable === true, () => this.run(given));
    for (const hook of [...this.postHooks]) hook(this, argumentsOf(this, given), {});
    return loss;
  }

  /** A whole step, run without recording. */
  protected run<T>(closure?: () => T): T | null {
    const loss = closure === undefined ? null : enable_grad(closure);
    const keepsGradients = gradMode.enabled || !keepingNoGradients.has(this.update);
    for (const group of this.param_groups) {
      if (group.capturable === true) throw notCapturable(group.foreach === true);
      const settings = withNumbers(group);
      for (const param of group.params) {
        const grad = keepsGradients ? param.grad : param.gradTensor;
        if (grad !== null) this.update(param, grad, settings);
      }
    }
    return loss;
  }

  /** One step for one parameter. */
  protected abstract update(param: Tensor, grad: Tensor, group: ParamGroup): void;

  /** What is remembered of a parameter, made by `initial` at its first step. */
  protected stateOf<S extends object>(param: Tensor, initial: () => S): S {
    let state = this.state.get(param);
    if (state === undefined) {
      state = initial();
      this.state.set(param, state);
    }
    return state as S;
  }

  /** Calls `hook` before every step. The handle's `remove()` ends that. Source: torch.optim.Optimizer.register_step_pre_hook. */
  register_step_pre_hook(hook: StepHook): RemovableHandle {
    return addTo(this.preHooks, hook, false);
  }

  /** Calls `hook` after every step. The handle's `remove()` ends that. Source: torch.optim.Optimizer.register_step_post_hook. */
  register_step_post_hook(hook: StepHook): RemovableHandle {
    return addTo(this.postHooks, hook, false);
  }

  /** Calls `hook` before `state_dict`. Source: torch.optim.Optimizer.register_state_dict_pre_hook. */
  register_state_dict_pre_hook(hook: OptimizerHook, { prepend = false }: Prepend = {}): RemovableHandle {
    return addTo(this.savePreHooks, hook, prepend);
  }

  /** Calls `hook` with what `state_dict` is about to give. Source: torch.optim.Optimizer.register_state_dict_post_hook. */
  register_state_dict_post_hook(
    hook: OptimizerStateHook,
    { prepend = false }: Prepend = {},
  ): RemovableHandle {
    return addTo(this.savePostHooks, hook, prepend);
  }

  /** Calls `hook` with what `load_state_dict` is given. Source: torch.optim.Optimizer.register_load_state_dict_pre_hook. */
  register_load_state_dict_pre_hook(
    hook: OptimizerStateHook,
    { prepend = false }: Prepend = {},
  ): RemovableHandle {
    return addTo(this.loadPreHooks, hook, prepend);
  }

  /** Calls `hook` after `load_state_dict`. Source: torch.optim.Optimizer.register_load_state_dict_post_hook. */
  register_load_state_dict_post_hook(
    hook: OptimizerHook,
    { prepend = false }: Prepend = {},
  ): RemovableHandle {
    return addTo(this.loadPostHooks, hook, prepend);
  }

  /**
   * The state and the settings, with parameters numbered through all groups. Tensors are not copied.
   * Source: torch.optim.Optimizer.state_dict.
   */
  state_dict(): OptimizerStateDict {
    for (const hook of [...this.savePreHooks]) hook(this);
    const numbers = new Map<Tensor, number>();
    const param_groups = this.param_groups.map(({ params, ...settings }) => {
      for (const param of params) if (!numbers.has(param)) numbers.set(param, numbers.size);
      return { ...settings, params: params.map((param) => numbers.get(param)!) };
    });
    const state = new Map([...this.state].map(([param, state]) => [numbers.get(param)!, state]));
    return afterHooks(this, this.savePostHooks, { state, param_groups });
  }

  /**
   * Takes over what `state_dict()` of an optimizer of the same groups gave.
   * Source: torch.optim.Optimizer.load_state_dict.
   */
  load_state_dict(state_dict: OptimizerStateDict): void {
    // A hook may change what it is given, which is not to be the caller's.
    const given = afterHooks(this, this.loadPreHooks, { ...state_dict });
    const saved = given.param_groups;
    if (saved === undefined) throw new KeyError("'param_groups'");
    if (saved.length !== this.param_groups.length)
      throw new ValueError("loaded state dict has a different number of parameter groups");
    if (saved.some((group, i) => group.params.length !== this.param_groups[i].params.length))
      throw new ValueError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      );
    this.state.clear();
    saved.forEach((settings, i) => {
      const { params, param_names } = this.param_groups[i];
      settings.params.forEach((number, j) => {
        const state = given.state.get(number);
        if (state !== undefined) this.state.set(params[j], castState(params[j], state));
      });
      const names = param_names === undefined ? {} : { param_names };
      this.param_groups[i] = { ...names, ...structuredSettings(settings), params } as ParamGroup;
    });
    for (const hook of [...this.loadPostHooks]) hook(this);
  }

  /** As Python prints the optimizer: the settings of each group by name. */
  toString(): string {
    const groups = this.param_groups.map((group, i) => {
      const names = Object.keys(group).filter((name) => name !== "params");
      const lines = names.sort().map((name) => `    ${name}: ${this.showSetting(name, group)}\n`);
      return `\nParameter Group ${i}\n${lines.join("")}`;
    });
    return `${this.constructor.name} (${groups.join("")})`;
  }

  /** Settings that are floats in Python even where their value is whole. */
  protected readonly floatSettings: readonly string[] = [];

  private showSetting(name: string, group: ParamGroup): string {
    const value: unknown = group[name];
    if (typeof value === "string") return value;
    if (value instanceof Tensor && value.dim() === 0) return formatFloat(value.item());
    if (typeof value === "number" && this.isFloat(name, group)) return formatFloat(value);
    const shown = pythonRepr(value);
    // What is a list here is a tuple in Python, but for the names.
    return Array.isArray(value) && name !== "param_names" ? `(${shown.slice(1, -1)})` : shown;
  }

  /** What a scheduler computed is a float, too. */
  private isFloat(name: string, group: ParamGroup): boolean {
    if (this.floatSettings.includes(name === "initial_lr" ? "lr" : name)) return true;
    return name === "lr" && group.initial_lr !== undefined && group.lr !== group.initial_lr;
  }
}

/** The members of an iterable; of a plain object, as of a dict, the names. */
function listed(params: unknown): unknown[] {
  if (isKeywords(params)) return Object.keys(params);
  if (typeof (params as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== "function")
    throw new TypeError(`'${pythonTypeName(params)}' object is not iterable`);
  return [...(params as Iterable<unknown>)];
}

/** What hooks get for the arguments of a step, of which the first is the optimizer as in Python. */
function argumentsOf(optimizer: Optimizer, closure: unknown): unknown[] {
  return closure === undefined ? [optimizer] : [optimizer, closure];
}

function afterHooks(
  optimizer: Optimizer,
  hooks: readonly OptimizerStateHook[],
  state: OptimizerStateDict,
): OptimizerStateDict {
  let result = state;
  for (const hook of [...hooks]) result = hook(optimizer, result) ?? result;
  return result;
}

function isGroup(value: unknown): value is GivenGroup {
  return isKeywords(value);
}

function namedParams(given: GivenGroup["params"]): { params: Tensor[]; param_names?: string[] } {
  if (given instanceof Tensor) return { params: [given] };
  if (given instanceof Set)
    throw new TypeError(
      "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets will change between runs. Please use a list instead.",
    );
  const list: readonly unknown[] = [...given];
  const named = list.filter((entry): entry is [string, Tensor] => Array.isArray(entry));
  if (named.length === 0) return { params: list as Tensor[] };
  if (named.length < list.length)
    throw new ValueError("all optimizer params should be with/without names. Some param names are missing");
  return { params: named.map(([, param]) => param), param_names: named.map(([name]) => name) };
}

function checkBothNamed(group: ParamGroup, other: ParamGroup): void {
  if ("param_names" in group === "param_names" in other) return;
  const current = "param_names" in group ? "with names" : "without names";
  throw new ValueError(
    `all optimizer param groups should be with/without names. cannot add param group ${current} to the optimizer`,
  );
}

/** The state of a parameter in that parameter's dtype; the count of steps keeps its own. */
function castState(param: Tensor, state: ParamState): ParamState {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      value instanceof Tensor && key !== "step" && param.is_floating_point() ? value.to(param.dtype) : value,
    ]),
  );
}

function structuredSettings(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      Array.isArray(value) ? [...value] : value instanceof Tensor ? value.clone() : value,
    ]),
  );
}

function notCapturable(foreach: boolean): AssertionError {
  return new AssertionError(
    `If capturable=True, params and state_steps must be on supported devices: ['cuda', 'xpu', 'hpu', 'privateuseone'${foreach ? "" : ", 'xla'"}].`,
  );
}

/** A rate that was given as a tensor stays one, which the program or a scheduler may write to. */
type Rate = number | Tensor;

/** The learning rate of a group, whatever it is kept as. */
export function rateOf(group: ParamGroup, name: "lr" | "initial_lr" = "lr"): number {
  const rate = group[name] as Rate;
  return rate instanceof Tensor ? rate.item() : rate;
}

/** Sets the learning rate of a group, in place where it is a tensor. */
export function setRate(group: ParamGroup, rate: number): void {
  const before = group.lr as Rate;
  if (before instanceof Tensor) no_grad(() => before.fill_(rate));
  else group.lr = rate;
}

/** A rate that later changes of the group's do not change. */
export function copyOfRate(rate: number): number {
  const given = rate as Rate;
  return given instanceof Tensor ? (given.detach().clone() as unknown as number) : rate;
}

/** The settings of a group as a step computes with them. @internal */
export function withNumbers(group: ParamGroup): ParamGroup {
  return (group.lr as Rate) instanceof Tensor ? { ...group, lr: rateOf(group) } : group;
}

/** Throws PyTorch's message unless a learning rate is one number that is not negative. */
export function requireRate(lr: Rate): void {
  const rate = oneRate(lr);
  requireSetting(!(rate < 0), "learning rate", rate);
}

/** A learning rate as a number. Throws for a tensor that is not one. */
export function oneRate(lr: Rate): number {
  if (!(lr instanceof Tensor)) return lr;
  if (lr.numel() !== 1) throw new ValueError("Tensor lr must be 1-element");
  return lr.item();
}

const keepingNoGradients = new WeakSet<object>();

/** Says of an optimizer's `update` that it keeps no gradient, so that the gradients' memory can be used again. */
export function keepsNoGradient(update: object): void {
  keepingNoGradients.add(update);
}

/** Throws PyTorch's message unless a setting lies in its range. */
export function requireSetting(valid: boolean, name: string, value: number | string): void {
  if (!valid) throw new ValueError(`Invalid ${name}: ${value}`);
}

/** Checks the two decay rates that Adam and its kin have. */
export function requireBetas(betas: readonly number[]): void {
  for (const i of [0, 1])
    requireSetting(betas[i] >= 0 && betas[i] < 1, `beta parameter at index ${i}`, betas[i]);
}

/** Refuses to combine settings that PyTorch refuses to combine. */
export function checkFused(fused: boolean | null, foreach: boolean | null, differentiable: boolean): void {
  if (fused !== true) return;
  if (differentiable) throw new RuntimeError("`fused` does not support `differentiable`");
  if (foreach === true) throw new RuntimeError("`fused` and `foreach` cannot be `True` together.");
}

/** A count of steps is a tensor in PyTorch's state. */
export function newStep(): Tensor {
  return torch.zeros([]);
}

/** Counts one more step and gives the count. */
export function countStep(step: Tensor): number {
  willWrite(step.storage);
  return ++step.storage.data[step.offset];
}

/** The gradient to follow: turned round to maximise, with the pull of weight decay towards zero. */
export function decayedGrad(param: Tensor, grad: Tensor, group: ParamGroup): Tensor {
  const signed = group.maximize ? grad.neg() : grad;
  return group.weight_decay === 0 ? signed : signed.add(param, { alpha: group.weight_decay });
}

/** As `decayedGrad`, but where decay is decoupled shrinks the parameter itself instead. */
export function decoupledGrad(param: Tensor, grad: Tensor, group: ParamGroup): Tensor {
  if (group.weight_decay === 0 || !group.decoupled_weight_decay) return decayedGrad(param, grad, group);
  param.mul_(1 - group.lr * group.weight_decay);
  return group.maximize ? grad.neg() : grad;
}
