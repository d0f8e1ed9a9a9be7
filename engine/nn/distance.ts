import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";

const cosineArguments = signature("CosineSimilarity(dim: int = 1, eps: float = 1e-08)");

/** Cosine of the angle between vectors along dim. Source: torch.nn.CosineSimilarity. */
export class CosineSimilarity extends Module {
  dim: number;
  eps: number;

  constructor(options?: { dim?: number; eps?: number });
  constructor(dim?: number, eps?: number);
  constructor(...args: unknown[]) {
    super();
    [this.dim, this.eps] = cosineArguments(args);
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosine_similarity(x1, x2, this.dim, this.eps);
  }
}

const pairwiseArguments = signature("PairwiseDistance(p: float = 2, eps: float = 1e-06, keepdim = false)");

/** p-norm of x1 − x2 + eps along the last dimension. Source: torch.nn.PairwiseDistance. */
export class PairwiseDistance extends Module {
  norm: number;
  eps: number;
  keepdim: boolean;

  constructor(options?: { p?: number; eps?: number; keepdim?: boolean });
  constructor(p?: number, eps?: number, keepdim?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.norm, this.eps, this.keepdim] = pairwiseArguments(args);
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return torch.pairwise_distance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}
