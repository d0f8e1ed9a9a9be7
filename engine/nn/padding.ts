import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { tuple } from "./repr";

/** Counts for both sides of `n` dimensions, the last one first. */
function bothSides(padding: readonly number[], n: number): number[] {
  return padding.length === 1 ? new Array<number>(2 * n).fill(padding[0]) : [...padding];
}

const constantPad1dArguments = signature("ConstantPad1d(padding: int[], value: float)");

/** Adds places of one value around the last dimension. Source: torch.nn.ConstantPad1d. */
export class ConstantPad1d extends Module {
  padding: number[];
  value: number;

  constructor(padding: number | readonly number[], value: number);
  constructor(options: { padding: number | readonly number[]; value: number });
  constructor(...args: unknown[]) {
    super();
    [this.padding, this.value] = constantPad1dArguments(args);
    this.padding = bothSides(this.padding, 1);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", this.value);
  }

  override extra_repr(): string {
    return `padding=${tuple(this.padding)}, value=${this.value}`;
  }
}

const zeroPad1dArguments = signature("ZeroPad1d(padding: int[])");

/** Adds zeros around the last dimension. Source: torch.nn.ZeroPad1d. */
export class ZeroPad1d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = zeroPad1dArguments(args);
    this.padding = bothSides(this.padding, 1);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", 0);
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const reflectionPad1dArguments = signature("ReflectionPad1d(padding: int[])");

/** Adds places around the last dimension, mirrored at the borders. Source: torch.nn.ReflectionPad1d. */
export class ReflectionPad1d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = reflectionPad1dArguments(args);
    this.padding = bothSides(this.padding, 1);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "reflect");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const replicationPad1dArguments = signature("ReplicationPad1d(padding: int[])");

/** Adds places around the last dimension, the border elements repeated. Source: torch.nn.ReplicationPad1d. */
export class ReplicationPad1d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = replicationPad1dArguments(args);
    this.padding = bothSides(this.padding, 1);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "replicate");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const circularPad1dArguments = signature("CircularPad1d(padding: int[])");

/** Adds places around the last dimension, taken from the other side. Source: torch.nn.CircularPad1d. */
export class CircularPad1d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = circularPad1dArguments(args);
    this.padding = bothSides(this.padding, 1);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "circular");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const constantPad2dArguments = signature("ConstantPad2d(padding: int[], value: float)");

/** Adds places of one value around the last two dimensions. Source: torch.nn.ConstantPad2d. */
export class ConstantPad2d extends Module {
  padding: number[];
  value: number;

  constructor(padding: number | readonly number[], value: number);
  constructor(options: { padding: number | readonly number[]; value: number });
  constructor(...args: unknown[]) {
    super();
    [this.padding, this.value] = constantPad2dArguments(args);
    this.padding = bothSides(this.padding, 2);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", this.value);
  }

  override extra_repr(): string {
    return `padding=${tuple(this.padding)}, value=${this.value}`;
  }
}

const zeroPad2dArguments = signature("ZeroPad2d(padding: int[])");

/** Adds zeros around the last two dimensions. Source: torch.nn.ZeroPad2d. */
export class ZeroPad2d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = zeroPad2dArguments(args);
    this.padding = bothSides(this.padding, 2);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", 0);
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const reflectionPad2dArguments = signature("ReflectionPad2d(padding: int[])");

/** Adds places around the last two dimensions, mirrored at the borders. Source: torch.nn.ReflectionPad2d. */
export class ReflectionPad2d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = reflectionPad2dArguments(args);
    this.padding = bothSides(this.padding, 2);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "reflect");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const replicationPad2dArguments = signature("ReplicationPad2d(padding: int[])");

/** Adds places around the last two dimensions, the border elements repeated. Source: torch.nn.ReplicationPad2d. */
export class ReplicationPad2d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = replicationPad2dArguments(args);
    this.padding = bothSides(this.padding, 2);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "replicate");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const circularPad2dArguments = signature("CircularPad2d(padding: int[])");

/** Adds places around the last two dimensions, taken from the other side. Source: torch.nn.CircularPad2d. */
export class CircularPad2d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = circularPad2dArguments(args);
    this.padding = bothSides(this.padding, 2);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "circular");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const constantPad3dArguments = signature("ConstantPad3d(padding: int[], value: float)");

/** Adds places of one value around the last three dimensions. Source: torch.nn.ConstantPad3d. */
export class ConstantPad3d extends Module {
  padding: number[];
  value: number;

  constructor(padding: number | readonly number[], value: number);
  constructor(options: { padding: number | readonly number[]; value: number });
  constructor(...args: unknown[]) {
    super();
    [this.padding, this.value] = constantPad3dArguments(args);
    this.padding = bothSides(this.padding, 3);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", this.value);
  }

  override extra_repr(): string {
    return `padding=${tuple(this.padding)}, value=${this.value}`;
  }
}

const zeroPad3dArguments = signature("ZeroPad3d(padding: int[])");

/** Adds zeros around the last three dimensions. Source: torch.nn.ZeroPad3d. */
export class ZeroPad3d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = zeroPad3dArguments(args);
    this.padding = bothSides(this.padding, 3);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "constant", 0);
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const reflectionPad3dArguments = signature("ReflectionPad3d(padding: int[])");

/** Adds places around the last three dimensions, mirrored at the borders. Source: torch.nn.ReflectionPad3d. */
export class ReflectionPad3d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = reflectionPad3dArguments(args);
    this.padding = bothSides(this.padding, 3);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "reflect");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const replicationPad3dArguments = signature("ReplicationPad3d(padding: int[])");

/** Adds places around the last three dimensions, the border elements repeated. Source: torch.nn.ReplicationPad3d. */
export class ReplicationPad3d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = replicationPad3dArguments(args);
    this.padding = bothSides(this.padding, 3);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "replicate");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}

const circularPad3dArguments = signature("CircularPad3d(padding: int[])");

/** Adds places around the last three dimensions, taken from the other side. Source: torch.nn.CircularPad3d. */
export class CircularPad3d extends Module {
  padding: number[];

  constructor(padding: number | readonly number[]);
  constructor(options: { padding: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.padding] = circularPad3dArguments(args);
    this.padding = bothSides(this.padding, 3);
  }

  override forward(input: Tensor): Tensor {
    return F.pad(input, this.padding, "circular");
  }

  override extra_repr(): string {
    return tuple(this.padding);
  }
}
