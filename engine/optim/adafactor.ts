import { ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { countStep, newStep, Optimizer, oneRate, type ParamGroup, type Params } from "./optimizer";

export interface AdafactorOptions {
  lr?: number | Tensor;
  /** The exponent of the step count that gives 1 − β₂. */
  beta2_decay?: number;
  /** Least squared gradient's root (null for the dtype's epsilon), and least scale of a parameter. */
  eps?: readonly [number | null, number];
  /** Updates whose root mean square is larger are scaled down to it. */
  d?: number;
  weight_decay?: number;
  foreach?: boolean | null;
  /** Maximises instead of minimising. */
  maximize?: boolean;
}

interface AdafactorState {
  step: Tensor;
  /** Mean squared gradient of each row and of each column of a matrix. */
  row_var?: Tensor;
  col_var?: Tensor;
  /** Mean squared gradient of each element of a vector. */
  variance?: Tensor;
}

const adafactorArguments = signature(
  "Adafactor(params: any, lr: Tensor | float = 0.01, beta2_decay: float = -0.8, eps: any = [null,0.001], d: float = 1, weight_decay: float = 0, *, foreach: bool? = null, maximize = false)",
);

/**
 * Scales each step by the root of the mean squared gradient, of which it remembers one number per row and per column
 * of a matrix only. Source: torch.optim.Adafactor; Shazeer and Stern 2018.
 */
export class Adafactor extends Optimizer {
  protected override readonly floatSettings = ["beta2_decay", "d", "weight_decay"];

  constructor(params: Params, options?: AdafactorOptions);
  constructor(params: Params, lr: number | Tensor, options?: AdafactorOptions);
  constructor(options: { params: Params } & AdafactorOptions);
  constructor(...args: unknown[]) {
    const [params, lr, beta2_decay, given, d, weight_decay, foreach, maximize] = adafactorArguments(args);
    const eps = given as [number | null, number];
    const rate = oneRate(lr);
    requireLeast(rate >= 0, "Learning rate should be >= 0 but is", rate);
    requireLeast(beta2_decay <= 0, "beta2_decay should be <= 0 but is", beta2_decay);
    requireLeast(eps[0] === null || eps[0] >= 0, "epsilon1 should be >= 0 but is", eps[0]);
    requireLeast(eps[1] >= 0, "epsilon2 should be >= 0 but is", eps[1]);
    requireLeast(d >= 1, "Clipping threshold d should be >= 1 but is", d);
    requireLeast(weight_decay >= 0, "weight_decay should be >= 0 but is", weight_decay);
    super(params as Params, { lr, beta2_decay, eps, d, weight_decay, foreach, maximize });
  }

  protected update(param: Tensor, given: Tensor, group: ParamGroup): void {
    const grad = group.maximize ? given.neg() : given;
    const state = this.stateOf<AdafactorState>(param, () => initialState(given));
    const step = countStep(state.step);
    const eps1: number = group.eps[0] ?? EPSILON[param.dtype.name] ?? EPSILON.float32;
    const rho = Math.min(group.lr, 1 / step ** 0.5);
    const alpha = Math.max(group.eps[1], rootMeanSquare(param)) * rho;
    if (group.weight_decay !== 0) param.mul_(1 - group.lr * group.weight_decay);
    const estimate = nextVariance(state, grad, step ** group.beta2_decay, eps1);
    const update = estimate
      .clamp_(eps1 * eps1)
      .rsqrt_()
      .mul_(grad);
    const denominator = Math.max(1, rootMeanSquare(update, group.d));
    param.add_(update, { alpha: -alpha / denominator });
  }
}

/** The distance from 1 to the next number. */
const EPSILON: Readonly<Record<string, number>> = {
  float64: 2 ** -52,
  float32: 2 ** -23,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
};

function initialState(grad: Tensor): AdafactorState {
  const { shape } = grad;
  if (shape.length < 2) return { step: newStep(), variance: torch.zeros_like(grad) };
  return {
    step: newStep(),
    row_var: grad.new_zeros(shape.with(-1, 1)),
    col_var: grad.new_zeros(shape.with(-2, 1)),
  };
}

/** Takes the gradient into the mean squared ones; gives an estimate of those of all elements, to be written to. */
function nextVariance(state: AdafactorState, grad: Tensor, weight: number, eps1: number): Tensor {
  const { row_var, col_var, variance } = state;
  if (row_var === undefined || col_var === undefined) {
    variance!.lerp_(grad.mul(grad), weight);
    return variance!.clone();
  }
  row_var.lerp_(meanSquare(grad, -1), weight);
  col_var.lerp_(meanSquare(grad, -2), weight);
  return row_var.matmul(col_var).div_(row_var.mean(-2, true).clamp_(eps1));
}

function meanSquare(grad: Tensor, dim: number): Tensor {
  return grad.norm(2, [dim], true).square_().div_(grad.size(dim));
}

function rootMeanSquare(tensor: Tensor, unit = 1): number {
  return tensor.norm(2).item() / (tensor.numel() ** 0.5 * unit);
}

function requireLeast(valid: boolean, message: string, value: number | null): void {
  if (!valid) throw new ValueError(`${message}: ${value}`);
}
