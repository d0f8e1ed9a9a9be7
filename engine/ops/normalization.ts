import { gradMode } from "../autograd/grad_mode";
import { float64 } from "../dtype";
import { NotImplementedError, RuntimeError, ValueError } from "../errors";
import {
  channelMoments,
  type Groups,
  inverseDeviation,
  type Moments,
  normalized,
  normalizedGrad,
  rowMoments,
  scaleRuns,
  standardize,
  standardizeRows,
} from "../kernels/normalization";
import { F, op } from "../op/define";
import { numel, type Shape, sameShape, showShape } from "../shape";
import { willWrite } from "../storage";
import { elements, fromData, type Tensor } from "../tensor";

/** The input with mean 0 and variance 1 over `dims`, written with tensor operations. */
function standardized(
  input: Tensor,
  dims: readonly number[],
  eps: number,
): { normal: Tensor; scale: Tensor } {
  const centered = input.sub(input.mean([...dims], true));
  const scale = centered
    .mul(centered)
    .mean([...dims], true)
    .add(eps)
    .sqrt()
    .reciprocal();
  return { normal: centered.mul(scale), scale };
}

/** Just the normalised input; in one go where nobody differentiates through it. */
function normalOf(input: Tensor, dims: readonly number[], eps: number): Tensor {
  return gradMode.enabled
    ? standardized(input, dims, eps).normal
    : normalized(input, groupsAlong(input.shape, dims), eps);
}

/** What lies together along `dims`, which are the last ones or all but the second. */
function groupsAlong(shape: Shape, dims: readonly number[]): Groups {
  if (dims[0] !== 0) {
    const inner = numel(shape.slice(shape.length - dims.length));
    return { outer: 1, groups: numel(shape.slice(0, shape.length - dims.length)), inner };
  }
  return { outer: shape[0], groups: shape[1], inner: numel(shape.slice(2)) };
}

/** The gradient through `standardized`, given that of its result. */
function standardizedGrad(grad: Tensor, input: Tensor, dims: readonly number[], eps: number): Tensor {
  if (!gradMode.enabled) return normalizedGrad(grad, input, groupsAlong(input.shape, dims), eps);
  const { normal, scale } = standardized(input, dims, eps);
  const offset = grad.mean([...dims], true);
  const slope = grad.mul(normal).mean([...dims], true);
  return grad.sub(offset).sub(normal.mul(slope)).mul(scale);
}

/** Dimensions 0 … n − 1 except `skip`. */
function dimsExcept(n: number, skip: number): number[] {
  return Array.from({ length: n }, (_, d) => d).filter((d) => d !== skip);
}

/** A vector over the channels (dimension 1) of a tensor of n dimensions. */
function perChannel(vector: Tensor, n: number): Tensor {
  return vector.reshape([numel(vector.shape), ...new Array<number>(Math.max(n - 2, 0)).fill(1)]);
}

function requireFloat(input: Tensor, name: string): void {
  if (input.dtype.category !== "float")
    throw new NotImplementedError(`"${name}" not implemented for '${input.dtype.scalarTypeName}'`);
}

function columnOf(values: Float64Array, shape: number[], like: Tensor): Tensor {
  const out = new like.dtype.ArrayType(values.length);
  out.set(values);
  return fromData(out, shape, like.dtype);
}

// Layer normalisation.

/**
 * Subtracts mean and divides by standard deviation over the last dimensions, which are `normalized_shape`; then
 * times weight plus bias, of that shape. Source: torch.nn.functional.layer_norm.
 */
op(
  "nn.functional.layer_norm(input, normalized_shape: int[], weight: Tensor? = null, bias: Tensor? = null, eps: float = 1e-05)",
  (input, normalized_shape, weight, bias, eps) => input._layer_norm(normalized_shape, weight, bias, eps),
);

/** As `nn.functional.layer_norm`, with each row's mean and 1 / deviation. Source: torch.native_layer_norm. */
op(
  "native_layer_norm(input: Tensor, normalized_shape: int[], weight: Tensor?, bias: Tensor?, eps: float) -> (output, mean, rstd)",
  (input, normalized_shape, weight, bias, eps) => {
    const output = input._layer_norm(normalized_shape, weight, bias, eps);
    const lead = input.shape.slice(0, input.shape.length - normalized_shape.length);
    const { mean, variance } = rowMoments(input, numel(lead), numel(normalized_shape));
    const shape = [...lead, ...normalized_shape.map(() => 1)];
    return [
      output,
      columnOf(mean, shape, input),
      columnOf(inverseDeviation(variance, eps), [...shape], input),
    ];
  },
);

/** As `nn.functional.layer_norm`. @internal */
op("Tensor._layer_norm(input, normalized_shape: int[], weight: Tensor?, bias: Tensor?, eps: float)", {
  grad_fn: "NativeLayerNormBackward0",
  forward: (input, normalized_shape, weight, bias, eps) => {
    checkLayerNorm(input, normalized_shape, weight, bias);
    const count = numel(normalized_shape);
    const rows = count === 0 ? 0 : numel(input.shape) / count;
    const { mean, variance } = rowMoments(input, rows, count);
    const scale = inverseDeviation(variance, eps);
    return standardizeRows(input, count, mean, scale, weight, bias);
  },
  backward: {
    input: [
      ["input", "normalized_shape", "weight", "eps"],
      (grad, input, normalized_shape, weight, eps) =>
        standardizedGrad(weight === null ? grad : grad.mul(weight), input, lastDims(normalized_shape), eps),
      "(g − mean g − x̂ · mean(g · x̂)) / σ, with g = grad · weight and x̂ the normalised input",
    ],
    weight: [
      ["input", "normalized_shape", "eps"],
      (grad, input, normalized_shape, eps) =>
        grad.mul(normalOf(input, lastDims(normalized_shape), eps)).sum_to_size(normalized_shape),
      "Σ grad · x̂ over the rows",
    ],
    bias: [
      ["normalized_shape"],
      (grad, normalized_shape) => grad.sum_to_size(normalized_shape),
      "Σ grad over the rows",
    ],
  },
});

function lastDims(shape: Shape): number[] {
  return shape.map((_, i) => i - shape.length);
}

function checkLayerNorm(
  input: Tensor,
  normalized_shape: Shape,
  weight: Tensor | null,
  bias: Tensor | null,
  lead = "*, ",
): void {
  const n = normalized_shape.length;
  const wanted = showShape(normalized_shape);
  if (n < 1)
    throw new RuntimeError(
      `Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = ${wanted}`,
    );
  for (const [name, t] of [
    ["weight", weight],
    ["bias", bias],
  ] as const)
    if (t !== null && !sameShape(t.shape, normalized_shape))
      throw new RuntimeError(
        `Expected ${name} to be of same shape as normalized_shape, but got ${name} of shape ${showShape(t.shape)} and normalized_shape = ${wanted}`,
      );
  if (input.shape.length < n || !sameShape(input.shape.slice(input.shape.length - n), normalized_shape))
    throw new RuntimeError(
      `Given normalized_shape=${wanted}, expected input with shape [${lead}${normalized_shape.join(", ")}], but got input of size${showShape(input.shape)}`,
    );
  requireFloat(input, "LayerNormKernelImpl");
}

/**
 * Divides by the root mean square over the last dimensions, which are `normalized_shape`; then times weight, of
 * that shape. eps is the dtype's smallest step at 1 unless given. Source: torch.nn.functional.rms_norm.
 */
op(
  "nn.functional.rms_norm(input, normalized_shape: int[], weight: Tensor? = null, eps: float? = null)",
  (input, normalized_shape, weight, eps) => {
    checkLayerNorm(input, normalized_shape, weight, null, "*");
    const smallest = input.dtype === float64 ? Number.EPSILON : 2 ** -23;
    const scale = input
      .pow(2)
      .mean(lastDims(normalized_shape), true)
      .add(eps ?? smallest)
      .rsqrt();
    const result = input.mul(scale);
    return weight === null ? result : result.mul(weight);
  },
  { alias: ["torch.rms_norm"] },
);

// Batch normalisation.

/**
 * Subtracts mean and divides by standard deviation of each channel (dimension 1), then times weight plus bias
 * (C). In training these are the batch's, and the running ones move towards them by `momentum`, in place;
 * otherwise the running ones. Source: torch.nn.functional.batch_norm.
 */
op(
  "nn.functional.batch_norm(input, running_mean: Tensor?, running_var: Tensor?, weight: Tensor? = null, bias: Tensor? = null, training = false, momentum: float = 0.1, eps: float = 1e-05)",
  (input, running_mean, running_var, weight, bias, training, momentum, eps) => {
    if (training) {
      const { shape } = input;
      if (numel(shape) === (shape[1] ?? 1))
        throw new ValueError(
          `Expected more than 1 value per channel when training, got input size torch.Size(${showShape(shape)})`,
        );
      if (eps <= 0)
        throw new ValueError(`batch_norm eps must be positive during training, but got ${float(eps)}`);
    } else if (eps < 0) throw new ValueError(`batch_norm eps must be non-negative, but got ${float(eps)}`);
    return batchNorm(input, weight, bias, running_mean, running_var, training, momentum, eps);
  },
);

function float(x: number): string {
  return Number.isInteger(x) ? x.toFixed(1) : String(x);
}

/** As `nn.functional.batch_norm`, with the batch's means and 1 / deviations. Source: torch.native_batch_norm. */
op(
  "native_batch_norm(input: Tensor, weight: Tensor?, bias: Tensor?, running_mean: Tensor?, running_var: Tensor?, training: bool, momentum: float, eps: float) -> (output, save_mean, save_invstd)",
  (input, weight, bias, running_mean, running_var, training, momentum, eps) => {
    const output = batchNorm(input, weight, bias, running_mean, running_var, training, momentum, eps);
    if (!training) return [output, input.detach().new_zeros([0]), input.detach().new_zeros([0])];
    const { mean, variance } = batchMoments(input);
    return [
      output,
      columnOf(mean, [mean.length], input),
      columnOf(inverseDeviation(variance, eps), [mean.length], input),
    ];
  },
);

function batchNorm(
  input: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  running_mean: Tensor | null,
  running_var: Tensor | null,
  training: boolean,
  momentum: number,
  eps: number,
): Tensor {
  const channels = input.shape[1] ?? 0;
  const given = { running_mean, running_var, weight, bias };
  for (const [name, t] of Object.entries(given)) {
    if (t !== null && numel(t.shape) !== channels)
      throw new RuntimeError(`${name} should contain ${channels} elements not ${numel(t.shape)}`);
    if (t === null && !training && name.startsWith("running"))
      throw new RuntimeError(`${name} must be defined in evaluation mode`);
  }
  requireFloat(input, "batch_norm");
  if (!training) return input._batch_norm(weight, bias, running_mean!, running_var!, eps);
  const result = input._batch_norm_train(weight, bias, eps);
  const count = channels === 0 ? 0 : numel(input.shape) / channels;
  if ((running_mean !== null || running_var !== null) && count > 0) {
    const { mean, variance } = batchMoments(input);
    if (running_mean !== null) move(running_mean, mean, momentum, 1);
    // The running variance is the unbiased one.
    if (running_var !== null) move(running_var, variance, momentum, count / (count - 1));
  }
  return result;
}

function batchMoments(input: Tensor): Moments {
  return channelMoments(input, input.shape[0], input.shape[1] ?? 0, numel(input.shape.slice(2)));
}

/** Moves a running statistic in place towards `factor` · what the batch has. */
function move(running: Tensor, batch: Float64Array, momentum: number, factor: number): void {
  willWrite(running.storage);
  const data = elements(running);
  batch.forEach((value, i) => {
    data[i] = momentum * value * factor + (1 - momentum) * data[i];
  });
}

/** Batch normalisation by the batch's own mean and deviation. @internal */
op("Tensor._batch_norm_train(input, weight: Tensor?, bias: Tensor?, eps: float)", {
  grad_fn: "NativeBatchNormBackward0",
  forward: (input, weight, bias, eps) => {
    const { mean, variance } = batchMoments(input);
    return scaleChannels(input, mean, inverseDeviation(variance, eps), weight, bias);
  },
  backward: {
    input: [
      ["input", "weight", "eps"],
      (grad, input, weight, eps) => {
        const dims = dimsExcept(input.shape.length, 1);
        const scaled = weight === null ? grad : grad.mul(perChannel(weight, input.shape.length));
        return standardizedGrad(scaled, input, dims, eps);
      },
      "(g − mean g − x̂ · mean(g · x̂)) / σ, with g = grad · weight and x̂ the normalised input",
    ],
    weight: [
      ["input", "eps"],
      (grad, input, eps) => {
        const dims = dimsExcept(input.shape.length, 1);
        return grad.mul(normalOf(input, dims, eps)).sum(dims);
      },
      "Σ grad · x̂ over each channel",
    ],
    bias: [[], (grad) => grad.sum(dimsExcept(grad.shape.length, 1)), "Σ grad over each channel"],
  },
});

/** Batch normalisation by given means and variances. @internal */
op(
  "Tensor._batch_norm(input, weight: Tensor?, bias: Tensor?, running_mean: Tensor, running_var: Tensor, eps: float)",
  {
    grad_fn: "NativeBatchNormBackward0",
    forward: (input, weight, bias, running_mean, running_var, eps) =>
      scaleChannels(
        input,
        elements(running_mean),
        inverseDeviation(elements(running_var), eps),
        weight,
        bias,
      ),
    backward: {
      input: [
        ["weight", "running_var", "eps"],
        (grad, weight, running_var, eps) => {
          const scale = running_var.add(eps).sqrt().reciprocal();
          return grad.mul(perChannel(weight === null ? scale : scale.mul(weight), grad.shape.length));
        },
        "grad · weight / √(running_var + eps)",
      ],
      weight: [
        ["input", "running_mean", "running_var", "eps"],
        (grad, input, running_mean, running_var, eps) => {
          const n = input.shape.length;
          const scale = perChannel(running_var.add(eps).sqrt().reciprocal(), n);
          return grad.mul(input.sub(perChannel(running_mean, n)).mul(scale)).sum(dimsExcept(n, 1));
        },
        "Σ grad · x̂ over each channel",
      ],
      bias: [[], (grad) => grad.sum(dimsExcept(grad.shape.length, 1)), "Σ grad over each channel"],
      running_mean: null,
      running_var: null,
    },
  },
);

function scaleChannels(
  input: Tensor,
  mean: ArrayLike<number>,
  scale: Float64Array,
  weight: Tensor | null,
  bias: Tensor | null,
): Tensor {
  const channels = input.shape[1] ?? 0;
  const inner = numel(input.shape.slice(2));
  return scaleRuns(input, inner, channels, mean, scale, weight, bias);
}

// Group and instance normalisation.

/**
 * Subtracts mean and divides by standard deviation of each of `num_groups` groups of channels of each sample;
 * then times weight plus bias (C). Source: torch.nn.functional.group_norm.
 */
op(
  "nn.functional.group_norm(input, num_groups: int, weight: Tensor? = null, bias: Tensor? = null, eps: float = 1e-05)",
  (input, num_groups, weight, bias, eps) => {
    const { shape } = input;
    if (shape.length < 2)
      throw new RuntimeError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
    if (num_groups <= 0)
      throw new RuntimeError(`Expected num groups to be greater than 0, got ${num_groups}`);
    const count = Math.floor((shape[0] * shape[1]) / num_groups);
    if (count * numel(shape.slice(2)) === 1)
      throw new ValueError(
        `Expected more than 1 value per channel when training, got input size ${showShape([count, num_groups, ...shape.slice(2)])}`,
      );
    if (shape[1] % num_groups !== 0)
      throw new RuntimeError(
        `Expected number of channels in input to be divisible by num_groups, but got input of shape ${showShape(shape)} and num_groups=${num_groups}`,
      );
    for (const [name, t] of Object.entries({ weight, bias }))
      if (t !== null && (t.shape.length !== 1 || t.shape[0] !== shape[1]))
        throw new RuntimeError(
          `Expected ${name} to be a vector of size equal to the number of channels in input, but got ${name} of shape ${showShape(t.shape)} and input of shape ${showShape(shape)}`,
        );
    requireFloat(input, "GroupNormKernelImpl");
    return input._group_norm(num_groups, weight, bias, eps)[0];
  },
);

/**
 * As `nn.functional.group_norm`, with each group's mean and 1 / deviation, (N, group); the input is given as N
 * samples of C channels of HxW places. Source: torch.native_group_norm.
 */
op(
  "native_group_norm(input: Tensor, weight: Tensor?, bias: Tensor?, N: int, C: int, HxW: int, group: int, eps: float) -> (output, mean, rstd)",
  (input, weight, bias, N, C, HxW, group, eps) => {
    if (group <= 0) throw new RuntimeError(`Expected num groups to be greater than 0, got ${group}`);
    if (C % group !== 0)
      throw new RuntimeError(
        `Expected number of channels in input to be divisible by num_groups, but got input of shape ${showShape(input.shape)} and num_groups=${group}`,
      );
    if (input.shape[0] !== N || input.shape[1] !== C || numel(input.shape) !== N * C * HxW)
      throw new RuntimeError(
        `Expected an input of ${N} samples of ${C} channels of ${HxW} places, but got input of shape ${showShape(input.shape)}`,
      );
    return input._group_norm(group, weight, bias, eps);
  },
);

/** As `native_group_norm`. Unlike the other norms', its statistics have gradients in PyTorch. @internal */
op(
  "Tensor._group_norm(input, num_groups: int, weight: Tensor?, bias: Tensor?, eps: float) -> (output, mean, rstd)",
  {
    grad_fn: "NativeGroupNormBackward0",
    forward: (input, groups, weight, bias, eps) => {
      const [batch, channels] = input.shape;
      const inner = numel(input.shape.slice(2));
      const inGroup = channels / groups;
      const { mean, variance } = rowMoments(input, batch * groups, inGroup * inner);
      const scale = inverseDeviation(variance, eps);
      const group = (r: number) => Math.floor(r / inGroup);
      return [
        standardize(input, inner, group, mean, scale, weight, bias, channels),
        columnOf(mean, [batch, groups], input),
        columnOf(scale, [batch, groups], input),
      ];
    },
    backward: {
      input: [
        ["input", "num_groups", "weight", "eps"],
        ([grad, gradMean, gradScale], input, groups, weight, eps) => {
          const inGroups = grouped(input, groups);
          const scaled = grad && weight ? grad.mul(perChannel(weight, input.shape.length)) : grad;
          const parts = [
            scaled && standardizedGrad(grouped(scaled, groups), inGroups, [-1], eps),
            gradMean?.div(inGroups.shape[2]).unsqueeze(-1).expand(inGroups.shape),
            gradScale && inverseDeviationGrad(gradScale.unsqueeze(-1), inGroups, eps),
          ].filter((part) => part !== null && part !== undefined);
          return parts.reduce((sum, part) => sum.add(part)).reshape(input.shape);
        },
        "(g − mean g − x̂ · mean(g · x̂)) / σ, with g = grad · weight and x̂ the normalised input",
      ],
      weight: [
        ["input", "num_groups", "eps"],
        ([grad], input, groups, eps) => {
          if (grad === null) return null;
          const normal = normalOf(grouped(input, groups), [-1], eps);
          return grad.mul(normal.reshape(input.shape)).sum(dimsExcept(input.shape.length, 1));
        },
        "Σ grad · x̂ over each channel",
      ],
      bias: [[], ([grad]) => grad?.sum(dimsExcept(grad.shape.length, 1)) ?? null, "Σ grad over each channel"],
    },
  },
);

/** Gradient of 1 / deviation of the last dimension: −x̂ / (n σ²), x̂ the normalised of n elements. */
function inverseDeviationGrad(grad: Tensor, input: Tensor, eps: number): Tensor {
  const { normal, scale } = standardized(input, [-1], eps);
  return normal.mul(scale.mul(scale)).mul(grad.div(-input.shape.at(-1)!));
}

function grouped(t: Tensor, groups: number): Tensor {
  return t.reshape([t.shape[0], groups, (t.shape[1] / groups) * numel(t.shape.slice(2))]);
}

/**
 * Subtracts mean and divides by standard deviation of each channel of each sample, then times weight plus bias
 * (C); with `use_input_stats` false by the running ones. Source: torch.nn.functional.instance_norm.
 */
op(
  "nn.functional.instance_norm(input, running_mean: Tensor? = null, running_var: Tensor? = null, weight: Tensor? = null, bias: Tensor? = null, use_input_stats = true, momentum: float = 0.1, eps: float = 1e-05)",
  (input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps) => {
    const { shape } = input;
    if (use_input_stats && numel(shape.slice(2)) === 1)
      throw new ValueError(
        `Expected more than 1 spatial element when training, got input size torch.Size(${showShape(shape)})`,
      );
    if (!use_input_stats && (running_mean === null || running_var === null))
      throw new RuntimeError(
        "Expected running_mean and running_var to be defined when use_input_stats is false",
      );
    const [batch, channels] = shape;
    const each = (t: Tensor | null) => (t === null ? null : t.repeat(batch));
    const [means, variances] = [each(running_mean), each(running_var)];
    const flat = input.contiguous().reshape([1, batch * channels, ...shape.slice(2)]);
    const result = batchNorm(
      flat,
      each(weight),
      each(bias),
      means,
      variances,
      use_input_stats,
      momentum,
      eps,
    );
    if (use_input_stats) {
      running_mean?.copy_(means!.reshape([batch, channels]).mean(0));
      running_var?.copy_(variances!.reshape([batch, channels]).mean(0));
    }
    return result.reshape(shape);
  },
);

/**
 * input / (k + alpha · mean of input² over `size` neighbouring channels)^beta. Throws below three dimensions.
 * Source: torch.nn.functional.local_response_norm.
 */
op(
  "nn.functional.local_response_norm(input, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1)",
  (input, size, alpha, beta, k) => {
    const ndim = input.shape.length;
    if (ndim < 3)
      throw new ValueError(
        `Expected 3D or higher dimensionality                          input (got ${ndim} dimensions)`,
      );
    if (numel(input.shape) === 0) return input;
    const before = Math.floor(size / 2);
    const after = Math.floor((size - 1) / 2);
    const squares = input.mul(input);
    const means =
      ndim === 3
        ? F.avg_pool2d(F.pad(squares.unsqueeze(1), [0, 0, before, after]), [size, 1], 1).squeeze(1)
        : F.avg_pool3d(
            F.pad(squares.reshape([input.shape[0], 1, input.shape[1], input.shape[2], -1]), [
              0,
              0,
              0,
              0,
              before,
              after,
            ]),
            [size, 1, 1],
            1,
          )
            .squeeze(1)
            .reshape(input.shape);
    return input.div(means.mul(alpha).add(k).pow(beta));
  },
);
