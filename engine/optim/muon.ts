import { ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { showShape } from "../shape";
import type { Tensor } from "../tensor";
import { Optimizer, oneRate, type ParamGroup, type Params } from "./optimizer";

export interface MuonOptions {
  lr?: number | Tensor;
  weight_decay?: number;
  momentum?: number;
  nesterov?: boolean;
  /** Coefficients of the Newton-Schulz iteration. */
  ns_coefficients?: readonly [number, number, number];
  eps?: number;
  /** Steps of the Newton-Schulz iteration. */
  ns_steps?: number;
  /** How the rate depends on a matrix's shape; null for "original". */
  adjust_lr_fn?: "original" | "match_rms_adamw" | null;
}

const muonArguments = signature(
  "Muon(params: any, lr: Tensor | float = 0.001, weight_decay: float = 0.1, momentum: float = 0.95, nesterov = true, ns_coefficients: float[] = [3.4445,-4.775,2.0315], eps: float = 1e-7, ns_steps: int = 5, adjust_lr_fn: str? = null)",
);

/**
 * Momentum whose steps are made nearly orthogonal, for weight matrices: other parameters need another optimizer.
 * Source: torch.optim.Muon; Jordan 2024.
 */
export class Muon extends Optimizer {
  constructor(params: Params, options?: MuonOptions);
  constructor(params: Params, lr: number | Tensor, options?: MuonOptions);
  constructor(options: { params: Params } & MuonOptions);
  constructor(...args: unknown[]) {
    const [params, lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn] =
      muonArguments(args);
    requireLeast("Learning rate", oneRate(lr));
    requireLeast("momentum", momentum);
    requireLeast("weight decay", weight_decay);
    if (adjust_lr_fn !== null && adjust_lr_fn !== "original" && adjust_lr_fn !== "match_rms_adamw")
      throw new ValueError(`Adjust learning rate function ${adjust_lr_fn} is not supported`);
    const settings = { lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn };
    super(params as Params, settings);
    for (const param of this.param_groups.flatMap((group) => group.params))
      if (param.dim() !== 2)
        throw new ValueError(
          `Muon only supports 2D parameters whereas we found a parameter with size: torch.Size(${showShape(param.shape)})`,
        );
  }

  protected update(param: Tensor, grad: Tensor, group: ParamGroup): void {
    const { lr, weight_decay, momentum } = group;
    const state = this.stateOf<{ momentum_buffer: Tensor }>(param, () => ({
      momentum_buffer: torch.zeros_like(grad),
    }));
    const buffer = state.momentum_buffer.lerp_(grad, 1 - momentum);
    const direction = group.nesterov ? grad.lerp(buffer, momentum) : buffer;
    const update = orthogonalized(direction, group);
    param.mul_(1 - lr * weight_decay);
    param.add_(update, { alpha: -lr * rateFactor(group.adjust_lr_fn, param.shape) });
  }
}

/** The nearest orthogonal matrix, roughly: its singular values all near 1, by Newton-Schulz steps in bfloat16. */
function orthogonalized(grad: Tensor, { ns_coefficients, ns_steps, eps }: ParamGroup): Tensor {
  if (ns_steps >= 100)
    throw new ValueError("Number of steps must be less than 100 for computational efficiency");
  if (ns_coefficients.length !== 3) throw new ValueError("Coefficients must be a tuple of exactly 3 values");
  const [a, b, c] = ns_coefficients;
  const tall = grad.size(0) > grad.size(1);
  let x = tall ? grad.bfloat16().t() : grad.bfloat16();
  // A spectral norm of at most 1, without which the steps go astray.
  x = x.div(x.norm().clamp(eps));
  for (let i = 0; i < ns_steps; i++) {
    const gram = x.matmul(x.t());
    x = x.addmm(gram.addmm(gram, gram, { beta: b, alpha: c }), x, { beta: a });
  }
  return tall ? x.t() : x;
}

function rateFactor(name: MuonOptions["adjust_lr_fn"], [rows, columns]: readonly number[]): number {
  if (name === "match_rms_adamw") return 0.2 * Math.sqrt(Math.max(rows, columns));
  return Math.sqrt(Math.max(1, rows / columns));
}

function requireLeast(name: string, value: number): void {
  if (!(value >= 0)) throw new ValueError(`${name} should be >= 0 but is: ${value}`);
}
