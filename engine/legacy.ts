// What older programs use: types of tensors as constructors, and arrays taken as they are.
import { type TensorData, tensor } from "./construct";
import {
  bfloat16,
  bool,
  type DType,
  defaultDType,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  uint8,
} from "./dtype";
import { pythonTypeName } from "./errors";
import { fromData, type Tensor } from "./tensor";

interface TensorType {
  /** A tensor of this type: of nested data, or of zeros in the shape given by its sizes. */
  (data: readonly TensorData[]): Tensor;
  (...size: number[]): Tensor;
  new (data: readonly TensorData[]): Tensor;
  new (...size: number[]): Tensor;
}

function typed(dtype: DType): TensorType {
  const make = function TensorType(...args: unknown[]): Tensor {
    const [first] = args;
    if (Array.isArray(first)) return tensor(first as TensorData[]).to(dtype);
    const sizes = args as number[];
    return fromData(
      new dtype.ArrayType(sizes.reduce((a, b) => a * b, args.length === 0 ? 0 : 1)),
      sizes,
      dtype,
    );
  };
  return make as TensorType;
}

/** A float16 tensor of data or of a size. Source: torch.HalfTensor. */
export const HalfTensor = typed(float16);
/** A bfloat16 tensor of data or of a size. Source: torch.BFloat16Tensor. */
export const BFloat16Tensor = typed(bfloat16);
/** A float32 tensor of data or of a size; `torch.tensor` says the same more clearly. Source: torch.FloatTensor. */
export const FloatTensor = typed(float32);
/** A float64 tensor of data or of a size. Source: torch.DoubleTensor. */
export const DoubleTensor = typed(float64);
/** An int64 tensor of data or of a size. Source: torch.LongTensor. */
export const LongTensor = typed(int64);
/** An int32 tensor of data or of a size. Source: torch.IntTensor. */
export const IntTensor = typed(int32);
/** An int16 tensor of data or of a size. Source: torch.ShortTensor. */
export const ShortTensor = typed(int16);
/** An int8 tensor of data or of a size. Source: torch.CharTensor. */
export const CharTensor = typed(int8);
/** A uint8 tensor of data or of a size. Source: torch.ByteTensor. */
export const ByteTensor = typed(uint8);
/** A bool tensor of data or of a size. Source: torch.BoolTensor. */
export const BoolTensor = typed(bool);

const ARRAY_DTYPES = [float32, float64, int32, int16, int8, uint8];

/**
 * A one-dimensional tensor that shares a typed array's memory; its dtype is the array's.
 * Source: torch.from_numpy.
 */
export function from_numpy(
  ndarray: Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array,
): Tensor {
  const dtype = ARRAY_DTYPES.find(({ ArrayType }) => ArrayType.prototype === Object.getPrototypeOf(ndarray));
  if (dtype === undefined) throw new TypeError(`expected np.ndarray (got ${pythonTypeName(ndarray)})`);
  return fromData(ndarray, [ndarray.length], dtype);
}

/** As `set_default_dtype`, by the type's name. Source: torch.set_default_tensor_type. */
export function set_default_tensor_type(t: string | TensorType): void {
  const dtypes = { float32, float64 };
  for (const dtype of Object.values(dtypes))
    if (t === `torch.${dtype.tensorTypeName}` || t === (dtype === float32 ? FloatTensor : DoubleTensor)) {
      defaultDType.current = dtype;
      return;
    }
  throw new TypeError("only floating-point types are supported as the default type");
}
