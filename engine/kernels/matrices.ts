import { type DType, float32, int32, type TypedArray } from "../dtype";
import { LinAlgError, RuntimeError } from "../errors";
import { numel } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";

/** A tensor of matrices (…, rows, columns) as one array that may be written to, matrix after matrix. */
export interface Matrices {
  data: TypedArray;
  batch: number[];
  /** Number of matrices. */
  count: number;
  rows: number;
  columns: number;
}

/** Copies the matrices that `t` holds. */
export function copyMatrices(t: Tensor): Matrices {
  const batch = t.shape.slice(0, -2);
  const [rows, columns] = t.shape.slice(-2);
  return { data: elements(t).slice(), batch, count: numel(batch), rows, columns };
}

/** The array of the matrix at `index`. */
export function matrixAt({ data, rows, columns }: Matrices, index: number): TypedArray {
  return data.subarray(index * rows * columns, (index + 1) * rows * columns);
}

export function toTensor({ data, batch, rows, columns }: Matrices, dtype: DType): Tensor {
  return fromData(data, [...batch, rows, columns], dtype);
}

export function int32Tensor(values: Int32Array, shape: readonly number[]): Tensor {
  return fromData(values, [...shape], int32);
}

export function requireMatrices(t: Tensor, name: string, argument = "A"): void {
  if (t.shape.length < 2)
    throw new RuntimeError(`${name}: The input tensor ${argument} must have at least 2 dimensions.`);
}

export function requireSquare(A: Tensor, name: string): void {
  requireMatrices(A, name);
  const [m, n] = A.shape.slice(-2);
  if (m !== n)
    throw new RuntimeError(
      `${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`,
    );
}

export function requireFloating(t: Tensor, name: string): void {
  if (t.dtype.category !== "float")
    throw new RuntimeError(
      `${name}: Expected a floating point or complex tensor as input. Got ${t.dtype.scalarTypeName}`,
    );
}

/** Throws for the first matrix whose algorithm reports a failure, in words made of what it reports. */
export function refuseFailure(info: Tensor, name: string, message: (info: number) => string): void {
  const values = elements(info);
  const failed = values.findIndex((value) => value !== 0);
  if (failed < 0) return;
  const where = info.shape.length > 0 ? `(Batch element ${failed}): ` : "";
  throw new LinAlgError(`${name}: ${where}${message(values[failed])}`);
}

/** Half the spacing of the numbers around 1: what LAPACK calls epsilon. */
export function halfEpsilon(dtype: DType): number {
  return dtype === float32 ? 2 ** -24 : 2 ** -53;
}
