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

export interface NAdamOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How much of the running means of gradients and of their squares each step keeps. */
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
  momentum_decay?: number;
  decoupled_weight_decay?: boolean;
}

const nadamArguments = signature(
  "NAdam(params: any, lr: Tensor | float = 0.002, betas: float[] = [0.9,0.999], eps: float = 1e-08, weight_decay: float = 0, momentum_decay: float = 0.004, decoupled_weight_decay = false, *, foreach: bool? = null, maximize = false, capturable = false, differentiable = false)",
);

/** Adam with Nesterov's momentum. Source: torch.optim.NAdam; Dozat 2016. */
export class NAdam extends Optimizer {
  constructor(params: Params, options?: NAdamOptions);
  constructor(params: Params, lr: number | Tensor, options?: NAdamOptions);
  constructor(params: Params, lr: number | Tensor, betas: readonly [number, number], options?: NAdamOptions);
  constructor(options: { params: Params } & NAdamOptions);
  constructor(...args: unknown[]) {
    const [
      params,
      lr,
      betas,
      eps,
      weight_decay,
      momentum_decay,
      decoupled,
      foreach,
      maximize,
      capturable,
      differentiable,
    ] = nadamArguments(args);
    requireRate(lr);
    requireSetting(eps >= 0, "epsilon value", eps);
    requireBetas(betas);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    requireSetting(momentum_decay >= 0, "momentum_decay value", momentum_decay);
    const settings = { lr, betas, eps, weight_decay, momentum_decay, decoupled_weight_decay: decoupled };
    super(params as Params, { ...settings, maximize, foreach, capturable, differentiable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, betas, eps, momentum_decay } = group;
    const [beta1, beta2] = betas as [number, number];
    const { step, mu_product, exp_avg, exp_avg_sq } = this.stateOf(param, () => ({
      step: newStep(),
      mu_product: torch.ones([]),
      exp_avg: torch.zeros_like(param),
      exp_avg_sq: torch.zeros_like(param),
    }));
    const count = countStep(step);
    const g = decoupledGrad(param, grad, group);
    const momentumAt = (n: number) => beta1 * (1 - 0.5 * 0.96 ** (n * momentum_decay));
    const mu = momentumAt(count);
    const muNext = momentumAt(count + 1);
    const product = mu_product.mul_(mu).item();
    exp_avg.lerp_(g, 1 - beta1);
    exp_avg_sq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    const denominator = exp_avg_sq
      .div(1 - beta2 ** count)
      .sqrt()
      .add_(eps);
    param.addcdiv_(g, denominator, { value: (-lr * (1 - mu)) / (1 - product) });
    param.addcdiv_(exp_avg, denominator, { value: (-lr * muNext) / (1 - product * muNext) });
  }
}
