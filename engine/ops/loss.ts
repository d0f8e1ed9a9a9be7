import { ValueError } from "../errors";
import { zip, zip3 } from "../kernels/elementwise";
import { reduce, sumRow } from "../kernels/reduce";
import { op } from "../op/define";
import { sameShape, showShape } from "../shape";
import type { Tensor } from "../tensor";

/** What a loss does with its elements: `"mean"`, `"sum"` or `"none"`. */
function reduceLoss(elementwise: Tensor, reduction: string): Tensor {
  if (reduction === "none") return elementwise;
  return reduce(elementwise, null, false, elementwise.dtype, (data, start, end) => {
    const total = sumRow(data, start, end);
    return checkReduction(reduction) === "mean" ? total / (end - start) : total;
  });
}

function checkReduction(reduction: string): string {
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none")
    throw new ValueError(`${reduction} is not a valid value for reduction`);
  return reduction;
}

/** The gradient of each element's loss, given that of the reduced one. */
function perElement(grad: Tensor, reduction: string, count: number): Tensor {
  return reduction === "mean" ? grad.div(count) : grad;
}

/** Mean of (input − target)². Shapes must broadcast. Source: torch.nn.functional.mse_loss. */
op("nn.functional.mse_loss(input, target, *, reduction: str = 'mean')", {
  grad_fn: "MseLossBackward0",
  forward: (input, target, reduction) =>
    reduceLoss(
      zip(input, target, (x, y) => (x - y) * (x - y)),
      reduction,
    ),
  backward: {
    input: [
      ["input", "target", "reduction"],
      (grad, input, target, reduction) => squaredErrorGrad(grad, input, target, reduction),
      "grad · 2 (input − target) / n",
    ],
    target: [
      ["input", "target", "reduction"],
      (grad, input, target, reduction) => squaredErrorGrad(grad, target, input, reduction),
      "grad · 2 (target − input) / n",
    ],
  },
});

function squaredErrorGrad(grad: Tensor, x: Tensor, y: Tensor, reduction: string): Tensor {
  const difference = x.sub(y);
  return difference.mul(2).mul(perElement(grad, reduction, difference.numel()));
}

/** Mean of |input − target|. Source: torch.nn.functional.l1_loss. */
op("nn.functional.l1_loss(input, target, *, reduction: str = 'mean')", (input, target, reduction) => {
  const distance = input.sub(target).abs();
  if (checkReduction(reduction) === "none") return distance;
  return reduction === "mean" ? distance.mean() : distance.sum();
});

/**
 * Mean binary cross-entropy between logits and targets in [0, 1] of the same shape. Computed as
 * max(x, 0) − x·t + ln(1 + e^−|x|), which does not overflow for large logits.
 * Source: torch.nn.functional.binary_cross_entropy_with_logits.
 */
op(
  "nn.functional.binary_cross_entropy_with_logits(input, target, weight: Tensor? = null, *, reduction: str = 'mean', pos_weight: Tensor? = null)",
  {
    grad_fn: "BinaryCrossEntropyWithLogitsBackward0",
    forward: (input, target, weight, reduction, pos_weight) => {
      if (!sameShape(input.shape, target.shape))
        throw new ValueError(
          `Target size (torch.Size(${showShape(target.shape)})) must be the same as input size (torch.Size(${showShape(input.shape)}))`,
        );
      const losses = zip3(input, target, pos_weight ?? 1, (x, t, p) => {
        const logWeight = 1 + (p - 1) * t;
        return (1 - t) * x + logWeight * (Math.log1p(Math.exp(-Math.abs(x))) + Math.max(-x, 0));
      });
      return reduceLoss(weight === null ? losses : losses.mul(weight), reduction);
    },
    backward: {
      input: [
        ["input", "target", "weight", "reduction", "pos_weight"],
        (grad, input, target, weight, reduction, pos_weight) => {
          const likelihood = input.sigmoid();
          const slope =
            pos_weight === null
              ? likelihood.sub(target)
              : pos_weight.mul(target).add(1).sub(target).mul(likelihood).sub(pos_weight.mul(target));
          const weighted = weight === null ? slope : slope.mul(weight);
          return weighted.mul(perElement(grad, reduction, input.numel()));
        },
        "grad · (sigmoid(input) − target) / n",
      ],
      target: [
        ["input", "weight", "reduction", "pos_weight"],
        (grad, input, weight, reduction, pos_weight) => {
          const slope =
            pos_weight === null
              ? input.neg()
              : input.neg().sigmoid().log().sub(pos_weight.mul(input.sigmoid().log()));
          const weighted = weight === null ? slope : slope.mul(weight);
          return weighted.mul(perElement(grad, reduction, input.numel()));
        },
        "−grad · input / n",
      ],
      weight: null,
      pos_weight: null,
    },
  },
);
