import torch from "../../../engine/torch";

type Tensor = InstanceType<typeof torch.Tensor>;

/**
 * Arguments of a call on which an operator's derivatives are compared with finite differences. An `Input`
 * becomes a float64 tensor that requires a gradient; a function makes its argument when the test runs.
 */
export type Sample = unknown[];

/** Samples by the public name of the operator: `torch.add`, `Tensor.view`, `nn.functional.mse_loss`. */
export type Samples = Record<string, Sample[]>;

export class Input {
  constructor(
    readonly shape: number[],
    /** Bounds of the values: keep them away from kinks. */
    readonly range: [number, number] = [0.4, 1.6],
    /** What the operator gets instead of the input itself, for arguments whose elements depend on each other. */
    readonly through: (input: Tensor) => Tensor = (input) => input,
  ) {}

  make() {
    const [low, high] = this.range;
    return torch
      .rand(this.shape, { dtype: torch.float64 })
      .mul(high - low)
      .add(low)
      .requires_grad_();
  }
}
