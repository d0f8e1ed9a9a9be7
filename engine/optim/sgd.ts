import { ValueError } from "../errors";
import { addInPlace } from "../kernels/inplace";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import {
  checkFused,
  decayedGrad,
  type ImplementationOptions,
  keepsNoGradient,
  Optimizer,
  type ParamGroup,
  type Params,
  requireRate,
  requireSetting,
} from "./optimizer";

export interface SGDOptions extends Omit<ImplementationOptions, "capturable"> {
  lr?: number | Tensor;
  momentum?: number;
  dampening?: number;
  weight_decay?: number;
  nesterov?: boolean;
  fused?: boolean | null;
}

const sgdArguments = signature(
  "SGD(params: any, lr: Tensor | float = 0.001, momentum: float = 0, dampening: float = 0, weight_decay: float = 0, nesterov = false, *, maximize = false, foreach: bool? = null, differentiable = false, fused: bool? = null)",
);

/**
 * Stochastic gradient descent: param −= lr · grad, optionally with (Nesterov) momentum and weight decay.
 * Source: torch.optim.SGD.
 */
export class SGD extends Optimizer {
  static {
    keepsNoGradient(SGD.prototype.update);
  }

  constructor(params: Params, options?: SGDOptions);
  constructor(params: Params, lr: number | Tensor, options?: SGDOptions);
  constructor(params: Params, lr: number | Tensor, momentum: number, options?: SGDOptions);
  constructor(options: { params: Params } & SGDOptions);
  constructor(...args: unknown[]) {
    const [
      params,
      lr,
      momentum,
      dampening,
      weight_decay,
      nesterov,
      maximize,
      foreach,
      differentiable,
      fused,
    ] = sgdArguments(args);
    requireRate(lr);
    requireSetting(!(momentum < 0), "momentum value", momentum);
    requireSetting(!(weight_decay < 0), "weight_decay value", weight_decay);
    if (nesterov && (momentum <= 0 || dampening !== 0))
      throw new ValueError("Nesterov momentum requires a momentum and zero dampening");
    checkFused(fused, foreach, differentiable);
    const settings = { lr, momentum, dampening, weight_decay, nesterov };
    super(params as Params, { ...settings, maximize, foreach, differentiable, fused });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, momentum, dampening, nesterov } = group;
    let d = decayedGrad(param, grad, group);
    if (momentum !== 0) {
      const state = this.stateOf<{ momentum_buffer: Tensor | null }>(param, () => ({
        momentum_buffer: null,
      }));
      if (state.momentum_buffer === null) state.momentum_buffer = d.detach().clone();
      else state.momentum_buffer.mul_(momentum).add_(d, { alpha: 1 - dampening });
      d = nesterov ? d.add(state.momentum_buffer, { alpha: momentum }) : state.momentum_buffer;
    }
    if (!addInPlace(param, d, -lr)) param.add_(d, { alpha: -lr });
  }
}
