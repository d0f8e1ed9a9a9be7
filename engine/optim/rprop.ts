import { ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import {
  countStep,
  type ImplementationOptions,
  newStep,
  Optimizer,
  type ParamGroup,
  type Params,
  requireRate,
} from "./optimizer";

export interface RpropOptions extends ImplementationOptions {
  lr?: number | Tensor;
  /** By what a step size shrinks where the gradient's sign changed, and grows where it did not. */
  etas?: readonly [number, number];
  /** The smallest and the largest step size. */
  step_sizes?: readonly [number, number];
}

const rpropArguments = signature(
  "Rprop(params: any, lr: Tensor | float = 0.01, etas: float[] = [0.5,1.2], step_sizes: float[] = [1e-06,50], *, capturable = false, foreach: bool? = null, maximize = false, differentiable = false)",
);

/**
 * Resilient backpropagation: only the gradient's sign counts, each element has a step size of its own.
 * Source: torch.optim.Rprop; Riedmiller and Braun 1993.
 */
export class Rprop extends Optimizer {
  constructor(params: Params, options?: RpropOptions);
  constructor(params: Params, lr: number | Tensor, options?: RpropOptions);
  constructor(params: Params, lr: number | Tensor, etas: readonly [number, number], options?: RpropOptions);
  constructor(options: { params: Params } & RpropOptions);
  constructor(...args: unknown[]) {
    const [params, lr, etas, step_sizes, capturable, foreach, maximize, differentiable] =
      rpropArguments(args);
    requireRate(lr);
    if (!(0 < etas[0] && etas[0] < 1 && 1 < etas[1]))
      throw new ValueError(`Invalid eta values: ${etas[0]}, ${etas[1]}`);
    super(params as Params, { lr, etas, step_sizes, foreach, maximize, differentiable, capturable });
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const [shrink, grow] = group.etas as [number, number];
    const [smallest, largest] = group.step_sizes as [number, number];
    const { step, prev, step_size } = this.stateOf(param, () => ({
      step: newStep(),
      prev: torch.zeros_like(param),
      step_size: torch.full_like(grad, group.lr),
    }));
    countStep(step);
    const g = group.maximize ? grad.neg() : grad;
    const agreement = g.mul(prev);
    const turned = agreement.lt(0);
    const factor = torch.ones_like(g).masked_fill(agreement.gt(0), grow).masked_fill(turned, shrink);
    step_size.copy_(step_size.mul(factor).clamp(smallest, largest));
    // Where the sign changed a minimum was jumped over: no step there, and none to compare with next time.
    const followed = g.masked_fill(turned, 0);
    param.addcmul_(followed.sign(), step_size, { value: -1 });
    prev.copy_(followed);
  }
}
