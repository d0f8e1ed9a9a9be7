import { no_grad } from "../autograd/context";
import { pythonTypeName, ValueError } from "../errors";
import { linalg, torch } from "../op/define";
import { signature } from "../op/signature";
import type { Generator } from "../random/generator";
import type { Tensor } from "../tensor";

interface Generated {
  generator?: Generator | null;
}

/** What is filled with nothing else to say. */
const tensorArguments = signature("zeros_(tensor: Tensor)");
const gainArguments = signature("calculate_gain(nonlinearity: str, param: any = null)");
const uniformArguments = signature(
  "uniform_(tensor: Tensor, a: float = 0, b: float = 1, generator: Generator? = null)",
);
const normalArguments = signature(
  "normal_(tensor: Tensor, mean: float = 0, std: float = 1, generator: Generator? = null)",
);
const truncatedArguments = signature(
  "trunc_normal_(tensor: Tensor, mean: float = 0, std: float = 1, a: float = -2, b: float = 2, generator: Generator? = null)",
);
const constantArguments = signature("constant_(tensor: Tensor, val: float)");
const diracArguments = signature("dirac_(tensor: Tensor, groups: int = 1)");
const xavierArguments = signature(
  "xavier_uniform_(tensor: Tensor, gain: float = 1, generator: Generator? = null)",
);
const kaimingArguments = signature(
  "kaiming_uniform_(tensor: Tensor, a: float = 0, mode: str = 'fan_in', nonlinearity: str = 'leaky_relu', generator: Generator? = null)",
);
const sparseArguments = signature(
  "sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator? = null)",
);

/** Fills with uniform samples from [a, b). Source: torch.nn.init.uniform_. */
export function uniform_(tensor: Tensor, options?: { a?: number; b?: number } & Generated): Tensor;
export function uniform_(tensor: Tensor, a: number, b?: number, generator?: Generator | null): Tensor;
export function uniform_(options: { tensor: Tensor; a?: number; b?: number } & Generated): Tensor;
export function uniform_(...args: unknown[]): Tensor {
  const [tensor, a, b, generator] = uniformArguments(args);
  return no_grad(() => tensor.uniform_(a, b, { generator }));
}

/** Fills with normal samples. Source: torch.nn.init.normal_. */
export function normal_(tensor: Tensor, options?: { mean?: number; std?: number } & Generated): Tensor;
export function normal_(tensor: Tensor, mean: number, std?: number, generator?: Generator | null): Tensor;
export function normal_(options: { tensor: Tensor; mean?: number; std?: number } & Generated): Tensor;
export function normal_(...args: unknown[]): Tensor {
  const [tensor, mean, std, generator] = normalArguments(args);
  return no_grad(() => tensor.normal_(mean, std, { generator }));
}

/** Source: torch.nn.init.constant_. */
export function constant_(tensor: Tensor, val: number): Tensor;
export function constant_(tensor: Tensor, options: { val: number }): Tensor;
export function constant_(options: { tensor: Tensor; val: number }): Tensor;
export function constant_(...args: unknown[]): Tensor {
  const [tensor, val] = constantArguments(args);
  return no_grad(() => tensor.fill_(val));
}

/** Source: torch.nn.init.zeros_. */
export function zeros_(tensor: Tensor | { tensor: Tensor }): Tensor;
export function zeros_(...args: unknown[]): Tensor {
  const [tensor] = tensorArguments(args);
  return no_grad(() => tensor.zero_());
}

/** Source: torch.nn.init.ones_. */
export function ones_(tensor: Tensor | { tensor: Tensor }): Tensor;
export function ones_(...args: unknown[]): Tensor {
  const [tensor] = tensorArguments(args, "ones_");
  return constant_(tensor, 1);
}

/** Fills a matrix with the identity: ones on the diagonal, zeros elsewhere. Source: torch.nn.init.eye_. */
export function eye_(tensor: Tensor | { tensor: Tensor }): Tensor;
export function eye_(...args: unknown[]): Tensor {
  const [tensor] = tensorArguments(args, "eye_");
  requireMatrix(tensor);
  const [n, m] = tensor.shape;
  return no_grad(() => tensor.copy_(torch.eye(n, m)));
}

/**
 * Fills the weight of a convolution (out, in, …) so that it hands on as many channels as it can unchanged, in
 * each group. Source: torch.nn.init.dirac_.
 */
export function dirac_(tensor: Tensor, groups?: number | { groups?: number }): Tensor;
export function dirac_(options: { tensor: Tensor; groups?: number }): Tensor;
export function dirac_(...args: unknown[]): Tensor {
  const [tensor, groups] = diracArguments(args);
  if (![3, 4, 5].includes(tensor.dim()))
    throw new ValueError("Only tensors with 3, 4, or 5 dimensions are supported");
  const [outputs, inputs, ...kernel] = tensor.shape;
  if (outputs % groups !== 0) throw new ValueError("dim 0 must be divisible by groups");
  const perGroup = outputs / groups;
  const middle = kernel.map((size) => Math.floor(size / 2));
  return no_grad(() => {
    tensor.zero_();
    for (let g = 0; g < groups; g++)
      for (let d = 0; d < Math.min(perGroup, inputs); d++)
        tensor.__setitem__([g * perGroup + d, d, ...middle], 1);
    return tensor;
  });
}

/**
 * Fills with normal samples, drawn anew until they lie in [a, b].
 * Source: torch.nn.init.trunc_normal_.
 */
export function trunc_normal_(
  tensor: Tensor,
  options?: { mean?: number; std?: number; a?: number; b?: number } & Generated,
): Tensor;
export function trunc_normal_(
  tensor: Tensor,
  mean: number,
  std?: number,
  a?: number,
  b?: number,
  generator?: Generator | null,
): Tensor;
export function trunc_normal_(
  options: { tensor: Tensor; mean?: number; std?: number; a?: number; b?: number } & Generated,
): Tensor;
export function trunc_normal_(...args: unknown[]): Tensor {
  const [tensor, mean, std, a, b, generator] = truncatedArguments(args);
  const below = (x: number) => (1 + torch.erf(scalar((x - mean) / std / Math.SQRT2)).item()) / 2;
  return no_grad(() => {
    if (below(b) - below(a) > 0.3) redrawNormal(tensor, mean, std, a, b, generator);
    else rejectUniform(tensor, mean, std, a, b, generator);
    return tensor;
  });
}

function scalar(value: number): Tensor {
  return torch.full([], value);
}

/** Where most samples lie within: draws those anew that do not. */
function redrawNormal(
  t: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
) {
  const low = t.new_full([], a);
  const high = t.new_full([], b);
  let result = t.normal_(mean, std, { generator });
  for (;;) {
    const outside = result.lt(low).logical_or(result.gt(high));
    if (!outside.any().item()) break;
    result = torch.where(outside, torch.empty_like(result).normal_(mean, std, { generator }), result);
  }
  if (result !== t) t.copy_(result);
}

/** Where few would: draws evenly and keeps each as often as the normal distribution would. */
function rejectUniform(
  t: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
) {
  const mode = Math.max(a, Math.min(mean, b));
  const logPeak = -0.5 * ((mode - mean) / std) ** 2;
  const logDensity = (x: Tensor) => x.sub(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
  const candidates = torch.empty_like(t);
  const draw = torch.empty_like(t);
  const refused = () => draw.uniform_(0, 1, { generator }).log().gt(logDensity(candidates));
  t.uniform_(a, b, { generator });
  candidates.copy_(t);
  let pending = refused();
  let result: Tensor = t;
  while (pending.any().item()) {
    candidates.uniform_(a, b, { generator });
    result = torch.where(pending, candidates, result);
    pending = torch.where(pending, refused(), pending);
  }
  if (result !== t) t.copy_(result);
}

/** Inputs and outputs that one unit of a weight (out, in, …) connects. @internal */
export function fans(weight: Tensor): { fanIn: number; fanOut: number } {
  if (weight.dim() < 2)
    throw new ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  const field = weight.shape.slice(2).reduce((n, size) => n * size, 1);
  return { fanIn: weight.shape[1] * field, fanOut: weight.shape[0] * field };
}

/** By how much signals should grow to make up for a nonlinearity. Source: torch.nn.init.calculate_gain. */
export function calculate_gain(
  nonlinearity: string,
  param?: number | null | { param?: number | null },
): number;
export function calculate_gain(options: { nonlinearity: string; param?: number | null }): number;
export function calculate_gain(...args: unknown[]): number {
  const [nonlinearity, param] = gainArguments(args);
  switch (nonlinearity) {
    case "linear":
    case "conv1d":
    case "conv2d":
    case "conv3d":
    case "conv_transpose1d":
    case "conv_transpose2d":
    case "conv_transpose3d":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leaky_relu":
      if (param !== null && typeof param !== "number")
        throw new ValueError(
          `negative_slope ${pythonTypeName(param) === "str" ? param : String(param)} not a valid number`,
        );
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2));
    case "selu":
      return 3 / 4;
    default:
      throw new ValueError(`Unsupported nonlinearity ${nonlinearity}`);
  }
}

/**
 * Uniform with a variance of gain² · 2 / (fan in + fan out), between what signals and what gradients need.
 * Source: torch.nn.init.xavier_uniform_; Glorot and Bengio 2010.
 */
export function xavier_uniform_(tensor: Tensor, options?: { gain?: number } & Generated): Tensor;
export function xavier_uniform_(tensor: Tensor, gain: number, generator?: Generator | null): Tensor;
export function xavier_uniform_(options: { tensor: Tensor; gain?: number } & Generated): Tensor;
export function xavier_uniform_(...args: unknown[]): Tensor {
  const [tensor, gain, generator] = xavierArguments(args);
  const bound = Math.sqrt(3) * xavierStd(tensor, gain);
  return uniform_(tensor, -bound, bound, generator);
}

/** As `xavier_uniform_`, normal. Source: torch.nn.init.xavier_normal_. */
export function xavier_normal_(tensor: Tensor, options?: { gain?: number } & Generated): Tensor;
export function xavier_normal_(tensor: Tensor, gain: number, generator?: Generator | null): Tensor;
export function xavier_normal_(options: { tensor: Tensor; gain?: number } & Generated): Tensor;
export function xavier_normal_(...args: unknown[]): Tensor {
  const [tensor, gain, generator] = xavierArguments(args, "xavier_normal_");
  return normal_(tensor, 0, xavierStd(tensor, gain), generator);
}

function xavierStd(tensor: Tensor, gain: number): number {
  const { fanIn, fanOut } = fans(tensor);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

export interface KaimingOptions extends Generated {
  /** Slope of the leaky rectifier that follows. */
  a?: number;
  mode?: "fan_in" | "fan_out";
  nonlinearity?: string;
}

/**
 * Uniform with a variance of gain² / fan, which keeps the variance of signals (or, by `fan_out`, of
 * gradients) through the nonlinearity. Source: torch.nn.init.kaiming_uniform_; He et al. 2015.
 */
export function kaiming_uniform_(tensor: Tensor, options?: KaimingOptions): Tensor;
export function kaiming_uniform_(tensor: Tensor, a: number, options?: KaimingOptions): Tensor;
export function kaiming_uniform_(options: { tensor: Tensor } & KaimingOptions): Tensor;
export function kaiming_uniform_(...args: unknown[]): Tensor {
  const [tensor, a, mode, nonlinearity, generator] = kaimingArguments(args);
  if (tensor.numel() === 0) return tensor;
  const bound = Math.sqrt(3) * kaimingStd(tensor, a, mode, nonlinearity);
  return uniform_(tensor, -bound, bound, generator);
}

/** As `kaiming_uniform_`, normal. Source: torch.nn.init.kaiming_normal_. */
export function kaiming_normal_(tensor: Tensor, options?: KaimingOptions): Tensor;
export function kaiming_normal_(tensor: Tensor, a: number, options?: KaimingOptions): Tensor;
export function kaiming_normal_(options: { tensor: Tensor } & KaimingOptions): Tensor;
export function kaiming_normal_(...args: unknown[]): Tensor {
  const [tensor, a, mode, nonlinearity, generator] = kaimingArguments(args, "kaiming_normal_");
  if (tensor.numel() === 0) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, a, mode, nonlinearity), generator);
}

function kaimingStd(tensor: Tensor, a: number, mode: string, nonlinearity: string): number {
  const by = mode.toLowerCase();
  if (by !== "fan_in" && by !== "fan_out")
    throw new ValueError(`Mode ${by} not supported, please use one of ['fan_in', 'fan_out']`);
  const { fanIn, fanOut } = fans(tensor);
  return calculate_gain(nonlinearity, a) / Math.sqrt(by === "fan_in" ? fanIn : fanOut);
}

/**
 * Fills with a (semi-)orthogonal matrix; dimensions after the first count as one.
 * Source: torch.nn.init.orthogonal_; Saxe et al. 2013.
 */
export function orthogonal_(tensor: Tensor, options?: { gain?: number } & Generated): Tensor;
export function orthogonal_(tensor: Tensor, gain: number, generator?: Generator | null): Tensor;
export function orthogonal_(options: { tensor: Tensor; gain?: number } & Generated): Tensor;
export function orthogonal_(...args: unknown[]): Tensor {
  const [tensor, gain, generator] = xavierArguments(args, "orthogonal_");
  if (tensor.dim() < 2) throw new ValueError("Only tensors with 2 or more dimensions are supported");
  if (tensor.numel() === 0) return tensor;
  const rows = tensor.shape[0];
  const columns = tensor.numel() / rows;
  return no_grad(() => {
    const random = tensor.new_empty([rows, columns]).normal_(0, 1, { generator });
    const [q, r] = linalg.qr(rows < columns ? random.t() : random);
    const signed = q.mul(r.diagonal().sign());
    return tensor.copy_((rows < columns ? signed.t() : signed).reshape(tensor.shape)).mul_(gain);
  });
}

/** Fills a matrix with normal samples, and as large a part of each column as `sparsity` with zeros. Source: torch.nn.init.sparse_. */
export function sparse_(tensor: Tensor, sparsity: number, options?: { std?: number } & Generated): Tensor;
export function sparse_(tensor: Tensor, sparsity: number, std: number, generator?: Generator | null): Tensor;
export function sparse_(options: { tensor: Tensor; sparsity: number; std?: number } & Generated): Tensor;
export function sparse_(...args: unknown[]): Tensor {
  const [tensor, sparsity, std, generator] = sparseArguments(args);
  requireMatrix(tensor);
  const [rows, columns] = tensor.shape;
  const zeros = Math.ceil(sparsity * rows);
  return no_grad(() => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < columns; column++)
      tensor.__setitem__([torch.randperm(rows).narrow(0, 0, zeros), column], 0);
    return tensor;
  });
}

function requireMatrix(tensor: Tensor): void {
  if (tensor.dim() !== 2) throw new ValueError("Only tensors with 2 dimensions are supported");
}
