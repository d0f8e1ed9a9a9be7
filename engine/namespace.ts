// Everything in `torch`.
import { Slice } from "./indexing";
import { Tensor } from "./tensor";
import "./tensor_methods";

export { default as autograd } from "./autograd";
export { is_anomaly_enabled } from "./autograd/anomaly";
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from "./autograd/context";
export * from "./constants";
export { as_tensor, asarray, type TensorData, type TensorOptions, tensor } from "./construct";
export { device } from "./device";
export {
  bfloat16,
  bool,
  DType as dtype,
  float16,
  float16 as half,
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
export * from "./environment";
export * from "./generated/torch_functions";
export { load, save } from "./io/serialization";
export { channels_last, channels_last_3d, contiguous_format, preserve_format, strided } from "./layout";
export * from "./legacy";
export { finfo, iinfo } from "./limits";
export { default as linalg } from "./linalg";
export * as masked from "./masked";
export { default as nn } from "./nn";
export type { OperatorProtocol } from "./operators";
export { default as optim } from "./optim";
export { set_printoptions } from "./printing/state";
export * from "./queries";
export { Generator } from "./random/generator";
export * as random from "./rng";
export { get_rng_state, initial_seed, manual_seed, seed, set_rng_state } from "./rng";
export { default as special } from "./special";
export { default as utils } from "./utils";
export { Tensor };

/** Whether a tensor was made in `inference_mode`. Source: torch.is_inference. */
export function is_inference(input: Tensor): boolean {
  return input.is_inference();
}

/** A range for indexing: `x.index(torch.slice(1, 3))` is Python's `x[1:3]`; without arguments `:`. */
export function slice(start?: number | null, end?: number | null, step?: number | null): Slice;
/** A range of a tensor's dimension, as `at::slice` of PyTorch's C++ API. */
export function slice(
  input: Tensor,
  dim?: number,
  start?: number | null,
  end?: number | null,
  step?: number,
): Tensor;
export function slice(
  first: Tensor | number | null = null,
  ...rest: (number | null | undefined)[]
): Slice | Tensor {
  if (!(first instanceof Tensor)) return new Slice(first, rest[0] ?? null, rest[1] ?? null);
  const [dim, start, end, step] = rest;
  return first.slice(dim ?? 0, start ?? null, end ?? null, step ?? 1);
}
