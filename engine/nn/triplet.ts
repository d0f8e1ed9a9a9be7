import { ValueError } from "../errors";
import { torch } from "../op/define";
import { signature } from "../op/signature";
import { checkTriplet } from "../ops/margin_loss";
import type { Tensor } from "../tensor";

export interface TripletOptions {
  /** The Euclidean distance unless given. */
  distance_function?: ((x1: Tensor, x2: Tensor) => Tensor) | null;
  margin?: number;
  swap?: boolean;
  reduction?: string;
}

const tripletArguments = signature(
  "triplet_margin_with_distance_loss(anchor: Tensor, positive: Tensor, negative: Tensor, *, distance_function: any = null, margin: float = 1, swap = false, reduction: str = 'mean')",
);

/**
 * Mean of max(0, d(anchor, positive) − d(anchor, negative) + margin) with a distance d of one's own; with `swap`
 * the negative may be compared with the positive instead.
 * Source: torch.nn.functional.triplet_margin_with_distance_loss.
 */
export function triplet_margin_with_distance_loss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletOptions,
): Tensor;
export function triplet_margin_with_distance_loss(
  options: { anchor: Tensor; positive: Tensor; negative: Tensor } & TripletOptions,
): Tensor;
export function triplet_margin_with_distance_loss(...args: unknown[]): Tensor {
  const [anchor, positive, negative, distance_function, margin, swap, reduction] = tripletArguments(args);
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none")
    throw new ValueError(`${reduction} is not a valid value for reduction`);
  checkTriplet(anchor, positive, negative, margin);
  const distance =
    (distance_function as TripletOptions["distance_function"]) ??
    ((x1: Tensor, x2: Tensor) => torch.pairwise_distance(x1, x2));
  const near = distance(anchor, positive);
  const far = distance(anchor, negative);
  const least = swap ? far.minimum(distance(positive, negative)) : far;
  const losses = near.add(margin).sub(least).clamp_min(0);
  if (reduction === "none") return losses;
  return reduction === "mean" ? losses.mean() : losses.sum();
}
