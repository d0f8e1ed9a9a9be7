import { ValueError } from "../errors";
import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { PairwiseDistance } from "./distance";
import { Module } from "./module";
import { triplet_margin_with_distance_loss } from "./triplet";

const l1LossArguments = signature("_Loss(*, reduction: str = 'mean')");

/** Mean of |input − target|. Source: torch.nn.L1Loss. */
export class L1Loss extends Module {
  reduction: string;

  constructor(options?: { reduction?: string });
  constructor(...args: unknown[]) {
    super();
    [this.reduction] = l1LossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

const mSELossArguments = signature("_Loss(*, reduction: str = 'mean')");

/** Mean of (input − target)². Source: torch.nn.MSELoss. */
export class MSELoss extends Module {
  reduction: string;

  constructor(options?: { reduction?: string });
  constructor(...args: unknown[]) {
    super();
    [this.reduction] = mSELossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mse_loss(input, target, { reduction: this.reduction });
  }
}

const multiLabelMarginLossArguments = signature("_Loss(*, reduction: str = 'mean')");

/** Hinge loss between several target classes and the others. Source: torch.nn.MultiLabelMarginLoss. */
export class MultiLabelMarginLoss extends Module {
  reduction: string;

  constructor(options?: { reduction?: string });
  constructor(...args: unknown[]) {
    super();
    [this.reduction] = multiLabelMarginLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

const softMarginLossArguments = signature("_Loss(*, reduction: str = 'mean')");

/** Mean of ln(1 + e^(−target · input)), targets 1 and −1. Source: torch.nn.SoftMarginLoss. */
export class SoftMarginLoss extends Module {
  reduction: string;

  constructor(options?: { reduction?: string });
  constructor(...args: unknown[]) {
    super();
    [this.reduction] = softMarginLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

const smoothL1LossArguments = signature("SmoothL1Loss(*, reduction: str = 'mean', beta: float = 1)");

/** Squared below beta, absolute above. Source: torch.nn.SmoothL1Loss. */
export class SmoothL1Loss extends Module {
  reduction: string;
  beta: number;

  constructor(options?: { reduction?: string; beta?: number });
  constructor(...args: unknown[]) {
    super();
    [this.reduction, this.beta] = smoothL1LossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

const huberLossArguments = signature("HuberLoss(reduction: str = 'mean', delta: float = 1)");

/** Squared below delta, linear above. Source: torch.nn.HuberLoss. */
export class HuberLoss extends Module {
  reduction: string;
  delta: number;

  constructor(options?: { reduction?: string; delta?: number });
  constructor(reduction?: string, delta?: number);
  constructor(...args: unknown[]) {
    super();
    [this.reduction, this.delta] = huberLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huber_loss(input, target, this.reduction, this.delta);
  }
}

const poissonNLLLossArguments = signature(
  "PoissonNLLLoss(log_input = true, full = false, *, eps: float = 1e-08, reduction: str = 'mean')",
);

/** Negative log likelihood of counts; input is the rate or its logarithm. Source: torch.nn.PoissonNLLLoss. */
export class PoissonNLLLoss extends Module {
  log_input: boolean;
  full: boolean;
  eps: number;
  reduction: string;

  constructor(options?: { log_input?: boolean; full?: boolean; eps?: number; reduction?: string });
  constructor(log_input?: boolean, full?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.log_input, this.full, this.eps, this.reduction] = poissonNLLLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.poisson_nll_loss(input, target, this.log_input, this.full, {
      eps: this.eps,
      reduction: this.reduction,
    });
  }
}

const gaussianNLLLossArguments = signature(
  "GaussianNLLLoss(*, full = false, eps: float = 1e-06, reduction: str = 'mean')",
);

/** Negative log likelihood under a normal distribution with the given variance. Source: torch.nn.GaussianNLLLoss. */
export class GaussianNLLLoss extends Module {
  full: boolean;
  eps: number;
  reduction: string;

  constructor(options?: { full?: boolean; eps?: number; reduction?: string });
  constructor(...args: unknown[]) {
    super();
    [this.full, this.eps, this.reduction] = gaussianNLLLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    return F.gaussian_nll_loss(input, target, variance, this.full, this.eps, this.reduction);
  }
}

const kLDivLossArguments = signature("KLDivLoss(*, reduction: str = 'mean', log_target = false)");

/** Mean of target · (ln target − input), input holding log-probabilities. Source: torch.nn.KLDivLoss. */
export class KLDivLoss extends Module {
  reduction: string;
  log_target: boolean;

  constructor(options?: { reduction?: string; log_target?: boolean });
  constructor(...args: unknown[]) {
    super();
    [this.reduction, this.log_target] = kLDivLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.kl_div(input, target, { reduction: this.reduction, log_target: this.log_target });
  }
}

const hingeEmbeddingLossArguments = signature(
  "HingeEmbeddingLoss(margin: float = 1, *, reduction: str = 'mean')",
);

/** Mean of input where target is 1, of max(0, margin − input) where it is −1. Source: torch.nn.HingeEmbeddingLoss. */
export class HingeEmbeddingLoss extends Module {
  margin: number;
  reduction: string;

  constructor(options?: { margin?: number; reduction?: string });
  constructor(margin?: number);
  constructor(...args: unknown[]) {
    super();
    [this.margin, this.reduction] = hingeEmbeddingLossArguments(args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hinge_embedding_loss(input, target, this.margin, { reduction: this.reduction });
  }
}

const cosineEmbeddingLossArguments = signature(
  "CosineEmbeddingLoss(margin: float = 0, *, reduction: str = 'mean')",
);

/** Mean of 1 − cos where target is 1, of max(0, cos − margin) where it is −1. Source: torch.nn.CosineEmbeddingLoss. */
export class CosineEmbeddingLoss extends Module {
  margin: number;
  reduction: string;

  constructor(options?: { margin?: number; reduction?: string });
  constructor(margin?: number);
  constructor(...args: unknown[]) {
    super();
    [this.margin, this.reduction] = cosineEmbeddingLossArguments(args);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosine_embedding_loss(input1, input2, target, this.margin, { reduction: this.reduction });
  }
}

const marginRankingLossArguments = signature(
  "MarginRankingLoss(margin: float = 0, *, reduction: str = 'mean')",
);

/** Mean of max(0, −target · (input1 − input2) + margin). Source: torch.nn.MarginRankingLoss. */
export class MarginRankingLoss extends Module {
  margin: number;
  reduction: string;

  constructor(options?: { margin?: number; reduction?: string });
  constructor(margin?: number);
  constructor(...args: unknown[]) {
    super();
    [this.margin, this.reduction] = marginRankingLossArguments(args);
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.margin_ranking_loss(input1, input2, target, this.margin, { reduction: this.reduction });
  }
}

const tripletMarginLossArguments = signature(
  "TripletMarginLoss(margin: float = 1, p: float = 2, eps: float = 1e-06, swap = false, *, reduction: str = 'mean')",
);

/** Mean of max(0, d(anchor, positive) − d(anchor, negative) + margin). Source: torch.nn.TripletMarginLoss. */
export class TripletMarginLoss extends Module {
  margin: number;
  p: number;
  eps: number;
  swap: boolean;
  reduction: string;

  constructor(options?: { margin?: number; p?: number; eps?: number; swap?: boolean; reduction?: string });
  constructor(margin?: number, p?: number, eps?: number, swap?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.margin, this.p, this.eps, this.swap, this.reduction] = tripletMarginLossArguments(args);
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.triplet_margin_loss(anchor, positive, negative, this.margin, this.p, this.eps, this.swap, {
      reduction: this.reduction,
    });
  }
}

const cTCLossArguments = signature("CTCLoss(blank: int = 0, reduction: str = 'mean', zero_infinity = false)");

/** Negative log likelihood of label sequences without alignment; log-probabilities (T, N, C). Source: torch.nn.CTCLoss. */
export class CTCLoss extends Module {
  blank: number;
  reduction: string;
  zero_infinity: boolean;

  constructor(options?: { blank?: number; reduction?: string; zero_infinity?: boolean });
  constructor(blank?: number, reduction?: string, zero_infinity?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.blank, this.reduction, this.zero_infinity] = cTCLossArguments(args);
  }

  override forward(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | readonly number[],
    target_lengths: Tensor | readonly number[],
  ): Tensor {
    return F.ctc_loss(
      log_probs,
      targets,
      input_lengths,
      target_lengths,
      this.blank,
      this.reduction,
      this.zero_infinity,
    );
  }
}

const nLLLossArguments = signature(
  "NLLLoss(weight: Tensor? = null, *, ignore_index: int = -100, reduction: str = 'mean')",
);

/** −input at each target class: log-probabilities (N, C, …), class ids (N, …). Source: torch.nn.NLLLoss. */
export class NLLLoss extends Module {
  declare weight: Tensor | null;
  ignore_index: number;
  reduction: string;

  constructor(options?: { weight?: Tensor | null; ignore_index?: number; reduction?: string });
  constructor(weight?: Tensor | null);
  constructor(...args: unknown[]) {
    super();
    const [weight, ignore_index, reduction] = nLLLossArguments(args);
    this.register_buffer("weight", weight);
    this.ignore_index = ignore_index;
    this.reduction = reduction;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nll_loss(input, target, this.weight, {
      ignore_index: this.ignore_index,
      reduction: this.reduction,
    });
  }
}

const crossEntropyLossArguments = signature(
  "CrossEntropyLoss(weight: Tensor? = null, *, ignore_index: int = -100, reduction: str = 'mean', label_smoothing: float = 0)",
);

/** Mean of −log_softmax(input) at the target: logits (N, C, …), class ids (N, …) or probabilities. Source: torch.nn.CrossEntropyLoss. */
export class CrossEntropyLoss extends Module {
  declare weight: Tensor | null;
  ignore_index: number;
  reduction: string;
  label_smoothing: number;

  constructor(options?: {
    weight?: Tensor | null;
    ignore_index?: number;
    reduction?: string;
    label_smoothing?: number;
  });
  constructor(weight?: Tensor | null);
  constructor(...args: unknown[]) {
    super();
    const [weight, ignore_index, reduction, label_smoothing] = crossEntropyLossArguments(args);
    this.register_buffer("weight", weight);
    this.ignore_index = ignore_index;
    this.reduction = reduction;
    this.label_smoothing = label_smoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.cross_entropy(input, target, this.weight, {
      ignore_index: this.ignore_index,
      reduction: this.reduction,
      label_smoothing: this.label_smoothing,
    });
  }
}

const bCELossArguments = signature("_WeightedLoss(weight: Tensor? = null, *, reduction: str = 'mean')");

/** Mean binary cross-entropy between probabilities and targets in [0, 1]. Source: torch.nn.BCELoss. */
export class BCELoss extends Module {
  declare weight: Tensor | null;
  reduction: string;

  constructor(options?: { weight?: Tensor | null; reduction?: string });
  constructor(weight?: Tensor | null);
  constructor(...args: unknown[]) {
    super();
    const [weight, reduction] = bCELossArguments(args);
    this.register_buffer("weight", weight);
    this.reduction = reduction;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy(input, target, this.weight, { reduction: this.reduction });
  }
}

const bCEWithLogitsLossArguments = signature(
  "BCEWithLogitsLoss(weight: Tensor? = null, *, reduction: str = 'mean', pos_weight: Tensor? = null)",
);

/** Mean binary cross-entropy between logits and targets in [0, 1]. Source: torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends Module {
  declare weight: Tensor | null;
  reduction: string;
  declare pos_weight: Tensor | null;

  constructor(options?: { weight?: Tensor | null; reduction?: string; pos_weight?: Tensor | null });
  constructor(weight?: Tensor | null);
  constructor(...args: unknown[]) {
    super();
    const [weight, reduction, pos_weight] = bCEWithLogitsLossArguments(args);
    this.register_buffer("weight", weight);
    this.reduction = reduction;
    this.register_buffer("pos_weight", pos_weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy_with_logits(input, target, this.weight, {
      reduction: this.reduction,
      pos_weight: this.pos_weight,
    });
  }
}

const multiLabelSoftMarginLossArguments = signature(
  "_WeightedLoss(weight: Tensor? = null, *, reduction: str = 'mean')",
);

/** Mean over classes of binary cross-entropy between logits and 0/1 targets (N, C). Source: torch.nn.MultiLabelSoftMarginLoss. */
export class MultiLabelSoftMarginLoss extends Module {
  declare weight: Tensor | null;
  reduction: string;

  constructor(options?: { weight?: Tensor | null; reduction?: string });
  constructor(weight?: Tensor | null);
  constructor(...args: unknown[]) {
    super();
    const [weight, reduction] = multiLabelSoftMarginLossArguments(args);
    this.register_buffer("weight", weight);
    this.reduction = reduction;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabel_soft_margin_loss(input, target, this.weight, { reduction: this.reduction });
  }
}

const multiMarginLossArguments = signature(
  "MultiMarginLoss(p: int = 1, margin: float = 1, weight: Tensor? = null, *, reduction: str = 'mean')",
);

/** Hinge loss between the target class and the others: (N, C), class ids (N). Source: torch.nn.MultiMarginLoss. */
export class MultiMarginLoss extends Module {
  p: number;
  margin: number;
  declare weight: Tensor | null;
  reduction: string;

  constructor(options?: { p?: number; margin?: number; weight?: Tensor | null; reduction?: string });
  constructor(p?: number, margin?: number, weight?: Tensor | null);
  constructor(...args: unknown[]) {
    super();
    const [p, margin, weight, reduction] = multiMarginLossArguments(args);
    if (p !== 1 && p !== 2) throw new ValueError("only p == 1 and p == 2 supported");
    this.p = p;
    this.margin = margin;
    this.register_buffer("weight", weight);
    this.reduction = reduction;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multi_margin_loss(input, target, this.p, this.margin, this.weight, {
      reduction: this.reduction,
    });
  }
}

export type Distance = (x1: Tensor, x2: Tensor) => Tensor;

export interface TripletMarginWithDistanceOptions {
  /** The Euclidean distance unless given. */
  distance_function?: Distance | null;
  margin?: number;
  swap?: boolean;
  reduction?: string;
}

/** Triplet margin loss with a distance of one's own. Source: torch.nn.TripletMarginWithDistanceLoss. */
export class TripletMarginWithDistanceLoss extends Module {
  distance_function: Distance;
  margin: number;
  swap: boolean;
  reduction: string;

  constructor(options: TripletMarginWithDistanceOptions = {}) {
    super();
    const { distance_function = null, margin = 1, swap = false, reduction = "mean" } = options;
    if (!(margin > 0)) throw new ValueError(`margin must be greater than 0, got ${margin}`);
    this.distance_function = distance_function ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
    this.reduction = reduction;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distance_function, margin, swap, reduction } = this;
    return triplet_margin_with_distance_loss(anchor, positive, negative, {
      distance_function,
      margin,
      swap,
      reduction,
    });
  }
}
