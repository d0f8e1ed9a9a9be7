import { enable_grad, no_grad } from "../autograd/context";
import { pythonTypeName, ValueError } from "../errors";
import { clearGradient } from "../nn/module";
import { Tensor } from "../tensor";

/** Parameters that share the same settings, which can be read and changed at any time. */
export interface ParamGroup {
  params: Tensor[];
  lr: number;
  // biome-ignore lint/suspicious/noExplicitAny: every optimizer has settings of its own
  [setting: string]: any;
}

/** The tensors to optimise: a list, or groups of them with settings of their own. */
export type Params =
  | Iterable<Tensor>
  | Iterable<{ params: Iterable<Tensor> | Tensor; [setting: string]: unknown }>;

/** Base class of all optimizers. Source: torch.optim.Optimizer. */
export abstract class Optimizer {
  readonly param_groups: ParamGroup[] = [];
  /** What the optimizer remembers of each parameter. */
  readonly state = new Map<Tensor, Record<string, unknown>>();

  constructor(
    params: Params,
    readonly defaults: Record<string, unknown>,
  ) {
    if (params instanceof Tensor)
      throw new TypeError(
        "params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor",
      );
    const groups = [...(params as Iterable<unknown>)];
    if (groups.length === 0) throw new ValueError("optimizer got an empty parameter list");
    if (groups[0] instanceof Tensor) this.add_param_group({ params: groups as Tensor[] });
    else for (const group of groups) this.add_param_group(group as ParamGroup);
  }

  /** Adds parameters with settings of their own; what they do not set comes from the defaults. Source: torch.optim.Optimizer.add_param_group. */
  add_param_group(group: { params: Iterable<Tensor> | Tensor; [setting: string]: unknown }): void {
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    const known = new Set(this.param_groups.flatMap((g) => g.params));
    for (const param of params) {
      if (!(param instanceof Tensor))
        throw new TypeError(
          `optimizer can only optimize Tensors, but one of the params is ${pythonTypeName(param)}`,
        );
      if (!param.is_leaf) throw new ValueError("can't optimize a non-leaf Tensor");
      if (known.has(param)) throw new ValueError("some parameters appear in more than one parameter group");
    }
    this.param_groups.push({ ...this.defaults, ...group, params } as ParamGroup);
  }

  /** Forgets the gradients, or sets them to zero in place. Source: torch.optim.Optimizer.zero_grad. */
  zero_grad(set_to_none = true): void {
    for (const group of this.param_groups)
      for (const param of group.params) clearGradient(param, set_to_none);
  }

  /**
   * Changes the parameters by their gradients. `closure`, if given, computes the loss anew and its value is
   * returned. Source: torch.optim.Optimizer.step.
   */
  step(): null;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | null {
    const loss = closure === undefined ? null : enable_grad(closure);
    no_grad(() => {
      for (const group of this.param_groups)
        for (const param of group.params) if (param.grad !== null) this.update(param, param.grad, group);
    });
    return loss;
  }

  /** One step for one parameter. */
  protected abstract update(param: Tensor, grad: Tensor, group: ParamGroup): void;

  /** What is remembered of a parameter, made by `initial` at its first step. */
  protected stateOf<S extends object>(param: Tensor, initial: () => S): S {
    let state = this.state.get(param);
    if (state === undefined) {
      state = initial() as Record<string, unknown>;
      this.state.set(param, state);
    }
    return state as S;
  }
}

/** Throws PyTorch's message unless a setting lies in its range. */
export function requireSetting(valid: boolean, name: string, value: number | string): void {
  if (!valid) throw new ValueError(`Invalid ${name}: ${value}`);
}
