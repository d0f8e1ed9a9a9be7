import { type DType, float32, type TypedArray } from "../dtype";
import { RuntimeError } from "../errors";
import { elements, fromData, stridesOf, type Tensor } from "../tensor";

/** A matrix in memory: element (i, j) is at `offset + i · rowStride + j · columnStride`. */
interface Matrix {
  data: TypedArray;
  offset: number;
  rowStride: number;
  columnStride: number;
}

/** out (n, m) = a (n, k) @ b (k, m), sums in double precision. */
function multiply(a: Matrix, b: Matrix, out: TypedArray, at: number, n: number, k: number, m: number): void {
  // Rows of the second matrix are read in order: a row of sums grows by one scaled row at a time.
  const sums = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    sums.fill(0);
    for (let p = 0; p < k; p++) {
      const x = a.data[a.offset + i * a.rowStride + p * a.columnStride];
      const row = b.offset + p * b.rowStride;
      if (b.columnStride === 1) for (let j = 0; j < m; j++) sums[j] += x * b.data[row + j];
      else for (let j = 0; j < m; j++) sums[j] += x * b.data[row + j * b.columnStride];
    }
    for (let j = 0; j < m; j++) out[at + i * m + j] = sums[j];
  }
}

/** (n, k) @ (k, m) → (n, m). Throws where inner sizes or dtypes differ. */
export function mm(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 2) throw new RuntimeError("self must be a matrix");
  if (b.shape.length !== 2) throw new RuntimeError("mat2 must be a matrix");
  const [n, k] = a.shape;
  const [rows, m] = b.shape;
  if (k !== rows)
    throw new RuntimeError(`mat1 and mat2 shapes cannot be multiplied (${n}x${k} and ${rows}x${m})`);
  const dtype = sameDType(a, b, "m1", "m2");
  const out = new dtype.ArrayType(n * m);
  multiply(matrix(a), matrix(b), out, 0, n, k, m);
  return fromData(out, [n, m], dtype);
}

/** (b, n, k) @ (b, k, m) → (b, n, m). */
export function bmm(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 3) throw new RuntimeError("batch1 must be a 3D tensor");
  if (b.shape.length !== 3) throw new RuntimeError("batch2 must be a 3D tensor");
  const [batch, n, k] = a.shape;
  const m = b.shape[2];
  if (b.shape[0] !== batch || b.shape[1] !== k)
    throw new RuntimeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${k}] but got: [${b.shape[0]}, ${b.shape[1]}].`,
    );
  const dtype = sameDType(a, b, "batch1", "batch2");
  const out = new dtype.ArrayType(batch * n * m);
  for (let i = 0; i < batch; i++) multiply(matrix(a, i), matrix(b, i), out, i * n * m, n, k, m);
  return fromData(out, [batch, n, m], dtype);
}

/** (n, m) @ (m) → (n). */
export function mv(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 2 || b.shape.length !== 1)
    throw new RuntimeError(`vector + matrix @ vector expected, got 1, ${a.shape.length}, ${b.shape.length}`);
  const [n, k] = a.shape;
  if (k !== b.shape[0])
    throw new RuntimeError(`size mismatch, got input (${n}), mat (${n}x${k}), vec (${b.shape[0]})`);
  const dtype = sameDType(a, b, "mat", "vec");
  const out = new dtype.ArrayType(n);
  const vector: Matrix = { data: elements(b), offset: 0, rowStride: 1, columnStride: 1 };
  multiply(matrix(a), vector, out, 0, n, k, 1);
  return fromData(out, [n], dtype);
}

/** (n) · (n) → 0-dim. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 1 || b.shape.length !== 1)
    throw new RuntimeError(`1D tensors expected, but got ${a.shape.length}D and ${b.shape.length}D tensors`);
  const n = a.shape[0];
  if (n !== b.shape[0])
    throw new RuntimeError(
      `inconsistent tensor size, expected tensor [${n}] and src [${b.shape[0]}] to have the same number of elements, but got ${n} and ${b.shape[0]} elements respectively`,
    );
  if (a.dtype !== b.dtype)
    throw new RuntimeError(
      `dot : expected both vectors to have same dtype, but found ${scalarName(a.dtype)} and ${scalarName(b.dtype)}`,
    );
  const x = elements(a);
  const y = elements(b);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i] * y[i];
  const out = new a.dtype.ArrayType(1);
  out[0] = sum;
  return fromData(out, [], a.dtype);
}

function matrix(t: Tensor, batch = 0): Matrix {
  const strides = stridesOf(t);
  const ndim = t.shape.length;
  const offset = t.offset + (ndim === 3 ? batch * strides[0] : 0);
  return { data: t.storage.data, offset, rowStride: strides[ndim - 2], columnStride: strides[ndim - 1] };
}

function sameDType(a: Tensor, b: Tensor, _aName: string, _bName: string): DType {
  if (a.dtype !== b.dtype)
    throw new RuntimeError(
      `expected ${_aName} and ${_bName} to have the same dtype, but got: ${cppName(a.dtype)} != ${cppName(b.dtype)}`,
    );
  return a.dtype;
}

function cppName(dtype: DType): string {
  if (dtype === float32) return "float";
  const names: Record<string, string> = {
    float64: "double",
    int64: "long long",
    int32: "int",
    int16: "short",
    int8: "signed char",
    uint8: "unsigned char",
    bool: "bool",
  };
  return names[dtype.name];
}

function scalarName(dtype: DType): string {
  return dtype.tensorTypeName.replace("Tensor", "");
}
