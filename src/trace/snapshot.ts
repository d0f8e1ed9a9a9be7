import { elements, fromData, type Tensor } from "../../engine/tensor";

/** A tensor as it was just before an in-place write to its memory. */
export class Snapshot {
  /** The tensor itself, to which gradients may still arrive. */
  readonly tensor: Tensor;
  /** What it was: values, `grad_fn`, `requires_grad`. */
  readonly frozen: Tensor;
  readonly #isSnapshot = true;

  constructor(tensor: Tensor, copies: Copies) {
    this.tensor = tensor;
    this.frozen = copies.of(tensor);
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

/** Copies of what looks into one memory before it is written, each made once for all who ask. */
export class Copies {
  private tensor: Tensor | null = null;
  private copy: Tensor | null = null;

  /**
   * The tensor's values in memory that nobody writes to. Records nothing and tells no observer. The tensor is
   * the asker's own; its memory may be others' too.
   */
  of(tensor: Tensor): Tensor {
    if (this.copy === null || this.tensor !== tensor) {
      this.tensor = tensor;
      this.copy = copyOf(tensor);
      return this.copy;
    }
    return fromData(this.copy.storage.data, this.copy.shape, tensor.dtype);
  }
}

/** A tensor's values in memory of their own. Records nothing and tells no observer. */
export function copyOf(tensor: Tensor): Tensor {
  return fromData(elements(tensor).slice(), [...tensor.shape], tensor.dtype);
}
