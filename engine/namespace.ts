// Everything in `torch`.
import { Slice } from "./indexing";
import { defaultGenerator, type Generator as TorchGenerator } from "./random/generator";
import { Tensor } from "./tensor";

export * as autograd from "./autograd";
export { enable_grad, is_grad_enabled, no_grad, set_grad_enabled } from "./autograd/context";
export { type TensorData, type TensorOptions, tensor } from "./construct";
export { device } from "./device";
export {
  bool,
  DType as dtype,
  float32,
  float32 as float,
  float64,
  float64 as double,
  int8,
  int16,
  int16 as short,
  int32,
  int32 as int,
  int64,
  int64 as long,
  promoteTypes as promote_types,
  uint8,
} from "./dtype";
export * from "./generated/torch_functions";
export { resultType as result_type } from "./kernels/elementwise";
export * as linalg from "./linalg";
export { channels_last, contiguous_format, preserve_format, strided } from "./layout";
export { default as nn } from "./nn";
export type { OperatorProtocol } from "./operators";
export { default as optim } from "./optim";
export { set_printoptions } from "./printing/state";
export { Generator } from "./random/generator";
export * as special from "./special";
export { Tensor };

/** Restarts the random numbers: the same seed gives PyTorch's own stream. Source: torch.manual_seed. */
export function manual_seed(seed: number | bigint): TorchGenerator {
  return defaultGenerator.manual_seed(typeof seed === "number" ? Math.trunc(seed) : seed);
}

/** Whether a value is a tensor. Source: torch.is_tensor. */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** A range for indexing: `x.index(torch.slice(1, 3))` is Python's `x[1:3]`; without arguments `:`. */
export function slice(
  start: number | null = null,
  end: number | null = null,
  step: number | null = null,
): Slice {
  return new Slice(start, end, step);
}
