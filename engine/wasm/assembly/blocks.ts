/**
 * Convolutions as matrix products: a matrix of what each place sees through the kernel is packed into panels from
 * where it lies, without being made. Addresses are in bytes, and so is what lies in two lists of integers: `bases`,
 * where a place sees the kernel's first element in the first channel's plane, and `shifts`, how far from there each
 * element of each channel is. Planes have their padding around them.
 */
import { multiplyPanels, PACKED_DEPTH } from "./gemm";
import { zeros } from "./lanes";

const PANEL_ROW: usize = 32;

/**
 * c (n, m) = a (n, k) @ b (k, m), or that added to c, as `gemm` has them. b is what `count` places from `bases` on
 * see of `planes`: a row for each of the shifts and a column for each place, or, if `transposed`, the other way round.
 */
export function multiplyBlocks(
  n: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  bases: usize,
  count: i32,
  shifts: usize,
  depth: i32,
  planes: usize,
  transposed: bool,
  panels: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
): void {
  const k = transposed ? count : depth;
  const m = transposed ? depth : count;
  let add = accumulate;
  const parts = (k + PACKED_DEPTH - 1) / PACKED_DEPTH;
  const most = ((k + parts - 1) / parts + 3) & ~3;
  for (let p = 0; p < k; p += most) {
    const some = min(most, k - p);
    const skipped = (<usize>p) << 2;
    if (transposed) packPlacesAsRows(bases + skipped, some, shifts, depth, planes, panels);
    else packPlacesAsColumns(bases, count, shifts + skipped, some, planes, panels);
    multiplyPanels(n, some, m, a + <usize>p * aColumn, aRow, aColumn, panels, c, cRow, add);
    add = true;
  }
}

/** Whether four places from the one at `base` see four elements in a row. */
// @ts-ignore: decorator
@inline
function areNeighbours(base: usize): bool {
  return i32.load(base, 12) - i32.load(base) == 12;
}

function packPlacesAsColumns(bases: usize, count: i32, shifts: usize, depth: i32, planes: usize, to: usize): void {
  const end = shifts + ((<usize>depth) << 2);
  let j = 0;
  for (; j + 8 <= count; j += 8) {
    const base = bases + ((<usize>j) << 2);
    const first = planes + <usize>i32.load(base);
    const fifth = planes + <usize>i32.load(base, 16);
    if (areNeighbours(base) && areNeighbours(base + 16))
      for (let shift = shifts; shift < end; shift += 4) {
        const by = <usize>i32.load(shift);
        v128.store(to, v128.load(first + by));
        v128.store(to, v128.load(fifth + by), 16);
        to += PANEL_ROW;
      }
    else {
      const second = planes + <usize>i32.load(base, 4);
      const third = planes + <usize>i32.load(base, 8);
      const fourth = planes + <usize>i32.load(base, 12);
      const sixth = planes + <usize>i32.load(base, 20);
      const seventh = planes + <usize>i32.load(base, 24);
      const eighth = planes + <usize>i32.load(base, 28);
      for (let shift = shifts; shift < end; shift += 4) {
        const by = <usize>i32.load(shift);
        putFour(to, first + by, second + by, third + by, fourth + by);
        putFour(to + 16, fifth + by, sixth + by, seventh + by, eighth + by);
        to += PANEL_ROW;
      }
    }
  }
  if (j < count)
    for (let shift = shifts; shift < end; shift += 4) {
      const by = planes + <usize>i32.load(shift);
      v128.store(to, zeros());
      v128.store(to, zeros(), 16);
      for (let i = j; i < count; i++)
        f32.store(to + ((<usize>(i - j)) << 2), f32.load(by + <usize>i32.load(bases + ((<usize>i) << 2))));
      to += PANEL_ROW;
    }
}

// @ts-ignore: decorator
@inline
function putFour(to: usize, first: usize, second: usize, third: usize, fourth: usize): void {
  f32.store(to, f32.load(first));
  f32.store(to, f32.load(second), 4);
  f32.store(to, f32.load(third), 8);
  f32.store(to, f32.load(fourth), 12);
}

function packPlacesAsRows(bases: usize, count: i32, shifts: usize, depth: i32, planes: usize, to: usize): void {
  const end = bases + ((<usize>count) << 2);
  let j = 0;
  for (; j + 8 <= depth; j += 8) {
    const shift = shifts + ((<usize>j) << 2);
    turnPlaces(bases, end, shift, planes, to);
    turnPlaces(bases, end, shift + 16, planes, to + 16);
    to += (<usize>count) * PANEL_ROW;
  }
  if (j < depth)
    for (let base = bases; base < end; base += 4) {
      const from = planes + <usize>i32.load(base);
      v128.store(to, zeros());
      v128.store(to, zeros(), 16);
      for (let i = j; i < depth; i++)
        f32.store(to + ((<usize>(i - j)) << 2), f32.load(from + <usize>i32.load(shifts + ((<usize>i) << 2))));
      to += PANEL_ROW;
    }
}

/** What the places from `base` to `end` see at four shifts, into one half of a panel. */
function turnPlaces(base: usize, end: usize, shifts: usize, planes: usize, to: usize): void {
  const first = planes + <usize>i32.load(shifts);
  const second = planes + <usize>i32.load(shifts, 4);
  const third = planes + <usize>i32.load(shifts, 8);
  const fourth = planes + <usize>i32.load(shifts, 12);
  while (base < end) {
    const by = <usize>i32.load(base);
    if (base + 16 <= end && areNeighbours(base)) {
      const r0 = v128.load(first + by);
      const r1 = v128.load(second + by);
      const r2 = v128.load(third + by);
      const r3 = v128.load(fourth + by);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 64);
      v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 96);
      base += 16;
      to += 4 * PANEL_ROW;
    } else {
      putFour(to, first + by, second + by, third + by, fourth + by);
      base += 4;
      to += PANEL_ROW;
    }
  }
}

/** Copies `lines` lines of `width` floats without gaps into such as lie `step` bytes apart. */
export function spread(lines: i32, width: i32, from: usize, to: usize, step: usize): void {
  const whole = (<usize>(width & ~3)) << 2;
  const bytes = (<usize>width) << 2;
  for (let line = 0; line < lines; line++) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(to + i, v128.load(from + i));
    for (; i < bytes; i += 4) f32.store(to + i, f32.load(from + i));
    from += bytes;
    to += step;
  }
}
