import { bool, type DType, int64, type TypedArray } from "../dtype";
import { cppTypeName, NotImplementedError, RuntimeError } from "../errors";
import { elements, fromData, stridesOf, type Tensor } from "../tensor";
import * as wasm from "../wasm/gemm";
import { kernelsFor } from "../wasm/kernels";
import { checkInteger } from "./elementwise";

/** A matrix in memory: element (i, j) is at `offset + i · rowStride + j · columnStride`. */
interface Matrix {
  data: TypedArray;
  offset: number;
  rowStride: number;
  columnStride: number;
}

/** Where a row of sums grows; kept between calls, since most products are small. */
let sums = new Float64Array(64);

/** Multiplications from which on a float32 product is worth taking into the kernels' memory. */
const LARGE = 4096;

/**
 * out (n, m) = a (n, k) @ b (k, m) (+ row (m)), small ones and other types than float32 with sums in double precision,
 * to which the row is added once they are rounded.
 */
function multiply(
  a: Matrix,
  b: Matrix,
  out: TypedArray,
  at: number,
  n: number,
  k: number,
  m: number,
  row: TypedArray | null = null,
): void {
  if (out instanceof Float32Array) {
    const work = n * k * m;
    const kernels = m > 1 && work > 0 ? kernelsFor(work, LARGE) : null;
    if (kernels !== null) {
      const [x, y] = [a as wasm.FloatMatrix, b as wasm.FloatMatrix];
      wasm.multiply(kernels, x, y, out, at, n, k, m, row as Float32Array | null);
      return;
    }
  }
  if (m < 4 || b.rowStride === 1) multiplyByElements(a, b, out, at, n, k, m);
  else multiplyByRows(a, b, out, at, n, k, m);
  if (row !== null) addToRows(out, row);
}

/** One sum at a time: for narrow results, and where columns of `b` lie in order. */
function multiplyByElements(
  a: Matrix,
  b: Matrix,
  out: TypedArray,
  at: number,
  n: number,
  k: number,
  m: number,
): void {
  const x = a.data;
  const y = b.data;
  const dx = a.columnStride;
  const dy = b.rowStride;
  for (let i = 0; i < n; i++) {
    const row = a.offset + i * a.rowStride;
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let p = 0, ix = row, iy = b.offset + j * b.columnStride; p < k; p++, ix += dx, iy += dy)
        sum += x[ix] * y[iy];
      out[at + i * m + j] = sum;
    }
  }
}

/** Rows of the second matrix are read in order: a row of sums grows by one scaled row at a time. */
function multiplyByRows(
  a: Matrix,
  b: Matrix,
  out: TypedArray,
  at: number,
  n: number,
  k: number,
  m: number,
): void {
  if (sums.length < m) sums = new Float64Array(2 * m);
  const total = sums;
  const y = b.data;
  const step = b.columnStride;
  for (let i = 0; i < n; i++) {
    total.fill(0, 0, m);
    for (let p = 0; p < k; p++) {
      const x = a.data[a.offset + i * a.rowStride + p * a.columnStride];
      for (let j = 0, from = b.offset + p * b.rowStride; j < m; j++, from += step) total[j] += x * y[from];
    }
    for (let j = 0, to = at + i * m; j < m; j++, to++) out[to] = total[j];
  }
}

/** (n, k) @ (k, m) → (n, m), plus a row (m) of the same dtype. Throws where inner sizes or dtypes differ. */
export function mm(a: Tensor, b: Tensor, row: Tensor | null = null): Tensor {
  if (a.shape.length !== 2) throw new RuntimeError("self must be a matrix");
  if (b.shape.length !== 2) throw new RuntimeError("mat2 must be a matrix");
  const [n, k] = a.shape;
  const [rows, m] = b.shape;
  if (k !== rows)
    throw new RuntimeError(`mat1 and mat2 shapes cannot be multiplied (${n}x${k} and ${rows}x${m})`);
  const { dtype } = a;
  if (dtype !== b.dtype)
    throw new RuntimeError(
      `expected m1 and m2 to have the same dtype, but got: ${cppTypeName(dtype)} != ${cppTypeName(b.dtype)}`,
    );
  refuseBool(dtype, "addmm_impl_cpu_");
  const out = new dtype.ArrayType(n * m, false);
  multiply(matrix(a), matrix(b), out, 0, n, k, m, row === null ? null : elements(row));
  return fromData(checkInteger(out, dtype), [n, m], dtype);
}

/** Adds `row` to each of the rows in `out`, which are as long. */
function addToRows(out: TypedArray, row: TypedArray): void {
  const width = row.length;
  for (let at = 0; at < out.length; ) for (let j = 0; j < width; j++, at++) out[at] += row[j];
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
  const { dtype } = a;
  if (dtype !== b.dtype)
    throw new RuntimeError(
      `expected scalar type ${dtype.scalarTypeName} but found ${b.dtype.scalarTypeName}`,
    );
  refuseBool(dtype, "bmm");
  const out = new dtype.ArrayType(batch * n * m, false);
  const left = matrix(a);
  const right = matrix(b);
  const leftStep = stridesOf(a)[0];
  const rightStep = stridesOf(b)[0];
  for (let i = 0; i < batch; i++, left.offset += leftStep, right.offset += rightStep)
    multiply(left, right, out, i * n * m, n, k, m);
  return fromData(checkInteger(out, dtype), [batch, n, m], dtype);
}

/** (n, m) @ (m) → (n). */
export function mv(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 2 || b.shape.length !== 1)
    throw new RuntimeError(`vector + matrix @ vector expected, got 1, ${a.shape.length}, ${b.shape.length}`);
  const [n, k] = a.shape;
  if (k !== b.shape[0])
    throw new RuntimeError(`size mismatch, got input (${n}), mat (${n}x${k}), vec (${b.shape[0]})`);
  const { dtype } = a;
  if (dtype !== b.dtype)
    throw new RuntimeError(
      `addmv input tensors must have the same dtype, but got ${b.dtype.scalarTypeName}, ${dtype.scalarTypeName}, and ${b.dtype.scalarTypeName}`,
    );
  refuseBool(dtype, "addmv_impl_cpu");
  const out = new dtype.ArrayType(n);
  const vector: Matrix = { data: elements(b), offset: 0, rowStride: 1, columnStride: 1 };
  multiply(matrix(a), vector, out, 0, n, k, 1);
  return fromData(checkInteger(out, dtype), [n], dtype);
}

/** (n) · (n) → 0-dim. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 1 || b.shape.length !== 1)
    throw new RuntimeError(`1D tensors expected, but got ${a.shape.length}D and ${b.shape.length}D tensors`);
  const n = a.shape[0];
  const { dtype } = a;
  if (dtype !== b.dtype)
    throw new RuntimeError(
      `dot : expected both vectors to have same dtype, but found ${dtype.scalarTypeName} and ${b.dtype.scalarTypeName}`,
    );
  if (n !== b.shape[0])
    throw new RuntimeError(
      `inconsistent tensor size, expected tensor [${n}] and src [${b.shape[0]}] to have the same number of elements, but got ${n} and ${b.shape[0]} elements respectively`,
    );
  refuseBool(dtype, "dot");
  const x = elements(a);
  const y = elements(b);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i] * y[i];
  const out = new dtype.ArrayType(1);
  out[0] = sum;
  return fromData(dtype === int64 ? checkInteger(out, dtype) : out, [], dtype);
}

/** The last two dimensions of `t`, at the first place of those before. */
function matrix(t: Tensor): Matrix {
  const strides = stridesOf(t);
  const ndim = strides.length;
  return {
    data: t.storage.data,
    offset: t.offset,
    rowStride: strides[ndim - 2],
    columnStride: strides[ndim - 1],
  };
}

function refuseBool(dtype: DType, kernel: string): void {
  if (dtype === bool) throw new NotImplementedError(`"${kernel}" not implemented for 'Bool'`);
}
