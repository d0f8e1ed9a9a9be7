import { SERIES_LENGTH } from "./model";

/**
 * Values of a scalar over any number of steps in a fixed buffer: every value at first, every second once
 * the buffer was full, every fourth after that. What is kept is always evenly spaced, from the first step.
 */
export class Series {
  private readonly values = new Float64Array(SERIES_LENGTH);
  private length = 0;
  private stride = 1;
  /** The first step (0-based) whose value `add` wants; callers skip the steps before it. */
  next = 0;

  /** `step` is at least `next`. */
  add(step: number, value: number): void {
    if (this.length === SERIES_LENGTH) this.thin();
    if (step % this.stride === 0) this.values[this.length++] = value;
    this.next = step - (step % this.stride) + this.stride;
  }

  private thin(): void {
    for (let i = 0; i < SERIES_LENGTH / 2; i++) this.values[i] = this.values[2 * i];
    this.length = SERIES_LENGTH / 2;
    this.stride *= 2;
  }

  toArray(): number[] {
    const list: number[] = [];
    for (let i = 0; i < this.length; i++) list[i] = this.values[i];
    return list;
  }
}
