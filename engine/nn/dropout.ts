import { ValueError } from "../errors";
import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";
import { flag, float } from "./repr";

const dropoutArguments = signature("_DropoutNd(p: float = 0.5, inplace = false)");

abstract class DropoutBase extends Module {
  p: number;
  inplace: boolean;

  constructor(p?: number, options?: { inplace?: boolean });
  constructor(options?: { p?: number; inplace?: boolean });
  constructor(p?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    super();
    [this.p, this.inplace] = dropoutArguments(args);
    if (this.p < 0 || this.p > 1)
      throw new ValueError(`dropout probability has to be between 0 and 1, but got ${this.p}`);
  }

  override extra_repr(): string {
    return `p=${float(this.p)}, inplace=${flag(this.inplace)}`;
  }
}

/** In training zeroes each element with probability p and scales the others by 1 / (1 − p). Source: torch.nn.Dropout. */
export class Dropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}

/** In training zeroes whole channels of (N, C, L). Source: torch.nn.Dropout1d. */
export class Dropout1d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}

/** In training zeroes whole channels of (N, C, H, W). Source: torch.nn.Dropout2d. */
export class Dropout2d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}

/** In training zeroes whole channels of (N, C, D, H, W). Source: torch.nn.Dropout3d. */
export class Dropout3d extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}

/** Dropout that keeps mean 0 and variance 1, for use with SELU. Source: torch.nn.AlphaDropout. */
export class AlphaDropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.alpha_dropout(input, this.p, this.training);
  }
}

/** Alpha dropout of whole channels. Source: torch.nn.FeatureAlphaDropout. */
export class FeatureAlphaDropout extends DropoutBase {
  override forward(input: Tensor): Tensor {
    return F.feature_alpha_dropout(input, this.p, this.training);
  }
}
