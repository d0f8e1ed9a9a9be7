import { elements, fromData, type Tensor } from "../../engine/tensor";

/** A tensor as it was just before an in-place write to its memory. */
export class Snapshot {
  /** The tensor itself, to which gradients may still arrive. */
  readonly tensor: Tensor;
  /** What it was: values, `grad_fn`, `requires_grad`. */
  readonly frozen: Tensor;
  readonly #isSnapshot = true;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
    this.frozen = copyOf(tensor);
    this.frozen.node = tensor.grad_fn;
    this.frozen.outputNr = tensor.outputNr;
    this.frozen.leafRequiresGrad = tensor.leafRequiresGrad;
    this.frozen.isParameter = tensor.isParameter;
  }

  /** Asks a proxy nothing, unlike `instanceof`. */
  static is(value: unknown): value is Snapshot {
    return typeof value === "object" && value !== null && #isSnapshot in value;
  }
}

/** A tensor's values in memory of their own. Records nothing and tells no observer. */
export function copyOf(tensor: Tensor): Tensor {
  return fromData(elements(tensor).slice(), [...tensor.shape], tensor.dtype);
}
