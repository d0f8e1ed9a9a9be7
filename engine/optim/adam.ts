import { ValueError } from "../errors";
import { adamInPlace } from "../kernels/inplace";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";
import {
  checkFused,
  countStep,
  decoupledGrad,
  type ImplementationOptions,
  keepsNoGradient,
  newStep,
  Optimizer,
  type ParamGroup,
  type Params,
  requireBetas,
  requireRate,
  requireSetting,
} from "./optimizer";

export interface AdamWOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** How much of the running means of gradients and of their squares each step keeps. */
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
  amsgrad?: boolean;
  fused?: boolean | null;
}

export interface AdamOptions extends AdamWOptions {
  decoupled_weight_decay?: boolean;
}

interface AdamState {
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
  max_exp_avg_sq?: Tensor;
}

const adamArguments = signature(
  "Adam(params: any, lr: Tensor | float = 0.001, betas: float[] = [0.9,0.999], eps: float = 1e-08, weight_decay: float = 0, amsgrad = false, *, foreach: bool? = null, maximize = false, capturable = false, differentiable = false, fused: bool? = null, decoupled_weight_decay = false)",
);

/**
 * Adam: steps by the running mean of gradients over the root of the running mean of their squares.
 * Source: torch.optim.Adam; Kingma and Ba 2014.
 */
export class Adam extends Optimizer {
  static {
    keepsNoGradient(Adam.prototype.update);
  }

  constructor(params: Params, options?: AdamOptions);
  constructor(params: Params, lr: number | Tensor, options?: AdamOptions);
  constructor(params: Params, lr: number | Tensor, betas: readonly [number, number], options?: AdamOptions);
  constructor(options: { params: Params } & AdamOptions);
  constructor(...args: unknown[]) {
    const [
      params,
      lr,
      betas,
      eps,
      weight_decay,
      amsgrad,
      foreach,
      maximize,
      capturable,
      differentiable,
      fused,
      decoupled,
    ] = adamArguments(args);
    requireRate(lr);
    if (lr instanceof Tensor && foreach === true && !capturable)
      throw new ValueError("lr as a Tensor is not supported for capturable=False and foreach=True");
    requireSetting(eps >= 0, "epsilon value", eps);
    requireBetas(betas);
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    checkFused(fused, foreach, differentiable);
    const settings = { lr, betas, eps, weight_decay, amsgrad, maximize };
    const implementation = { foreach, capturable, differentiable, fused };
    super(params as Params, { ...settings, ...implementation, decoupled_weight_decay: decoupled });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, betas, eps, amsgrad } = group;
    const [beta1, beta2] = betas as [number, number];
    const state = this.stateOf<AdamState>(param, () => ({
      step: newStep(),
      exp_avg: torch.zeros_like(param),
      exp_avg_sq: torch.zeros_like(param),
      ...(amsgrad ? { max_exp_avg_sq: torch.zeros_like(param) } : {}),
    }));
    const step = countStep(state.step);
    const g = decoupledGrad(param, grad, group);
    const correction1 = 1 - beta1 ** step;
    const correction2 = 1 - beta2 ** step;
    const numbers = {
      meanWeight: 1 - beta1,
      squareDecay: beta2,
      squareWeight: 1 - beta2,
      rootCorrection: correction2 ** 0.5,
      eps,
      rate: -(lr / correction1),
    };
    const { exp_avg, exp_avg_sq } = state;
    if (!amsgrad && adamInPlace(param, g, exp_avg, exp_avg_sq, numbers)) return;
    state.exp_avg.lerp_(g, 1 - beta1);
    state.exp_avg_sq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    let second = state.exp_avg_sq;
    if (state.max_exp_avg_sq !== undefined) {
      state.max_exp_avg_sq.copy_(torch.maximum(state.max_exp_avg_sq, second));
      second = state.max_exp_avg_sq;
    }
    const denominator = second.sqrt().div_(numbers.rootCorrection).add_(eps);
    param.addcdiv_(state.exp_avg, denominator, { value: numbers.rate });
  }
}

const adamWArguments = signature(
  "AdamW(params: any, lr: Tensor | float = 0.001, betas: float[] = [0.9,0.999], eps: float = 1e-08, weight_decay: float = 0.01, amsgrad = false, *, maximize = false, foreach: bool? = null, capturable = false, differentiable = false, fused: bool? = null)",
);

/**
 * Adam whose weight decay shrinks the parameters directly instead of adding to the gradient.
 * Source: torch.optim.AdamW; Loshchilov and Hutter 2017.
 */
export class AdamW extends Adam {
  constructor(params: Params, options?: AdamWOptions);
  constructor(params: Params, lr: number | Tensor, options?: AdamWOptions);
  constructor(params: Params, lr: number | Tensor, betas: readonly [number, number], options?: AdamWOptions);
  constructor(options: { params: Params } & AdamWOptions);
  constructor(...args: unknown[]) {
    const [
      params,
      lr,
      betas,
      eps,
      weight_decay,
      amsgrad,
      maximize,
      foreach,
      capturable,
      differentiable,
      fused,
    ] = adamWArguments(args);
    const implementation = { foreach, capturable, differentiable, fused };
    super(params as Params, lr, betas as [number, number], {
      ...{ eps, weight_decay, amsgrad, maximize },
      ...implementation,
      decoupled_weight_decay: true,
    });
  }
}
