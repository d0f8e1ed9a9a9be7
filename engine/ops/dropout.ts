import { RuntimeError, ValueError } from "../errors";
import { op } from "../op/define";
import { numel } from "../shape";
import type { Tensor } from "../tensor";
import { emptyInOrder } from "./memory_order";

/** What is dropped: single elements or whole channels; to zero, or so that mean and variance stay. */
interface Kind {
  features?: boolean;
  alpha?: boolean;
}

/** alpha · scale of SELU: what a dropped element becomes before it is brought back to mean 0. */
const ALPHA = 1.7580993408473766;

/** Source: aten/src/ATen/native/Dropout.cpp, whose steps decide the random numbers and the grad_fn. */
function drop(input: Tensor, p: number, training: boolean, inplace: boolean, kind: Kind): Tensor {
  if (!(p >= 0 && p <= 1))
    throw new ValueError(
      `dropout probability has to be between 0 and 1, but got ${Number.isInteger(p) ? p.toFixed(1) : p}`,
    );
  if (!training || p === 0 || numel(input.shape) === 0) return input;
  const times = (t: Tensor, by: Tensor) => (inplace ? t.mul_(by) : t.mul(by));
  if (p === 1) return times(input, input.new_zeros([]));
  if (kind.features && input.shape.length < 2)
    throw new RuntimeError("Feature dropout requires at least 2 dimensions in the input");
  if (input.dtype.category !== "float")
    throw new RuntimeError(
      `result type Float can't be cast to the desired output type ${input.dtype.scalarTypeName}`,
    );
  const noise = (
    kind.features
      ? input.new_zeros(input.shape.map((size, d) => (d < 2 ? size : 1)))
      : emptyInOrder(input, input.dtype)
  ).bernoulli_(1 - p);
  if (!kind.alpha) return times(input, noise.div_(1 - p));
  const a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  const shift = noise
    .add(-1)
    .mul_(ALPHA * a)
    .add_(ALPHA * a * p);
  return times(input, noise.mul_(a)).add_(shift);
}

/** Zeroes each element with probability p and scales the others by 1 / (1 − p). Source: torch.nn.functional.dropout. */
op(
  "nn.functional.dropout(input, p: float = 0.5, training = true, inplace = false)",
  (input, p, training, inplace) => drop(input, p, training, inplace, {}),
);

/** Zeroes each element with probability p if `train`, and scales the others. Source: torch.dropout. */
op("Tensor._dropout(input, p: float, train: bool)", (input, p, train) => drop(input, p, train, false, {}), {
  alias: ["torch.dropout"],
});

/** Zeroes whole channels: (N, C) or (N, C, L). Source: torch.nn.functional.dropout1d. */
op(
  "nn.functional.dropout1d(input, p: float = 0.5, training = true, inplace = false)",
  (input, p, training, inplace) => {
    const ndim = input.shape.length;
    if (ndim !== 2 && ndim !== 3)
      throw new RuntimeError(
        `dropout1d: Expected 2D or 3D input, but received a ${ndim}D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).`,
      );
    return batched(input, ndim === 3, inplace, (t) => drop(t, p, training, inplace, { features: true }));
  },
);

/** Zeroes whole channels: (N, C, H, W). Source: torch.nn.functional.dropout2d. */
op(
  "nn.functional.dropout2d(input, p: float = 0.5, training = true, inplace = false)",
  (input, p, training, inplace) => drop(input, p, training, inplace, { features: true }),
);

/** Zeroes whole channels: (N, C, D, H, W) or (C, D, H, W). Source: torch.nn.functional.dropout3d. */
op(
  "nn.functional.dropout3d(input, p: float = 0.5, training = true, inplace = false)",
  (input, p, training, inplace) =>
    batched(input, input.shape.length === 5, inplace, (t) =>
      drop(t, p, training, inplace, { features: true }),
    ),
);

function batched(input: Tensor, isBatch: boolean, inplace: boolean, f: (t: Tensor) => Tensor): Tensor {
  if (isBatch) return f(input);
  const result = f(input.unsqueeze(0));
  return inplace ? input : result.squeeze(0);
}

/** Dropout that keeps mean 0 and variance 1, for use with SELU. Source: torch.nn.functional.alpha_dropout. */
op(
  "nn.functional.alpha_dropout(input, p: float = 0.5, training = false, inplace = false)",
  (input, p, training, inplace) => drop(input, p, training, inplace, { alpha: true }),
);

/** Alpha dropout of whole channels. Source: torch.nn.functional.feature_alpha_dropout. */
op(
  "nn.functional.feature_alpha_dropout(input, p: float = 0.5, training = false, inplace = false)",
  (input, p, training, inplace) => drop(input, p, training, inplace, { alpha: true, features: true }),
);

/**
 * Samples from the softmax of `logits` / tau along `dim` with Gumbel noise; with `hard` one-hot, its gradient that of
 * the soft sample. Source: torch.nn.functional.gumbel_softmax.
 */
op(
  "nn.functional.gumbel_softmax(logits: Tensor, tau: float = 1, hard = false, eps: float = 1e-10, dim: int = -1)",
  (logits, tau, hard, _eps, dim) => {
    const gumbels = logits.detach().new_zeros(logits.shape).exponential_().log().neg();
    const soft = logits.add(gumbels).div(tau).softmax(dim);
    if (!hard) return soft;
    const most = soft.max(dim, true)[1];
    const sample = soft.detach().new_zeros(soft.shape).scatter(dim, most, 1);
    return sample.sub(soft.detach()).add(soft);
  },
);
