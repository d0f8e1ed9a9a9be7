import { type Counters, countOf } from "../runtime/recorder";

/**
 * A moment of a run: how many iterations each loop had begun by then, in the order of `Moments.loops`. The
 * counts run on when a loop is entered again, so later moments never have lower ones.
 */
export type Moment = readonly number[];

/** Tells the present moment from the loops' counters: a run pays nothing for a clock. */
export class Moments {
  /** Site ids of the program's loops. */
  readonly loops: readonly number[];
  private readonly counters: Counters;

  constructor(loops: readonly number[], counters: Counters) {
    this.loops = loops;
    this.counters = counters;
  }

  now(): Moment {
    const moment: number[] = [];
    for (let i = 0; i < this.loops.length; i++) moment[i] = countOf(this.counters, this.loops[i]);
    return moment;
  }

  /** The place of a loop's count in moments; -1 if no such loop. */
  indexOf(loop: number): number {
    for (let i = 0; i < this.loops.length; i++) if (this.loops[i] === loop) return i;
    return -1;
  }
}

/** How many of the first `length` moments are no later than iteration `iteration` of the loop at `index`. */
export function countUpTo(length: number, countAt: (i: number) => number, iteration: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (countAt(middle) <= iteration) low = middle + 1;
    else high = middle;
  }
  return low;
}
