import { ValueError } from "../errors";
import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { flag, ints, tuple } from "./repr";

const maxPool1dArguments = signature(
  "_MaxPoolNd(kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], return_indices = false, ceil_mode = false)",
);

/** Largest element of each window; with return_indices also its place: (…, C, L) → (…, C, L′). Source: torch.nn.MaxPool1d. */
export class MaxPool1d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];
  dilation: number[];
  return_indices: boolean;
  ceil_mode: boolean;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      dilation?: number | readonly number[];
      return_indices?: boolean;
      ceil_mode?: boolean;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
    dilation?: number | readonly number[],
    return_indices?: boolean,
    ceil_mode?: boolean,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      dilation?: number | readonly number[];
      return_indices?: boolean;
      ceil_mode?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding, this.dilation, this.return_indices, this.ceil_mode] =
      maxPool1dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.max_pool1d(
      input,
      this.kernel_size,
      this.stride,
      this.padding,
      this.dilation,
      this.ceil_mode,
      this.return_indices,
    );
  }

  override extra_repr(): string {
    return `kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride ?? this.kernel_size)}, padding=${ints(this.padding)}, dilation=${ints(this.dilation)}, ceil_mode=${flag(this.ceil_mode)}`;
  }
}

const avgPool1dArguments = signature(
  "AvgPool1d(kernel_size: int[], stride: int[]? = null, padding: int[] = [0], ceil_mode = false, count_include_pad = true)",
);

/** Mean of each window: (…, C, L) → (…, C, L′). Source: torch.nn.AvgPool1d. */
export class AvgPool1d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];
  ceil_mode: boolean;
  count_include_pad: boolean;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      ceil_mode?: boolean;
      count_include_pad?: boolean;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
    ceil_mode?: boolean,
    count_include_pad?: boolean,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      ceil_mode?: boolean;
      count_include_pad?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding, this.ceil_mode, this.count_include_pad] =
      avgPool1dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.avg_pool1d(
      input,
      this.kernel_size,
      this.stride ?? [],
      this.padding,
      this.ceil_mode,
      this.count_include_pad,
    );
  }

  override extra_repr(): string {
    return `kernel_size=${tuple(this.kernel_size)}, stride=${tuple(this.stride ?? this.kernel_size)}, padding=${tuple(this.padding)}`;
  }
}

const lPPool1dArguments = signature(
  "_LPPoolNd(norm_type: float, kernel_size: int, stride: int[]? = null, ceil_mode = false)",
);

/** Power average of each window, (Σ xᵖ)^(1/p): (…, C, L) → (…, C, L′). Source: torch.nn.LPPool1d. */
export class LPPool1d extends Module {
  norm_type: number;
  kernel_size: number;
  stride: number[] | null;
  ceil_mode: boolean;

  constructor(
    norm_type: number,
    kernel_size: number,
    options?: { stride?: number | readonly number[] | null; ceil_mode?: boolean },
  );
  constructor(
    norm_type: number,
    kernel_size: number,
    stride?: number | readonly number[] | null,
    ceil_mode?: boolean,
  );
  constructor(
    options: { norm_type: number; kernel_size: number } & {
      stride?: number | readonly number[] | null;
      ceil_mode?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.norm_type, this.kernel_size, this.stride, this.ceil_mode] = lPPool1dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.lp_pool1d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
  }

  override extra_repr(): string {
    return `norm_type=${this.norm_type}, kernel_size=${this.kernel_size}, stride=${ints(this.stride)}, ceil_mode=${flag(this.ceil_mode)}`;
  }
}

const adaptiveAvgPool1dArguments = signature("_AdaptiveAvgPoolNd(output_size: int[])");

/** Means of output_size windows that cover the input evenly: (…, C, L) → (…, C, L′). Source: torch.nn.AdaptiveAvgPool1d. */
export class AdaptiveAvgPool1d extends Module {
  output_size: number[];

  constructor(output_size: number | readonly number[]);
  constructor(options: { output_size: number | readonly number[] });
  constructor(...args: unknown[]) {
    super();
    [this.output_size] = adaptiveAvgPool1dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool1d(input, this.output_size);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}`;
  }
}

const adaptiveMaxPool1dArguments = signature(
  "_AdaptiveMaxPoolNd(output_size: int[], return_indices = false)",
);

/** Largest elements of output_size windows that cover the input evenly: (…, C, L) → (…, C, L′). Source: torch.nn.AdaptiveMaxPool1d. */
export class AdaptiveMaxPool1d extends Module {
  output_size: number[];
  return_indices: boolean;

  constructor(output_size: number | readonly number[], options?: { return_indices?: boolean });
  constructor(output_size: number | readonly number[], return_indices?: boolean);
  constructor(options: { output_size: number | readonly number[] } & { return_indices?: boolean });
  constructor(...args: unknown[]) {
    super();
    [this.output_size, this.return_indices] = adaptiveMaxPool1dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.adaptive_max_pool1d(input, this.output_size, this.return_indices);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}`;
  }
}

const maxUnpool1dArguments = signature(
  "MaxUnpool1d(kernel_size: int[], stride: int[]? = null, padding: int[] = [0])",
);

/** Puts pooled maxima back where they came from, 0 elsewhere: (…, C, L) → (…, C, L′). Source: torch.nn.MaxUnpool1d. */
export class MaxUnpool1d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];

  constructor(
    kernel_size: number | readonly number[],
    options?: { stride?: number | readonly number[] | null; padding?: number | readonly number[] },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding] = maxUnpool1dArguments(args);
  }

  override forward(input: Tensor, indices: Tensor, output_size: readonly number[] | null = null): Tensor {
    return F.max_unpool1d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }

  override extra_repr(): string {
    return `kernel_size=${tuple(this.kernel_size, 1)}, stride=${tuple(this.stride ?? this.kernel_size, 1)}, padding=${tuple(this.padding, 1)}`;
  }
}

const maxPool2dArguments = signature(
  "_MaxPoolNd(kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], return_indices = false, ceil_mode = false)",
);

/** Largest element of each window; with return_indices also its place: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.MaxPool2d. */
export class MaxPool2d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];
  dilation: number[];
  return_indices: boolean;
  ceil_mode: boolean;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      dilation?: number | readonly number[];
      return_indices?: boolean;
      ceil_mode?: boolean;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
    dilation?: number | readonly number[],
    return_indices?: boolean,
    ceil_mode?: boolean,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      dilation?: number | readonly number[];
      return_indices?: boolean;
      ceil_mode?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding, this.dilation, this.return_indices, this.ceil_mode] =
      maxPool2dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.max_pool2d(
      input,
      this.kernel_size,
      this.stride,
      this.padding,
      this.dilation,
      this.ceil_mode,
      this.return_indices,
    );
  }

  override extra_repr(): string {
    return `kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride ?? this.kernel_size)}, padding=${ints(this.padding)}, dilation=${ints(this.dilation)}, ceil_mode=${flag(this.ceil_mode)}`;
  }
}

const avgPool2dArguments = signature(
  "AvgPool2d(kernel_size: int[], stride: int[]? = null, padding: int[] = [0], ceil_mode = false, count_include_pad = true, divisor_override: int? = null)",
);

/** Mean of each window: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];
  ceil_mode: boolean;
  count_include_pad: boolean;
  divisor_override: number | null;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      ceil_mode?: boolean;
      count_include_pad?: boolean;
      divisor_override?: number | null;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
    ceil_mode?: boolean,
    count_include_pad?: boolean,
    divisor_override?: number | null,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      ceil_mode?: boolean;
      count_include_pad?: boolean;
      divisor_override?: number | null;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [
      this.kernel_size,
      this.stride,
      this.padding,
      this.ceil_mode,
      this.count_include_pad,
      this.divisor_override,
    ] = avgPool2dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.avg_pool2d(
      input,
      this.kernel_size,
      this.stride ?? [],
      this.padding,
      this.ceil_mode,
      this.count_include_pad,
      this.divisor_override,
    );
  }

  override extra_repr(): string {
    return `kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride ?? this.kernel_size)}, padding=${ints(this.padding)}`;
  }
}

const lPPool2dArguments = signature(
  "_LPPoolNd(norm_type: float, kernel_size: int[], stride: int[]? = null, ceil_mode = false)",
);

/** Power average of each window, (Σ xᵖ)^(1/p): (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.LPPool2d. */
export class LPPool2d extends Module {
  norm_type: number;
  kernel_size: number[];
  stride: number[] | null;
  ceil_mode: boolean;

  constructor(
    norm_type: number,
    kernel_size: number | readonly number[],
    options?: { stride?: number | readonly number[] | null; ceil_mode?: boolean },
  );
  constructor(
    norm_type: number,
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    ceil_mode?: boolean,
  );
  constructor(
    options: { norm_type: number; kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      ceil_mode?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.norm_type, this.kernel_size, this.stride, this.ceil_mode] = lPPool2dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.lp_pool2d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
  }

  override extra_repr(): string {
    return `norm_type=${this.norm_type}, kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride)}, ceil_mode=${flag(this.ceil_mode)}`;
  }
}

const adaptiveAvgPool2dArguments = signature("_AdaptiveAvgPoolNd(output_size: int?[])");

/** Means of output_size windows that cover the input evenly: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.AdaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends Module {
  output_size: (number | null)[];

  constructor(output_size: number | readonly (number | null)[]);
  constructor(options: { output_size: number | readonly (number | null)[] });
  constructor(...args: unknown[]) {
    super();
    [this.output_size] = adaptiveAvgPool2dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool2d(input, this.output_size);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}`;
  }
}

const adaptiveMaxPool2dArguments = signature(
  "_AdaptiveMaxPoolNd(output_size: int?[], return_indices = false)",
);

/** Largest elements of output_size windows that cover the input evenly: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.AdaptiveMaxPool2d. */
export class AdaptiveMaxPool2d extends Module {
  output_size: (number | null)[];
  return_indices: boolean;

  constructor(output_size: number | readonly (number | null)[], options?: { return_indices?: boolean });
  constructor(output_size: number | readonly (number | null)[], return_indices?: boolean);
  constructor(options: { output_size: number | readonly (number | null)[] } & { return_indices?: boolean });
  constructor(...args: unknown[]) {
    super();
    [this.output_size, this.return_indices] = adaptiveMaxPool2dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.adaptive_max_pool2d(input, this.output_size, this.return_indices);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}`;
  }
}

const maxUnpool2dArguments = signature(
  "MaxUnpool2d(kernel_size: int[], stride: int[]? = null, padding: int[] = [0])",
);

/** Puts pooled maxima back where they came from, 0 elsewhere: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.MaxUnpool2d. */
export class MaxUnpool2d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];

  constructor(
    kernel_size: number | readonly number[],
    options?: { stride?: number | readonly number[] | null; padding?: number | readonly number[] },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding] = maxUnpool2dArguments(args);
  }

  override forward(input: Tensor, indices: Tensor, output_size: readonly number[] | null = null): Tensor {
    return F.max_unpool2d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }

  override extra_repr(): string {
    return `kernel_size=${tuple(this.kernel_size, 2)}, stride=${tuple(this.stride ?? this.kernel_size, 2)}, padding=${tuple(this.padding, 2)}`;
  }
}

const maxPool3dArguments = signature(
  "_MaxPoolNd(kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], return_indices = false, ceil_mode = false)",
);

/** Largest element of each window; with return_indices also its place: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.MaxPool3d. */
export class MaxPool3d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];
  dilation: number[];
  return_indices: boolean;
  ceil_mode: boolean;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      dilation?: number | readonly number[];
      return_indices?: boolean;
      ceil_mode?: boolean;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
    dilation?: number | readonly number[],
    return_indices?: boolean,
    ceil_mode?: boolean,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      dilation?: number | readonly number[];
      return_indices?: boolean;
      ceil_mode?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding, this.dilation, this.return_indices, this.ceil_mode] =
      maxPool3dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.max_pool3d(
      input,
      this.kernel_size,
      this.stride,
      this.padding,
      this.dilation,
      this.ceil_mode,
      this.return_indices,
    );
  }

  override extra_repr(): string {
    return `kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride ?? this.kernel_size)}, padding=${ints(this.padding)}, dilation=${ints(this.dilation)}, ceil_mode=${flag(this.ceil_mode)}`;
  }
}

const avgPool3dArguments = signature(
  "AvgPool3d(kernel_size: int[], stride: int[]? = null, padding: int[] = [0], ceil_mode = false, count_include_pad = true, divisor_override: int? = null)",
);

/** Mean of each window: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.AvgPool3d. */
export class AvgPool3d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];
  ceil_mode: boolean;
  count_include_pad: boolean;
  divisor_override: number | null;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      ceil_mode?: boolean;
      count_include_pad?: boolean;
      divisor_override?: number | null;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
    ceil_mode?: boolean,
    count_include_pad?: boolean,
    divisor_override?: number | null,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
      ceil_mode?: boolean;
      count_include_pad?: boolean;
      divisor_override?: number | null;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [
      this.kernel_size,
      this.stride,
      this.padding,
      this.ceil_mode,
      this.count_include_pad,
      this.divisor_override,
    ] = avgPool3dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.avg_pool3d(
      input,
      this.kernel_size,
      this.stride ?? [],
      this.padding,
      this.ceil_mode,
      this.count_include_pad,
      this.divisor_override,
    );
  }

  override extra_repr(): string {
    return `kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride ?? this.kernel_size)}, padding=${ints(this.padding)}`;
  }
}

const lPPool3dArguments = signature(
  "_LPPoolNd(norm_type: float, kernel_size: int[], stride: int[]? = null, ceil_mode = false)",
);

/** Power average of each window, (Σ xᵖ)^(1/p): (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.LPPool3d. */
export class LPPool3d extends Module {
  norm_type: number;
  kernel_size: number[];
  stride: number[] | null;
  ceil_mode: boolean;

  constructor(
    norm_type: number,
    kernel_size: number | readonly number[],
    options?: { stride?: number | readonly number[] | null; ceil_mode?: boolean },
  );
  constructor(
    norm_type: number,
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    ceil_mode?: boolean,
  );
  constructor(
    options: { norm_type: number; kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      ceil_mode?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.norm_type, this.kernel_size, this.stride, this.ceil_mode] = lPPool3dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.lp_pool3d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
  }

  override extra_repr(): string {
    return `norm_type=${this.norm_type}, kernel_size=${ints(this.kernel_size)}, stride=${ints(this.stride)}, ceil_mode=${flag(this.ceil_mode)}`;
  }
}

const adaptiveAvgPool3dArguments = signature("_AdaptiveAvgPoolNd(output_size: int?[])");

/** Means of output_size windows that cover the input evenly: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.AdaptiveAvgPool3d. */
export class AdaptiveAvgPool3d extends Module {
  output_size: (number | null)[];

  constructor(output_size: number | readonly (number | null)[]);
  constructor(options: { output_size: number | readonly (number | null)[] });
  constructor(...args: unknown[]) {
    super();
    [this.output_size] = adaptiveAvgPool3dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool3d(input, this.output_size);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}`;
  }
}

const adaptiveMaxPool3dArguments = signature(
  "_AdaptiveMaxPoolNd(output_size: int?[], return_indices = false)",
);

/** Largest elements of output_size windows that cover the input evenly: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.AdaptiveMaxPool3d. */
export class AdaptiveMaxPool3d extends Module {
  output_size: (number | null)[];
  return_indices: boolean;

  constructor(output_size: number | readonly (number | null)[], options?: { return_indices?: boolean });
  constructor(output_size: number | readonly (number | null)[], return_indices?: boolean);
  constructor(options: { output_size: number | readonly (number | null)[] } & { return_indices?: boolean });
  constructor(...args: unknown[]) {
    super();
    [this.output_size, this.return_indices] = adaptiveMaxPool3dArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.adaptive_max_pool3d(input, this.output_size, this.return_indices);
  }

  override extra_repr(): string {
    return `output_size=${ints(this.output_size)}`;
  }
}

const maxUnpool3dArguments = signature(
  "MaxUnpool3d(kernel_size: int[], stride: int[]? = null, padding: int[] = [0])",
);

/** Puts pooled maxima back where they came from, 0 elsewhere: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.MaxUnpool3d. */
export class MaxUnpool3d extends Module {
  kernel_size: number[];
  stride: number[] | null;
  padding: number[];

  constructor(
    kernel_size: number | readonly number[],
    options?: { stride?: number | readonly number[] | null; padding?: number | readonly number[] },
  );
  constructor(
    kernel_size: number | readonly number[],
    stride?: number | readonly number[] | null,
    padding?: number | readonly number[],
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      stride?: number | readonly number[] | null;
      padding?: number | readonly number[];
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.stride, this.padding] = maxUnpool3dArguments(args);
  }

  override forward(input: Tensor, indices: Tensor, output_size: readonly number[] | null = null): Tensor {
    return F.max_unpool3d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }

  override extra_repr(): string {
    return `kernel_size=${tuple(this.kernel_size, 3)}, stride=${tuple(this.stride ?? this.kernel_size, 3)}, padding=${tuple(this.padding, 3)}`;
  }
}

const fractionalMaxPool2dArguments = signature(
  "FractionalMaxPool2d(kernel_size: int[], output_size: int[]? = null, output_ratio: float[]? = null, return_indices = false)",
);

/** Largest elements of windows placed at random, so that the input shrinks by a fraction: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.FractionalMaxPool2d. */
export class FractionalMaxPool2d extends Module {
  kernel_size: number[];
  output_size: number[] | null;
  output_ratio: number[] | null;
  return_indices: boolean;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      output_size?: number | readonly number[] | null;
      output_ratio?: number | readonly number[] | null;
      return_indices?: boolean;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    output_size?: number | readonly number[] | null,
    output_ratio?: number | readonly number[] | null,
    return_indices?: boolean,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      output_size?: number | readonly number[] | null;
      output_ratio?: number | readonly number[] | null;
      return_indices?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.output_size, this.output_ratio, this.return_indices] =
      fractionalMaxPool2dArguments(args);
    if (this.output_size === null && this.output_ratio === null)
      throw new ValueError(
        "FractionalMaxPool2d requires specifying either an output size, or a pooling ratio",
      );
  }

  override forward(input: Tensor): Tensor {
    return F.fractional_max_pool2d(
      input,
      this.kernel_size,
      this.output_size,
      this.output_ratio,
      this.return_indices,
    );
  }
}

const fractionalMaxPool3dArguments = signature(
  "FractionalMaxPool3d(kernel_size: int[], output_size: int[]? = null, output_ratio: float[]? = null, return_indices = false)",
);

/** Largest elements of windows placed at random, so that the input shrinks by a fraction: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.FractionalMaxPool3d. */
export class FractionalMaxPool3d extends Module {
  kernel_size: number[];
  output_size: number[] | null;
  output_ratio: number[] | null;
  return_indices: boolean;

  constructor(
    kernel_size: number | readonly number[],
    options?: {
      output_size?: number | readonly number[] | null;
      output_ratio?: number | readonly number[] | null;
      return_indices?: boolean;
    },
  );
  constructor(
    kernel_size: number | readonly number[],
    output_size?: number | readonly number[] | null,
    output_ratio?: number | readonly number[] | null,
    return_indices?: boolean,
  );
  constructor(
    options: { kernel_size: number | readonly number[] } & {
      output_size?: number | readonly number[] | null;
      output_ratio?: number | readonly number[] | null;
      return_indices?: boolean;
    },
  );
  constructor(...args: unknown[]) {
    super();
    [this.kernel_size, this.output_size, this.output_ratio, this.return_indices] =
      fractionalMaxPool3dArguments(args);
    if (this.output_size === null && this.output_ratio === null)
      throw new ValueError(
        "FractionalMaxPool3d requires specifying either an output size, or a pooling ratio",
      );
  }

  override forward(input: Tensor): Tensor {
    return F.fractional_max_pool3d(
      input,
      this.kernel_size,
      this.output_size,
      this.output_ratio,
      this.return_indices,
    );
  }
}
