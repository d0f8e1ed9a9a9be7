import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Optimizer, type ParamGroup, type Params, requireSetting } from "./optimizer";

export interface AdamOptions {
  lr?: number;
  betas?: readonly [number, number];
  eps?: number;
  weight_decay?: number;
  amsgrad?: boolean;
  maximize?: boolean;
}

interface AdamState {
  step: number;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
  max_exp_avg_sq: Tensor | null;
}

const adamArguments = signature(
  "Adam(lr: float = 0.001, betas: float[] = [0.9,0.999], eps: float = 1e-08, weight_decay: float = 0, amsgrad = false, *, maximize = false)",
);

/**
 * Adam: steps by the running mean of gradients over the root of the running mean of their squares.
 * Source: torch.optim.Adam; Kingma and Ba 2014.
 */
export class Adam extends Optimizer {
  constructor(params: Params, options?: AdamOptions | number);
  constructor(params: Params, ...args: unknown[]) {
    const [lr, betas, eps, weight_decay, amsgrad, maximize] = adamArguments(args);
    requireSetting(lr >= 0, "learning rate", lr);
    requireSetting(eps >= 0, "epsilon value", eps);
    betas.forEach((beta, i) => {
      requireSetting(beta >= 0 && beta < 1, `beta parameter at index ${i}`, beta);
    });
    requireSetting(weight_decay >= 0, "weight_decay value", weight_decay);
    super(params, { lr, betas, eps, weight_decay, amsgrad, maximize });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, betas, eps, weight_decay, amsgrad, maximize } = group;
    const [beta1, beta2] = betas as [number, number];
    const state = this.stateOf<AdamState>(param, () => ({
      step: 0,
      exp_avg: torch.zeros_like(param),
      exp_avg_sq: torch.zeros_like(param),
      max_exp_avg_sq: amsgrad ? torch.zeros_like(param) : null,
    }));
    let g = maximize ? grad.neg() : grad;
    if (weight_decay !== 0) g = g.add(param, { alpha: weight_decay });
    state.step++;
    state.exp_avg.lerp_(g, 1 - beta1);
    state.exp_avg_sq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    const correction1 = 1 - beta1 ** state.step;
    const correction2 = 1 - beta2 ** state.step;
    let second = state.exp_avg_sq;
    if (state.max_exp_avg_sq !== null) {
      state.max_exp_avg_sq.copy_(torch.where(second.gt(state.max_exp_avg_sq), second, state.max_exp_avg_sq));
      second = state.max_exp_avg_sq;
    }
    const denominator = second.sqrt().div(Math.sqrt(correction2)).add_(eps);
    param.addcdiv_(state.exp_avg, denominator, { value: -(lr / correction1) });
  }
}
