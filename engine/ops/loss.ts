import { gradMode } from "../autograd/grad_mode";
import type { DType } from "../dtype";
import { NotImplementedError, RuntimeError, ValueError } from "../errors";
import { squaredErrorGrad } from "../kernels/backward";
import { pairType, refuseIntegers, zip } from "../kernels/elementwise";
import { reduce, sumRow } from "../kernels/reduce";
import { observer } from "../observe";
import { op, torch } from "../op/define";
import { numel, sameShape } from "../shape";
import type { Tensor } from "../tensor";

// What losses share. `reduction` says what becomes of the losses of the elements: "mean", "sum" or "none".

export function checkReduction(reduction: string): void {
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none")
    throw new ValueError(`${reduction} is not a valid value for reduction`);
}

/** For kernels: reduces data without recording. */
export function reduceLoss(elementwise: Tensor, reduction: string): Tensor {
  checkReduction(reduction);
  if (reduction === "none") return elementwise;
  return reduce(elementwise, null, false, elementwise.dtype, (data, start, end) => {
    const total = sumRow(data, start, end);
    return reduction === "mean" ? total / (end - start) : total;
  });
}

/** For composed losses: reduces with tensor operations. */
export function reduced(elementwise: Tensor, reduction: string): Tensor {
  checkReduction(reduction);
  if (reduction === "none") return elementwise;
  return reduction === "mean" ? elementwise.mean() : elementwise.sum();
}

/** The gradient of each element's loss, given that of the reduced one. */
export function perElement(grad: Tensor, reduction: string, count: number): Tensor {
  return reduction === "mean" ? grad.div(count) : grad;
}

function requireSameDType(input: Tensor, target: Tensor, name: string): void {
  if (input.dtype.category !== "float" && target.dtype.category !== "float")
    throw new NotImplementedError(`"${name}" not implemented for '${input.dtype.scalarTypeName}'`);
}

function requireWeightShape(input: Tensor, weight: Tensor): void {
  if (!sameShape(weight.shape, input.shape))
    throw new ValueError("Weights and input must have the same size.");
}

/** The weighted mean, or whatever `reduction` asks for. */
function weighted(losses: Tensor, weight: Tensor, reduction: string): Tensor {
  checkReduction(reduction);
  const each = losses.mul(weight);
  if (reduction === "none") return each;
  return reduction === "sum" ? each.sum() : each.sum().div(weight.sum());
}

/** Tells whoever watches that a loss is about to compare elements that do not belong together. */
function warnOfBroadcast(input: Tensor, target: Tensor): void {
  if (observer === null || sameShape(input.shape, target.shape)) return;
  const [size, inputSize] = [target, input].map(({ shape }) => `torch.Size([${shape.join(", ")}])`);
  observer.warned(
    `Using a target size (${size}) that is different to the input size (${inputSize}). This will likely lead to ` +
      "incorrect results due to broadcasting. Please ensure they have the same size.",
  );
}

/** Mean of (input − target)². Shapes must broadcast. Source: torch.nn.functional.mse_loss. */
op(
  "nn.functional.mse_loss(input, target, *, reduction: str = 'mean', weight: Tensor? = null)",
  (input, target, reduction, weight) => {
    warnOfBroadcast(input, target);
    if (weight === null) return torch._mse_loss(input, target, reduction);
    requireWeightShape(input, weight);
    return weighted(input.sub(target).pow(2), weight, reduction);
  },
);

/** As `nn.functional.mse_loss`. @internal */
op("_mse_loss(input, target, reduction: str)", {
  grad_fn: "MseLossBackward0",
  forward: (input, target, reduction) => {
    requireSameDType(input, target, "mse_cpu");
    return reduceLoss(
      zip(input, target, (x, y) => (x - y) * (x - y)),
      reduction,
    );
  },
  backward: {
    input: [
      ["input", "target", "reduction"],
      (grad, input, target, reduction) => mseGrad(grad, input, target, reduction),
      "grad · 2 (input − target) / n",
    ],
    target: [
      ["input", "target", "reduction"],
      (grad, input, target, reduction) => mseGrad(grad, target, input, reduction),
      "grad · 2 (target − input) / n",
    ],
  },
});

function mseGrad(grad: Tensor, x: Tensor, y: Tensor, reduction: string): Tensor {
  if (!gradMode.enabled && reduction !== "none" && sameShape(x.shape, y.shape) && x.dtype === y.dtype)
    return squaredErrorGrad(grad, x, y, reduction === "mean" ? numel(x.shape) : 1);
  const difference = x.sub(y);
  return difference.mul(2).mul(perElement(grad, reduction, numel(difference.shape)));
}

/** Mean of |input − target|. Source: torch.nn.functional.l1_loss. */
op(
  "nn.functional.l1_loss(input, target, *, reduction: str = 'mean', weight: Tensor? = null)",
  (input, target, reduction, weight) => {
    warnOfBroadcast(input, target);
    const distance = input.sub(target).abs();
    if (weight === null) return reduced(distance, reduction);
    requireWeightShape(input, weight);
    return weighted(distance, weight, reduction);
  },
);

/**
 * Mean of ½ d² / beta where d = |input − target| < beta, else d − ½ beta.
 * Source: torch.nn.functional.smooth_l1_loss.
 */
op(
  "nn.functional.smooth_l1_loss(input, target, *, reduction: str = 'mean', beta: float = 1)",
  (input, target, reduction, beta) => {
    warnOfBroadcast(input, target);
    if (beta < 0) throw new RuntimeError("smooth_l1_loss does not support negative values for beta.");
    if (beta === 0) return reduced(input.sub(target).abs(), reduction);
    return torch._smooth_l1_loss(input, target, reduction, beta);
  },
);

/** As `nn.functional.smooth_l1_loss`. @internal */
op("_smooth_l1_loss(input, target, reduction: str, beta: float)", {
  grad_fn: "SmoothL1LossBackward0",
  forward: (input, target, reduction, beta) => {
    const dtype = pairType(input, target);
    refuseIntegers("smooth_l1_cpu", dtype);
    const loss = (x: number, y: number) => {
      const d = Math.abs(x - y);
      return d < beta ? (0.5 * d * d) / beta : d - 0.5 * beta;
    };
    return reduceLoss(zip(input, target, loss, dtype), reduction);
  },
  backward: {
    input: [
      ["input", "target", "reduction", "beta"],
      (grad, input, target, reduction, beta) =>
        clippedErrorGrad(grad, input, target, reduction, beta, 1 / beta),
      "grad · clamp((input − target) / beta, −1, 1) / n",
    ],
    target: [
      ["input", "target", "reduction", "beta"],
      (grad, input, target, reduction, beta) =>
        clippedErrorGrad(grad, target, input, reduction, beta, 1 / beta),
      "grad · clamp((target − input) / beta, −1, 1) / n",
    ],
  },
});

/** Some losses are computed into the memory of an operand's dtype, which integers cannot give floats. */
export function refuseLossAs(dtype: DType, computed: DType): void {
  if (dtype.category !== "float" && computed.category === "float")
    throw new RuntimeError(
      `result type ${computed.scalarTypeName} can't be cast to the desired output type ${dtype.scalarTypeName}`,
    );
}

function clippedErrorGrad(
  grad: Tensor,
  x: Tensor,
  y: Tensor,
  reduction: string,
  limit: number,
  scale: number,
): Tensor {
  const difference = x.sub(y);
  const slope = difference.clamp(-limit, limit).mul(scale);
  return slope.mul(perElement(grad, reduction, numel(difference.shape)));
}

/**
 * Mean of ½ d² where d = |input − target| < delta, else delta · (d − ½ delta).
 * Source: torch.nn.functional.huber_loss.
 */
op(
  "nn.functional.huber_loss(input, target, reduction: str = 'mean', delta: float = 1, weight: Tensor? = null)",
  (input, target, reduction, delta, weight) => {
    warnOfBroadcast(input, target);
    if (delta <= 0) throw new RuntimeError("huber_loss does not support non-positive values for delta.");
    if (weight === null) return torch._huber_loss(input, target, reduction, delta);
    requireWeightShape(input, weight);
    return reduced(torch._huber_loss(input, target, "none", delta).mul(weight), reduction);
  },
);

/** As `nn.functional.huber_loss`. @internal */
op("_huber_loss(input, target, reduction: str, delta: float)", {
  grad_fn: "HuberLossBackward0",
  forward: (input, target, reduction, delta) => {
    const dtype = pairType(input, target);
    refuseLossAs(input.dtype, dtype);
    refuseIntegers("huber_cpu", dtype);
    const loss = (x: number, y: number) => {
      const d = Math.abs(x - y);
      return d < delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
    };
    return reduceLoss(zip(input, target, loss, dtype, input.dtype), reduction);
  },
  backward: {
    input: [
      ["input", "target", "reduction", "delta"],
      (grad, input, target, reduction, delta) => clippedErrorGrad(grad, input, target, reduction, delta, 1),
      "grad · clamp(input − target, −delta, delta) / n",
    ],
    target: [
      ["input", "target", "reduction", "delta"],
      (grad, input, target, reduction, delta) => clippedErrorGrad(grad, target, input, reduction, delta, 1),
      "grad · clamp(target − input, −delta, delta) / n",
    ],
  },
});

/**
 * Mean of ½ (ln var + (input − target)² / var), var no smaller than eps; with `full` also ½ ln 2π.
 * Source: torch.nn.functional.gaussian_nll_loss.
 */
op(
  "nn.functional.gaussian_nll_loss(input, target, var: Tensor | Number, full = false, eps: float = 1e-06, reduction: str = 'mean')",
  (input, target, given, full, eps, reduction) => {
    const negative = typeof given === "number" ? given < 0 : given.lt(0).any().item();
    if (negative) throw new ValueError("var has negative entry/entries");
    const variance = spreadVariance(
      typeof given === "number" ? input.new_full([], given).expand(input.shape) : given,
      input,
    );
    if (reduction !== "none" && reduction !== "mean" && reduction !== "sum")
      throw new ValueError(`${reduction} is not valid`);
    // The limit holds for the values but not for the gradient.
    const limited = variance.clone();
    limited.detach().copy_(limited.detach().clamp({ min: eps }));
    const loss = limited.log().add(input.sub(target).pow(2).div(limited)).mul(0.5);
    return reduced(full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss, reduction);
  },
);

function spreadVariance(variance: Tensor, input: Tensor): Tensor {
  if (sameShape(variance.shape, input.shape)) return variance;
  if (sameShape(input.shape.slice(0, -1), variance.shape)) return variance.unsqueeze(-1);
  const differing = variance.shape.filter((size, d) => size !== input.shape[d]);
  const oneSingle = differing.length === 1 && differing[0] === 1;
  if (variance.shape.length === input.shape.length && oneSingle) return variance;
  throw new ValueError("var is of incorrect size");
}

/**
 * Mean of e^input − target · input, for input the logarithm of the rate; without log_input of input −
 * target · ln(input + eps). With `full` also Stirling's approximation of ln target!.
 * Source: torch.nn.functional.poisson_nll_loss.
 */
op(
  "nn.functional.poisson_nll_loss(input, target, log_input = true, full = false, *, eps: float = 1e-08, reduction: str = 'mean')",
  (input, target, log_input, full, eps, reduction) => {
    checkReduction(reduction);
    const loss = log_input ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
    if (!full) return reduced(loss, reduction);
    const stirling = target
      .mul(target.log())
      .sub(target)
      .add(
        target
          .mul(2 * Math.PI)
          .log()
          .mul(0.5),
      );
    return reduced(loss.add(stirling.masked_fill(target.le(1), 0)), reduction);
  },
);

/**
 * Mean of target · (ln target − input), input holding log-probabilities; with log_target the target does too.
 * "batchmean" divides by the batch's size only. Source: torch.nn.functional.kl_div.
 */
op(
  "nn.functional.kl_div(input, target, *, reduction: str = 'mean', log_target = false)",
  (input, target, reduction, log_target) => {
    if (input.dtype.category !== "float" || target.dtype.category !== "float")
      throw new RuntimeError("kl_div: Integral inputs not supported.");
    const losses = log_target
      ? target.exp().mul(target.sub(input))
      : target.xlogy(target).sub(target.mul(input));
    if (reduction !== "batchmean") return reduced(losses, reduction);
    return input.shape.length === 0 ? losses.sum() : losses.sum().div(input.shape[0]);
  },
);
