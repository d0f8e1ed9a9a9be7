import type { Device } from "../device";
import type { DType } from "../dtype";
import { AssertionError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import { pythonRepr } from "../printing/python";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { Parameter } from "./parameter";
import { float } from "./repr";

const flag = (inplace: boolean, before = "") => (inplace ? `${before}inplace=True` : "");

const reLUArguments = signature("ReLU(inplace = false)");

/** max(input, 0). Source: torch.nn.ReLU. */
export class ReLU extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = reLUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }

  override extra_repr(): string {
    return flag(this.inplace);
  }
}

const reLU6Arguments = signature("ReLU6(inplace = false)");

/** min(max(input, 0), 6). Source: torch.nn.ReLU6. */
export class ReLU6 extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = reLU6Arguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.relu6(input, this.inplace);
  }

  override extra_repr(): string {
    return flag(this.inplace);
  }
}

const leakyReLUArguments = signature("LeakyReLU(negative_slope: Number = 0.01, inplace = false)");

/** input where positive, else negative_slope · input. Source: torch.nn.LeakyReLU. */
export class LeakyReLU extends Module {
  negative_slope: number;
  inplace: boolean;

  constructor(options?: { negative_slope?: number; inplace?: boolean });
  constructor(negative_slope?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.negative_slope, this.inplace] = leakyReLUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.leaky_relu(input, this.negative_slope, this.inplace);
  }

  override extra_repr(): string {
    return `negative_slope=${float(this.negative_slope)}${flag(this.inplace, ", ")}`;
  }
}

const rReLUArguments = signature(
  "RReLU(lower: Number = 0.125, upper: Number = 0.3333333333333333, inplace = false)",
);

/** Leaky ReLU whose slope is drawn from [lower, upper] in training. Source: torch.nn.RReLU. */
export class RReLU extends Module {
  lower: number;
  upper: number;
  inplace: boolean;

  constructor(options?: { lower?: number; upper?: number; inplace?: boolean });
  constructor(lower?: number, upper?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.lower, this.upper, this.inplace] = rReLUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.rrelu(input, this.lower, this.upper, this.training, this.inplace);
  }

  override extra_repr(): string {
    return `lower=${float(this.lower)}, upper=${float(this.upper)}${flag(this.inplace, ", ")}`;
  }
}

const hardtanhArguments = signature("Hardtanh(min_val: Number = -1, max_val: Number = 1, inplace = false)");

/** Limits to [min_val, max_val]. Source: torch.nn.Hardtanh. */
export class Hardtanh extends Module {
  min_val: number;
  max_val: number;
  inplace: boolean;

  constructor(options?: { min_val?: number; max_val?: number; inplace?: boolean });
  constructor(min_val?: number, max_val?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.min_val, this.max_val, this.inplace] = hardtanhArguments(args);
    if (this.max_val <= this.min_val)
      throw new AssertionError(
        `max_val (${pythonRepr(this.max_val)}) must be greater than min_val (${pythonRepr(this.min_val)})`,
      );
  }

  override forward(input: Tensor): Tensor {
    return F.hardtanh(input, this.min_val, this.max_val, this.inplace);
  }

  override extra_repr(): string {
    return `min_val=${float(this.min_val)}, max_val=${float(this.max_val)}${flag(this.inplace, ", ")}`;
  }
}

const thresholdArguments = signature("Threshold(threshold: Number, value: Number, inplace = false)");

/** input where above the threshold, else value. Source: torch.nn.Threshold. */
export class Threshold extends Module {
  threshold: number;
  value: number;
  inplace: boolean;

  constructor(threshold: number, value: number, options?: { inplace?: boolean });
  constructor(threshold: number, value: number, inplace?: boolean);
  constructor(options: { threshold: number; value: number } & { inplace?: boolean });
  constructor(...args: unknown[]) {
    super();
    [this.threshold, this.value, this.inplace] = thresholdArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.threshold(input, this.threshold, this.value, this.inplace);
  }

  override extra_repr(): string {
    return `threshold=${this.threshold}, value=${this.value}${flag(this.inplace, ", ")}`;
  }
}

const eLUArguments = signature("ELU(alpha: Number = 1, inplace = false)");

/** input where positive, else alpha · (e^input − 1). Source: torch.nn.ELU. */
export class ELU extends Module {
  alpha: number;
  inplace: boolean;

  constructor(options?: { alpha?: number; inplace?: boolean });
  constructor(alpha?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.alpha, this.inplace] = eLUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace);
  }

  override extra_repr(): string {
    return `alpha=${float(this.alpha)}${flag(this.inplace, ", ")}`;
  }
}

const cELUArguments = signature("CELU(alpha: Number = 1, inplace = false)");

/** max(0, input) + min(0, alpha · (e^(input / alpha) − 1)). Source: torch.nn.CELU. */
export class CELU extends Module {
  alpha: number;
  inplace: boolean;

  constructor(options?: { alpha?: number; inplace?: boolean });
  constructor(alpha?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.alpha, this.inplace] = cELUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.celu(input, this.alpha, this.inplace);
  }

  override extra_repr(): string {
    return `alpha=${float(this.alpha)}${flag(this.inplace, ", ")}`;
  }
}

const sELUArguments = signature("SELU(inplace = false)");

/** Scaled exponential unit, self-normalising. Source: torch.nn.SELU. */
export class SELU extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = sELUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace);
  }

  override extra_repr(): string {
    return flag(this.inplace);
  }
}

const siLUArguments = signature("SiLU(inplace = false)");

/** input · sigmoid(input). Source: torch.nn.SiLU. */
export class SiLU extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = siLUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace);
  }

  override extra_repr(): string {
    return flag(this.inplace);
  }
}

const mishArguments = signature("Mish(inplace = false)");

/** input · tanh(softplus(input)). Source: torch.nn.Mish. */
export class Mish extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = mishArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace);
  }

  override extra_repr(): string {
    return flag(this.inplace);
  }
}

const hardsigmoidArguments = signature("Hardsigmoid(inplace = false)");

/** min(max(input + 3, 0), 6) / 6. Source: torch.nn.Hardsigmoid. */
export class Hardsigmoid extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = hardsigmoidArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }
}

const hardswishArguments = signature("Hardswish(inplace = false)");

/** input · min(max(input + 3, 0), 6) / 6. Source: torch.nn.Hardswish. */
export class Hardswish extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean });
  constructor(inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = hardswishArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace);
  }
}

/** Hyperbolic tangent. Source: torch.nn.Tanh. */
export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** 1 / (1 + e^−input). Source: torch.nn.Sigmoid. */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

/** ln σ(input). Source: torch.nn.LogSigmoid. */
export class LogSigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

/** input / (1 + |input|). Source: torch.nn.Softsign. */
export class Softsign extends Module {
  override forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

/** input − tanh(input). Source: torch.nn.Tanhshrink. */
export class Tanhshrink extends Module {
  override forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

const softplusArguments = signature("Softplus(beta: Number = 1, threshold: Number = 20)");

/** ln(1 + e^(beta · input)) / beta. Source: torch.nn.Softplus. */
export class Softplus extends Module {
  beta: number;
  threshold: number;

  constructor(options?: { beta?: number; threshold?: number });
  constructor(beta?: number, threshold?: number);
  constructor(...args: unknown[]) {
    super();
    [this.beta, this.threshold] = softplusArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.softplus(input, this.beta, this.threshold);
  }

  override extra_repr(): string {
    return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`;
  }
}

const hardshrinkArguments = signature("Hardshrink(lambd: Number = 0.5)");

/** 0 where |input| ≤ lambd, else input. Source: torch.nn.Hardshrink. */
export class Hardshrink extends Module {
  lambd: number;

  constructor(options?: { lambd?: number });
  constructor(lambd?: number);
  constructor(...args: unknown[]) {
    super();
    [this.lambd] = hardshrinkArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.hardshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return float(this.lambd);
  }
}

const softshrinkArguments = signature("Softshrink(lambd: Number = 0.5)");

/** 0 where |input| ≤ lambd, else input moved by lambd towards 0. Source: torch.nn.Softshrink. */
export class Softshrink extends Module {
  lambd: number;

  constructor(options?: { lambd?: number });
  constructor(lambd?: number);
  constructor(...args: unknown[]) {
    super();
    [this.lambd] = softshrinkArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.softshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return float(this.lambd);
  }
}

const gELUArguments = signature("GELU(approximate: str = 'none')");

/** input · Φ(input), or its approximation by a hyperbolic tangent with `approximate: "tanh"`. Source: torch.nn.GELU. */
export class GELU extends Module {
  approximate: string;

  constructor(options?: { approximate?: string });
  constructor(approximate?: string);
  constructor(...args: unknown[]) {
    super();
    [this.approximate] = gELUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.gelu(input, { approximate: this.approximate });
  }

  override extra_repr(): string {
    return `approximate='${this.approximate}'`;
  }
}

const gLUArguments = signature("GLU(dim: int = -1)");

/** The first half along dim times the sigmoid of the second. Source: torch.nn.GLU. */
export class GLU extends Module {
  dim: number;

  constructor(options?: { dim?: number });
  constructor(dim?: number);
  constructor(...args: unknown[]) {
    super();
    [this.dim] = gLUArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.glu(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${this.dim}`;
  }
}

const pReLUArguments = signature(
  "PReLU(num_parameters: int = 1, init: float = 0.25, device: device? = null, dtype: dtype? = null)",
);

/** input where positive, else weight · input; weight is learnt, one or one per channel. Source: torch.nn.PReLU. */
export class PReLU extends Module {
  num_parameters: number;
  /** (num_parameters) */
  weight: Parameter;

  constructor(
    num_parameters?: number,
    options?: { init?: number; device?: Device | string | null; dtype?: DType | null },
  );
  constructor(options?: {
    num_parameters?: number;
    init?: number;
    device?: Device | string | null;
    dtype?: DType | null;
  });
  constructor(num_parameters?: number, init?: number);
  constructor(...args: unknown[]) {
    super();
    const [num_parameters, init, , dtype] = pReLUArguments(args);
    this.num_parameters = num_parameters;
    this.weight = new Parameter(torch.full([num_parameters], init, { dtype }));
  }

  override forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight);
  }

  override extra_repr(): string {
    return `num_parameters=${this.num_parameters}`;
  }
}

const softmaxArguments = signature("Softmax(dim: int? = null)");

/** e^input / Σ e^input along dim: probabilities that sum to 1. Source: torch.nn.Softmax. */
export class Softmax extends Module {
  dim: number | null;

  constructor(options?: { dim?: number | null });
  constructor(dim?: number | null);
  constructor(...args: unknown[]) {
    super();
    [this.dim] = softmaxArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return input.softmax(impliedDim(this.dim, input));
  }

  override extra_repr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}

const softminArguments = signature("Softmin(dim: int? = null)");

/** Softmax of −input. Source: torch.nn.Softmin. */
export class Softmin extends Module {
  dim: number | null;

  constructor(options?: { dim?: number | null });
  constructor(dim?: number | null);
  constructor(...args: unknown[]) {
    super();
    [this.dim] = softminArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return input.neg().softmax(impliedDim(this.dim, input));
  }

  override extra_repr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}

const logSoftmaxArguments = signature("LogSoftmax(dim: int? = null)");

/** Logarithm of the softmax along dim. Source: torch.nn.LogSoftmax. */
export class LogSoftmax extends Module {
  dim: number | null;

  constructor(options?: { dim?: number | null });
  constructor(dim?: number | null);
  constructor(...args: unknown[]) {
    super();
    [this.dim] = logSoftmaxArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return input.log_softmax(impliedDim(this.dim, input));
  }

  override extra_repr(): string {
    return `dim=${this.dim ?? "None"}`;
  }
}

/** Without a dimension PyTorch takes the channels', by the number of dimensions. */
function impliedDim(dim: number | null, input: Tensor): number {
  const n = input.shape.length;
  return dim ?? (n === 0 || n === 1 || n === 3 ? 0 : 1);
}

/** Softmax over the channels of (N, C, H, W) or (C, H, W). Source: torch.nn.Softmax2d. */
export class Softmax2d extends Module {
  override forward(input: Tensor): Tensor {
    const n = input.shape.length;
    if (n !== 3 && n !== 4)
      throw new ValueError(`Softmax2d: expected input to be 3D or 4D, got ${n}D instead`);
    return input.softmax(-3);
  }
}
