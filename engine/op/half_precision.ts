import { DType, float32, halves, type TypedArray } from "../dtype";
import { numel } from "../shape";
import { Tensor } from "../tensor";

/**
 * Computes on tensors of half precision in float32 and rounds what comes out, as PyTorch's kernels do. Operands of
 * several floating dtypes meet by promotion instead, and a dtype among the arguments says what comes out.
 */
export function computeInSingle(
  compute: (f: (...args: unknown[]) => unknown, args: readonly unknown[]) => unknown,
  f: (...args: unknown[]) => unknown,
  args: readonly unknown[],
): unknown {
  const half = commonHalf(args);
  if (half === null) return roundResult(compute(f, args));
  return narrowed(compute(f, args.map(widened)), half);
}

/** The half precision that all floating tensors among the arguments have; null if there is none. */
function commonHalf(args: readonly unknown[]): DType | null {
  let found: DType | null = null;
  for (const arg of args) {
    if (arg instanceof DType) return null;
    for (const each of Array.isArray(arg) ? arg : [arg]) {
      if (!(each instanceof Tensor) || each.dtype.category !== "float") continue;
      if (each.dtype.round === null || (found !== null && found !== each.dtype)) return null;
      found = each.dtype;
    }
  }
  return found;
}

/** The same memory, read as the float32 numbers it consists of. */
export function widened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(widened);
  if (!(value instanceof Tensor) || value.dtype.round === null) return value;
  return new Tensor(value.storage, value.shape, float32, value.strides, value.offset);
}

/** What was computed in float32, rounded to half precision. */
export function narrowed(value: unknown, half: DType): unknown {
  if (Array.isArray(value)) return value.map((each) => narrowed(each, half));
  if (!(value instanceof Tensor) || value.dtype !== float32) return value;
  const { storage, shape, strides, offset } = value;
  half.round!(storage.data);
  return new Tensor(storage, shape, half, strides, offset);
}

/** Rounds results of half precision; what is rounded already stays as it is. */
export function roundResult<T>(value: T): T {
  if (!halves.used) return value;
  for (const each of Array.isArray(value) ? value : [value])
    if (each instanceof Tensor && each.dtype.round !== null) each.dtype.round(each.storage.data);
  return value;
}

/** Values as a tensor of that dtype keeps them, which may be those given. */
export function roundedFor({ dtype, shape }: Tensor, values: TypedArray): TypedArray {
  if (dtype.round === null) return values;
  const rounded = new dtype.ArrayType(numel(shape));
  rounded.set(values);
  dtype.round(rounded);
  return rounded;
}
