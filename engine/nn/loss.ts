import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";

export interface LossOptions {
  /** What becomes of the losses of the elements. */
  reduction?: "mean" | "sum" | "none";
}

const lossArguments = signature("Loss(*, reduction: str = 'mean')");

abstract class Loss extends Module {
  reduction: string;

  constructor(options?: LossOptions);
  constructor(...args: unknown[]) {
    super();
    [this.reduction] = lossArguments(args);
  }
}

/** Mean of (input − target)². Source: torch.nn.MSELoss. */
export class MSELoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mse_loss(input, target, { reduction: this.reduction });
  }
}

/** Mean of |input − target|. Source: torch.nn.L1Loss. */
export class L1Loss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1_loss(input, target, { reduction: this.reduction });
  }
}

/** Mean binary cross-entropy between logits and targets in [0, 1]. Source: torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binary_cross_entropy_with_logits(input, target, { reduction: this.reduction });
  }
}
