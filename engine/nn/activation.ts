import { F } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { Module } from "./module";

const reluArguments = signature("ReLU(inplace = false)");

/** max(input, 0). Source: torch.nn.ReLU. */
export class ReLU extends Module {
  inplace: boolean;

  constructor(options?: { inplace?: boolean } | boolean);
  constructor(...args: unknown[]) {
    super();
    [this.inplace] = reluArguments(args);
  }

  override forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }

  override extra_repr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/** Hyperbolic tangent. Source: torch.nn.Tanh. */
export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** 1 / (1 + e^−input). Source: torch.nn.Sigmoid. */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}
