import { NotImplementedError, RuntimeError } from "../errors";

/** The derivative of an operator that PyTorch has none for: its result shows `NotImplemented` as grad_fn. */
export function noDerivative(name: string): never {
  throw new RuntimeError(`derivative for aten::${name} is not implemented`);
}

/** The derivative of one argument that PyTorch has none for, of an operator that has others. */
export function noDerivativeFor(name: string): never {
  throw new NotImplementedError(`the derivative for '${name}' is not implemented.`);
}
