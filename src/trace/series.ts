import { firstOf } from "./arrays";
import type { Budget, Thinnable } from "./budget";
import { countUpTo, type Moments } from "./moments";

const FIRST_LENGTH = 64;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * A scalar over the steps of a run: every value at first, every second once there is no more room, every
 * fourth after that. What is kept is always evenly spaced, from the first step, with the moment of each.
 */
export class Series implements Thinnable {
  private readonly moments: Moments;
  private readonly budget: Budget;
  private readonly maxLength: number;
  private values = new Float64Array(FIRST_LENGTH);
  /** The loops' counts at each value, one after another. */
  private counts: Float64Array;
  length = 0;
  stride = 1;
  /** How often it was thinned: whoever took values before takes them anew. */
  version = 0;
  /** The first step (0-based) whose value `add` wants; callers skip the steps before it. */
  next = 0;

  constructor(moments: Moments, budget: Budget, maxLength: number) {
    this.moments = moments;
    this.budget = budget;
    this.maxLength = maxLength;
    this.counts = new Float64Array(FIRST_LENGTH * moments.loops.length);
    budget.join(this);
    budget.grew(this.bytes);
  }

  get bytes(): number {
    return (this.values.length + this.counts.length) * BYTES;
  }

  /** `step` is at least `next`. */
  add(step: number, value: number): void {
    if (this.length === this.maxLength) this.drop();
    if (step % this.stride === 0) {
      const before = this.bytes;
      if (this.length === this.values.length) this.grow();
      this.append(value);
      this.budget.grew(this.bytes - before);
    }
    this.next = step - (step % this.stride) + this.stride;
  }

  private append(value: number): void {
    const at = this.length++;
    this.values[at] = value;
    this.moments.write(this.counts, at * this.moments.loops.length);
  }

  private grow(): void {
    this.values = larger(this.values);
    this.counts = larger(this.counts);
  }

  /** Drops half of the values and gives the room back. */
  thin(): boolean {
    if (this.values.length <= FIRST_LENGTH) return false;
    this.drop();
    const width = this.moments.loops.length;
    this.values = firstOf(this.values, this.values.length / 2);
    this.counts = firstOf(this.counts, this.values.length * width);
    return true;
  }

  private drop(): void {
    const width = this.moments.loops.length;
    const kept = (this.length + 1) >>> 1;
    for (let i = 0; i < kept; i++) {
      this.values[i] = this.values[2 * i];
      for (let k = 0; k < width; k++) this.counts[i * width + k] = this.counts[2 * i * width + k];
    }
    this.length = kept;
    this.stride *= 2;
    this.version++;
  }

  valueAt(i: number): number {
    return this.values[i];
  }

  /** How many iterations the loop at `loop` (an index of `Moments.loops`) had begun at value `i`. */
  countAt(i: number, loop: number): number {
    return this.counts[i * this.moments.loops.length + loop];
  }

  /** The index of the last value up to an iteration of a loop; -1 if there was none. */
  indexAt(loop: number, iteration: number): number {
    return countUpTo(this.length, (i) => this.countAt(i, loop), iteration) - 1;
  }

  /** At most `maxLength` of the values, evenly spaced, from the first. */
  toArray(maxLength: number): number[] {
    let step = 1;
    while (this.length > maxLength * step) step *= 2;
    const list: number[] = [];
    for (let i = 0; i < this.length; i += step) list[list.length] = this.values[i];
    return list;
  }
}

function larger(values: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(values.length * 2);
  for (let i = 0; i < values.length; i++) grown[i] = values[i];
  return grown;
}
