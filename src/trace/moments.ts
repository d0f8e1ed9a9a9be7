import { type Counters, countOf } from "../runtime/recorder";

/**
 * Tells moments of a run by how many iterations each of its loops had begun by then: a run pays nothing for a
 * clock. The counts run on when a loop is entered again, so later moments never have lower ones.
 */
export class Moments {
  /** Site ids of the program's loops. */
  readonly loops: readonly number[];
  private readonly counters: Counters;

  constructor(loops: readonly number[], counters: Counters) {
    this.loops = loops;
    this.counters = counters;
  }

  /** Writes the present moment, one count per loop, into `counts` from `at` on. */
  write(counts: Float64Array, at: number): void {
    const { loops, counters } = this;
    for (let i = 0; i < loops.length; i++) counts[at + i] = countOf(counters, loops[i]);
  }

  /** The place of a loop's count in moments; -1 if no such loop. */
  indexOf(loop: number): number {
    for (let i = 0; i < this.loops.length; i++) if (this.loops[i] === loop) return i;
    return -1;
  }
}

/** How many of `length` moments are no later than an iteration, `countAt` giving the loop's count at each. */
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
