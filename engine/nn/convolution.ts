import type { Device } from "../device";
import type { DType } from "../dtype";
import { ValueError } from "../errors";
import { F, torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { fans, kaiming_uniform_, uniform_ } from "./init";
import { Module } from "./module";
import { Parameter } from "./parameter";
import { tuple } from "./repr";

export type Sizes = number | readonly number[];

export interface ConvOptions {
  stride?: Sizes;
  /** Places added on both sides, or "same" or "valid". */
  padding?: Sizes | string;
  dilation?: Sizes;
  groups?: number;
  bias?: boolean;
  /** What is put there: "zeros", "reflect", "replicate" or "circular". */
  padding_mode?: string;
  device?: Device | string | null;
  dtype?: DType | null;
}

export interface ConvTransposeOptions {
  stride?: Sizes;
  padding?: Sizes;
  output_padding?: Sizes;
  groups?: number;
  bias?: boolean;
  dilation?: Sizes;
  device?: Device | string | null;
  dtype?: DType | null;
}

interface Settings {
  transposed: boolean;
  in_channels: number;
  out_channels: number;
  kernel_size: number[];
  stride: number[];
  padding: number[] | string;
  dilation: number[];
  output_padding: number[];
  groups: number;
  bias: boolean;
  padding_mode: string;
  dtype: DType | null;
}

/** What convolutions of all dimensions share. */
abstract class ConvNd extends Module {
  in_channels: number;
  out_channels: number;
  kernel_size: number[];
  stride: number[];
  padding: number[] | string;
  dilation: number[];
  transposed: boolean;
  output_padding: number[];
  groups: number;
  padding_mode: string;
  /** (out_channels, in_channels / groups, kernel); the channels exchanged if transposed. */
  weight: Parameter;
  /** (out_channels), or null without bias. */
  bias: Parameter | null;

  constructor(settings: Settings) {
    super();
    checkSettings(settings);
    const { transposed, in_channels, out_channels, kernel_size, groups, bias, dtype } = settings;
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = kernel_size;
    this.stride = settings.stride;
    this.padding = settings.padding;
    this.dilation = settings.dilation;
    this.transposed = transposed;
    this.output_padding = settings.output_padding;
    this.groups = groups;
    this.padding_mode = settings.padding_mode;
    const channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
    this.weight = new Parameter(torch.empty([...channels, ...kernel_size], { dtype }));
    this.bias = bias ? new Parameter(torch.empty([out_channels], { dtype })) : null;
    this.reset_parameters();
  }

  /** Draws weight and bias anew. */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias === null) return;
    const { fanIn } = fans(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  /** The input padded by `padding_mode`, and what is left to pad with zeros. */
  protected padded(input: Tensor): [input: Tensor, padding: number[] | string] {
    if (this.padding_mode === "zeros") return [input, this.padding];
    return [F.pad(input, this.reversedPadding(), this.padding_mode), [0]];
  }

  private reversedPadding(): number[] {
    return this.kernel_size
      .map((size, d): [number, number] => {
        if (typeof this.padding !== "string") return [this.padding[d], this.padding[d]];
        const total = this.padding === "same" ? this.dilation[d] * (size - 1) : 0;
        return [Math.floor(total / 2), total - Math.floor(total / 2)];
      })
      .reverse()
      .flat();
  }

  override extra_repr(): string {
    const { padding, dilation, output_padding, groups } = this;
    const parts = [
      String(this.in_channels),
      String(this.out_channels),
      `kernel_size=${tuple(this.kernel_size)}`,
      `stride=${tuple(this.stride)}`,
    ];
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (padding.some((p) => p !== 0)) parts.push(`padding=${tuple(padding)}`);
    if (dilation.some((d) => d !== 1)) parts.push(`dilation=${tuple(dilation)}`);
    if (output_padding.some((p) => p !== 0)) parts.push(`output_padding=${tuple(output_padding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push("bias=False");
    if (this.padding_mode !== "zeros") parts.push(`padding_mode=${this.padding_mode}`);
    return parts.join(", ");
  }
}

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

function checkSettings({
  groups,
  in_channels,
  out_channels,
  padding,
  stride,
  padding_mode,
  transposed,
}: Settings): void {
  if (groups <= 0) throw new ValueError("groups must be a positive integer");
  if (in_channels % groups !== 0) throw new ValueError("in_channels must be divisible by groups");
  if (out_channels % groups !== 0) throw new ValueError("out_channels must be divisible by groups");
  if (typeof padding === "string") {
    if (padding !== "same" && padding !== "valid")
      throw new ValueError(`Invalid padding string '${padding}', should be one of {'same', 'valid'}`);
    if (padding === "same" && stride.some((s) => s !== 1))
      throw new ValueError("padding='same' is not supported for strided convolutions");
  }
  if (!PADDING_MODES.includes(padding_mode))
    throw new ValueError(
      `padding_mode must be one of {${PADDING_MODES.map((m) => `'${m}'`).join(", ")}}, but got padding_mode='${padding_mode}'`,
    );
  if (transposed && padding_mode !== "zeros")
    throw new ValueError('Only "zeros" padding mode is supported for ConvTranspose');
}

const convArguments = signature(
  "Conv(in_channels: int, out_channels: int, kernel_size: int[], stride: int[] = [1], padding: int[] | str = [0], dilation: int[] = [1], groups: int = 1, bias = true, padding_mode: str = 'zeros', device: device? = null, dtype: dtype? = null)",
);

function each(list: readonly number[], n: number): number[] {
  return list.length === 1 ? new Array<number>(n).fill(list[0]) : [...list];
}

function convSettings(n: number, args: readonly unknown[]): Settings {
  const [
    in_channels,
    out_channels,
    kernel_size,
    stride,
    padding,
    dilation,
    groups,
    bias,
    padding_mode,
    ,
    dtype,
  ] = convArguments(args, `Conv${n}d`);
  return {
    transposed: false,
    in_channels,
    out_channels,
    kernel_size: each(kernel_size, n),
    stride: each(stride, n),
    padding: typeof padding === "string" ? padding : each(padding, n),
    dilation: each(dilation, n),
    output_padding: each([0], n),
    groups,
    bias,
    padding_mode,
    dtype,
  };
}

const convTransposeArguments = signature(
  "ConvTranspose(in_channels: int, out_channels: int, kernel_size: int[], stride: int[] = [1], padding: int[] = [0], output_padding: int[] = [0], groups: int = 1, bias = true, dilation: int[] = [1], padding_mode: str = 'zeros', device: device? = null, dtype: dtype? = null)",
);

function convTransposeSettings(n: number, args: readonly unknown[]): Settings {
  const [
    in_channels,
    out_channels,
    kernel_size,
    stride,
    padding,
    output_padding,
    groups,
    bias,
    dilation,
    padding_mode,
    ,
    dtype,
  ] = convTransposeArguments(args, `ConvTranspose${n}d`);
  return {
    transposed: true,
    in_channels,
    out_channels,
    kernel_size: each(kernel_size, n),
    stride: each(stride, n),
    padding: each(padding, n),
    dilation: each(dilation, n),
    output_padding: each(output_padding, n),
    groups,
    bias,
    padding_mode,
    dtype,
  };
}

/** By place or by name. */
type OutputSize = readonly number[] | null | { output_size?: readonly number[] | null };

/** What transposed convolutions of all dimensions share. */
abstract class ConvTransposeNd extends ConvNd {
  /** The output padding that gives `output_size`; the module's own where that is null. */
  protected paddingFor(input: Tensor, given: OutputSize): number[] {
    const output_size = isKeywords(given) ? given.output_size : (given as readonly number[] | null);
    if (output_size == null) return this.output_padding;
    const n = this.kernel_size.length;
    const lead = input.shape.length === n + 2 ? 2 : 1;
    const wanted = output_size.length === lead + n ? output_size.slice(lead) : output_size;
    if (wanted.length !== n)
      throw new ValueError(
        `ConvTranspose${n}D: for ${input.shape.length}D input, output_size must have ${n} or ${lead + n} elements (got ${wanted.length})`,
      );
    const padding = this.padding as number[];
    const least = input.shape
      .slice(lead)
      .map(
        (size, d) =>
          (size - 1) * this.stride[d] - 2 * padding[d] + this.dilation[d] * (this.kernel_size[d] - 1) + 1,
      );
    const most = least.map((size, d) => size + this.stride[d] - 1);
    if (wanted.some((size, d) => size < least[d] || size > most[d]))
      throw new ValueError(
        `requested an output size of (${wanted.join(", ")}), but valid sizes range from [${least.join(", ")}] to [${most.join(", ")}] (for an input of torch.Size([${input.shape.slice(2).join(", ")}]))`,
      );
    return wanted.map((size, d) => size - least[d]);
  }
}

/** Cross-correlation with a learnt kernel: (N, C, L) or (C, L) → (N, K, L′). Source: torch.nn.Conv1d. */
export class Conv1d extends ConvNd {
  constructor(in_channels: number, out_channels: number, kernel_size: Sizes, options?: ConvOptions);
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: Sizes,
    stride: Sizes,
    padding?: Sizes | string | Omit<ConvOptions, "stride">,
    options?: Omit<ConvOptions, "stride" | "padding">,
  );
  constructor(options: { in_channels: number; out_channels: number; kernel_size: Sizes } & ConvOptions);
  constructor(...args: unknown[]) {
    super(convSettings(1, args));
  }

  override forward(input: Tensor): Tensor {
    const [padded, padding] = this.padded(input);
    return F.conv1d(padded, this.weight, this.bias, this.stride, padding, this.dilation, this.groups);
  }
}

/** The transpose of a convolution, with a learnt kernel: (N, C, L) or (C, L) → (N, K, L′). Source: torch.nn.ConvTranspose1d. */
export class ConvTranspose1d extends ConvTransposeNd {
  constructor(in_channels: number, out_channels: number, kernel_size: Sizes, options?: ConvTransposeOptions);
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: Sizes,
    stride: Sizes,
    padding?: Sizes | Omit<ConvTransposeOptions, "stride">,
    options?: Omit<ConvTransposeOptions, "stride" | "padding">,
  );
  constructor(
    options: { in_channels: number; out_channels: number; kernel_size: Sizes } & ConvTransposeOptions,
  );
  constructor(...args: unknown[]) {
    super(convTransposeSettings(1, args));
  }

  override forward(input: Tensor, output_size: OutputSize = null): Tensor {
    return F.conv_transpose1d(
      input,
      this.weight,
      this.bias,
      this.stride,
      this.padding as number[],
      this.paddingFor(input, output_size),
      this.groups,
      this.dilation,
    );
  }
}

/** Cross-correlation with a learnt kernel: (N, C, H, W) or (C, H, W) → (N, K, H′, W′). Source: torch.nn.Conv2d. */
export class Conv2d extends ConvNd {
  constructor(in_channels: number, out_channels: number, kernel_size: Sizes, options?: ConvOptions);
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: Sizes,
    stride: Sizes,
    padding?: Sizes | string | Omit<ConvOptions, "stride">,
    options?: Omit<ConvOptions, "stride" | "padding">,
  );
  constructor(options: { in_channels: number; out_channels: number; kernel_size: Sizes } & ConvOptions);
  constructor(...args: unknown[]) {
    super(convSettings(2, args));
  }

  override forward(input: Tensor): Tensor {
    const [padded, padding] = this.padded(input);
    return F.conv2d(padded, this.weight, this.bias, this.stride, padding, this.dilation, this.groups);
  }
}

/** The transpose of a convolution, with a learnt kernel: (N, C, H, W) or (C, H, W) → (N, K, H′, W′). Source: torch.nn.ConvTranspose2d. */
export class ConvTranspose2d extends ConvTransposeNd {
  constructor(in_channels: number, out_channels: number, kernel_size: Sizes, options?: ConvTransposeOptions);
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: Sizes,
    stride: Sizes,
    padding?: Sizes | Omit<ConvTransposeOptions, "stride">,
    options?: Omit<ConvTransposeOptions, "stride" | "padding">,
  );
  constructor(
    options: { in_channels: number; out_channels: number; kernel_size: Sizes } & ConvTransposeOptions,
  );
  constructor(...args: unknown[]) {
    super(convTransposeSettings(2, args));
  }

  override forward(input: Tensor, output_size: OutputSize = null): Tensor {
    return F.conv_transpose2d(
      input,
      this.weight,
      this.bias,
      this.stride,
      this.padding as number[],
      this.paddingFor(input, output_size),
      this.groups,
      this.dilation,
    );
  }
}

/** Cross-correlation with a learnt kernel: (N, C, D, H, W) or (C, D, H, W) → (N, K, D′, H′, W′). Source: torch.nn.Conv3d. */
export class Conv3d extends ConvNd {
  constructor(in_channels: number, out_channels: number, kernel_size: Sizes, options?: ConvOptions);
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: Sizes,
    stride: Sizes,
    padding?: Sizes | string | Omit<ConvOptions, "stride">,
    options?: Omit<ConvOptions, "stride" | "padding">,
  );
  constructor(options: { in_channels: number; out_channels: number; kernel_size: Sizes } & ConvOptions);
  constructor(...args: unknown[]) {
    super(convSettings(3, args));
  }

  override forward(input: Tensor): Tensor {
    const [padded, padding] = this.padded(input);
    return F.conv3d(padded, this.weight, this.bias, this.stride, padding, this.dilation, this.groups);
  }
}

/** The transpose of a convolution, with a learnt kernel: (N, C, D, H, W) or (C, D, H, W) → (N, K, D′, H′, W′). Source: torch.nn.ConvTranspose3d. */
export class ConvTranspose3d extends ConvTransposeNd {
  constructor(in_channels: number, out_channels: number, kernel_size: Sizes, options?: ConvTransposeOptions);
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: Sizes,
    stride: Sizes,
    padding?: Sizes | Omit<ConvTransposeOptions, "stride">,
    options?: Omit<ConvTransposeOptions, "stride" | "padding">,
  );
  constructor(
    options: { in_channels: number; out_channels: number; kernel_size: Sizes } & ConvTransposeOptions,
  );
  constructor(...args: unknown[]) {
    super(convTransposeSettings(3, args));
  }

  override forward(input: Tensor, output_size: OutputSize = null): Tensor {
    return F.conv_transpose3d(
      input,
      this.weight,
      this.bias,
      this.stride,
      this.padding as number[],
      this.paddingFor(input, output_size),
      this.groups,
      this.dilation,
    );
  }
}
