import { RuntimeError, ValueError } from "../errors";
import { op, torch } from "../op/define";
import { showShape } from "../shape";
import type { Tensor } from "../tensor";
import { checkReduction, reduced } from "./loss";

// Losses that compare inputs with each other: all composed as PyTorch composes them.

/** Mean of input where target is 1, of max(0, margin − input) where it is −1. Source: torch.nn.functional.hinge_embedding_loss. */
op(
  "nn.functional.hinge_embedding_loss(input, target, margin: float = 1, *, reduction: str = 'mean')",
  (input, target, margin, reduction) => {
    checkReduction(reduction);
    const hinge = torch.where(target.eq(1), 0, input.rsub(margin).clamp_min(0));
    const direct = torch.where(target.eq(-1), 0, input);
    return reduced(hinge.add(direct), reduction);
  },
);

/** Mean of max(0, −target · (input1 − input2) + margin): which input ranks higher. Source: torch.nn.functional.margin_ranking_loss. */
op(
  "nn.functional.margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = 'mean')",
  (input1, input2, target, margin, reduction) => {
    checkReduction(reduction);
    const dims = [input1, input2, target].map((t) => t.shape.length);
    if (dims.some((n) => n !== dims[0])) {
      const size = (t: Tensor) => `torch.Size(${showShape(t.shape)})`;
      throw new RuntimeError(
        `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ${size(input1)}, input2: ${size(input2)}, target: ${size(target)} `,
      );
    }
    return reduced(target.neg().mul(input1.sub(input2)).add(margin).clamp_min(0), reduction);
  },
);

/**
 * Mean of max(0, d(anchor, positive) − d(anchor, negative) + margin), d the p-norm distance of vectors (N, D) or
 * (D); with `swap` the negative may be compared with the positive instead.
 * Source: torch.nn.functional.triplet_margin_loss.
 */
op(
  "nn.functional.triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1, p: float = 2, eps: float = 1e-06, swap = false, *, reduction: str = 'mean')",
  (anchor, positive, negative, margin, p, eps, swap, reduction) => {
    checkReduction(reduction);
    checkTriplet(anchor, positive, negative, margin);
    const near = torch.pairwise_distance(anchor, positive, p, eps);
    const far = torch.pairwise_distance(anchor, negative, p, eps);
    const least = swap ? far.minimum(torch.pairwise_distance(positive, negative, p, eps)) : far;
    return reduced(near.add(margin).sub(least).clamp_min(0), reduction);
  },
);

/** Throws where a triplet loss cannot be taken. */
export function checkTriplet(anchor: Tensor, positive: Tensor, negative: Tensor, margin: number): void {
  if (!(margin > 0))
    throw new ValueError(
      `margin must be greater than 0, got ${Number.isInteger(margin) ? margin.toFixed(1) : margin}`,
    );
  const [a, p, n] = [anchor, positive, negative].map((t) => t.shape.length);
  if (a !== p || p !== n)
    throw new RuntimeError(
      `The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor ${a}D, positive ${p}D, and negative ${n}D inputs`,
    );
}

/**
 * Mean of 1 − cos where target is 1, of max(0, cos − margin) where it is −1, cos that of the angle between
 * input1 and input2: (N, D) and target (N), or (D) and (). Source: torch.nn.functional.cosine_embedding_loss.
 */
op(
  "nn.functional.cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = 'mean')",
  (input1, input2, target, margin, reduction) => {
    checkReduction(reduction);
    if (target.shape.length > 1)
      throw new RuntimeError("0D or 1D target tensor expected, multi-target not supported");
    if (target.shape.length === 1 && input1.shape.length !== 2)
      throw new RuntimeError(
        `1D target tensor expects 2D input tensors, but found inputs with sizes ${showShape(input1.shape)} and ${showShape(input2.shape)}.`,
      );
    if (target.shape.length === 0 && input1.shape.length !== 1)
      throw new RuntimeError(
        `0D target tensor expects 1D input tensors, but found inputs with sizes ${showShape(input1.shape)} and ${showShape(input2.shape)}.`,
      );
    const last = target.shape.length;
    const norm1 = input1.mul(input1).sum(last).add(1e-12);
    const norm2 = input2.mul(input2).sum(last).add(1e-12);
    const cos = input1.mul(input2).sum(last).div(norm1.mul(norm2).sqrt());
    const zeros = cos.detach().new_zeros(cos.shape);
    const alike = torch.where(target.eq(1), cos.rsub(1), zeros);
    const apart = torch.where(target.eq(-1), cos.sub(margin).clamp_min(0), zeros);
    return reduced(alike.add(apart), reduction);
  },
);
