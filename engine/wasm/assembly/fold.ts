/**
 * What was computed for sliding blocks, put back to where they came from. `shape` is where 18 integers lie, in threes for
 * three dimensions: sizes of the planes, places of the kernel, sizes of the kernel, stride, padding, dilation.
 */

// @ts-ignore: decorator
@inline
function at(shape: usize, list: i32, d: i32): i32 {
  return i32.load(shape + ((list * 3 + d) << 2));
}

/** The first place from which an element `shift` beside it falls inside. */
// @ts-ignore: decorator
@inline
function firstInside(shift: i32, stride: i32, places: i32): i32 {
  return shift >= 0 ? 0 : min((stride - 1 - shift) / stride, places);
}

/** The place after the last from which it does. */
// @ts-ignore: decorator
@inline
function endInside(shift: i32, stride: i32, size: i32, places: i32): i32 {
  return size <= shift ? 0 : min((size - 1 - shift) / stride + 1, places);
}

/**
 * Adds rows of what places see, one for each channel and kernel element, to where that came from. Rows of places
 * `top` … `bottom` count over the first two dimensions.
 */
export function fold(shape: usize, channels: i32, top: i32, bottom: i32, planes: usize, from: usize): void {
  const height = at(shape, 0, 1);
  const width = at(shape, 0, 2);
  const places1 = at(shape, 1, 1);
  const places = at(shape, 1, 2);
  const stride = at(shape, 3, 2);
  const plane = <usize>(at(shape, 0, 0) * height * width) << 2;
  const rowBytes = (<usize>places) << 2;
  for (let c = 0; c < channels; c++) {
    for (let k0 = 0; k0 < at(shape, 2, 0); k0++)
      for (let k1 = 0; k1 < at(shape, 2, 1); k1++)
        for (let k2 = 0; k2 < at(shape, 2, 2); k2++) {
          const shift = k2 * at(shape, 5, 2) - at(shape, 4, 2);
          const first = firstInside(shift, stride, places);
          const end = max(endInside(shift, stride, width, places), first);
          const column = first * stride + shift;
          for (let row = top; row < bottom; row++) {
            const p0 = row / places1;
            const z = p0 * at(shape, 3, 0) + k0 * at(shape, 5, 0) - at(shape, 4, 0);
            const y = (row - p0 * places1) * at(shape, 3, 1) + k1 * at(shape, 5, 1) - at(shape, 4, 1);
            if (<u32>z < <u32>at(shape, 0, 0) && <u32>y < <u32>height) {
              const into = planes + ((<usize>((z * height + y) * width + column)) << 2);
              addRow(from + ((<usize>first) << 2), end - first, into, stride);
            }
            from += rowBytes;
          }
        }
    planes += plane;
  }
}

// @ts-ignore: decorator
@inline
function addRow(from: usize, count: i32, to: usize, stride: i32): void {
  const end = from + ((<usize>count) << 2);
  if (stride == 1)
    for (; from + 16 <= end; from += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      to += 16;
    }
  const step = (<usize>stride) << 2;
  for (; from < end; from += 4) {
    f32.store(to, f32.load(to) + f32.load(from));
    to += step;
  }
}

export function zero(at: usize, count: i32): void {
  memory.fill(at, 0, (<usize>count) << 2);
}
