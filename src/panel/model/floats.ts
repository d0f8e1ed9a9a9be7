const FIRST_LENGTH = 64;

/** A list of numbers that grows in place, for curves of many points. */
export class Floats {
  private buffer = new Float64Array(FIRST_LENGTH);
  length = 0;

  /** A view, valid until the list grows. */
  get values(): Float64Array {
    return this.buffer.subarray(0, this.length);
  }

  at(i: number): number {
    return this.buffer[i];
  }

  push(value: number): void {
    this.reserve(this.length + 1);
    this.buffer[this.length++] = value;
  }

  /** Puts `values` in the place of everything from `from` on. */
  replaceFrom(from: number, values: ArrayLike<number>): void {
    this.reserve(from + values.length);
    this.buffer.set(values, from);
    this.length = from + values.length;
  }

  private reserve(length: number): void {
    if (length <= this.buffer.length) return;
    const grown = new Float64Array(Math.max(length, this.buffer.length * 2));
    grown.set(this.values);
    this.buffer = grown;
  }
}

/** How many of the first `length` sorted numbers are less than `value`, or at most `value` with `inclusive`. */
export function countBelow(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (inclusive && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
