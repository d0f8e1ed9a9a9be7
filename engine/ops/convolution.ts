import { float32 } from "../dtype";
import { RuntimeError } from "../errors";
import { addBias, convolve, convolveTransposed, correlate, type Sliding } from "../kernels/convolution";
import { F, op, torch } from "../op/define";
import { numel, type Shape, showShape } from "../shape";
import { elements, emptyTensor, type Tensor } from "../tensor";

/**
 * Slides `weight` over `input` (N, C, spatial), or with `transposed` spreads the input through it.
 * weight is (K, C / groups, kernel); transposed (C, K / groups, kernel). Source: torch.convolution.
 */
op(
  "Tensor._convolution(input, weight: Tensor, bias: Tensor?, stride: int[], padding: int[], dilation: int[], transposed: bool, output_padding: int[], groups: int)",
  {
    grad_fn: "ConvolutionBackward0",
    forward: (input, weight, bias, stride, padding, dilation, transposed, output_padding, groups) => {
      checkConvolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
      const sliding = { stride, padding, dilation, groups };
      const kernel = weight.shape.slice(2);
      const sizes = input.shape.slice(2);
      if (!transposed) return convolve(input, weight, bias, places(sizes, kernel, sliding), sliding);
      const spatial = spreadSizes(sizes, kernel, sliding, output_padding);
      const result = convolveTransposed(input, weight, spatial, sliding);
      return bias === null ? result : addBias(result, bias);
    },
    backward: {
      input: [
        ["input.shape", "weight", "stride", "padding", "dilation", "transposed", "groups"],
        (grad, shape, weight, stride, padding, dilation, transposed, groups) => {
          const sliding = { stride, padding, dilation, groups };
          return transposed
            ? cropTo(forward(grad, weight, sliding), shape)
            : spreadTo(grad, weight, shape.slice(2), sliding);
        },
        "grad convolved with the weight, transposed the other way",
      ],
      weight: [
        ["input", "weight.shape", "stride", "padding", "dilation", "transposed", "groups"],
        (grad, input, shape, stride, padding, dilation, transposed, groups) => {
          const [wide, narrow] = transposed ? [grad, input] : [input, grad];
          return torch._convolution_weight(wide, narrow, shape, stride, padding, dilation, groups);
        },
        "input correlated with grad",
      ],
      bias: [
        [],
        (grad) => grad.sum(grad.shape.map((_, d) => d).filter((d) => d !== 1)),
        "grad summed over batch and places",
      ],
    },
    alias: ["torch.convolution"],
  },
);

/** The gradient of a convolution's weight, (K, C / groups, kernel), bilinear in both tensors. @internal */
op(
  "_convolution_weight(input, grad: Tensor, weight_size: int[], stride: int[], padding: int[], dilation: int[], groups: int)",
  {
    grad_fn: "ConvolutionBackwardBackward0",
    forward: (input, grad, weight_size, stride, padding, dilation, groups) =>
      correlate(input, grad, weight_size, { stride, padding, dilation, groups }),
    backward: {
      input: [
        ["input.shape", "grad", "stride", "padding", "dilation", "groups"],
        (outer, shape, grad, stride, padding, dilation, groups) =>
          spreadTo(grad, outer, shape.slice(2), { stride, padding, dilation, groups }),
        "the grad given, spread through the gradient of the result",
      ],
      grad: [
        ["input", "grad.shape", "stride", "padding", "dilation", "groups"],
        (outer, input, shape, stride, padding, dilation, groups) =>
          cropTo(forward(input, outer, { stride, padding, dilation, groups }), shape),
        "input convolved with the gradient of the result",
      ],
    },
  },
);

function forward(input: Tensor, weight: Tensor, { stride, padding, dilation, groups }: Sliding): Tensor {
  return torch.convolution(input, weight, null, stride, padding, dilation, false, [0], groups);
}

/** A strided window may fit once more than the convolution that is being differentiated used. */
function cropTo(t: Tensor, shape: Shape): Tensor {
  return shape.reduce<Tensor>((r, size, d) => (r.shape[d] === size ? r : r.narrow(d, 0, size)), t);
}

/** The transposed convolution whose result has the spatial sizes `sizes`. */
function spreadTo(input: Tensor, weight: Tensor, sizes: Shape, sliding: Sliding): Tensor {
  const { stride, padding, dilation, groups } = sliding;
  const least = spreadSizes(input.shape.slice(2), weight.shape.slice(2), sliding, [0]);
  const rest = sizes.map((size, d) => size - least[d]);
  return torch.convolution(input, weight, null, stride, padding, dilation, true, rest, groups);
}

function places(sizes: Shape, kernel: Shape, { stride, padding, dilation }: Sliding): number[] {
  return sizes.map(
    (size, d) => Math.floor((size + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1,
  );
}

function spreadSizes(sizes: Shape, kernel: Shape, sliding: Sliding, output_padding: Shape): number[] {
  const { stride, padding, dilation } = sliding;
  return sizes.map(
    (size, d) =>
      (size - 1) * stride[d] -
      2 * padding[d] +
      dilation[d] * (kernel[d] - 1) +
      1 +
      (output_padding[d] ?? output_padding[0]),
  );
}

function checkConvolution(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Shape,
  padding: Shape,
  dilation: Shape,
  transposed: boolean,
  output_padding: Shape,
  groups: number,
): void {
  if (padding.some((p) => p < 0)) throw new RuntimeError("negative padding is not supported");
  if (output_padding.some((p) => p < 0)) throw new RuntimeError("negative output_padding is not supported");
  if (stride.some((s) => s <= 0)) throw new RuntimeError("non-positive stride is not supported");
  if (dilation.some((s) => s <= 0)) throw new RuntimeError("non-positive dilation is not supported");
  if (groups <= 0) throw new RuntimeError("non-positive groups is not supported");
  if (input.dtype !== weight.dtype)
    throw new RuntimeError(
      input.dtype === float32
        ? `Input type (torch.${input.dtype.tensorTypeName}) and weight type (torch.${weight.dtype.tensorTypeName}) should be the same or input should be a MKLDNN tensor and weight is a dense tensor`
        : `expected scalar type ${input.dtype.scalarTypeName} but found ${weight.dtype.scalarTypeName}`,
    );
  if (bias !== null && bias.dtype !== input.dtype)
    throw new RuntimeError(
      `Input type (${input.dtype.name.replace("32", "").replace("float64", "double")}) and bias type (${bias.dtype.name.replace("32", "").replace("float64", "double")}) should be the same`,
    );
  checkShapes(input, weight, bias, transposed, groups);
  if (transposed) return;
  const padded = input.shape.slice(2).map((size, d) => size + 2 * padding[d]);
  const reach = weight.shape.slice(2).map((size, d) => dilation[d] * (size - 1) + 1);
  if (padded.some((size, d) => size < reach[d]))
    throw new RuntimeError(
      `Calculated padded input size per channel: (${padded.join(" x ")}). Kernel size: (${reach.join(" x ")}). Kernel size can't be greater than actual input size`,
    );
}

function checkShapes(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  transposed: boolean,
  groups: number,
): void {
  const shown = showShape(weight.shape);
  const lead = transposed ? "Given transposed=1" : `Given groups=${groups}`;
  if (weight.shape[0] < groups)
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, but got weight of size ${shown} instead`,
    );
  if (weight.shape[0] % groups !== 0)
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got weight of size [${shown}] instead`,
    );
  const channels = transposed ? weight.shape[0] : weight.shape[1] * groups;
  if (input.shape[1] !== channels)
    throw new RuntimeError(
      `${lead}, weight of size ${shown}, expected input${showShape(input.shape)} to have ${channels} channels, but got ${input.shape[1]} channels instead`,
    );
  const outputs = transposed ? weight.shape[1] * groups : weight.shape[0];
  if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== outputs))
    throw new RuntimeError(
      `Given ${transposed ? "transposed=1, " : ""}weight of size ${shown}, expected bias to be 1-dimensional with ${outputs} elements, but got bias of size ${showShape(bias.shape)} instead`,
    );
}

/** What the public functions of all dimensions share: lists for every dimension, and the batch dimension. */
function convolution(
  name: string,
  n: number,
  input: Tensor,
  weight: Tensor,
  run: (input: Tensor, each: (list: Shape, what: string) => number[]) => Tensor,
): Tensor {
  const { length } = input.shape;
  if (length !== n + 1 && length !== n + 2)
    throw new RuntimeError(
      `Expected ${n + 1}D (unbatched) or ${n + 2}D (batched) input to ${name}, but got input of size: ${showShape(input.shape)}`,
    );
  const dims = weight.shape.length - 2;
  const each = (list: Shape, what: string) => {
    if (list.length === dims) return [...list];
    if (list.length !== 1)
      throw new RuntimeError(
        `expected ${what} to be a single integer value or a list of ${dims} values to match the convolution dimensions, but got ${what}=${showShape(list)}`,
      );
    return new Array<number>(dims).fill(list[0]);
  };
  if (dims !== n)
    throw new RuntimeError(
      `expected stride to be a single integer value or a list of ${dims} values to match the convolution dimensions, but got stride=${showShape(new Array<number>(n).fill(1))}`,
    );
  return length === n + 2 ? run(input, each) : run(input.unsqueeze(0), each).squeeze(0);
}

function slide(
  name: string,
  n: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Shape,
  padding: Shape | string,
  dilation: Shape,
  groups: number,
): Tensor {
  return convolution(name, n, input, weight, (batch, each) => {
    const step = each(stride, "stride");
    const spread = each(dilation, "dilation");
    if (typeof padding !== "string")
      return torch.convolution(
        batch,
        weight,
        bias,
        step,
        each(padding, "padding"),
        spread,
        false,
        each([0], "output_padding"),
        groups,
      );
    const { padded, both } = namedPadding(padding, batch, weight, step, spread);
    return torch.convolution(
      padded,
      weight,
      bias,
      step,
      both,
      spread,
      false,
      each([0], "output_padding"),
      groups,
    );
  });
}

/** `"same"` and `"valid"` in numbers; where both sides cannot get the same, the rest is padded beforehand. */
function namedPadding(
  padding: string,
  input: Tensor,
  weight: Tensor,
  stride: Shape,
  dilation: Shape,
): { padded: Tensor; both: number[] } {
  if (padding !== "same" && padding !== "valid")
    throw new RuntimeError(`Invalid padding string: '${padding}'`);
  if (padding === "valid") return { padded: input, both: stride.map(() => 0) };
  if (stride.some((s) => s !== 1))
    throw new RuntimeError("padding='same' is not supported for strided convolutions");
  const total = weight.shape.slice(2).map((size, d) => dilation[d] * (size - 1));
  const both = total.map((t) => Math.floor(t / 2));
  const rest = total.flatMap((_, i) => {
    const d = total.length - 1 - i;
    return [0, total[d] - 2 * both[d]];
  });
  return { padded: rest.some((r) => r > 0) ? F.pad(input, rest) : input, both };
}

/**
 * Cross-correlation: input (N, C, L) or (C, L), weight (K, C / groups, k) → (N, K, L′). `padding` is a number,
 * "valid" or "same". Source: torch.nn.functional.conv1d.
 */
op(
  "nn.functional.conv1d(input, weight: Tensor, bias: Tensor? = null, stride: int[] = [1], padding: int[] | str = [0], dilation: int[] = [1], groups: int = 1)",
  (...args) => slide("conv1d", 1, ...args),
  { alias: ["torch.conv1d"] },
);

/**
 * Cross-correlation: input (N, C, H, W) or (C, H, W), weight (K, C / groups, kH, kW) → (N, K, H′, W′).
 * `padding` is a number or one per dimension, "valid" or "same". Source: torch.nn.functional.conv2d.
 */
op(
  "nn.functional.conv2d(input, weight: Tensor, bias: Tensor? = null, stride: int[] = [1], padding: int[] | str = [0], dilation: int[] = [1], groups: int = 1)",
  (...args) => slide("conv2d", 2, ...args),
  { alias: ["torch.conv2d"] },
);

/**
 * Cross-correlation: input (N, C, D, H, W) or (C, D, H, W), weight (K, C / groups, kD, kH, kW) →
 * (N, K, D′, H′, W′). Source: torch.nn.functional.conv3d.
 */
op(
  "nn.functional.conv3d(input, weight: Tensor, bias: Tensor? = null, stride: int[] = [1], padding: int[] | str = [0], dilation: int[] = [1], groups: int = 1)",
  (...args) => slide("conv3d", 3, ...args),
  { alias: ["torch.conv3d"] },
);

function spread(
  name: string,
  n: number,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Shape,
  padding: Shape,
  output_padding: Shape,
  groups: number,
  dilation: Shape,
): Tensor {
  return convolution(name, n, input, weight, (batch, each) => {
    const step = each(stride, "stride");
    const gaps = each(dilation, "dilation");
    const pad = each(padding, "padding");
    const extra = each(output_padding, "output_padding");
    if (extra.some((p, d) => p >= step[d] && p >= gaps[d])) throw tooMuchOutputPadding(extra, step, gaps);
    const sizes = spreadSizes(
      batch.shape.slice(2),
      weight.shape.slice(2),
      { stride: step, padding: pad, dilation: gaps, groups },
      extra,
    );
    if (sizes.some((s) => s <= 0))
      throw new RuntimeError(
        `Given input size per channel: (${batch.shape.slice(2).join(" x ")}). Calculated output size per channel: (${sizes.join(" x ")}). Output size is too small`,
      );
    return torch.convolution(batch, weight, bias, step, pad, gaps, true, extra, groups);
  });
}

function tooMuchOutputPadding(extra: Shape, stride: Shape, dilation: Shape): RuntimeError {
  const names = ["depth", "height", "width"].slice(-Math.max(extra.length, 2));
  const show = (what: string, list: Shape, fill: number) =>
    [...(list.length === 1 ? [fill] : []), ...list].map((v, i) => `${what}_${names[i]}: ${v}`).join(" ");
  return new RuntimeError(
    `output padding must be smaller than either stride or dilation, but got ${show("output_padding", extra, 0)} ${show("stride", stride, 1)} ${show("dilation", dilation, 1)}`,
  );
}

/**
 * The transpose (gradient) of a convolution: input (N, C, L), weight (C, K / groups, k) → (N, K, L′).
 * Source: torch.nn.functional.conv_transpose1d.
 */
op(
  "nn.functional.conv_transpose1d(input, weight: Tensor, bias: Tensor? = null, stride: int[] = [1], padding: int[] = [0], output_padding: int[] = [0], groups: int = 1, dilation: int[] = [1])",
  (...args) => spread("conv_transpose1d", 1, ...args),
  { alias: ["torch.conv_transpose1d"] },
);

/** The transpose (gradient) of a convolution: (N, C, H, W), weight (C, K / groups, kH, kW) → (N, K, H′, W′). Source: torch.nn.functional.conv_transpose2d. */
op(
  "nn.functional.conv_transpose2d(input, weight: Tensor, bias: Tensor? = null, stride: int[] = [1], padding: int[] = [0], output_padding: int[] = [0], groups: int = 1, dilation: int[] = [1])",
  (...args) => spread("conv_transpose2d", 2, ...args),
  { alias: ["torch.conv_transpose2d"] },
);

/** The transpose (gradient) of a convolution: (N, C, D, H, W), weight (C, K / groups, kD, kH, kW) → (N, K, D′, H′, W′). Source: torch.nn.functional.conv_transpose3d. */
op(
  "nn.functional.conv_transpose3d(input, weight: Tensor, bias: Tensor? = null, stride: int[] = [1], padding: int[] = [0], output_padding: int[] = [0], groups: int = 1, dilation: int[] = [1])",
  (...args) => spread("conv_transpose3d", 3, ...args),
  { alias: ["torch.conv_transpose3d"] },
);

// Sliding blocks as columns.

/**
 * Every sliding block of the input as a column: (N, C, H, W) or (C, H, W) → (N, C · kH · kW, blocks).
 * Source: torch.nn.functional.unfold.
 */
op(
  "nn.functional.unfold(input, kernel_size: int[], dilation: int[] = [1], padding: int[] = [0], stride: int[] = [1])",
  {
    grad_fn: "Im2ColBackward0",
    forward: (input, ...options) => unfold(input, blocks(...options)),
    backward: {
      input: [
        ["input.shape", "kernel_size", "dilation", "padding", "stride"],
        (grad, shape, ...options) => F.fold(grad, shape.slice(-2), ...options),
        "grad's columns added where the blocks were",
      ],
    },
  },
);

/**
 * Adds columns back as sliding blocks: (N, C · kH · kW, blocks) → (N, C, H, W) of `output_size`. Where blocks
 * overlap their elements add up. Source: torch.nn.functional.fold.
 */
op(
  "nn.functional.fold(input, output_size: int[], kernel_size: int[], dilation: int[] = [1], padding: int[] = [0], stride: int[] = [1])",
  {
    grad_fn: "Col2ImBackward0",
    forward: (input, output_size, ...options) =>
      fold(input, pair(output_size, "output_size"), blocks(...options)),
    backward: {
      input: [
        ["kernel_size", "dilation", "padding", "stride"],
        (grad, ...options) => F.unfold(grad, ...options),
        "the sliding blocks of grad as columns",
      ],
    },
  },
);

interface Blocks {
  kernel: number[];
  dilation: number[];
  padding: number[];
  stride: number[];
}

function pair(list: Shape, name: string): number[] {
  if (list.length > 2)
    throw new RuntimeError(`It is expected ${name} equals to 2, but got size ${list.length}`);
  return list.length === 1 ? [list[0], list[0]] : [...list];
}

function blocks(kernel_size: Shape, dilation: Shape, padding: Shape, stride: Shape): Blocks {
  const b = {
    kernel: pair(kernel_size, "kernel_size"),
    dilation: pair(dilation, "dilation"),
    padding: pair(padding, "padding"),
    stride: pair(stride, "stride"),
  };
  for (const [what, name, list] of [
    ["kernel size", "kernel", b.kernel],
    ["dilation", "dilation", b.dilation],
    ["stride", "stride", b.stride],
  ] as const)
    if (list.some((v) => v <= 0))
      throw new RuntimeError(
        `${what} should be greater than zero, but got ${name}_height: ${list[0]} ${name}_width: ${list[1]}`,
      );
  if (b.padding.some((p) => p < 0))
    throw new RuntimeError(
      `padding should be non-negative, but got pad_height: ${b.padding[0]} pad_width: ${b.padding[1]}`,
    );
  return b;
}

function blockCounts(sizes: Shape, { kernel, dilation, padding, stride }: Blocks): number[] {
  return places(sizes, kernel, { stride, padding, dilation, groups: 1 });
}

const tuple = (list: Shape) => `(${list.join(", ")})`;

function unfold(input: Tensor, b: Blocks): Tensor {
  const { length } = input.shape;
  if ((length !== 3 && length !== 4) || input.shape.slice(-3).includes(0))
    throw new RuntimeError(
      `Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: ${showShape(input.shape)}`,
    );
  const sizes = input.shape.slice(-2);
  const counts = blockCounts(sizes, b);
  if (counts.some((c) => c < 1))
    throw new RuntimeError(
      `Given input with spatial size ${tuple(sizes)}, kernel_size=${tuple(b.kernel)}, dilation=${tuple(b.dilation)}, padding=${tuple(b.padding)}, calculated shape of the array of sliding blocks as ${tuple(counts)}, but its components must be at least one.`,
    );
  const lead = input.shape.slice(0, -3);
  const channels = input.shape[length - 3];
  const shape = [...lead, channels * numel(b.kernel), numel(counts)];
  const result = emptyTensor(shape, input.dtype);
  const out = result.storage.data;
  const from = elements(input);
  eachBlockElement(numel(lead) * channels, sizes, counts, b, (column, place) => {
    out[column] = from[place];
  });
  return result;
}

function fold(input: Tensor, size: number[], b: Blocks): Tensor {
  const { length } = input.shape;
  if ((length !== 2 && length !== 3) || input.shape.slice(-2).includes(0))
    throw new RuntimeError(
      `Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: ${showShape(input.shape)}`,
    );
  const [rows, count] = input.shape.slice(-2);
  if (rows % numel(b.kernel) !== 0)
    throw new RuntimeError(
      `Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=${rows} and kernel_size=${tuple(b.kernel)}.`,
    );
  const counts = blockCounts(size, b);
  if (counts.some((c) => c < 1) || numel(counts) !== count)
    throw new RuntimeError(
      `Given output_size=${tuple(size)}, kernel_size=${tuple(b.kernel)}, dilation=${tuple(b.dilation)}, padding=${tuple(b.padding)}, stride=${tuple(b.stride)}, expected size of input's dimension 2 to match the calculated number of sliding blocks ${counts.join(" * ")} = ${numel(counts)}, but got input.size(2)=${count}.`,
    );
  const lead = input.shape.slice(0, -2);
  const channels = rows / numel(b.kernel);
  const result = emptyTensor([...lead, channels, ...size], input.dtype);
  const out = result.storage.data;
  const from = elements(input);
  eachBlockElement(numel(lead) * channels, size, counts, b, (column, place) => {
    out[place] += from[column];
  });
  return result;
}

/** Pairs each element of the columns with its place in the planes, as far as it is not in the padding. */
function eachBlockElement(
  planes: number,
  [height, width]: number[],
  [rows, columns]: number[],
  { kernel, dilation, padding, stride }: Blocks,
  visit: (column: number, place: number) => void,
): void {
  let column = 0;
  for (let p = 0; p < planes; p++)
    for (let ky = 0; ky < kernel[0]; ky++)
      for (let kx = 0; kx < kernel[1]; kx++)
        for (let r = 0; r < rows; r++) {
          const y = r * stride[0] - padding[0] + ky * dilation[0];
          for (let c = 0; c < columns; c++, column++) {
            const x = c * stride[1] - padding[1] + kx * dilation[1];
            if (y >= 0 && y < height && x >= 0 && x < width) visit(column, (p * height + y) * width + x);
          }
        }
}
