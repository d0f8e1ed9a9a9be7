import { float64, int64 } from "../dtype";
import { NotImplementedError, RuntimeError, ValueError } from "../errors";
import { adaptiveSpans, averageTaps, maxOver, type Span, slidingTaps, windowSpans } from "../kernels/pooling";
import { gatherTaps, scatterTaps, type Taps } from "../kernels/taps";
import { perDimension, poolingWindows } from "../kernels/window";
import { F, op, torch } from "../op/define";
import { numel, type Shape, sameShape, showShape } from "../shape";
import { elements, emptyTensor, type Tensor } from "../tensor";

/** Sums of weighted elements along the last dimensions, one pair of index and weight for each. @internal */
op("_weighted_gather(input, index: Tensor[], weight: Tensor[])", {
  grad_fn: "WeightedGatherBackward0",
  forward: (input, index, weight) => gatherTaps(input, pairs(index, weight)),
  backward: {
    input: [
      ["input.shape", "index", "weight"],
      (grad, shape, index, weight) =>
        torch._weighted_scatter(grad, shape.slice(shape.length - index.length), index, weight),
      "grad · weight, added where it was gathered from",
    ],
    index: null,
    weight: null,
  },
});

/** Spreads elements along the last dimensions: the transpose of `_weighted_gather`. @internal */
op("_weighted_scatter(input, size: int[], index: Tensor[], weight: Tensor[])", {
  grad_fn: "WeightedScatterBackward0",
  forward: (input, size, index, weight) => scatterTaps(input, size, pairs(index, weight)),
  backward: {
    input: [
      ["index", "weight"],
      (grad, index, weight) => torch._weighted_gather(grad, index, weight),
      "grad · weight, gathered where it was added",
    ],
    index: null,
    weight: null,
  },
});

function pairs(index: readonly Tensor[], weight: readonly Tensor[]): Taps[] {
  return index.map((each, i) => ({ index: each, weight: weight[i] }));
}

/** The gradient of a map by taps along the last dimensions of `shape`. */
export function tapsGradient(grad: Tensor, shape: Shape, taps: readonly Taps[]): Tensor {
  return torch._weighted_scatter(
    grad,
    shape.slice(shape.length - taps.length),
    taps.map((t) => t.index),
    taps.map((t) => t.weight),
  );
}

function spatial(shape: Shape, n: number): number[] {
  return shape.slice(shape.length - n);
}

/** Throws unless the input is (…, C, spatial) with at most one batch dimension, none but that of size 0. */
function requireImage(name: string, input: Tensor, n: number): void {
  const { shape } = input;
  const what = `${n + 1}D or ${n + 2}D (batch mode) tensor`;
  if (n === 1 && shape.length !== 2 && shape.length !== 3)
    throw new RuntimeError(
      name === "max_pool1d"
        ? `${name}: Expected ${what} with optional 0 dim batch size for input, but got:${showShape(shape)}`
        : `Expected 2 to 3 dimensions, but got ${shape.length}-dimensional tensor for argument #1 'self' (while checking arguments for ${name})`,
    );
  if (shape.length !== n + 1 && shape.length !== n + 2)
    throw new RuntimeError(`non-empty ${what} expected for input`);
  if (shape.slice(shape.length - n - 1).includes(0))
    throw new RuntimeError(
      `Expected ${what} with optional 0 dim batch size for input, but got:${showShape(shape)}`,
    );
}

function requireOutput(input: Tensor, outputs: readonly number[]): void {
  if (outputs.every((count) => count >= 1)) return;
  const n = outputs.length;
  const channels = input.shape[input.shape.length - n - 1];
  const dims = (sizes: readonly number[]) => `(${[channels, ...sizes].join("x")})`;
  throw new RuntimeError(
    `Given input size: ${dims(spatial(input.shape, n))}. Calculated output size: ${dims(outputs)}. Output size is too small`,
  );
}

// Average pooling.

/**
 * Mean of each window of kernel_size, moved by stride (kernel_size unless given): (…, C, L) → (…, C, L′).
 * Source: torch.nn.functional.avg_pool1d.
 */
op(
  "nn.functional.avg_pool1d(input, kernel_size: int[], stride: int[] = [], padding: int[] = [0], ceil_mode = false, count_include_pad = true)",
  (input, kernel_size, stride, padding, ceil_mode, count_include_pad) => {
    requireImage("avg_pool1d", input, 1);
    return F.avg_pool2d(
      input.unsqueeze(-2),
      [1, ...only("avg_pool1d", "kernel_size", kernel_size)],
      stride.length === 0 ? [] : [1, ...only("avg_pool1d", "stride", stride)],
      [0, ...only("avg_pool1d", "padding", padding)],
      ceil_mode,
      count_include_pad,
    ).squeeze(-2);
  },
  { alias: ["torch.avg_pool1d"] },
);

function only(name: string, argument: string, list: readonly number[]): readonly number[] {
  if (list.length !== 1)
    throw new RuntimeError(`${name}() argument '${argument}' should contain one int (got ${list.length})`);
  return list;
}

/**
 * Mean of each window: (…, C, H, W) → (…, C, H′, W′). Places in the padding count as zeros, and into the divisor
 * unless count_include_pad is false; divisor_override replaces the divisor. Source: torch.nn.functional.avg_pool2d.
 */
op(
  "nn.functional.avg_pool2d(input, kernel_size: int[], stride: int[] = [], padding: int[] = [0], ceil_mode = false, count_include_pad = true, divisor_override: int? = null)",
  {
    grad_fn: "AvgPool2DBackward0",
    forward: (input, ...options) => {
      requireImage("avg_pool2d", input, 2);
      return averagePool("avg_pool2d", input, 2, ...options);
    },
    backward: {
      input: [
        [
          "input.shape",
          "kernel_size",
          "stride",
          "padding",
          "ceil_mode",
          "count_include_pad",
          "divisor_override",
        ],
        (grad, shape, ...options) =>
          tapsGradient(grad, shape, averages("avg_pool2d", spatial(shape, 2), ...options)),
        "grad / window size, added over each window",
      ],
    },
  },
);

/** Mean of each window: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.functional.avg_pool3d. */
op(
  "nn.functional.avg_pool3d(input, kernel_size: int[], stride: int[] = [], padding: int[] = [0], ceil_mode = false, count_include_pad = true, divisor_override: int? = null)",
  {
    grad_fn: "AvgPool3DBackward0",
    forward: (input, ...options) => {
      requireImage("avg_pool3d", input, 3);
      return averagePool("avg_pool3d", input, 3, ...options);
    },
    backward: {
      input: [
        [
          "input.shape",
          "kernel_size",
          "stride",
          "padding",
          "ceil_mode",
          "count_include_pad",
          "divisor_override",
        ],
        (grad, shape, ...options) =>
          tapsGradient(grad, shape, averages("avg_pool3d", spatial(shape, 3), ...options)),
        "grad / window size, added over each window",
      ],
    },
  },
);

type AverageOptions = [
  kernel_size: number[],
  stride: number[],
  padding: number[],
  ceil_mode: boolean,
  count_include_pad: boolean,
  divisor_override: number | null,
];

function averagePool(name: string, input: Tensor, n: number, ...options: AverageOptions): Tensor {
  const [kernel_size, stride, padding, ceil_mode] = options;
  const sizes = spatial(input.shape, n);
  const windows = poolingWindows(name, sizes, kernel_size, stride, padding, [1], ceil_mode);
  const small = windows.some((w) => w.outputs < 1);
  if (n === 3 && small) {
    const show = (list: readonly number[], prefix: string) =>
      ["T", "H", "W"].map((letter, d) => `${prefix}${letter}: ${list[d]}`).join(" ");
    const kernel = windows.map((w) => w.kernel);
    throw new RuntimeError(
      `input image (${show(sizes, "")}) smaller than kernel size (${show(kernel, "k")})`,
    );
  }
  requireOutput(
    input,
    windows.map((w) => w.outputs),
  );
  return gatherTaps(input, averages(name, sizes, ...options));
}

function averages(name: string, sizes: readonly number[], ...options: AverageOptions): Taps[] {
  const [kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override] = options;
  if (divisor_override === 0) throw new RuntimeError("divisor must be not zero");
  const windows = poolingWindows(name, sizes, kernel_size, stride, padding, [1], ceil_mode);
  const taps = windows.map((w) => slidingTaps(w, count_include_pad, divisor_override !== null));
  if (divisor_override !== null) taps[0].weight = taps[0].weight.div(divisor_override);
  return taps;
}

/** Means of L′ windows that cover the input evenly: (…, C, L) → (…, C, L′). Source: torch.nn.functional.adaptive_avg_pool1d. */
op(
  "nn.functional.adaptive_avg_pool1d(input, output_size: int[])",
  (input, output_size) => {
    requireImage("adaptive_avg_pool1d", input, 1);
    const size = only("adaptive_avg_pool1d", "output_size", output_size);
    return torch._adaptive_avg_pool2d(input.unsqueeze(-2), [1, ...size]).squeeze(-2);
  },
  { alias: ["torch.adaptive_avg_pool1d"] },
);

/** Means of H′ × W′ windows that cover the input evenly: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.functional.adaptive_avg_pool2d. */
op("nn.functional.adaptive_avg_pool2d(input, output_size: int?[])", (input, output_size) => {
  const size = adaptiveSize("adaptive_avg_pool2d", input, output_size, 2);
  // One window over everything is the mean, and PyTorch records it as such.
  return size.every((s) => s === 1) ? input.mean([-1, -2], true) : torch._adaptive_avg_pool2d(input, size);
});

/** Means of windows that cover the input evenly: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.functional.adaptive_avg_pool3d. */
op("nn.functional.adaptive_avg_pool3d(input, output_size: int?[])", (input, output_size) => {
  const size = adaptiveSize("adaptive_avg_pool3d", input, output_size, 3);
  return size.every((s) => s === 1)
    ? input.mean([-1, -2, -3], true)
    : torch._adaptive_avg_pool3d(input, size);
});

function adaptiveSize(
  name: string,
  input: Tensor,
  output_size: readonly (number | null)[],
  n: number,
): number[] {
  const size = keptSizes(input, output_size, n, `${name}: output_size must be ${n}`);
  if (size.some((s) => s < 0))
    throw new RuntimeError(
      `${name}: elements of output_size must be greater than or equal to 0 but received {${size.join(", ")}}`,
    );
  requireAdaptive(name, input, n, "");
  return size;
}

/** One number stands for all dimensions; null for the size a dimension has. */
function keptSizes(
  input: Tensor,
  output_size: readonly (number | null)[],
  n: number,
  message: string,
): number[] {
  const sizes = spatial(input.shape, n);
  const given = output_size.map((size, d) => size ?? sizes[d]);
  return perDimension(given, n, message);
}

function requireAdaptive(name: string, input: Tensor, n: number, colon: string): void {
  const { shape } = input;
  if (shape.length !== n + 1 && shape.length !== n + 2)
    throw new RuntimeError(
      `${name}(): Expected ${n + 1}D or ${n + 2}D tensor, but got${colon} ${showShape(shape)}`,
    );
  const empty = shape.findIndex((size, d) => size === 0 && d >= shape.length - n);
  if (empty >= 0)
    throw new RuntimeError(
      `${name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes ${showShape(shape)} with dimension ${empty} being empty`,
    );
  if (input.dtype.category !== "float")
    throw new NotImplementedError(`"${name}" not implemented for '${input.dtype.scalarTypeName}'`);
}

/** As `nn.functional.adaptive_avg_pool2d`. @internal */
op("_adaptive_avg_pool2d(input, output_size: int[])", {
  grad_fn: "AdaptiveAvgPool2DBackward0",
  forward: (input, size) => gatherTaps(input, adaptiveAverages(spatial(input.shape, 2), size)),
  backward: {
    input: [
      ["input.shape", "output_size"],
      (grad, shape, size) => tapsGradient(grad, shape, adaptiveAverages(spatial(shape, 2), size)),
      "grad / window size, added over each window",
    ],
  },
});

/** As `nn.functional.adaptive_avg_pool3d`. @internal */
op("_adaptive_avg_pool3d(input, output_size: int[])", {
  grad_fn: "AdaptiveAvgPool3DBackward0",
  forward: (input, size) => gatherTaps(input, adaptiveAverages(spatial(input.shape, 3), size)),
  backward: {
    input: [
      ["input.shape", "output_size"],
      (grad, shape, size) => tapsGradient(grad, shape, adaptiveAverages(spatial(shape, 3), size)),
      "grad / window size, added over each window",
    ],
  },
});

function adaptiveAverages(sizes: readonly number[], outputs: readonly number[]): Taps[] {
  return sizes.map((size, d) => averageTaps(adaptiveSpans(size, outputs[d])));
}

// Maximum pooling.

/**
 * Largest element of each window: (…, C, L) → (…, C, L′); with return_indices also its place.
 * Source: torch.nn.functional.max_pool1d.
 */
op(
  "nn.functional.max_pool1d(input, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false, return_indices = false) -> Tensor",
  (input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) => {
    const result = F.max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
    return return_indices ? result : result[0];
  },
);

/** Largest element of each window and its place: (…, C, L) → (…, C, L′). Source: torch.nn.functional.max_pool1d_with_indices. */
op(
  "nn.functional.max_pool1d_with_indices(input, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false) -> (output, indices)",
  (input, kernel_size, stride, padding, dilation, ceil_mode) => {
    requireImage("max_pool1d", input, 1);
    const [kernel, step, pad] = [kernel_size, stride ?? kernel_size, padding].map((list, i) => {
      if (list.length !== 1)
        throw new RuntimeError(
          `max_pool1d() ${["kernel_size", "stride", "padding"][i]} must be an int, list of ints or tuple of ints of size 1 but got size ${list.length}`,
        );
      return list[0];
    });
    if (kernel <= 0)
      throw new RuntimeError(`max_pool1d() kernel_size must be greater than zero, but got ${kernel}`);
    if (step <= 0) throw new RuntimeError(`max_pool1d() stride must be greater than zero, but got ${step}`);
    if (pad > kernel / 2)
      throw new RuntimeError(
        `max_pool1d() padding should be at most half of kernel size, but got padding=${pad} and kernel_size=${kernel}`,
      );
    const length = input.shape.at(-1)!;
    const reach = dilation[0] * (kernel - 1) + 1;
    const outputs = Math.floor((length + 2 * pad - reach + (ceil_mode ? step - 1 : 0)) / step) + 1;
    if (outputs < 1) throw new RuntimeError(`max_pool1d() Invalid computed output size: ${outputs}`);
    const [output, indices] = F.max_pool2d_with_indices(
      input.unsqueeze(-2),
      [1, kernel],
      [1, step],
      [0, pad],
      [1, ...dilation],
      ceil_mode,
    );
    return named(output.squeeze(-2), indices.squeeze(-2));
  },
);

/**
 * Largest element of each window: (…, C, H, W) → (…, C, H′, W′); with return_indices also its place in the
 * plane. Source: torch.nn.functional.max_pool2d.
 */
op(
  "nn.functional.max_pool2d(input, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false, return_indices = false) -> Tensor",
  (input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) => {
    const result = F.max_pool2d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
    return return_indices ? result : result[0];
  },
);

/** Largest element of each window and its place in the plane: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.functional.max_pool2d_with_indices. */
op(
  "nn.functional.max_pool2d_with_indices(input, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false) -> (output, indices)",
  {
    grad_fn: "MaxPool2DWithIndicesBackward0",
    forward: (input, ...options) => maxPool("max_pool2d", input, 2, ...options),
    backward: {
      input: [
        ["input.shape", "result"],
        (grads, shape, result) => unpooled(grads[0], result[1], shape, 2),
        "grad at the largest element of each window, 0 elsewhere",
      ],
    },
  },
);

/**
 * Largest element of each window: (…, C, D, H, W) → (…, C, D′, H′, W′); with return_indices also its place in
 * the volume. Source: torch.nn.functional.max_pool3d.
 */
op(
  "nn.functional.max_pool3d(input, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false, return_indices = false) -> Tensor",
  (input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) => {
    const result = F.max_pool3d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
    return return_indices ? result : result[0];
  },
);

/** Largest element of each window and its place in the volume: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.functional.max_pool3d_with_indices. */
op(
  "nn.functional.max_pool3d_with_indices(input, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false) -> (output, indices)",
  {
    grad_fn: "MaxPool3DWithIndicesBackward0",
    forward: (input, ...options) => maxPool("max_pool3d", input, 3, ...options),
    backward: {
      input: [
        ["input.shape", "result"],
        (grads, shape, result) => unpooled(grads[0], result[1], shape, 3),
        "grad at the largest element of each window, 0 elsewhere",
      ],
    },
  },
);

function maxPool(
  name: string,
  input: Tensor,
  n: number,
  kernel_size: readonly number[],
  stride: readonly number[] | null,
  padding: readonly number[],
  dilation: readonly number[],
  ceil_mode: boolean,
): Tensor[] {
  requireImage(name, input, n);
  const sizes = spatial(input.shape, n);
  const windows = poolingWindows(name, sizes, kernel_size, stride ?? [], padding, dilation, ceil_mode);
  requireOutput(
    input,
    windows.map((w) => w.outputs),
  );
  return maxOver(input, windows.map(windowSpans));
}

/** `grad` at the places that `indices` name in the last `n` dimensions of `shape`, 0 elsewhere. */
function unpooled(grad: Tensor | null, indices: Tensor, shape: Shape, n: number): Tensor | null {
  if (grad === null) return null;
  const lead = shape.slice(0, shape.length - n);
  const flat = [...lead, numel(spatial(grad.shape, n))];
  return grad
    .new_zeros([...lead, numel(spatial(shape, n))])
    .scatter_add(-1, indices.reshape(flat), grad.reshape(flat))
    .reshape([...shape]);
}

function named(output: Tensor, indices: Tensor): Tensor[] {
  return Object.defineProperties([output, indices], {
    output: { value: output },
    indices: { value: indices },
  });
}

/** Largest elements of L′ windows that cover the input evenly: (…, C, L) → (…, C, L′). Source: torch.nn.functional.adaptive_max_pool1d. */
op(
  "nn.functional.adaptive_max_pool1d(input, output_size: int[], return_indices = false) -> Tensor",
  (input, output_size, return_indices) => {
    requireImage("adaptive_max_pool1d", input, 1);
    const size = only("adaptive_max_pool1d", "output_size", output_size);
    const [output, indices] = torch._adaptive_max_pool2d(input.unsqueeze(-2), [1, ...size]);
    return return_indices ? named(output.squeeze(-2), indices.squeeze(-2)) : output.squeeze(-2);
  },
);

/** Largest elements of H′ × W′ windows that cover the input evenly. Source: torch.nn.functional.adaptive_max_pool2d. */
op(
  "nn.functional.adaptive_max_pool2d(input, output_size: int?[], return_indices = false) -> Tensor",
  (input, output_size, return_indices) => {
    const result = torch._adaptive_max_pool2d(input, maxSize("adaptive_max_pool2d", input, output_size, 2));
    return return_indices ? result : result[0];
  },
);

/** Largest elements of D′ × H′ × W′ windows that cover the input evenly. Source: torch.nn.functional.adaptive_max_pool3d. */
op(
  "nn.functional.adaptive_max_pool3d(input, output_size: int?[], return_indices = false) -> Tensor",
  (input, output_size, return_indices) => {
    const result = torch._adaptive_max_pool3d(input, maxSize("adaptive_max_pool3d", input, output_size, 3));
    return return_indices ? result : result[0];
  },
);

function maxSize(name: string, input: Tensor, output_size: readonly (number | null)[], n: number): number[] {
  return keptSizes(input, output_size, n, `${name}(): internal error: output_size.size() must be ${n}`);
}

/** As `nn.functional.adaptive_max_pool2d`, with the places. @internal */
op("_adaptive_max_pool2d(input, output_size: int[]) -> (output, indices)", {
  grad_fn: "AdaptiveMaxPool2DBackward0",
  forward: (input, size) => adaptiveMax("adaptive_max_pool2d", input, size),
  backward: {
    input: [
      ["input.shape", "result"],
      (grads, shape, result) => unpooled(grads[0], result[1], shape, 2),
      "grad at the largest element of each window, 0 elsewhere",
    ],
  },
});

/** As `nn.functional.adaptive_max_pool3d`, with the places. @internal */
op("_adaptive_max_pool3d(input, output_size: int[]) -> (output, indices)", {
  grad_fn: "AdaptiveMaxPool3DBackward0",
  forward: (input, size) => adaptiveMax("adaptive_max_pool3d", input, size),
  backward: {
    input: [
      ["input.shape", "result"],
      (grads, shape, result) => unpooled(grads[0], result[1], shape, 3),
      "grad at the largest element of each window, 0 elsewhere",
    ],
  },
});

function adaptiveMax(name: string, input: Tensor, outputs: readonly number[]): Tensor[] {
  requireAdaptive(name, input, outputs.length, ":");
  if (outputs.some((s) => s < 0))
    throw new RuntimeError(`Trying to create tensor with negative dimension ${Math.min(...outputs)}`);
  const sizes = spatial(input.shape, outputs.length);
  return maxOver(
    input,
    sizes.map((size, d): Span[] => adaptiveSpans(size, outputs[d])),
  );
}

// Power-average pooling.

/** (Σ xᵖ over each window)^(1/p): (…, C, L) → (…, C, L′). Source: torch.nn.functional.lp_pool1d. */
op(
  "nn.functional.lp_pool1d(input, norm_type: Number, kernel_size: int, stride: int[]? = null, ceil_mode = false)",
  (input, norm_type, kernel_size, stride, ceil_mode) => {
    if (!Number.isFinite(norm_type))
      return extremePool(input, norm_type, (x) => F.max_pool1d(x, kernel_size, stride, 0, 1, ceil_mode));
    const mean = F.avg_pool1d(input.pow(norm_type), kernel_size, stride ?? [], 0, ceil_mode);
    return powerMean(mean, kernel_size, norm_type);
  },
);

/** (Σ xᵖ over each window)^(1/p): (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.functional.lp_pool2d. */
op(
  "nn.functional.lp_pool2d(input, norm_type: Number, kernel_size: int[], stride: int[]? = null, ceil_mode = false)",
  (input, norm_type, kernel_size, stride, ceil_mode) => {
    if (!Number.isFinite(norm_type))
      return extremePool(input, norm_type, (x) => F.max_pool2d(x, kernel_size, stride, 0, 1, ceil_mode));
    const mean = F.avg_pool2d(input.pow(norm_type), kernel_size, stride ?? [], 0, ceil_mode);
    return powerMean(mean, windowVolume(kernel_size, 2), norm_type);
  },
);

/** (Σ xᵖ over each window)^(1/p): (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.functional.lp_pool3d. */
op(
  "nn.functional.lp_pool3d(input, norm_type: Number, kernel_size: int[], stride: int[]? = null, ceil_mode = false)",
  (input, norm_type, kernel_size, stride, ceil_mode) => {
    if (!Number.isFinite(norm_type))
      return extremePool(input, norm_type, (x) => F.max_pool3d(x, kernel_size, stride, 0, 1, ceil_mode));
    const mean = F.avg_pool3d(input.pow(norm_type), kernel_size, stride ?? [], 0, ceil_mode);
    return powerMean(mean, windowVolume(kernel_size, 3), norm_type);
  },
);

function extremePool(input: Tensor, norm_type: number, pool: (x: Tensor) => Tensor): Tensor {
  return norm_type > 0 ? pool(input.abs()) : pool(input.abs().neg()).neg();
}

function powerMean(mean: Tensor, volume: number, norm_type: number): Tensor {
  return mean
    .sign()
    .mul(mean.abs().relu())
    .mul(volume)
    .pow(1 / norm_type);
}

function windowVolume(kernel_size: readonly number[], n: number): number {
  return kernel_size.length === 1 ? kernel_size[0] ** n : numel(kernel_size);
}

// Unpooling.

/** Puts pooled maxima back where they came from, 0 elsewhere: (…, C, L) → (…, C, L′). Source: torch.nn.functional.max_unpool1d. */
op(
  "nn.functional.max_unpool1d(input, indices: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], output_size: int[]? = null)",
  (input, indices, kernel_size, stride, padding, output_size) => {
    const size = unpoolSize(input, 1, kernel_size, stride, padding, output_size);
    return torch._max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1);
  },
);

/** Puts pooled maxima back where they came from, 0 elsewhere: (…, C, H, W) → (…, C, H′, W′). Source: torch.nn.functional.max_unpool2d. */
op(
  "nn.functional.max_unpool2d(input, indices: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], output_size: int[]? = null)",
  (input, indices, kernel_size, stride, padding, output_size) =>
    torch._max_unpool2d(input, indices, unpoolSize(input, 2, kernel_size, stride, padding, output_size)),
);

/** Puts pooled maxima back where they came from, 0 elsewhere: (…, C, D, H, W) → (…, C, D′, H′, W′). Source: torch.nn.functional.max_unpool3d. */
op(
  "nn.functional.max_unpool3d(input, indices: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], output_size: int[]? = null)",
  (input, indices, kernel_size, stride, padding, output_size) =>
    torch._max_unpool3d(input, indices, unpoolSize(input, 3, kernel_size, stride, padding, output_size)),
);

function unpoolSize(
  input: Tensor,
  n: number,
  kernel_size: readonly number[],
  stride: readonly number[] | null,
  padding: readonly number[],
  output_size: readonly number[] | null,
): number[] {
  const each = (list: readonly number[], name: string) =>
    perDimension(list, n, `max_unpool${n}d: ${name} must be a single int or ${n} ints`);
  const kernel = each(kernel_size, "kernel_size");
  const step = stride === null || stride.length === 0 ? kernel : each(stride, "stride");
  const pad = each(padding, "padding");
  const size = spatial(input.shape, n).map((s, d) => (s - 1) * step[d] + kernel[d] - 2 * pad[d]);
  if (output_size === null) return size;
  const wanted = output_size.length === n + 2 ? output_size.slice(2) : output_size;
  if (wanted.length !== n)
    throw new ValueError(
      `output_size should be a sequence containing ${n} or ${n + 2} elements, but it has a length of '${wanted.length}'`,
    );
  wanted.forEach((w, d) => {
    if (w <= size[d] - step[d] || w >= size[d] + step[d])
      throw new ValueError(
        `invalid output_size "(${wanted.join(", ")}${n === 1 ? "," : ""})" (dim ${d} must be between ${size[d] - step[d]} and ${size[d] + step[d]})`,
      );
  });
  return [...wanted];
}

/** As `nn.functional.max_unpool2d`, given the output's size. @internal */
op("_max_unpool2d(input, indices: Tensor, output_size: int[])", {
  grad_fn: "MaxUnpool2DBackward0",
  forward: (input, indices, size) => maxUnpool(input, indices, size),
  backward: {
    input: [
      ["indices"],
      (grad, indices) => pooledAgain(grad, indices, 2),
      "grad where the maxima were put back",
    ],
    indices: null,
  },
});

/** As `nn.functional.max_unpool3d`, given the output's size. @internal */
op("_max_unpool3d(input, indices: Tensor, output_size: int[])", {
  grad_fn: "MaxUnpool3DBackward0",
  forward: (input, indices, size) => maxUnpool(input, indices, size),
  backward: {
    input: [
      ["indices"],
      (grad, indices) => pooledAgain(grad, indices, 3),
      "grad where the maxima were put back",
    ],
    indices: null,
  },
});

function maxUnpool(input: Tensor, indices: Tensor, size: readonly number[]): Tensor {
  const n = size.length;
  if (indices.dtype !== int64)
    throw new RuntimeError(
      `elements in indices should be type int64 but got: ${indices.dtype.scalarTypeName}`,
    );
  if (input.shape.length !== n + 1 && input.shape.length !== n + 2)
    throw new RuntimeError(
      `Input to max_unpooling${n}d should be a ${n + 1}d or ${n + 2}d Tensor, but got a tensor with ${input.shape.length} dimensions.`,
    );
  if (!sameShape(input.shape, indices.shape))
    throw new RuntimeError(
      `Expected shape of indices to be same as that of the input tensor (${showShape(input.shape)}) but got indices tensor with shape: ${showShape(indices.shape)}`,
    );
  if (size.some((s) => s < 0))
    throw new ValueError(
      `max_unpooling: output_size must contain non-negative spatial dimensions, but got output_size=${showShape(size)}`,
    );
  const lead = input.shape.slice(0, input.shape.length - n);
  const result = emptyTensor([...lead, ...size], input.dtype);
  const out = result.storage.data;
  const values = elements(input);
  const places = elements(indices);
  const room = numel(size);
  const count = numel(spatial(input.shape, n));
  for (let i = 0; i < values.length; i++) {
    const place = places[i];
    if (place < 0 || place >= room)
      throw new RuntimeError(
        n === 2
          ? `Found an invalid max index: ${place} (output volumes are of size ${size.join("x")}`
          : `found an invalid max index ${place} (output volumes are of size ${size.join("x")}`,
      );
    out[Math.floor(i / count) * room + place] = values[i];
  }
  return result;
}

function pooledAgain(grad: Tensor, indices: Tensor, n: number): Tensor {
  const lead = indices.shape.slice(0, indices.shape.length - n);
  return grad
    .reshape([...lead, numel(spatial(grad.shape, n))])
    .gather(-1, indices.reshape([...lead, numel(spatial(indices.shape, n))]))
    .reshape(indices.shape);
}

// Pooling of windows placed at random.

/**
 * Largest elements of output_size windows of kernel_size, placed at random so that they cover the input; sizes by
 * number, or by `output_ratio` of the input's. `_random_samples` (N, C, 2) decides their places.
 * Source: torch.nn.functional.fractional_max_pool2d.
 */
op(
  "nn.functional.fractional_max_pool2d(input, kernel_size: int[], output_size: int[]? = null, output_ratio: float[]? = null, return_indices = false, _random_samples: Tensor? = null) -> Tensor",
  (input, kernel_size, output_size, output_ratio, return_indices, _random_samples) => {
    const size = fractionalSize("fractional_max_pool2d", input, 2, output_size, output_ratio);
    const samples = _random_samples ?? fractionalSamples(input, 2);
    const kernel = fractionalKernel("fractional_max_pool2d", input, kernel_size, size);
    const result = torch._fractional_max_pool2d(input, kernel, size, samples);
    return return_indices ? result : result[0];
  },
);

/**
 * As `fractional_max_pool2d` for volumes: (…, C, D, H, W), `_random_samples` (N, C, 3).
 * Source: torch.nn.functional.fractional_max_pool3d.
 */
op(
  "nn.functional.fractional_max_pool3d(input, kernel_size: int[], output_size: int[]? = null, output_ratio: float[]? = null, return_indices = false, _random_samples: Tensor? = null) -> Tensor",
  (input, kernel_size, output_size, output_ratio, return_indices, _random_samples) => {
    const size = fractionalSize("fractional_max_pool3d", input, 3, output_size, output_ratio);
    const samples = _random_samples ?? fractionalSamples(input, 3);
    const kernel = fractionalKernel("fractional_max_pool3d", input, kernel_size, size);
    const result = torch._fractional_max_pool3d(input, kernel, size, samples);
    return return_indices ? result : result[0];
  },
);

function fractionalSize(
  name: string,
  input: Tensor,
  n: number,
  output_size: readonly number[] | null,
  output_ratio: readonly number[] | null,
): number[] {
  requireImage(name, input, n);
  if (output_size !== null)
    return perDimension(output_size, n, `${name}: output_size must either be a single int, or ${n} ints`);
  if (output_ratio === null)
    throw new ValueError(`${name} requires specifying either an output_size or an output_ratio`);
  const ratios = perDimension(output_ratio, n, `${name}: output_ratio must have ${n} elements`);
  return spatial(input.shape, n).map((size, d) => Math.trunc(size * ratios[d]));
}

function fractionalSamples(input: Tensor, n: number): Tensor {
  const lead = input.shape.length === n + 1 ? 1 : input.shape[0];
  return torch.rand([lead, input.shape[input.shape.length - n - 1], n], { dtype: input.dtype });
}

function fractionalKernel(
  name: string,
  input: Tensor,
  kernel_size: readonly number[],
  size: Shape,
): number[] {
  const n = size.length;
  const kernel = perDimension(
    kernel_size,
    n,
    `${name}: kernel_size must either be a single int or tuple of ${n} ints`,
  );
  const names = ["time", "height", "width"].slice(3 - n);
  // Volumes need a place more than images do.
  const spare = n === 3 ? 1 : 0;
  spatial(input.shape, n).forEach((available, d) => {
    if (size[d] < 1 || kernel[d] < 1 || size[d] + kernel[d] - 1 + spare > available)
      throw new RuntimeError(
        `${name}${n === 3 ? "_out" : ""}(): pool ${names[d]} ${kernel[d]} too large relative to input ${names[d]} ${available}`,
      );
  });
  return kernel;
}

/** As `nn.functional.fractional_max_pool2d`, with the places. @internal */
op(
  "_fractional_max_pool2d(input, kernel_size: int[], output_size: int[], samples: Tensor) -> (output, indices)",
  {
    grad_fn: "FractionalMaxPool2DBackward0",
    // PyTorch draws the last dimension's sample first for images, but not for volumes.
    forward: (input, kernel, size, samples) => fractionalMax(input, kernel, size, samples, [1, 0]),
    backward: {
      input: [
        ["input.shape", "result"],
        (grads, shape, result) => unpooled(grads[0], result[1], shape, 2),
        "grad at the largest element of each window, 0 elsewhere",
      ],
      samples: null,
    },
  },
);

/** As `nn.functional.fractional_max_pool3d`, with the places. @internal */
op(
  "_fractional_max_pool3d(input, kernel_size: int[], output_size: int[], samples: Tensor) -> (output, indices)",
  {
    grad_fn: "FractionalMaxPool3DBackward0",
    forward: (input, kernel, size, samples) => fractionalMax(input, kernel, size, samples, [0, 1, 2]),
    backward: {
      input: [
        ["input.shape", "result"],
        (grads, shape, result) => unpooled(grads[0], result[1], shape, 3),
        "grad at the largest element of each window, 0 elsewhere",
      ],
      samples: null,
    },
  },
);

/** Pools each channel with windows of its own; `order` says which sample belongs to which dimension. */
function fractionalMax(
  input: Tensor,
  kernel: Shape,
  size: Shape,
  samples: Tensor,
  order: readonly number[],
): Tensor[] {
  const n = size.length;
  const lead = input.shape.slice(0, input.shape.length - n);
  const sizes = spatial(input.shape, n);
  const planes = input.reshape([numel(lead), ...sizes]);
  const shape = [...lead, ...size];
  const values = emptyTensor(shape, input.dtype);
  const places = emptyTensor([...shape], int64);
  const random = elements(samples);
  for (let p = 0; p < planes.shape[0]; p++) {
    const spans = sizes.map((available, d) =>
      fractionalSpans(random[p * n + order[d]], available, size[d], kernel[d], input.dtype === float64),
    );
    const [most, at] = maxOver(planes.select(0, p), spans);
    values.storage.data.set(elements(most), p * numel(size));
    places.storage.data.set(elements(at), p * numel(size));
  }
  return [values, places];
}

function fractionalSpans(
  sample: number,
  size: number,
  outputs: number,
  kernel: number,
  double: boolean,
): Span[] {
  const round = double ? (x: number) => x : Math.fround;
  const alpha = round((size - kernel) / (outputs - 1));
  return Array.from({ length: outputs }, (_, o) => {
    const start =
      o === outputs - 1
        ? size - kernel
        : Math.trunc(round(round(o + sample) * alpha)) - Math.trunc(round(sample * alpha));
    return { start, end: start + kernel, step: 1 };
  });
}
