/**
 * Matrix products in float32. Addresses and strides are in bytes.
 *
 * The second matrix is packed into panels of eight columns, so that the innermost loop reads it in order. The
 * first is read where it lies, four rows at a time: an element is broadcast as it is loaded, which costs the
 * same from anywhere. Four rows by eight columns are eight sums in registers. Six rows are twelve, of which the
 * machine need not wait for any; where an addition takes a register of its own, V8 would spill them. For the same
 * reason the loop takes one step of k at a time.
 */
import { madd, zeros } from "./lanes";

/** Columns of a panel. */
const WIDTH: i32 = 8;
const ROW_BYTES: usize = 32;
/** Steps of k whose panel (16 kB) stays in the first-level cache, and rows that stay in the second. */
export const PACKED_DEPTH: i32 = 512;
const ROWS: i32 = 128;

/**
 * c (n, m) = a (n, k) @ b (k, m), or that added to c. Element (i, p) of a is at a + i · aRow + p · aColumn, of
 * which one stride is 4; b lies row by row, or column by column if `transposed`, `bStep` apart. Rows of c are
 * `cRow` apart. c has room for n and m rounded up to 4 and 8; `panels` for min(k, 512) times m rounded up.
 */
export function gemm(
  n: i32,
  k: i32,
  m: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bStep: usize,
  transposed: bool,
  panels: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
): void {
  let add = accumulate;
  // Equal parts: a short last one would cost more than it computes.
  const parts = (k + PACKED_DEPTH - 1) / PACKED_DEPTH;
  const most = ((k + parts - 1) / parts + 3) & ~3;
  for (let p = 0; p < k; p += most) {
    const depth = min(most, k - p);
    if (transposed) packColumns(b + ((<usize>p) << 2), bStep, depth, m, panels);
    else packRows(b + <usize>p * bStep, bStep, depth, m, panels);
    multiplyPanels(n, depth, m, a + <usize>p * aColumn, aRow, aColumn, panels, c, cRow, add);
    add = true;
  }
}

/** As `gemm`, of at most 512 steps of k and with the second matrix in panels already. */
export function multiplyPanels(
  n: i32,
  k: i32,
  m: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  panels: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  const panelBytes = <usize>k * ROW_BYTES;
  for (let top = 0; top < n; top += ROWS) {
    const bottom = min(top + ROWS, n);
    let panel = panels;
    for (let j = 0; j < m; j += WIDTH) {
      for (let i = top; i < bottom; ) {
        const from = a + <usize>i * aRow;
        const to = c + <usize>i * cRow + ((<usize>j) << 2);
        if (isTall(bottom - i)) {
          if (aRow == 4) tallTileOfColumns(k, from, aColumn, panel, to, cRow, add);
          else tallTileOfRows(k, from, aRow, panel, to, cRow, add);
          i += 6;
        } else {
          if (aRow == 4) tileOfColumns(k, from, aColumn, panel, to, cRow, add);
          else tileOfRows(k, from, aRow, panel, to, cRow, add);
          i += 4;
        }
      }
      panel += panelBytes;
    }
  }
}

/** Whether the next tile has six rows: not where the rows that are left are computed by fours without a rest. */
// @ts-ignore: decorator
@inline
function isTall(left: i32): bool {
  return ASC_FEATURE_RELAXED_SIMD && (left > 8 || left == 6 || left == 5);
}

/** Four rows by eight columns, where the rows of `a` lie in order. */
function tileOfRows(k: i32, a0: usize, aRow: usize, b: usize, c: usize, cRow: usize, add: bool): void {
  const a1 = a0 + aRow;
  const a2 = a1 + aRow;
  const a3 = a2 + aRow;
  let c00 = zeros();
  let c01 = zeros();
  let c10 = zeros();
  let c11 = zeros();
  let c20 = zeros();
  let c21 = zeros();
  let c30 = zeros();
  let c31 = zeros();
  const end = (<usize>k) << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0 + p);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1 + p);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2 + p);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3 + p);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    b += ROW_BYTES;
  }
  put(c, c00, c01, add);
  put(c + cRow, c10, c11, add);
  put(c + 2 * cRow, c20, c21, add);
  put(c + 3 * cRow, c30, c31, add);
}

/** Four rows by eight columns, where the columns of `a` lie in order. */
function tileOfColumns(k: i32, a: usize, aColumn: usize, b: usize, c: usize, cRow: usize, add: bool): void {
  let c00 = zeros();
  let c01 = zeros();
  let c10 = zeros();
  let c11 = zeros();
  let c20 = zeros();
  let c21 = zeros();
  let c30 = zeros();
  let c31 = zeros();
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += aColumn;
    b += ROW_BYTES;
  }
  put(c, c00, c01, add);
  put(c + cRow, c10, c11, add);
  put(c + 2 * cRow, c20, c21, add);
  put(c + 3 * cRow, c30, c31, add);
}

/** Six rows by eight columns, where the rows of `a` lie in order. */
function tallTileOfRows(k: i32, a0: usize, aRow: usize, b: usize, c: usize, cRow: usize, add: bool): void {
  const a1 = a0 + aRow;
  const a2 = a1 + aRow;
  const a3 = a2 + aRow;
  const a4 = a3 + aRow;
  const a5 = a4 + aRow;
  let c00 = zeros();
  let c01 = zeros();
  let c10 = zeros();
  let c11 = zeros();
  let c20 = zeros();
  let c21 = zeros();
  let c30 = zeros();
  let c31 = zeros();
  let c40 = zeros();
  let c41 = zeros();
  let c50 = zeros();
  let c51 = zeros();
  const end = (<usize>k) << 2;
  for (let p: usize = 0; p < end; p += 4) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0 + p);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a1 + p);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a2 + p);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a3 + p);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a4 + p);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a5 + p);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += ROW_BYTES;
  }
  put(c, c00, c01, add);
  put(c + cRow, c10, c11, add);
  put(c + 2 * cRow, c20, c21, add);
  put(c + 3 * cRow, c30, c31, add);
  put(c + 4 * cRow, c40, c41, add);
  put(c + 5 * cRow, c50, c51, add);
}

/** Six rows by eight columns, where the columns of `a` lie in order. */
function tallTileOfColumns(
  k: i32,
  a: usize,
  aColumn: usize,
  b: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  let c00 = zeros();
  let c01 = zeros();
  let c10 = zeros();
  let c11 = zeros();
  let c20 = zeros();
  let c21 = zeros();
  let c30 = zeros();
  let c31 = zeros();
  let c40 = zeros();
  let c41 = zeros();
  let c50 = zeros();
  let c51 = zeros();
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load32_splat(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    a += aColumn;
    b += ROW_BYTES;
  }
  put(c, c00, c01, add);
  put(c + cRow, c10, c11, add);
  put(c + 2 * cRow, c20, c21, add);
  put(c + 3 * cRow, c30, c31, add);
  put(c + 4 * cRow, c40, c41, add);
  put(c + 5 * cRow, c50, c51, add);
}

// @ts-ignore: decorator
@inline
function put(at: usize, first: v128, second: v128, add: bool): void {
  if (add) {
    first = f32x4.add(first, v128.load(at));
    second = f32x4.add(second, v128.load(at, 16));
  }
  v128.store(at, first);
  v128.store(at, second, 16);
}

/** Panels of a matrix that lies row by row; the last is filled up with zeros. */
function packRows(b: usize, bRow: usize, k: i32, m: i32, panels: usize): void {
  let to = panels;
  let j = 0;
  for (; j + WIDTH <= m; j += WIDTH) {
    let from = b + ((<usize>j) << 2);
    for (let p = 0; p < k; p++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += bRow;
      to += ROW_BYTES;
    }
  }
  if (j < m) packScalars(b + ((<usize>j) << 2), bRow, 4, k, m - j, to);
}

/** Panels of a matrix that lies column by column, turned four by four. */
function packColumns(b: usize, bColumn: usize, k: i32, m: i32, panels: usize): void {
  const panelBytes = <usize>k * ROW_BYTES;
  let panel = panels;
  let j = 0;
  for (; j + WIDTH <= m; j += WIDTH) {
    const from = b + <usize>j * bColumn;
    turn(from, bColumn, k, panel);
    turn(from + 4 * bColumn, bColumn, k, panel + 16);
    panel += panelBytes;
  }
  if (j < m) packScalars(b + <usize>j * bColumn, 4, bColumn, k, m - j, panel);
}

/** Four columns of k elements into one half of a panel. */
function turn(from0: usize, bColumn: usize, k: i32, to: usize): void {
  let from1 = from0 + bColumn;
  let from2 = from1 + bColumn;
  let from3 = from2 + bColumn;
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    const r0 = v128.load(from0);
    const r1 = v128.load(from1);
    const r2 = v128.load(from2);
    const r3 = v128.load(from3);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 64);
    v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 96);
    from0 += 16;
    from1 += 16;
    from2 += 16;
    from3 += 16;
    to += 4 * ROW_BYTES;
  }
  for (; p < k; p++) {
    f32.store(to, f32.load(from0));
    f32.store(to, f32.load(from1), 4);
    f32.store(to, f32.load(from2), 8);
    f32.store(to, f32.load(from3), 12);
    from0 += 4;
    from1 += 4;
    from2 += 4;
    from3 += 4;
    to += ROW_BYTES;
  }
}

/** The last panel, of fewer than eight columns. */
function packScalars(b: usize, bRow: usize, bColumn: usize, k: i32, columns: i32, to: usize): void {
  for (let p = 0; p < k; p++) {
    v128.store(to, zeros());
    v128.store(to, zeros(), 16);
    let from = b;
    for (let j = 0; j < columns; j++) {
      f32.store(to + ((<usize>j) << 2), f32.load(from));
      from += bColumn;
    }
    b += bRow;
    to += ROW_BYTES;
  }
}

/** Moves `rows` rows of m elements, `step` bytes apart, together. */
export function closeRows(at: usize, rows: i32, m: i32, step: usize): void {
  const bytes = (<usize>m) << 2;
  for (let i = 1; i < rows; i++) memory.copy(at + <usize>i * bytes, at + <usize>i * step, bytes);
}
