// Forms that PyTorch offers in `torch` beside `torch.nn.functional`: other orders of arguments, reductions as
// numbers, and functions that write into their first argument.
import { ValueError } from "../errors";
import { F, op } from "../op/define";
import type { Tensor } from "../tensor";

/** What `reduction` says as a number. Unless given it is 0 here, as in PyTorch. */
function reductionOf(code: number): string {
  const name = ["none", "mean", "sum"][code];
  if (name === undefined) throw new ValueError(`${code} is not a valid value for reduction`);
  return name;
}

/** As `nn.functional.layer_norm`. Source: torch.layer_norm. */
op(
  "layer_norm(input: Tensor, normalized_shape: int[], weight: Tensor? = null, bias: Tensor? = null, eps: float = 1e-05, cudnn_enable = true)",
  (input, normalized_shape, weight, bias, eps) => F.layer_norm(input, normalized_shape, weight, bias, eps),
  { method: false },
);
/** As `nn.functional.group_norm`. Source: torch.group_norm. */
op(
  "group_norm(input: Tensor, num_groups: int, weight: Tensor? = null, bias: Tensor? = null, eps: float = 1e-05, cudnn_enabled = true)",
  (input, num_groups, weight, bias, eps) => F.group_norm(input, num_groups, weight, bias, eps),
  { method: false },
);
/** As `nn.functional.batch_norm`, with weight and bias first. Source: torch.batch_norm. */
op(
  "batch_norm(input: Tensor, weight: Tensor?, bias: Tensor?, running_mean: Tensor?, running_var: Tensor?, training: bool, momentum: float, eps: float, cudnn_enabled: bool)",
  (input, weight, bias, running_mean, running_var, training, momentum, eps) =>
    F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps),
  { method: false },
);
/** As `nn.functional.instance_norm`, with weight and bias first. Source: torch.instance_norm. */
op(
  "instance_norm(input: Tensor, weight: Tensor?, bias: Tensor?, running_mean: Tensor?, running_var: Tensor?, use_input_stats: bool, momentum: float, eps: float, cudnn_enabled: bool)",
  (input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps) =>
    F.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps),
  { method: false },
);

/** As `nn.functional.max_pool1d`. Source: torch.max_pool1d. */
op(
  "max_pool1d(input: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false)",
  (input, ...rest) => F.max_pool1d(input, ...rest) as Tensor,
  { method: false },
);
/** As `nn.functional.max_pool2d`. Source: torch.max_pool2d. */
op(
  "max_pool2d(input: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false)",
  (input, ...rest) => F.max_pool2d(input, ...rest) as Tensor,
  { method: false },
);
/** As `nn.functional.max_pool3d`. Source: torch.max_pool3d. */
op(
  "max_pool3d(input: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false)",
  (input, ...rest) => F.max_pool3d(input, ...rest) as Tensor,
  { method: false },
);
/** As `nn.functional.max_pool1d_with_indices`. Source: torch.max_pool1d_with_indices. */
op(
  "max_pool1d_with_indices(input: Tensor, kernel_size: int[], stride: int[]? = null, padding: int[] = [0], dilation: int[] = [1], ceil_mode = false) -> (output, indices)",
  (input, ...rest) => F.max_pool1d_with_indices(input, ...rest),
  { method: false },
);
/** As `nn.functional.adaptive_max_pool1d` with its indices. Source: torch.adaptive_max_pool1d. */
op(
  "adaptive_max_pool1d(input: Tensor, output_size: int[]) -> (output, indices)",
  (input, output_size) => F.adaptive_max_pool1d(input, output_size, true) as unknown as Tensor[],
  { method: false },
);

/** As `nn.functional.kl_div`; reduction 0 is none, 1 the mean, 2 the sum. Source: torch.kl_div. */
op(
  "kl_div(input: Tensor, target: Tensor, reduction: int = 0, *, log_target = false)",
  (input, target, reduction, log_target) =>
    F.kl_div(input, target, { reduction: reductionOf(reduction), log_target }),
  { method: false },
);
/** As `nn.functional.poisson_nll_loss`; reduction 0 is none, 1 the mean, 2 the sum. Source: torch.poisson_nll_loss. */
op(
  "poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int)",
  (input, target, log_input, full, eps, reduction) =>
    F.poisson_nll_loss(input, target, log_input, full, { eps, reduction: reductionOf(reduction) }),
  { method: false },
);
/** As `nn.functional.triplet_margin_loss`; reduction 0 is none, 1 the mean, 2 the sum. Source: torch.triplet_margin_loss. */
op(
  "triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1, p: float = 2, eps: float = 1e-06, swap = false, reduction: int = 0)",
  (anchor, positive, negative, margin, p, eps, swap, reduction) =>
    F.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, {
      reduction: reductionOf(reduction),
    }),
);
/** As `nn.functional.cosine_embedding_loss`; reduction 0 is none, 1 the mean, 2 the sum. Source: torch.cosine_embedding_loss. */
op(
  "cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, reduction: int = 0)",
  (input1, input2, target, margin, reduction) =>
    F.cosine_embedding_loss(input1, input2, target, margin, { reduction: reductionOf(reduction) }),
);
/** As `nn.functional.hinge_embedding_loss`; reduction 0 is none, 1 the mean, 2 the sum. Source: torch.hinge_embedding_loss. */
op(
  "hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1, reduction: int = 0)",
  (input, target, margin, reduction) =>
    F.hinge_embedding_loss(input, target, margin, { reduction: reductionOf(reduction) }),
  { method: false },
);
/** As `nn.functional.margin_ranking_loss`; reduction 0 is none, 1 the mean, 2 the sum. Source: torch.margin_ranking_loss. */
op(
  "margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, reduction: int = 0)",
  (input1, input2, target, margin, reduction) =>
    F.margin_ranking_loss(input1, input2, target, margin, { reduction: reductionOf(reduction) }),
);
/**
 * As `nn.functional.binary_cross_entropy_with_logits`; reduction 0 is none, 1 the mean, 2 the sum.
 * Source: torch.binary_cross_entropy_with_logits.
 */
op(
  "binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor? = null, pos_weight: Tensor? = null, reduction: int = 0)",
  (input, target, weight, pos_weight, reduction) =>
    F.binary_cross_entropy_with_logits(input, target, weight, {
      pos_weight,
      reduction: reductionOf(reduction),
    }),
  { method: false },
);

/** As `nn.functional.grid_sample`, with modes by number. Source: torch.grid_sampler. */
op(
  "grid_sampler(input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool)",
  (input, grid, interpolation_mode, padding_mode, align_corners) =>
    F.grid_sample(
      input,
      grid,
      ["bilinear", "nearest", "bicubic"][interpolation_mode],
      ["zeros", "border", "reflection"][padding_mode],
      align_corners,
    ),
  { method: false },
);

/** As `nn.functional.dropout2d` of any number of dimensions. Source: torch.feature_dropout. */
op(
  "feature_dropout(input: Tensor, p: float, train: bool)",
  (input, p, train) => F.dropout2d(input, p, train),
  { method: false },
);
/** As `nn.functional.alpha_dropout`. Source: torch.alpha_dropout. */
op(
  "alpha_dropout(input: Tensor, p: float, train: bool)",
  (input, p, train) => F.alpha_dropout(input, p, train),
  { method: false },
);
/** As `nn.functional.feature_alpha_dropout`. Source: torch.feature_alpha_dropout. */
op(
  "feature_alpha_dropout(input: Tensor, p: float, train: bool)",
  (input, p, train) => F.feature_alpha_dropout(input, p, train),
  { method: false },
);
/** As `nn.functional.dropout`, in place. Source: torch.dropout_. */
op("dropout_(input: Tensor, p: float, train: bool)", (input, p, train) => F.dropout(input, p, train, true), {
  method: false,
});
/** As `nn.functional.alpha_dropout`, in place. Source: torch.alpha_dropout_. */
op(
  "alpha_dropout_(input: Tensor, p: float, train: bool)",
  (input, p, train) => F.alpha_dropout(input, p, train, true),
  { method: false },
);
/** As `nn.functional.feature_alpha_dropout`, in place. Source: torch.feature_alpha_dropout_. */
op(
  "feature_alpha_dropout_(input: Tensor, p: float, train: bool)",
  (input, p, train) => F.feature_alpha_dropout(input, p, train, true),
  { method: false },
);
/** As `feature_dropout`, in place. Source: torch.feature_dropout_. */
op(
  "feature_dropout_(input: Tensor, p: float, train: bool)",
  (input, p, train) => F.dropout2d(input, p, train, true),
  { method: false },
);

/** As `nn.functional.relu`, in place. Source: torch.nn.functional.relu_. */
op("nn.functional.relu_(input)", (input) => F.relu(input, true));
/** As `nn.functional.elu`, in place. Source: torch.nn.functional.elu_. */
op("nn.functional.elu_(input, alpha: Number = 1)", (input, alpha) => F.elu(input, alpha, true));
/** As `nn.functional.celu`, in place. Source: torch.celu_. */
op("celu_(input: Tensor, alpha: Number = 1)", (input, alpha) => F.celu(input, alpha, true), {
  method: false,
  alias: ["nn.functional.celu_"],
});
/** As `nn.functional.selu`, in place. Source: torch.selu_. */
op("selu_(input: Tensor)", (input) => F.selu(input, true), {
  method: false,
  alias: ["nn.functional.selu_"],
});
/** As `nn.functional.hardtanh`, in place. Source: torch.nn.functional.hardtanh_. */
op("nn.functional.hardtanh_(input, min_val: Number = -1, max_val: Number = 1)", (input, min_val, max_val) =>
  F.hardtanh(input, min_val, max_val, true),
);
/** As `nn.functional.leaky_relu`, in place. Source: torch.nn.functional.leaky_relu_. */
op("nn.functional.leaky_relu_(input, negative_slope: Number = 0.01)", (input, negative_slope) =>
  F.leaky_relu(input, negative_slope, true),
);
/** As `nn.functional.rrelu`, in place. Source: torch.rrelu_. */
op(
  "rrelu_(input: Tensor, lower: Number = 0.125, upper: Number = 0.3333333333333333, training = false)",
  (input, lower, upper, training) => F.rrelu(input, lower, upper, training, true),
  { method: false, alias: ["nn.functional.rrelu_"] },
);
/** As `nn.functional.threshold`, in place. Source: torch.threshold_. */
op(
  "threshold_(input: Tensor, threshold: Number, value: Number)",
  (input, threshold, value) => F.threshold(input, threshold, value, true),
  { method: false, alias: ["nn.functional.threshold_"] },
);
/** The square, in place. Source: torch.square_. */
op("square_(input: Tensor)", (input) => input.square_(), { method: false });
/** As the method. Source: torch.index_put_. */
op(
  "index_put_(input: Tensor, indices: Index[], values: Tensor, accumulate = false)",
  (input, indices, values, accumulate) => input.index_put_(indices, values, accumulate),
  { method: false },
);
/** As the method. Source: torch.detach. */
op("detach(input: Tensor)", (input) => input.detach(), { method: false });
/** As the method. Source: torch.detach_. */
op("detach_(input: Tensor)", (input) => input.detach_(), { method: false });

/** One step of a recurrent layer: tanh(W x + b + W h + b). Source: torch.rnn_tanh_cell. */
op(
  "rnn_tanh_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor? = null, b_hh: Tensor? = null)",
  (input, hx, w_ih, w_hh, b_ih, b_hh) =>
    F.linear(input, w_ih, b_ih)
      .add(F.linear(hx, w_hh, b_hh))
      .tanh(),
  { method: false },
);
/** One step of a recurrent layer: relu(W x + b + W h + b). Source: torch.rnn_relu_cell. */
op(
  "rnn_relu_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor? = null, b_hh: Tensor? = null)",
  (input, hx, w_ih, w_hh, b_ih, b_hh) =>
    F.linear(input, w_ih, b_ih)
      .add(F.linear(hx, w_hh, b_hh))
      .relu(),
  { method: false },
);

/** The places of elements that are not 0, as `nonzero`, cut or filled up to `size` rows. Source: torch.nonzero_static. */
op("nonzero_static(input, *, size: int, fill_value: int = -1)", (input, size, fill_value) => {
  const found = input.nonzero();
  const count = Math.min(found.shape[0], size);
  const result = found.new_full([size, input.shape.length], fill_value);
  result.narrow(0, 0, count).copy_(found.narrow(0, 0, count));
  return result;
});

/** The coordinates in `shape` of places counted row by row: one tensor per dimension. Source: torch.unravel_index. */
op("unravel_index(indices: Tensor, shape: int[]) -> Tensor[]", (indices, shape) => {
  if (indices.dtype.category !== "int")
    throw new ValueError(`expected 'indices' to be integer dtype, but got ${indices.dtype}`);
  let left = indices;
  const coordinates: Tensor[] = [];
  for (const size of [...shape].reverse()) {
    coordinates.unshift(left.remainder(size));
    left = left.div(size, { rounding_mode: "floor" });
  }
  return coordinates;
});
