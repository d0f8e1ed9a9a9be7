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

export interface RMSpropOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How much of the running mean of squares each step keeps. */
  alpha?: number;
  eps?: number;
  weight_decay?: number;
  momentum?: number;
  /** Divides by the gradients' variance instead of their squares' mean. */
  centered?: boolean;
}

interface RMSpropState {
  step: Tensor;
  square_avg: Tensor;
  momentum_buffer?: Tensor;
  grad_avg?: Tensor;
}

const rmspropArguments = signature(
  "RMSprop(params: any, lr: Tensor | float = 0.01, alpha: float = 0.99, eps: float = 1e-08, weight_decay: float = 0, momentum: float = 0, centered = false, capturable = false, foreach: bool? = null, maximize = false, differentiable = false)",
);

/** Steps by the gradient over the root of the running mean of its squares. Source: torch.optim.RMSprop. */
export class RMSprop extends Optimizer {
  constructor(params: Params, options?: RMSpropOptions);
  constructor(params: Params, lr: number | Tensor, options?: RMSpropOptions);
  constructor(params: Params, lr: number | Tensor, alpha: number, options?: RMSpropOptions);
  constructor(options: { params: Params } & RMSpropOptions);
  constructor(...args: unknown[]) {
    const [
      params,
      lr,
      alpha,
      eps,
      weight_decay,
      momentum,
      centered,
      capturable,
      foreach,
      maximize,
      differentiable,
    ] = rmspropArguments(args);
    requireRate(lr);
    requireSetting(eps >= 0, "epsilon value", eps);
    requireSetting(momentum >= 0, "momentum value", momentum);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    requireSetting(alpha >= 0, "alpha value", alpha);
    const settings = { lr, momentum, alpha, eps, centered, weight_decay };
    super(params as Params, { ...settings, capturable, foreach, maximize, differentiable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, alpha, eps, momentum, centered } = group;
    const { step, square_avg, momentum_buffer, grad_avg } = this.stateOf<RMSpropState>(param, () => ({
      step: newStep(),
      square_avg: torch.zeros_like(param),
      ...(momentum > 0 ? { momentum_buffer: torch.zeros_like(param) } : {}),
      ...(centered ? { grad_avg: torch.zeros_like(param) } : {}),
    }));
    countStep(step);
    const g = decayedGrad(param, grad, group);
    square_avg.mul_(alpha).addcmul_(g, g, { value: 1 - alpha });
    let spread = square_avg;
    if (grad_avg !== undefined) {
      grad_avg.lerp_(g, 1 - alpha);
      spread = square_avg.addcmul(grad_avg, grad_avg, { value: -1 });
    }
    const denominator = spread.sqrt().add_(eps);
    if (momentum_buffer !== undefined && momentum > 0) {
      momentum_buffer.mul_(momentum).addcdiv_(g, denominator);
      param.add_(momentum_buffer, { alpha: -lr });
    } else param.addcdiv_(g, denominator, { value: -lr });
  }
}
