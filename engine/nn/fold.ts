import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { ints } from "./repr";

export interface UnfoldOptions {
  dilation?: number | readonly number[];
  padding?: number | readonly number[];
  stride?: number | readonly number[];
}

type Sizes = number | readonly number[];

const foldArguments = signature(
  "Fold(output_size: int[], kernel_size: int[], dilation: int[] = [1], padding: int[] = [0], stride: int[] = [1])",
);

/** Adds columns back as sliding blocks: (N, C · kH · kW, blocks) → (N, C, H, W). Source: torch.nn.Fold. */
export class Fold extends Module {
  output_size: number[];
  kernel_size: number[];
  dilation: number[];
  padding: number[];
  stride: number[];

  constructor(output_size: Sizes, kernel_size: Sizes, options?: UnfoldOptions);
  constructor(output_size: Sizes, kernel_size: Sizes, dilation?: Sizes, padding?: Sizes, stride?: Sizes);
  constructor(options: { output_size: Sizes; kernel_size: Sizes } & UnfoldOptions);
  constructor(...args: unknown[]) {
    super();
    [this.output_size, this.kernel_size, this.dilation, this.padding, this.stride] = foldArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.fold(input, this.output_size, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}, ${settings(this)}`;
  }
}

const unfoldArguments = signature(
  "Unfold(kernel_size: int[], dilation: int[] = [1], padding: int[] = [0], stride: int[] = [1])",
);

/** Every sliding block as a column: (N, C, H, W) → (N, C · kH · kW, blocks). Source: torch.nn.Unfold. */
export class Unfold extends Module {
  kernel_size: number[];
  dilation: number[];
  padding: number[];
  stride: number[];

  constructor(kernel_size: Sizes, options?: UnfoldOptions);
  constructor(kernel_size: Sizes, dilation?: Sizes, padding?: Sizes, stride?: Sizes);
  constructor(options: { kernel_size: Sizes } & UnfoldOptions);
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.dilation, this.padding, this.stride] = unfoldArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.unfold(input, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return settings(this);
  }
}

function settings({ kernel_size, dilation, padding, stride }: Unfold | Fold): string {
  return `kernel_size=${ints(kernel_size)}, dilation=${ints(dilation)}, padding=${ints(padding)}, stride=${ints(stride)}`;
}
