import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import {
  countStep,
  decoupledGrad,
  type ImplementationOptions,
  newStep,
  Optimizer,
  type ParamGroup,
  type Params,
  requireBetas,
  requireRate,
  requireSetting,
} from "./optimizer";

export interface RAdamOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How much of the running means of gradients and of their squares each step keeps. */
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
  decoupled_weight_decay?: boolean;
}

const radamArguments = signature(
  "RAdam(params: any, lr: Tensor | float = 0.001, betas: float[] = [0.9,0.999], eps: float = 1e-08, weight_decay: float = 0, decoupled_weight_decay = false, *, foreach: bool? = null, maximize = false, capturable = false, differentiable = false)",
);

/**
 * Adam that steps by the mean gradient alone until the mean of squares has seen enough to be trusted.
 * Source: torch.optim.RAdam; Liu et al. 2019.
 */
export class RAdam extends Optimizer {
  constructor(params: Params, options?: RAdamOptions);
  constructor(params: Params, lr: number | Tensor, options?: RAdamOptions);
  constructor(params: Params, lr: number | Tensor, betas: readonly [number, number], options?: RAdamOptions);
  constructor(options: { params: Params } & RAdamOptions);
  constructor(...args: unknown[]) {
    const [params, lr, betas, eps, weight_decay, decoupled, foreach, maximize, capturable, differentiable] =
      radamArguments(args);
    requireRate(lr);
    requireSetting(eps >= 0, "epsilon value", eps);
    requireBetas(betas);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    const settings = { lr, betas, eps, weight_decay, maximize, foreach, capturable };
    super(params as Params, { ...settings, decoupled_weight_decay: decoupled, differentiable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, betas, eps } = group;
    const [beta1, beta2] = betas as [number, number];
    const { step, exp_avg, exp_avg_sq } = this.stateOf(param, () => ({
      step: newStep(),
      exp_avg: torch.zeros_like(param),
      exp_avg_sq: torch.zeros_like(param),
    }));
    const count = countStep(step);
    const g = decoupledGrad(param, grad, group);
    exp_avg.lerp_(g, 1 - beta1);
    exp_avg_sq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    const correction2 = 1 - beta2 ** count;
    const longest = 2 / (1 - beta2) - 1;
    // The length of the moving average of squares: below 5 its variance has no bound.
    const length = longest - (2 * count * beta2 ** count) / correction2;
    const change = exp_avg.div(1 - beta1 ** count).mul_(lr);
    if (length > 5) {
      const adaptive = exp_avg_sq
        .sqrt()
        .add_(eps)
        .reciprocal()
        .mul_(correction2 ** 0.5);
      const rectified = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
      change.mul_(adaptive).mul_(rectified ** 0.5);
    }
    param.add_(change, { alpha: -1 });
  }
}
