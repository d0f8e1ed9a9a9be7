type Floats = Float64Array | Float32Array;

/*
 * Taken before any program runs: a program that puts its own functions in their place would otherwise be recorded
 * while it is being recorded, without end.
 */
const { apply } = Reflect;
const { set, slice, subarray } = Float64Array.prototype;

/** Copies `values` to `target`, from index `at` on. */
export function copyInto(target: Floats, values: ArrayLike<number>, at = 0): void {
  apply(set, target, [values, at]);
}

/** The first elements, in memory of their own. */
export function firstOf<T extends Floats>(values: T, length: number): T {
  return apply(slice, values, [0, length]) as T;
}

/** A look at the elements from `start` to before `end`. */
export function viewOf<T extends Floats>(values: T, start: number, end: number): T {
  return apply(subarray, values, [start, end]) as T;
}
