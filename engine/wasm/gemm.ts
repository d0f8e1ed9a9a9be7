import { after, type Kernels, part } from "./kernels";

/** A matrix in memory: element (i, j) is at `offset + i · rowStride + j · columnStride`. */
export interface FloatMatrix {
  data: Float32Array;
  offset: number;
  rowStride: number;
  columnStride: number;
}

/** A product is computed in blocks of at most so many rows, steps and columns, which bounds the kernels' memory. */
const MAX_ROWS = 512;
const MAX_DEPTH = 1536;
const MAX_COLUMNS = 1024;
/** Steps that the kernel packs at a time. */
const PACKED_DEPTH = 512;

/** out (n, m), from element `at` on, = a (n, k) @ b (k, m) (+ row (m)), with sums in single precision. */
export function multiply(
  kernels: Kernels,
  a: FloatMatrix,
  b: FloatMatrix,
  out: Float32Array,
  at: number,
  n: number,
  k: number,
  m: number,
  row: Float32Array | null = null,
): void {
  for (let j = 0; j < m; j += MAX_COLUMNS) {
    const columns = Math.min(MAX_COLUMNS, m - j);
    for (let i = 0; i < n; i += MAX_ROWS)
      multiplyBlock(kernels, a, b, out, at + i * m + j, i, Math.min(MAX_ROWS, n - i), k, j, columns, m, row);
  }
}

/** Rows i … of a times columns j … of b. */
function multiplyBlock(
  kernels: Kernels,
  a: FloatMatrix,
  b: FloatMatrix,
  out: Float32Array,
  at: number,
  i: number,
  rows: number,
  k: number,
  j: number,
  columns: number,
  m: number,
  row: Float32Array | null,
): void {
  const depth = Math.min(k, MAX_DEPTH);
  const width = (columns + 7) & ~7;
  // Blocks of four rows may read up to three rows beyond the last.
  const aAt = kernels.base;
  const bAt = after(aAt, (rows + 3) * depth + 3);
  const panels = after(bAt, columns * depth);
  const c = after(panels, Math.min(depth, PACKED_DEPTH) * width);
  kernels.reserve(after(c, (rows + 3) * width));
  for (let p = 0; p < k; p += depth) {
    const steps = Math.min(depth, k - p);
    const aByColumns = a.columnStride !== 1 && a.rowStride === 1;
    const bByColumns = b.columnStride !== 1 && b.rowStride === 1;
    copyIn(kernels, a, i, p, rows, steps, aByColumns, aAt);
    copyIn(kernels, b, p, j, steps, columns, bByColumns, bAt);
    kernels.run.gemm(
      rows,
      steps,
      columns,
      aAt,
      aByColumns ? 4 : 4 * steps,
      aByColumns ? 4 * rows : 4,
      bAt,
      bByColumns ? 4 * steps : 4 * columns,
      bByColumns,
      panels,
      c,
      4 * width,
      p > 0,
    );
  }
  if (width !== columns) kernels.run.closeRows(c, rows, columns, 4 * width);
  if (row !== null) {
    kernels.write(part(row, j, j + columns), panels);
    kernels.run.addRowToEach(rows, columns, c, panels);
  }
  if (columns === m) kernels.read(c, rows * columns, out, at);
  else for (let r = 0; r < rows; r++) kernels.read(c + 4 * r * columns, columns, out, at + r * m);
}

/** Copies a block of a matrix to address `to` without gaps, row by row or `byColumns`. */
function copyIn(
  kernels: Kernels,
  { data, offset, rowStride, columnStride }: FloatMatrix,
  top: number,
  left: number,
  rows: number,
  columns: number,
  byColumns: boolean,
  to: number,
): void {
  const start = offset + top * rowStride + left * columnStride;
  const lines = byColumns ? columns : rows;
  const length = byColumns ? rows : columns;
  const step = byColumns ? columnStride : rowStride;
  if (!byColumns && columnStride !== 1)
    gather(kernels.floats, to >> 2, data, start, rows, columns, rowStride, columnStride);
  else if (step === length || lines === 1) kernels.write(part(data, start, start + lines * length), to);
  else
    for (let line = 0; line < lines; line++)
      kernels.write(part(data, start + line * step, start + line * step + length), to + 4 * line * length);
}

function gather(
  floats: Float32Array,
  to: number,
  data: Float32Array,
  start: number,
  rows: number,
  columns: number,
  rowStride: number,
  columnStride: number,
): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0, from = start + i * rowStride; j < columns; j++, from += columnStride)
      floats[to++] = data[from];
}
