import { roundToBFloat16, roundToFloat16 } from "./half";
import { counted } from "./memory";

export type TypedArray = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array;
type TypedArrayConstructor = {
  /** Zeros, unless `cleared` is false: then whatever the memory was used for last, or zeros. */
  new (length: number, cleared?: boolean): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
};

/**
 * An element type. `int64` is kept in doubles, which hold integers exactly to ±2⁵³; results beyond that
 * are refused rather than rounded.
 */
export class DType {
  constructor(
    /** PyTorch's name without the prefix: `float32`. */
    readonly name: string,
    readonly category: "bool" | "int" | "float",
    /** Bytes per element, as PyTorch counts them. */
    readonly itemsize: number,
    /** @internal */
    readonly ArrayType: TypedArrayConstructor,
    /** The name that older error messages use: `torch.FloatTensor`. @internal */
    readonly tensorTypeName: string,
    /** Rounds elements whose array holds more digits than the dtype; null where it does not. @internal */
    readonly round: ((values: TypedArray) => void) | null = null,
  ) {}

  /** The name in PyTorch's messages: `Float`. @internal */
  get scalarTypeName(): string {
    return this.tensorTypeName.replace("Tensor", "");
  }

  get is_floating_point(): boolean {
    return this.category === "float";
  }

  /** `torch.float32`, as Python prints it. */
  toString(): string {
    return `torch.${this.name}`;
  }
}

/** Whether there have been tensors of half precision, without which operators need not look for any. */
export const halves = { used: false };

/** As `Type`, and notes that there are halves. */
function noted(Type: TypedArrayConstructor): TypedArrayConstructor {
  function Noted(length: number): TypedArray {
    halves.used = true;
    return new Type(length);
  }
  const { BYTES_PER_ELEMENT, prototype } = Type as TypedArrayConstructor & { prototype: TypedArray };
  return Object.assign(Noted, { BYTES_PER_ELEMENT, prototype }) as never;
}

const ofHalf = noted(counted(Float32Array));
export const float16 = new DType("float16", "float", 2, ofHalf, "HalfTensor", roundToFloat16);
export const bfloat16 = new DType("bfloat16", "float", 2, ofHalf, "BFloat16Tensor", roundToBFloat16);
export const float32 = new DType("float32", "float", 4, counted(Float32Array), "FloatTensor");
export const float64 = new DType("float64", "float", 8, counted(Float64Array), "DoubleTensor");
export const int64 = new DType("int64", "int", 8, counted(Float64Array), "LongTensor");
export const int32 = new DType("int32", "int", 4, counted(Int32Array), "IntTensor");
export const int16 = new DType("int16", "int", 2, counted(Int16Array), "ShortTensor");
export const int8 = new DType("int8", "int", 1, counted(Int8Array), "CharTensor");
export const uint8 = new DType("uint8", "int", 1, counted(Uint8Array), "ByteTensor");
export const bool = new DType("bool", "bool", 1, counted(Uint8Array), "BoolTensor");

/** What `torch.set_default_dtype` sets: the dtype of numbers, and of what leaves the integers. */
export const defaultDType: { current: DType } = { current: float32 };

/** Integers sort by width, so that promotion among them picks the later one. */
const order = [bool, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64];

/** The smallest type that holds both, by PyTorch's table. Source: torch.promote_types. */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a.round !== null && b.round !== null) return float32;
  if ((a === uint8 && b === int8) || (a === int8 && b === uint8)) return int16;
  return order.indexOf(a) > order.indexOf(b) ? a : b;
}

/** What a JavaScript number beside a tensor counts as: a whole one is Python's int, another its float. */
export function dtypeOfNumber(value: number | bigint | boolean): DType {
  if (typeof value === "boolean") return bool;
  if (typeof value === "bigint" || Number.isInteger(value)) return int64;
  return defaultDType.current;
}

/**
 * Combines operands of different standing: `lower` (a number, a 0-dim tensor) only decides where its
 * category is above `higher`'s. Source: at::native::result_type.
 */
export function combineStanding(higher: DType | null, lower: DType | null): DType | null {
  if (higher === null) return lower;
  if (lower === null || higher.category === "float") return higher;
  if (higher === bool || lower.category === "float") return promoteTypes(higher, lower);
  return higher;
}
