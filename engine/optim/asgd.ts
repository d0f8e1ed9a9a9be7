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

export interface ASGDOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How fast the parameters decay. */
  lambd?: number;
  /** The power by which the learning rate falls. */
  alpha?: number;
  /** The step at which averaging begins. */
  t0?: number;
  weight_decay?: number;
}

const asgdArguments = signature(
  "ASGD(params: any, lr: Tensor | float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, t0: float = 1000000, weight_decay: float = 0, foreach: bool? = null, maximize = false, differentiable = false, capturable = false)",
);

/**
 * Stochastic gradient descent that also averages the parameters, into `ax` of its state.
 * Source: torch.optim.ASGD; Polyak and Juditsky 1992.
 */
export class ASGD extends Optimizer {
  protected override readonly floatSettings = ["t0"];

  constructor(params: Params, options?: ASGDOptions);
  constructor(params: Params, lr: number | Tensor, options?: ASGDOptions);
  constructor(params: Params, lr: number | Tensor, lambd: number, options?: ASGDOptions);
  constructor(options: { params: Params } & ASGDOptions);
  constructor(...args: unknown[]) {
    const [params, lr, lambd, alpha, t0, weight_decay, foreach, maximize, differentiable, capturable] =
      asgdArguments(args);
    requireRate(lr);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    const settings = { lr, lambd, alpha, t0, weight_decay };
    super(params as Params, { ...settings, foreach, maximize, differentiable, capturable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, lambd, alpha, t0 } = group;
    const { step, eta, mu, ax } = this.stateOf(param, () => ({
      step: newStep(),
      eta: torch.full([], lr),
      mu: torch.ones([]),
      ax: torch.zeros_like(param),
    }));
    const count = countStep(step);
    const g = decayedGrad(param, grad, group);
    const rate = eta.item();
    param.mul_(1 - lambd * rate).add_(g, { alpha: -rate });
    if (mu.item() === 1) ax.copy_(param);
    else ax.add_(param.sub(ax).mul_(mu));
    // Of the default dtype, whatever a loaded state has made of theirs.
    eta.copy_(torch.full([], lr / (1 + lambd * lr * count) ** alpha));
    mu.copy_(torch.full([], 1 / Math.max(1, count - t0)));
  }
}
