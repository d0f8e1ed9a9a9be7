import type { Device } from "../device";
import type { DType } from "../dtype";
import { ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import type { Tensor } from "../tensor";
import { uniform_ } from "./init";
import { Module } from "./module";
import { Parameter } from "./parameter";
import { flag } from "./repr";

const bilinearArguments = signature(
  "Bilinear(in1_features: int, in2_features: int, out_features: int, bias = true, device: device? = null, dtype: dtype? = null)",
);

/** Σ x1ᵢ · weightₖᵢⱼ · x2ⱼ + biasₖ: (…, in1), (…, in2) → (…, out). Source: torch.nn.Bilinear. */
export class Bilinear extends Module {
  in1_features: number;
  in2_features: number;
  out_features: number;
  /** (out_features, in1_features, in2_features) */
  weight: Parameter;
  /** (out_features), or null without bias. */
  bias: Parameter | null;

  constructor(
    in1_features: number,
    in2_features: number,
    out_features: number,
    options?: { bias?: boolean; device?: Device | string | null; dtype?: DType | null } | boolean,
  );
  constructor(
    options: { in1_features: number; in2_features: number; out_features: number } & {
      bias?: boolean;
      device?: Device | string | null;
      dtype?: DType | null;
    },
  );
  constructor(...args: unknown[]) {
    super();
    const [in1_features, in2_features, out_features, bias, , dtype] = bilinearArguments(args);
    if (in1_features <= 0)
      throw new ValueError(`in1_features must be > 0, but got (in1_features=${in1_features})`);
    this.in1_features = in1_features;
    this.in2_features = in2_features;
    this.out_features = out_features;
    this.weight = new Parameter(torch.empty([out_features, in1_features, in2_features], { dtype }));
    this.bias = bias ? new Parameter(torch.empty([out_features], { dtype })) : null;
    this.reset_parameters();
  }

  /** Draws weight and bias anew. */
  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.in1_features);
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  override extra_repr(): string {
    return `in1_features=${this.in1_features}, in2_features=${this.in2_features}, out_features=${this.out_features}, bias=${flag(this.bias !== null)}`;
  }
}
