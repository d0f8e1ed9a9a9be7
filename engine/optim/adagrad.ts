import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import {
  checkFused,
  countStep,
  decayedGrad,
  type ImplementationOptions,
  newStep,
  Optimizer,
  type ParamGroup,
  type Params,
  requireRate,
  requireSetting,
} from "./optimizer";

export interface AdagradOptions extends Omit<ImplementationOptions, "capturable"> {
  lr?: number | Tensor;
  lr_decay?: number;
  weight_decay?: number;
  /** What the sum of squares starts with. */
  initial_accumulator_value?: number;
  eps?: number;
  fused?: boolean | null;
}

const adagradArguments = signature(
  "Adagrad(params: any, lr: Tensor | float = 0.01, lr_decay: float = 0, weight_decay: float = 0, initial_accumulator_value: float = 0, eps: float = 1e-10, foreach: bool? = null, *, maximize = false, differentiable = false, fused: bool? = null)",
);

/**
 * Steps by the gradient over the root of the sum of all its squares so far.
 * Source: torch.optim.Adagrad; Duchi et al. 2011.
 */
export class Adagrad extends Optimizer {
  constructor(params: Params, options?: AdagradOptions);
  constructor(params: Params, lr: number | Tensor, options?: AdagradOptions);
  constructor(params: Params, lr: number | Tensor, lr_decay: number, options?: AdagradOptions);
  constructor(options: { params: Params } & AdagradOptions);
  constructor(...args: unknown[]) {
    const [
      params,
      lr,
      lr_decay,
      weight_decay,
      initial_accumulator_value,
      eps,
      foreach,
      maximize,
      differentiable,
      fused,
    ] = adagradArguments(args);
    requireRate(lr);
    requireSetting(lr_decay >= 0, "lr_decay value", lr_decay);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    requireSetting(
      initial_accumulator_value >= 0,
      "initial_accumulator_value value",
      initial_accumulator_value,
    );
    requireSetting(eps >= 0, "epsilon value", eps);
    checkFused(fused, foreach, differentiable);
    const settings = { lr, lr_decay, eps, weight_decay, initial_accumulator_value };
    super(params as Params, { ...settings, foreach, maximize, differentiable, fused });
    for (const group of this.param_groups)
      for (const param of group.params)
        this.stateOf(param, () => initialState(param, initial_accumulator_value));
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const initial = this.defaults.initial_accumulator_value as number;
    const { step, sum } = this.stateOf(param, () => initialState(param, initial));
    const count = countStep(step);
    const g = decayedGrad(param, grad, group);
    sum.addcmul_(g, g, { value: 1 });
    const rate = group.lr / (1 + (count - 1) * group.lr_decay);
    param.addcdiv_(g, sum.sqrt().add_(group.eps), { value: -rate });
  }
}

function initialState(param: Tensor, initial: number) {
  return { step: newStep(), sum: torch.full_like(param, initial) };
}
