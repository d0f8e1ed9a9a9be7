import type { Device } from "../device";
import { type DType, int64 } from "../dtype";
import { ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { ones_, zeros_ } from "./init";
import { Module } from "./module";
import { Parameter } from "./parameter";
import { flag, float, tuple } from "./repr";

export interface NormOptions {
  /** Added to the variance. */
  eps?: number;
  /** How far the running statistics move towards each batch's; null averages over all batches. */
  momentum?: number | null;
  /** Whether weight and bias are learnt. */
  affine?: boolean;
  track_running_stats?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
  bias?: boolean;
}

interface NormSettings {
  num_features: number;
  eps: number;
  momentum: number | null;
  affine: boolean;
  track_running_stats: boolean;
  dtype: DType | null;
  bias: boolean;
}

/** What batch and instance normalisation share. */
abstract class NormBase extends Module {
  num_features: number;
  eps: number;
  momentum: number | null;
  affine: boolean;
  track_running_stats: boolean;
  /** (num_features), or null if not affine. */
  weight: Parameter | null;
  /** (num_features), or null if not affine. */
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor({ num_features, eps, momentum, affine, track_running_stats, dtype, bias }: NormSettings) {
    super();
    this.num_features = num_features;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.track_running_stats = track_running_stats;
    const features = () => torch.empty([num_features], { dtype });
    this.weight = affine ? new Parameter(features()) : null;
    this.bias = affine && bias ? new Parameter(features()) : null;
    this.register_buffer("running_mean", track_running_stats ? features() : null);
    this.register_buffer("running_var", track_running_stats ? features() : null);
    this.register_buffer(
      "num_batches_tracked",
      track_running_stats ? torch.zeros([], { dtype: int64 }) : null,
    );
    this.reset_parameters();
  }

  /** States without a version are older than the count of batches. @internal */
  override completeState(state: Map<string, unknown>, prefix: string, version: number | null): void {
    const key = `${prefix}num_batches_tracked`;
    if ((version === null || version < 2) && this.num_batches_tracked !== null && !state.has(key))
      state.set(key, this.num_batches_tracked);
  }

  /** Forgets the batches seen. */
  reset_running_stats(): void {
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  /** Forgets the batches seen; weight 1, bias 0. */
  reset_parameters(): void {
    this.reset_running_stats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override extra_repr(): string {
    const momentum = this.momentum === null ? "None" : float(this.momentum);
    return `${this.num_features}, eps=${float(this.eps)}, momentum=${momentum}, affine=${flag(this.affine)}, bias=${flag(this.bias !== null)}, track_running_stats=${flag(this.track_running_stats)}`;
  }
}

function requireDims(input: Tensor, allowed: readonly number[]): void {
  const ndim = input.shape.length;
  if (!allowed.includes(ndim))
    throw new ValueError(`expected ${allowed.map((n) => `${n}D`).join(" or ")} input (got ${ndim}D input)`);
}

const batchNormArguments = signature(
  "_BatchNorm(num_features: int, eps: float = 1e-05, momentum: float? = 0.1, affine = true, track_running_stats = true, device: device? = null, dtype: dtype? = null, *, bias = true)",
);

abstract class BatchNorm extends NormBase {
  constructor(num_features: number, options?: NormOptions);
  constructor(num_features: number, eps?: number, momentum?: number | null, affine?: boolean);
  constructor(options: { num_features: number } & NormOptions);
  constructor(...args: unknown[]) {
    const [num_features, eps, momentum, affine, track_running_stats, , dtype, bias] =
      batchNormArguments(args);
    super({ num_features, eps, momentum, affine, track_running_stats, dtype, bias });
  }

  protected abstract checkInput(input: Tensor): void;

  override forward(input: Tensor): Tensor {
    this.checkInput(input);
    const { training, running_mean, running_var, num_batches_tracked } = this;
    let factor = this.momentum ?? 0;
    if (training && num_batches_tracked !== null) {
      num_batches_tracked.add_(1);
      factor = this.momentum ?? 1 / num_batches_tracked.item();
    }
    const byBatch = training || (running_mean === null && running_var === null);
    return F.batch_norm(input, running_mean, running_var, this.weight, this.bias, byBatch, factor, this.eps);
  }
}

/** Batch normalisation of (N, C) or (N, C, L). Source: torch.nn.BatchNorm1d. */
export class BatchNorm1d extends BatchNorm {
  protected override checkInput(input: Tensor): void {
    requireDims(input, [2, 3]);
  }
}

/** Batch normalisation of (N, C, H, W). Source: torch.nn.BatchNorm2d. */
export class BatchNorm2d extends BatchNorm {
  protected override checkInput(input: Tensor): void {
    requireDims(input, [4]);
  }
}

/** Batch normalisation of (N, C, D, H, W). Source: torch.nn.BatchNorm3d. */
export class BatchNorm3d extends BatchNorm {
  protected override checkInput(input: Tensor): void {
    requireDims(input, [5]);
  }
}

const instanceNormArguments = signature(
  "_InstanceNorm(num_features: int, eps: float = 1e-05, momentum: float? = 0.1, affine = false, track_running_stats = false, device: device? = null, dtype: dtype? = null, *, bias = true)",
);

abstract class InstanceNorm extends NormBase {
  constructor(num_features: number, options?: NormOptions);
  constructor(num_features: number, eps?: number, momentum?: number | null, affine?: boolean);
  constructor(options: { num_features: number } & NormOptions);
  constructor(...args: unknown[]) {
    const [num_features, eps, momentum, affine, track_running_stats, , dtype, bias] =
      instanceNormArguments(args);
    super({ num_features, eps, momentum, affine, track_running_stats, dtype, bias });
  }

  protected abstract readonly spatialDims: number;

  override forward(input: Tensor): Tensor {
    const unbatched = this.spatialDims + 1;
    requireDims(input, [unbatched, unbatched + 1]);
    const at = input.shape.length - unbatched;
    if (this.affine && input.shape[at] !== this.num_features)
      throw new ValueError(
        `expected input's size at dim=${at} to match num_features (${this.num_features}), but got: ${input.shape[at]}.`,
      );
    return at === 0 ? this.normalize(input.unsqueeze(0)).squeeze(0) : this.normalize(input);
  }

  private normalize(input: Tensor): Tensor {
    return F.instance_norm(
      input,
      this.running_mean,
      this.running_var,
      this.weight,
      this.bias,
      this.training || !this.track_running_stats,
      this.momentum ?? 0,
      this.eps,
    );
  }
}

/** Instance normalisation of (N, C, L) or (C, L). Source: torch.nn.InstanceNorm1d. */
export class InstanceNorm1d extends InstanceNorm {
  protected override get spatialDims(): number {
    return 1;
  }
}

/** Instance normalisation of (N, C, H, W) or (C, H, W). Source: torch.nn.InstanceNorm2d. */
export class InstanceNorm2d extends InstanceNorm {
  protected override get spatialDims(): number {
    return 2;
  }
}

/** Instance normalisation of (N, C, D, H, W) or (C, D, H, W). Source: torch.nn.InstanceNorm3d. */
export class InstanceNorm3d extends InstanceNorm {
  protected override get spatialDims(): number {
    return 3;
  }
}

const layerNormArguments = signature(
  "LayerNorm(normalized_shape: int[], eps: float = 1e-05, elementwise_affine = true, bias = true, device: device? = null, dtype: dtype? = null)",
);

/** Normalises over the last dimensions, which are `normalized_shape`. Source: torch.nn.LayerNorm. */
export class LayerNorm extends Module {
  normalized_shape: number[];
  eps: number;
  elementwise_affine: boolean;
  /** Of `normalized_shape`, or null. */
  weight: Parameter | null;
  /** Of `normalized_shape`, or null. */
  bias: Parameter | null;

  constructor(
    normalized_shape: number | readonly number[],
    options?: {
      eps?: number;
      elementwise_affine?: boolean;
      bias?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
    },
  );
  constructor(
    normalized_shape: number | readonly number[],
    eps?: number,
    elementwise_affine?: boolean,
    bias?: boolean,
  );
  constructor(
    options: { normalized_shape: number | readonly number[] } & {
      eps?: number;
      elementwise_affine?: boolean;
      bias?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
    },
  );
  constructor(...args: unknown[]) {
    super();
    const [normalized_shape, eps, elementwise_affine, bias, , dtype] = layerNormArguments(args);
    this.normalized_shape = normalized_shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(torch.ones(normalized_shape, { dtype })) : null;
    this.bias = elementwise_affine && bias ? new Parameter(torch.zeros(normalized_shape, { dtype })) : null;
  }

  /** weight 1, bias 0. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return `${tuple(this.normalized_shape)}, eps=${float(this.eps)}, elementwise_affine=${flag(this.elementwise_affine)}, bias=${flag(this.bias !== null)}`;
  }
}

const rmsNormArguments = signature(
  "RMSNorm(normalized_shape: int[], eps: float? = null, elementwise_affine = true, device: device? = null, dtype: dtype? = null)",
);

/** Divides by the root mean square over the last dimensions. Source: torch.nn.RMSNorm. */
export class RMSNorm extends Module {
  normalized_shape: number[];
  eps: number | null;
  elementwise_affine: boolean;
  /** Of `normalized_shape`, or null. */
  weight: Parameter | null;

  constructor(
    normalized_shape: number | readonly number[],
    options?: {
      eps?: number | null;
      elementwise_affine?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
    },
  );
  constructor(
    normalized_shape: number | readonly number[],
    eps?: number | null,
    elementwise_affine?: boolean,
  );
  constructor(
    options: { normalized_shape: number | readonly number[] } & {
      eps?: number | null;
      elementwise_affine?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
    },
  );
  constructor(...args: unknown[]) {
    super();
    const [normalized_shape, eps, elementwise_affine, , dtype] = rmsNormArguments(args);
    this.normalized_shape = normalized_shape;
    this.eps = eps;
    this.elementwise_affine = elementwise_affine;
    this.weight = elementwise_affine ? new Parameter(torch.ones(normalized_shape, { dtype })) : null;
  }

  /** weight 1. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
  }

  override forward(input: Tensor): Tensor {
    return F.rms_norm(input, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    const eps = this.eps === null ? "None" : float(this.eps);
    return `${tuple(this.normalized_shape)}, eps=${eps}, elementwise_affine=${flag(this.elementwise_affine)}`;
  }
}

const groupNormArguments = signature(
  "GroupNorm(num_groups: int, num_channels: int, eps: float = 1e-05, affine = true, device: device? = null, dtype: dtype? = null, *, bias = true)",
);

/** Normalises groups of channels of each sample. Source: torch.nn.GroupNorm. */
export class GroupNorm extends Module {
  num_groups: number;
  num_channels: number;
  eps: number;
  affine: boolean;
  /** (num_channels), or null if not affine. */
  weight: Parameter | null;
  /** (num_channels), or null if not affine. */
  bias: Parameter | null;

  constructor(
    num_groups: number,
    num_channels: number,
    options?: {
      eps?: number;
      affine?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
      bias?: boolean;
    },
  );
  constructor(num_groups: number, num_channels: number, eps?: number, affine?: boolean);
  constructor(
    options: { num_groups: number; num_channels: number } & {
      eps?: number;
      affine?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
      bias?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    const [num_groups, num_channels, eps, affine, , dtype, bias] = groupNormArguments(args);
    if (num_channels % num_groups !== 0)
      throw new ValueError(`num_channels (${num_channels}) must be divisible by num_groups (${num_groups})`);
    this.num_groups = num_groups;
    this.num_channels = num_channels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(torch.ones([num_channels], { dtype })) : null;
    this.bias = affine && bias ? new Parameter(torch.zeros([num_channels], { dtype })) : null;
  }

  /** weight 1, bias 0. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override forward(input: Tensor): Tensor {
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    return `${this.num_groups}, ${this.num_channels}, eps=${float(this.eps)}, affine=${flag(this.affine)}, bias=${flag(this.bias !== null)}`;
  }
}

const localResponseArguments = signature(
  "LocalResponseNorm(size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1)",
);

/** Divides by what neighbouring channels have. Source: torch.nn.LocalResponseNorm. */
export class LocalResponseNorm extends Module {
  size: number;
  alpha: number;
  beta: number;
  k: number;

  constructor(size: number, options?: { alpha?: number; beta?: number; k?: number });
  constructor(size: number, alpha?: number, beta?: number, k?: number);
  constructor(options: { size: number } & { alpha?: number; beta?: number; k?: number });
  constructor(...args: unknown[]) {
    super();
    [this.size, this.alpha, this.beta, this.k] = localResponseArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.local_response_norm(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return `${this.size}, alpha=${float(this.alpha)}, beta=${float(this.beta)}, k=${float(this.k)}`;
  }
}
