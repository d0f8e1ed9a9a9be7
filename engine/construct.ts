import { type Device, deviceNamed } from "./device";
import { bool, type DType, defaultDType, int64, promoteTypes } from "./dtype";
import { pythonTypeName, RuntimeError, ValueError } from "./errors";
import { checkInteger } from "./kernels/elementwise";
import { numel } from "./shape";
import { elements, emptyTensor, Tensor } from "./tensor";

/** Numbers, booleans or bigints, nested to any depth. */
export type TensorData = number | boolean | bigint | Tensor | readonly TensorData[];

export interface TensorOptions {
  dtype?: DType | null;
  requires_grad?: boolean;
  /** The CPU, by name or as `torch.device` gives it. */
  device?: Device | string | null;
  pin_memory?: boolean;
}

const OPTIONS = ["dtype", "requires_grad", "device", "pin_memory"];

/**
 * A tensor that holds a copy of `data`. Numbers give float32, booleans bool, bigints int64, unless `dtype`
 * says otherwise. Throws ValueError where nested lists differ in length. Source: torch.tensor.
 * @differs torch.tensor: a number is a float, as JavaScript has no other; `dtype` or a bigint (`3n`) says int64.
 * @differs torch.int64: whole numbers are exact to ±2⁵³, and what goes beyond is refused rather than rounded.
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  if (data === undefined) throw new TypeError('tensor() missing 1 required positional arguments: "data"');
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined)
    throw new TypeError(
      `tensor() got an unexpected keyword argument '${unknown}' (its arguments are: data, ${OPTIONS.join(", ")})`,
    );
  if (typeof options.device === "string") deviceNamed(options.device);
  const shape = shapeOf(data);
  const dtype = options.dtype ?? inferDType(data);
  const result = emptyTensor(shape, dtype);
  fill(result, data, shape);
  checkInteger(result.storage.data, dtype);
  dtype.round?.(result.storage.data);
  return asking(result, options.requires_grad ?? false);
}

/** The new tensor, which asks for gradients where that is wanted. */
function asking(result: Tensor, requires_grad: boolean): Tensor {
  if (requires_grad && result.dtype.category !== "float")
    throw new RuntimeError("Only Tensors of floating point and complex dtype can require gradients");
  return result.requires_grad_(requires_grad);
}

/**
 * `data` itself if it is a tensor of that dtype, else a tensor of it; a tensor keeps its history.
 * Source: torch.as_tensor.
 */
export function as_tensor(data: TensorData, options: Omit<TensorOptions, "requires_grad"> = {}): Tensor {
  return data instanceof Tensor ? data.to(options.dtype ?? data.dtype) : tensor(data, options);
}

/**
 * As `as_tensor`, or a copy with `copy`. A tensor keeps its history unless `requires_grad` says that it asks for no
 * gradient. Source: torch.asarray.
 */
export function asarray(data: TensorData, options: TensorOptions & { copy?: boolean | null } = {}): Tensor {
  const { copy = null, requires_grad, ...rest } = options;
  const shared = as_tensor(data, rest);
  const result = copy === true && shared === data ? shared.clone() : shared;
  if (!(data instanceof Tensor)) return asking(result, requires_grad ?? false);
  if (requires_grad === undefined) return result;
  if (result.is_leaf) return asking(result, requires_grad);
  return requires_grad ? result : result.detach();
}

function shapeOf(data: TensorData): number[] {
  const shape: number[] = [];
  let level: TensorData = data;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  // Inside a list a tensor stands for its one number.
  return level instanceof Tensor && shape.length === 0 ? [...level.shape] : shape;
}

function inferDType(data: TensorData): DType {
  if (Array.isArray(data)) {
    const found = new Set(data.map(inferDType));
    if (found.size === 0) return defaultDType.current;
    return [...found].reduce((a, b) => (found.size === 1 ? a : promoteTypes(a, b)));
  }
  if (data instanceof Tensor) return data.dtype;
  if (typeof data === "boolean") return bool;
  if (typeof data === "bigint") return int64;
  return defaultDType.current;
}

function fill(result: Tensor, data: TensorData, shape: readonly number[]): void {
  const out = result.storage.data;
  let at = 0;
  const visit = (value: TensorData, dim: number): void => {
    if (Array.isArray(value)) {
      if (dim >= shape.length) throw new ValueError(`too many dimensions '${typeof value}'`);
      if (value.length !== shape[dim])
        throw new ValueError(`expected sequence of length ${shape[dim]} at dim ${dim} (got ${value.length})`);
      for (const element of value) visit(element, dim + 1);
    } else if (value instanceof Tensor && value === data) {
      out.set(elements(value));
      at = out.length;
    } else {
      if (dim < shape.length)
        throw new TypeError(
          `expected a sequence of length ${shape[dim]} at dim ${dim} (got ${describe(value)})`,
        );
      out[at++] = value instanceof Tensor ? single(value) : scalar(value);
    }
  };
  visit(data, 0);
  if (at !== numel(shape))
    throw new RuntimeError(`could not fill a tensor of shape [${shape.join(", ")}] with ${at} elements`);
}

function single(value: Tensor): number {
  if (value.numel() !== 1)
    throw new ValueError("only one element tensors can be converted to Python scalars");
  return Number(value.item());
}

function scalar(value: unknown): number {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return Number(value);
  throw new TypeError(`new(): invalid data type '${pythonTypeName(value)}'`);
}

function describe(value: unknown): string {
  return value === null ? "None" : typeof value === "string" ? `the string "${value}"` : typeof value;
}
