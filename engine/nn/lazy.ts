import type { DType } from "../dtype";
import { torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Conv1d, Conv2d, Conv3d, type ConvOptions, type Sizes } from "./convolution";
import { Linear, type LinearOptions } from "./linear";
import type { Module } from "./module";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type NormOptions } from "./normalization";
import { Parameter } from "./parameter";

// Modules that learn how many features there are from the first input, and then become the module without
// `Lazy`. Their parameters are there before, so that an optimizer can be made at once.

/** A parameter whose size is not known yet. Source: torch.nn.UninitializedParameter. */
export class UninitializedParameter extends Parameter {
  constructor(dtype: DType | null = null) {
    super(torch.empty([0], { dtype }));
  }

  /** Becomes an ordinary parameter of this shape. */
  materialize(shape: readonly number[]): void {
    this.data = torch.empty([...shape], { dtype: this.dtype });
    Object.setPrototypeOf(this, Parameter.prototype);
  }

  /** Itself: there is nothing to look at yet. */
  override detach(): Tensor {
    return this;
  }

  override toString(): string {
    return "<UninitializedParameter>";
  }
}

function materialize(parameter: Parameter | null, shape: readonly number[]): void {
  if (parameter instanceof UninitializedParameter) parameter.materialize(shape);
}

/** Lets a module go on as one of the class it was derived from. */
function become<M extends Module>(module: M, type: { prototype: M }): M {
  return Object.setPrototypeOf(module, type.prototype) as M;
}

const lazyLinearArguments = signature(
  "LazyLinear(out_features: int, bias = true, device: device? = null, dtype: dtype? = null)",
);

/** `Linear` whose `in_features` are those of the first input. Source: torch.nn.LazyLinear. */
export class LazyLinear extends Linear {
  constructor(out_features: number, options?: LinearOptions | boolean);
  constructor(...args: unknown[]) {
    const [out_features, bias, , dtype] = lazyLinearArguments(args);
    super(0, 0, { bias: false, dtype });
    this.out_features = out_features;
    this.weight = new UninitializedParameter(dtype);
    this.bias = bias ? new UninitializedParameter(dtype) : null;
  }

  override reset_parameters(): void {
    if (this.in_features !== 0) super.reset_parameters();
  }

  override forward(input: Tensor): Tensor {
    this.in_features = input.shape[input.shape.length - 1];
    materialize(this.weight, [this.out_features, this.in_features]);
    materialize(this.bias, [this.out_features]);
    this.reset_parameters();
    return become<Linear>(this, Linear).forward(input);
  }
}

type Convolution = Conv1d | Conv2d | Conv3d;

/** The arguments of a convolution whose `in_channels` are not known yet. */
function withChannels(args: readonly unknown[]): [number, number, Sizes, ConvOptions] {
  const [first] = args;
  const all = isKeywords(first) ? [{ in_channels: 0, ...first }] : [0, ...args];
  return all as [number, number, Sizes, ConvOptions];
}

function forgetChannels(module: Convolution): void {
  const { dtype } = module.weight;
  module.weight = new UninitializedParameter(dtype);
  if (module.bias !== null) module.bias = new UninitializedParameter(dtype);
}

function learnChannels(module: Convolution, input: Tensor): void {
  const spatial = module.kernel_size.length;
  module.in_channels = input.shape[input.shape.length - spatial - 1];
  materialize(module.weight, [
    module.out_channels,
    module.in_channels / module.groups,
    ...module.kernel_size,
  ]);
  materialize(module.bias, [module.out_channels]);
  module.reset_parameters();
}

/** `Conv1d` whose `in_channels` are those of the first input. Source: torch.nn.LazyConv1d. */
export class LazyConv1d extends Conv1d {
  constructor(out_channels: number, kernel_size: Sizes, options?: ConvOptions);
  constructor(options: { out_channels: number; kernel_size: Sizes } & ConvOptions);
  constructor(...args: unknown[]) {
    super(...withChannels(args));
    forgetChannels(this);
  }

  override reset_parameters(): void {
    if (this.in_channels !== 0) super.reset_parameters();
  }

  override forward(input: Tensor): Tensor {
    learnChannels(this, input);
    return become<Conv1d>(this, Conv1d).forward(input);
  }
}

/** `Conv2d` whose `in_channels` are those of the first input. Source: torch.nn.LazyConv2d. */
export class LazyConv2d extends Conv2d {
  constructor(out_channels: number, kernel_size: Sizes, options?: ConvOptions);
  constructor(options: { out_channels: number; kernel_size: Sizes } & ConvOptions);
  constructor(...args: unknown[]) {
    super(...withChannels(args));
    forgetChannels(this);
  }

  override reset_parameters(): void {
    if (this.in_channels !== 0) super.reset_parameters();
  }

  override forward(input: Tensor): Tensor {
    learnChannels(this, input);
    return become<Conv2d>(this, Conv2d).forward(input);
  }
}

/** `Conv3d` whose `in_channels` are those of the first input. Source: torch.nn.LazyConv3d. */
export class LazyConv3d extends Conv3d {
  constructor(out_channels: number, kernel_size: Sizes, options?: ConvOptions);
  constructor(options: { out_channels: number; kernel_size: Sizes } & ConvOptions);
  constructor(...args: unknown[]) {
    super(...withChannels(args));
    forgetChannels(this);
  }

  override reset_parameters(): void {
    if (this.in_channels !== 0) super.reset_parameters();
  }

  override forward(input: Tensor): Tensor {
    learnChannels(this, input);
    return become<Conv3d>(this, Conv3d).forward(input);
  }
}

type Normalization = BatchNorm1d | BatchNorm2d | BatchNorm3d;

function forgetFeatures(module: Normalization): void {
  for (const name of ["weight", "bias"] as const) {
    const parameter = module[name];
    if (parameter !== null) module[name] = new UninitializedParameter(parameter.dtype);
  }
}

function learnFeatures(module: Normalization, input: Tensor): void {
  module.num_features = input.shape[1];
  const shape = [module.num_features];
  materialize(module.weight, shape);
  materialize(module.bias, shape);
  for (const name of ["running_mean", "running_var"] as const) {
    const buffer = module[name];
    if (buffer !== null) module[name] = buffer.new_empty(shape);
  }
  module.reset_parameters();
}

/** `BatchNorm1d` whose `num_features` are those of the first input. Source: torch.nn.LazyBatchNorm1d. */
export class LazyBatchNorm1d extends BatchNorm1d {
  constructor(options?: NormOptions) {
    super(0, options);
    forgetFeatures(this);
  }

  override forward(input: Tensor): Tensor {
    learnFeatures(this, input);
    return become<BatchNorm1d>(this, BatchNorm1d).forward(input);
  }
}

/** `BatchNorm2d` whose `num_features` are those of the first input. Source: torch.nn.LazyBatchNorm2d. */
export class LazyBatchNorm2d extends BatchNorm2d {
  constructor(options?: NormOptions) {
    super(0, options);
    forgetFeatures(this);
  }

  override forward(input: Tensor): Tensor {
    learnFeatures(this, input);
    return become<BatchNorm2d>(this, BatchNorm2d).forward(input);
  }
}

/** `BatchNorm3d` whose `num_features` are those of the first input. Source: torch.nn.LazyBatchNorm3d. */
export class LazyBatchNorm3d extends BatchNorm3d {
  constructor(options?: NormOptions) {
    super(0, options);
    forgetFeatures(this);
  }

  override forward(input: Tensor): Tensor {
    learnFeatures(this, input);
    return become<BatchNorm3d>(this, BatchNorm3d).forward(input);
  }
}
