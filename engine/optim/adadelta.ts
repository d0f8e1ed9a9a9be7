import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import {
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

export interface AdadeltaOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How much of the running means each step keeps. */
  rho?: number;
  eps?: number;
  weight_decay?: number;
}

const adadeltaArguments = signature(
  "Adadelta(params: any, lr: Tensor | float = 1, rho: float = 0.9, eps: float = 1e-06, weight_decay: float = 0, foreach: bool? = null, *, capturable = false, maximize = false, differentiable = false)",
);

/**
 * Steps by the gradient times the ratio of the running means of past steps and of past gradients.
 * Source: torch.optim.Adadelta; Zeiler 2012.
 */
export class Adadelta extends Optimizer {
  protected override readonly floatSettings = ["lr"];

  constructor(params: Params, options?: AdadeltaOptions);
  constructor(params: Params, lr: number | Tensor, options?: AdadeltaOptions);
  constructor(params: Params, lr: number | Tensor, rho: number, options?: AdadeltaOptions);
  constructor(options: { params: Params } & AdadeltaOptions);
  constructor(...args: unknown[]) {
    const [params, lr, rho, eps, weight_decay, foreach, capturable, maximize, differentiable] =
      adadeltaArguments(args);
    requireRate(lr);
    requireSetting(rho >= 0 && rho <= 1, "rho value", rho);
    requireSetting(eps >= 0, "epsilon value", eps);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    super(params as Params, { lr, rho, eps, weight_decay, maximize, capturable, foreach, differentiable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, rho, eps } = group;
    const { step, square_avg, acc_delta } = this.stateOf(param, () => ({
      step: newStep(),
      square_avg: torch.zeros_like(param),
      acc_delta: torch.zeros_like(param),
    }));
    countStep(step);
    const g = decayedGrad(param, grad, group);
    square_avg.mul_(rho).addcmul_(g, g, { value: 1 - rho });
    const delta = acc_delta.add(eps).sqrt().div_(square_avg.add(eps).sqrt()).mul_(g);
    acc_delta.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });
    param.add_(delta, { alpha: -lr });
  }
}
