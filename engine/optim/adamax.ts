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
  requireBetas,
  requireRate,
  requireSetting,
} from "./optimizer";

export interface AdamaxOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How much of the running mean of gradients and of their running maximum each step keeps. */
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
}

const adamaxArguments = signature(
  "Adamax(params: any, lr: Tensor | float = 0.002, betas: float[] = [0.9,0.999], eps: float = 1e-08, weight_decay: float = 0, foreach: bool? = null, *, maximize = false, differentiable = false, capturable = false)",
);

/**
 * Adam with the running maximum of the gradients' magnitudes in place of the root of their squares' mean.
 * Source: torch.optim.Adamax; Kingma and Ba 2014.
 */
export class Adamax extends Optimizer {
  constructor(params: Params, options?: AdamaxOptions);
  constructor(params: Params, lr: number | Tensor, options?: AdamaxOptions);
  constructor(params: Params, lr: number | Tensor, betas: readonly [number, number], options?: AdamaxOptions);
  constructor(options: { params: Params } & AdamaxOptions);
  constructor(...args: unknown[]) {
    const [params, lr, betas, eps, weight_decay, foreach, maximize, differentiable, capturable] =
      adamaxArguments(args);
    requireRate(lr);
    requireSetting(eps >= 0, "epsilon value", eps);
    requireBetas(betas);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    super(params as Params, { lr, betas, eps, weight_decay, foreach, maximize, differentiable, capturable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, betas, eps } = group;
    const [beta1, beta2] = betas as [number, number];
    const { step, exp_avg, exp_inf } = this.stateOf(param, () => ({
      step: newStep(),
      exp_avg: torch.zeros_like(param),
      exp_inf: torch.zeros_like(param),
    }));
    const count = countStep(step);
    const g = decayedGrad(param, grad, group);
    exp_avg.lerp_(g, 1 - beta1);
    exp_inf.mul_(beta2);
    exp_inf.copy_(torch.maximum(exp_inf, g.abs().add_(eps)));
    param.addcdiv_(exp_avg, exp_inf, { value: -(lr / (1 - beta1 ** count)) });
  }
}
