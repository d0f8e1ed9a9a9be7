import type { Device } from "../device";
import type { DType } from "../dtype";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { fans, kaiming_uniform_, uniform_ } from "./init";
import { Module } from "./module";
import { Parameter } from "./parameter";

export interface LinearOptions {
  bias?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

const linearArguments = signature(
  "Linear(in_features: int, out_features: int, bias = true, device: device? = null, dtype: dtype? = null)",
);

/** x @ weightᵀ + bias: (…, in_features) → (…, out_features). Source: torch.nn.Linear. */
export class Linear extends Module {
  in_features: number;
  out_features: number;
  /** (out_features, in_features) */
  weight: Parameter;
  /** (out_features), or null without bias. */
  bias: Parameter | null;

  constructor(in_features: number, out_features: number, options?: LinearOptions | boolean);
  constructor(options: { in_features: number; out_features: number } & LinearOptions);
  constructor(...args: unknown[]) {
    super();
    const [in_features, out_features, bias, , dtype] = linearArguments(args);
    this.in_features = in_features;
    this.out_features = out_features;
    this.weight = new Parameter(torch.empty([out_features, in_features], { dtype }));
    this.bias = bias ? new Parameter(torch.empty([out_features], { dtype })) : null;
    this.reset_parameters();
  }

  /** Draws weight and bias anew. Source: torch.nn.Linear.reset_parameters. */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias === null) return;
    const { fanIn } = fans(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  override forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    return `in_features=${this.in_features}, out_features=${this.out_features}, bias=${this.bias === null ? "False" : "True"}`;
  }
}

/** Gives back its input. Source: torch.nn.Identity. */
export class Identity extends Module {
  /** Takes any arguments, which say nothing, so that it may stand for any other module. */
  constructor(..._unused: unknown[]) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return input;
  }
}
