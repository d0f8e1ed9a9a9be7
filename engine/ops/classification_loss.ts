import { gradMode } from "../autograd/grad_mode";
import { bool, defaultDType, int64, uint8 } from "../dtype";
import { IndexError, RuntimeError, ValueError } from "../errors";
import { pairType, refuseIntegers, zip, zip3 } from "../kernels/elementwise";
import { F, op, torch } from "../op/define";
import { broadcastShapes, numel, type Shape, sameShape, showShape } from "../shape";
import { elements, emptyTensor, fromData, type Tensor } from "../tensor";
import { checkReduction, perElement, reduced, reduceLoss, refuseLossAs } from "./loss";

/**
 * −input at each target class: log-probabilities (N, C), (C) or (N, C, …), class ids (N), () or (N, …). The mean
 * is weighted by the classes' `weight`; targets equal to `ignore_index` do not count.
 * Source: torch.nn.functional.nll_loss.
 */
op(
  "nn.functional.nll_loss(input, target, weight: Tensor? = null, *, ignore_index: int = -100, reduction: str = 'mean')",
  (input, target, weight, ignore_index, reduction) => nllLoss(input, target, weight, ignore_index, reduction),
);

function nllLoss(
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  ignore_index: number,
  reduction: string,
): Tensor {
  checkReduction(reduction);
  checkTarget(input, target, weight);
  const { shape } = input;
  if (shape.length <= 2) return torch._nll_loss(input, target, weight, reduction, ignore_index);
  if (shape.length === 4) return torch._nll_loss2d(input, target, weight, reduction, ignore_index);
  const [batch, classes] = shape;
  const flat = input.contiguous().reshape([batch, classes, 1, numel(shape.slice(2))]);
  const ids = target.contiguous().reshape([batch, 1, numel(shape.slice(2))]);
  const loss = torch._nll_loss2d(flat, ids, weight, reduction, ignore_index);
  return reduction === "none" ? loss.reshape([batch, ...shape.slice(2)]) : loss;
}

function checkTarget(input: Tensor, target: Tensor, weight: Tensor | null): void {
  const { shape } = input;
  if (shape.length < 1) throw new ValueError(`Expected 1 or more dimensions (got ${shape.length})`);
  if (shape.length === 1 && target.shape.length === 1 && target.shape[0] !== 1)
    throw new ValueError(`For 1D input, 1D target must have size 1, but got target size: ${target.shape[0]}`);
  if (shape.length !== 1 && shape[0] !== target.shape[0])
    throw new ValueError(
      `Expected input batch_size (${shape[0]}) to match target batch_size (${target.shape[0] ?? 1}).`,
    );
  if (shape.length <= 2 && target.shape.length > 1)
    throw new RuntimeError("0D or 1D target tensor expected, multi-target not supported");
  if (target.dtype !== int64 && target.dtype !== uint8)
    throw new RuntimeError(
      `expected target dtype to be Long or Byte, but got ${target.dtype.scalarTypeName}`,
    );
  const wanted = shape.toSpliced(1, 1);
  if (shape.length === 4 && target.shape.length !== 3)
    throw new RuntimeError(
      `only batches of spatial targets supported (3D tensors) but got targets of dimension: ${target.shape.length}`,
    );
  if (shape.length === 4 && !sameShape(target.shape, wanted))
    throw new RuntimeError(
      `size mismatch (got input: ${showShape(shape)} , target: ${showShape(target.shape)}`,
    );
  if (shape.length > 2 && !sameShape(target.shape, wanted))
    throw new RuntimeError(`Expected target size ${showShape(wanted)}, got ${showShape(target.shape)}`);
  const classes = shape[shape.length === 1 ? 0 : 1];
  if (weight !== null && numel(weight.shape) !== classes)
    throw new RuntimeError(
      `weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${showShape(weight.shape)}`,
    );
}

/** As `nn.functional.nll_loss`: (N, C) or (C). @internal */
op("_nll_loss(input, target, weight: Tensor?, reduction: str, ignore_index: int)", {
  grad_fn: "NllLossBackward0",
  forward: (input, ...options) => pickedLoss(input, ...options),
  backward: {
    input: [
      ["input.shape", "target", "weight", "reduction", "ignore_index"],
      (grad, ...saved) => pickedGrad(grad, ...saved),
      "−grad · weight / Σ weight at each target class, 0 elsewhere",
    ],
    target: null,
    weight: null,
  },
});

/** As `nn.functional.nll_loss`: (N, C, H, W). @internal */
op("_nll_loss2d(input, target, weight: Tensor?, reduction: str, ignore_index: int)", {
  grad_fn: "NllLoss2DBackward0",
  forward: (input, ...options) => pickedLoss(input, ...options),
  backward: {
    input: [
      ["input.shape", "target", "weight", "reduction", "ignore_index"],
      (grad, ...saved) => pickedGrad(grad, ...saved),
      "−grad · weight / Σ weight at each target class, 0 elsewhere",
    ],
    target: null,
    weight: null,
  },
});

/** What each target counts for, in its shape: the weight of its class, 0 where it is ignored. */
function targetWeights(
  classes: number,
  target: Tensor,
  weight: Tensor | null,
  ignore_index: number,
): { counts: Float64Array; total: number } {
  const ids = elements(target);
  const w = weight === null ? null : elements(weight);
  const counts = new Float64Array(ids.length);
  let total = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (id === ignore_index) continue;
    if (id < 0 || id >= classes) throw new IndexError(`Target ${id} is out of bounds.`);
    counts[i] = w === null ? 1 : w[id];
    total += counts[i];
  }
  return { counts, total };
}

function pickedLoss(
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  reduction: string,
  ignore_index: number,
): Tensor {
  const { shape } = input;
  const classes = shape[shape.length === 1 ? 0 : 1];
  const inner = numel(shape.slice(2));
  const { counts, total } = targetWeights(classes, target, weight, ignore_index);
  const x = elements(input);
  const ids = elements(target);
  const losses = new Float64Array(ids.length);
  let sum = 0;
  for (let i = 0; i < ids.length; i++) {
    if (counts[i] === 0) continue;
    const row = Math.floor(i / inner);
    losses[i] = -counts[i] * x[(row * classes + ids[i]) * inner + (i % inner)];
    sum += losses[i];
  }
  const out = new input.dtype.ArrayType(reduction === "none" ? ids.length : 1);
  if (reduction === "none") out.set(losses);
  else out[0] = reduction === "mean" ? sum / total : sum;
  const lossShape = shape.length === 1 ? [...target.shape] : shape.toSpliced(1, 1);
  return fromData(out, reduction === "none" ? lossShape : [], input.dtype);
}

function pickedGrad(
  grad: Tensor,
  shape: Shape,
  target: Tensor,
  weight: Tensor | null,
  reduction: string,
  ignore_index: number,
): Tensor {
  const classDim = shape.length === 1 ? 0 : 1;
  const { counts, total } = targetWeights(shape[classDim], target, weight, ignore_index);
  if (!gradMode.enabled) return placedGrad(grad, shape, target, counts, reduction, total);
  const places = shape.with(classDim, 1);
  const factor = emptyTensor(places, grad.dtype);
  const index = emptyTensor([...places], int64);
  const ids = elements(target);
  for (let i = 0; i < ids.length; i++) {
    factor.storage.data[i] = reduction === "mean" ? -counts[i] / total : -counts[i];
    index.storage.data[i] = counts[i] === 0 ? 0 : ids[i];
  }
  const each = reduction === "none" ? grad.reshape(places) : grad;
  return grad.new_zeros([...shape]).scatter_add(classDim, index, factor.mul(each));
}

/** As `pickedGrad` goes on, in one go: each target's gradient is written to its place. */
function placedGrad(
  grad: Tensor,
  shape: Shape,
  target: Tensor,
  counts: Float64Array,
  reduction: string,
  total: number,
): Tensor {
  const result = emptyTensor([...shape], grad.dtype);
  const out = result.storage.data;
  const classes = shape[shape.length === 1 ? 0 : 1];
  const inner = numel(shape.slice(2));
  const ids = elements(target);
  const g = elements(grad);
  const step = reduction === "none" ? 1 : 0;
  for (let i = 0; i < ids.length; i++) {
    if (counts[i] === 0) continue;
    const at = (Math.floor(i / inner) * classes + ids[i]) * inner + (i % inner);
    // Stored, and so rounded, before it is multiplied.
    out[at] = reduction === "mean" ? -counts[i] / total : -counts[i];
    out[at] *= g[i * step];
  }
  return result;
}

/**
 * Mean of −log_softmax(input) at the target: logits (N, C), (C) or (N, C, …); target class ids (N), () or (N, …),
 * or probabilities of the input's shape. `label_smoothing` mixes in that much of the uniform distribution.
 * Throws IndexError for a class outside [0, C) except ignore_index. Source: torch.nn.functional.cross_entropy.
 */
op(
  "nn.functional.cross_entropy(input, target, weight: Tensor? = null, *, ignore_index: int = -100, reduction: str = 'mean', label_smoothing: float = 0)",
  (input, target, weight, ignore_index, reduction, label_smoothing) => {
    checkReduction(reduction);
    if (!(label_smoothing >= 0 && label_smoothing <= 1))
      throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${label_smoothing}`);
    const classDim = input.shape.length === 1 ? 0 : 1;
    if (sameShape(input.shape, target.shape)) {
      if (target.dtype.category !== "float")
        throw new RuntimeError(
          `Expected floating point type for target with class probabilities, got ${target.dtype.scalarTypeName}`,
        );
      if (ignore_index >= 0)
        throw new RuntimeError("ignore_index is not supported for floating point target");
      if (input.shape.length === 0)
        throw new IndexError("Dimension specified as 1 but tensor has no dimensions");
      return softTargetLoss(input, target, weight, classDim, reduction, label_smoothing);
    }
    const logs = input.log_softmax(classDim);
    const loss = nllLoss(logs, target, weight, ignore_index, reduction);
    if (label_smoothing === 0) return loss;
    const smooth = smoothLoss(logs, target, weight, classDim, ignore_index, reduction);
    const classes = input.shape[classDim];
    return loss._mul_scalar(1 - label_smoothing).add(smooth._mul_scalar(label_smoothing / classes));
  },
);

/** Against probabilities. */
function softTargetLoss(
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  classDim: number,
  reduction: string,
  label_smoothing: number,
): Tensor {
  const classes = input.shape[classDim];
  if (weight !== null && (weight.shape.length !== 1 || weight.shape[0] !== classes))
    throw new RuntimeError(
      `cross_entropy: weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${showShape(weight.shape)}`,
    );
  const smoothed =
    label_smoothing > 0 ? target.mul(1 - label_smoothing).add(label_smoothing / classes) : target;
  const products = input.log_softmax(classDim).mul(smoothed);
  const each = weight === null ? products : products.mul(alongClasses(weight, input.shape, classDim));
  if (reduction === "none") return each.sum(classDim).neg();
  const total = each.sum().neg();
  return reduction === "sum" ? total : total._div_scalar(numel(input.shape) / classes);
}

function alongClasses(weight: Tensor, shape: Shape, classDim: number): Tensor {
  return weight.reshape(shape.map((_, d) => (d === classDim ? -1 : 1)));
}

/** −Σ of the log-probabilities of all classes: what the uniform part of the target adds. */
function smoothLoss(
  logs: Tensor,
  target: Tensor,
  weight: Tensor | null,
  classDim: number,
  ignore_index: number,
  reduction: string,
): Tensor {
  const each = (weight === null ? logs : logs.mul(alongClasses(weight, logs.shape, classDim)))
    .sum(classDim)
    .neg();
  const ignored = target.eq(ignore_index);
  const smooth = each.masked_fill(ignored, 0);
  if (reduction === "none") return smooth;
  if (reduction === "sum") return smooth.sum();
  if (weight === null) return smooth.sum().div(numel(target.shape) - Number(ignored.sum().item()));
  const { total } = targetWeights(logs.shape[classDim], target, weight, ignore_index);
  return smooth.sum().div(total);
}

/**
 * Mean of −(target · ln input + (1 − target) · ln(1 − input)), probabilities of the same shape; logarithms
 * count as −100 at least. Source: torch.nn.functional.binary_cross_entropy.
 */
op(
  "nn.functional.binary_cross_entropy(input, target, weight: Tensor? = null, *, reduction: str = 'mean')",
  (input, target, weight, reduction) => {
    checkReduction(reduction);
    if (!sameShape(input.shape, target.shape))
      throw new ValueError(
        `Using a target size (torch.Size(${showShape(target.shape)})) that is different to the input size (torch.Size(${showShape(input.shape)})) is deprecated. Please ensure they have the same size.`,
      );
    if (input.dtype !== target.dtype)
      throw new RuntimeError(
        `Found dtype ${target.dtype.scalarTypeName} but expected ${input.dtype.scalarTypeName}`,
      );
    const spread = weight?.expand(broadcastShapes(target.shape, weight.shape)) ?? null;
    return torch._binary_cross_entropy(input, target, spread, reduction);
  },
);

/** As `nn.functional.binary_cross_entropy`. @internal */
op("_binary_cross_entropy(input, target, weight: Tensor?, reduction: str)", {
  grad_fn: "BinaryCrossEntropyBackward0",
  forward: (input, target, weight, reduction) => {
    const losses = zip(input, target, (x, t) => {
      if (!(x >= 0 && x <= 1)) throw new RuntimeError("all elements of input should be between 0 and 1");
      return (t - 1) * Math.max(Math.log1p(-x), -100) - t * Math.max(Math.log(x), -100);
    });
    return reduceLoss(weight === null ? losses : losses.mul(weight), reduction);
  },
  backward: {
    input: [
      ["input", "target", "weight", "reduction"],
      (grad, input, target, weight, reduction) => {
        const spread = input.rsub(1).mul(input).clamp({ min: 1e-12 });
        const slope = input.sub(target).div(spread);
        const each = weight === null ? slope : slope.mul(weight);
        return each.mul(perElement(grad, reduction, numel(input.shape)));
      },
      "grad · (input − target) / (input · (1 − input)) / n",
    ],
    target: [
      ["input", "weight", "reduction"],
      (grad, input, weight, reduction) => {
        const slope = input
          .neg()
          .log1p()
          .clamp({ min: -100 })
          .sub(input.log().clamp({ min: -100 }));
        const each = weight === null ? slope : slope.mul(weight);
        return each.mul(perElement(grad, reduction, numel(input.shape)));
      },
      "grad · (ln(1 − input) − ln input) / n",
    ],
    weight: null,
  },
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
      refuseIntegers("log_sigmoid_cpu", input.dtype);
      if (target.dtype === bool)
        throw new RuntimeError(
          "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.",
        );
      refuseLossAs(target.dtype, pairType(target, input));
      const computed = zip3(input, target, pos_weight ?? 1, (x, t, p) => {
        const logWeight = 1 + (p - 1) * t;
        return (1 - t) * x + logWeight * (Math.log1p(Math.exp(-Math.abs(x))) + Math.max(-x, 0));
      });
      const losses = computed.dtype === target.dtype ? computed : computed.to(target.dtype);
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
          return weighted.mul(perElement(grad, reduction, numel(input.shape)));
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
          return weighted.mul(perElement(grad, reduction, numel(input.shape)));
        },
        "−grad · input / n",
      ],
      weight: null,
      pos_weight: null,
    },
  },
);

/** Mean of ln(1 + e^(−target · input)), targets 1 and −1. Source: torch.nn.functional.soft_margin_loss. */
op("nn.functional.soft_margin_loss(input, target, *, reduction: str = 'mean')", {
  grad_fn: "SoftMarginLossBackward0",
  forward: (input, target, reduction) => {
    if (target.requires_grad)
      throw new RuntimeError(
        "The function 'soft_margin_loss' is not differentiable with respect to argument 'target'. This input cannot have requires_grad True.",
      );
    const dtype = pairType(input, target);
    refuseLossAs(input.dtype, dtype.category === "float" ? dtype : defaultDType.current);
    const loss = (x: number, t: number) => Math.max(-t * x, 0) + Math.log1p(Math.exp(-Math.abs(t * x)));
    return reduceLoss(zip(input, target, loss, dtype, input.dtype), reduction);
  },
  backward: {
    input: [
      ["input", "target", "reduction"],
      (grad, input, target, reduction) => {
        const slope = target.neg().mul(input.mul(target).neg().sigmoid());
        return slope.mul(perElement(grad, reduction, numel(slope.shape)));
      },
      "−grad · target · σ(−target · input) / n",
    ],
    target: null,
  },
});

/**
 * Mean over samples of Σ max(0, margin − x_target + x_i)^p / C over the other classes: (N, C) or (C), class ids.
 * Source: torch.nn.functional.multi_margin_loss.
 */
op(
  "nn.functional.multi_margin_loss(input, target, p: int = 1, margin: float = 1, weight: Tensor? = null, *, reduction: str = 'mean')",
  (input, target, p, margin, weight, reduction) => {
    checkReduction(reduction);
    if (p !== 1 && p !== 2) throw new ValueError("only p == 1 and p == 2 supported");
    const [samples, classes] = rowsAndClasses(input);
    if (weight !== null && weight.shape.length !== 1) throw new ValueError("weight must be one-dimensional");
    if (weight !== null && weight.shape[0] !== classes)
      throw new RuntimeError(
        `inconsistent weight size, expected ${classes} but got ${showShape(weight.shape)}`,
      );
    if (target.shape.length > 1 || numel(target.shape) !== samples)
      throw new RuntimeError(
        `multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). Expected target size [${samples}], but got ${showShape(target.shape)}. Input has shape ${showShape(input.shape)}.`,
      );
    return torch._multi_margin_loss(input, target, p, margin, weight, reduction);
  },
);

function rowsAndClasses(input: Tensor): [samples: number, classes: number] {
  const { shape } = input;
  if (shape.length > 2 || shape.at(-1) === 0)
    throw new RuntimeError(
      `Expected non-empty vector or matrix with optional 0-dim batch size, but got: ${showShape(shape)}`,
    );
  return shape.length === 2 ? [shape[0], shape[1]] : [1, shape[0] ?? 1];
}

/** As `nn.functional.multi_margin_loss`. @internal */
op("_multi_margin_loss(input, target, p: int, margin: float, weight: Tensor?, reduction: str)", {
  grad_fn: "MultiMarginLossBackward0",
  forward: (input, target, p, margin, weight, reduction) =>
    marginLosses(input, target, p, margin, weight, reduction),
  backward: {
    input: [
      ["input", "target", "p", "margin", "weight", "reduction"],
      (grad, input, target, p, margin, weight, reduction) => {
        const [samples, classes] = rowsAndClasses(input);
        const rows = input.view([samples, classes]);
        const ids = target.to(int64).reshape([samples, 1]);
        const gaps = rows.sub(rows.gather(1, ids)).add(margin);
        const active = gaps.gt(0).to(input.dtype).scatter(1, ids, 0);
        const slopes = p === 1 ? active : active.mul(gaps).mul(2);
        const each =
          weight === null ? slopes : slopes.mul(weight.index_select(0, ids.reshape([-1])).unsqueeze(1));
        const perSample = perElement(grad, reduction, samples).reshape([-1, 1]);
        const scaled = each.mul(perSample).div(classes);
        return scaled.scatter_add(1, ids, scaled.sum(1, true).neg()).reshape(input.shape);
      },
      "grad · p · gap^(p − 1) / C for each class above the margin, minus their sum at the target",
    ],
    target: null,
    weight: null,
  },
});

function marginLosses(
  input: Tensor,
  target: Tensor,
  p: number,
  margin: number,
  weight: Tensor | null,
  reduction: string,
): Tensor {
  const [samples, classes] = rowsAndClasses(input);
  const x = elements(input);
  const ids = elements(target);
  const w = weight === null ? null : elements(weight);
  const result = emptyTensor(input.shape.length === 2 ? [samples] : [...target.shape], input.dtype);
  for (let s = 0; s < samples; s++) {
    const id = ids[s];
    if (id < 0 || id >= classes) throw new RuntimeError("target out of range");
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const gap = margin - x[s * classes + id] + x[s * classes + c];
      if (c !== id && gap > 0) sum += p === 1 ? gap : gap * gap;
    }
    result.storage.data[s] = (sum * (w === null ? 1 : w[id])) / classes;
  }
  return reduceLoss(result, reduction);
}

/**
 * Mean over samples of Σ max(0, 1 − (x_j − x_i)) / C over target classes j and other classes i: (N, C) or (C);
 * target lists class ids, ended by −1. Source: torch.nn.functional.multilabel_margin_loss.
 */
op("nn.functional.multilabel_margin_loss(input, target, *, reduction: str = 'mean')", {
  grad_fn: "MultilabelMarginLossBackward0",
  forward: (input, target, reduction) => {
    const [samples, classes] = rowsAndClasses(input);
    const result = emptyTensor(input.shape.length === 2 ? [samples] : [], input.dtype);
    const x = elements(input);
    eachPair(input, target, (s, j, i) => {
      result.storage.data[s] += Math.max(0, 1 - x[s * classes + j] + x[s * classes + i]) / classes;
    });
    return reduceLoss(result, reduction);
  },
  backward: {
    input: [
      ["input", "target", "reduction"],
      (grad, input, target, reduction) => {
        const [samples, classes] = rowsAndClasses(input);
        const slopes = emptyTensor([samples, classes], input.dtype);
        const x = elements(input);
        const { data } = slopes.storage;
        eachPair(input, target, (s, j, i) => {
          if (1 - x[s * classes + j] + x[s * classes + i] <= 0) return;
          data[s * classes + j] -= 1 / classes;
          data[s * classes + i] += 1 / classes;
        });
        return slopes.mul(perElement(grad, reduction, samples).reshape([-1, 1])).reshape(input.shape);
      },
      "grad / C for each other class above the margin, −grad / C for the target class it was compared with",
    ],
    target: null,
  },
});

/** Every pair of a target class and one that is no target, of each sample. */
function eachPair(
  input: Tensor,
  target: Tensor,
  visit: (sample: number, j: number, i: number) => void,
): void {
  const [samples, classes] = rowsAndClasses(input);
  if (!sameShape(input.shape, target.shape))
    throw new RuntimeError(
      `inconsistent target size: ${showShape(target.shape)} for input of size: ${showShape(input.shape)}`,
    );
  const ids = elements(target);
  for (let s = 0; s < samples; s++) {
    const row = Array.from(ids.subarray(s * classes, (s + 1) * classes));
    if (row.some((id) => id < -1 || id >= classes))
      throw new RuntimeError("argument #2 'target' is out of range");
    const end = row.indexOf(-1);
    const targets = end < 0 ? row : row.slice(0, end);
    for (const j of targets) for (let i = 0; i < classes; i++) if (!targets.includes(i)) visit(s, j, i);
  }
}

/**
 * Mean over samples of the mean binary cross-entropy between logits and 0/1 targets (N, C).
 * Source: torch.nn.functional.multilabel_soft_margin_loss.
 */
op(
  "nn.functional.multilabel_soft_margin_loss(input, target, weight: Tensor? = null, *, reduction: str = 'mean')",
  (input, target, weight, reduction) => {
    const positive = target.mul(F.logsigmoid(input));
    const negative = target.rsub(1).mul(F.logsigmoid(input.neg()));
    const losses = positive.add(negative).neg();
    const each = weight === null ? losses : losses.mul(weight);
    const last = input.shape.length - 1;
    if (reduction !== "none" && reduction !== "mean" && reduction !== "sum")
      throw new ValueError(`${reduction} is not valid`);
    return reduced(each.sum(last).div(input.shape[last]), reduction);
  },
);
