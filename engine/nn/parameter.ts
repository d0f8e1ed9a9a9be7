import { Tensor } from "../tensor";

/** A tensor that a module registers when it is assigned to one of its fields. Source: torch.nn.Parameter. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requires_grad: boolean | { requires_grad?: boolean } = true) {
    super(data.storage, data.shape, data.dtype, data.strides, data.offset);
    this.isParameter = true;
    this.requires_grad_(
      typeof requires_grad === "boolean" ? requires_grad : (requires_grad.requires_grad ?? true),
    );
  }
}
