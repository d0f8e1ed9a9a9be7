import { torch } from "../op/define";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";

const parameterArguments = signature("Parameter(data: Tensor? = null, requires_grad = true)");
const bufferArguments = signature("Buffer(data: Tensor? = null, *, persistent = true)");

/** A tensor that a module registers when it is assigned to one of its fields. Source: torch.nn.Parameter. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requires_grad?: boolean | { requires_grad?: boolean });
  constructor(options: { data: Tensor; requires_grad?: boolean });
  constructor(...args: unknown[]) {
    const [given, requires_grad] = parameterArguments(args);
    const data = given ?? (torch.empty([0]) as Tensor);
    super(data.storage, data.shape, data.dtype, data.strides, data.offset);
    this.isParameter = true;
    this.requires_grad_(requires_grad);
  }
}

/**
 * A tensor that a module keeps with its state, but does not train, when it is assigned to one of its fields; if not
 * `persistent`, `state_dict` leaves it out. Source: torch.nn.Buffer.
 */
export class Buffer extends Tensor {
  readonly persistent: boolean;

  constructor(data: Tensor, options?: { persistent?: boolean });
  constructor(options: { data: Tensor; persistent?: boolean });
  constructor(...args: unknown[]) {
    const [given, persistent] = bufferArguments(args);
    const data = given ?? (torch.empty([0]) as Tensor);
    super(data.storage, data.shape, data.dtype, data.strides, data.offset);
    if (data.requires_grad) this.requires_grad_();
    this.persistent = persistent;
  }
}
