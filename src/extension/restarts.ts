/** Ends within this time of each other are told to the user: once is an accident, twice is a fault. */
const REPEAT_MS = 3 * 60_000;

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

/** When a process that keeps ending is started again, and whether the user hears of it. */
export class Restarts {
  /** How often it ended since it last was ready to work. */
  private failedStarts = 0;
  private lastEnd = Number.NEGATIVE_INFINITY;
  private isTold = false;

  /** It is ready to work. */
  started(): void {
    this.failedStarts = 0;
  }

  /** One that ends before it is ready is given more time each time, so that it does not keep the machine busy. */
  ended(now: number): { delayMs: number; tell: boolean } {
    const repeats = now - this.lastEnd < REPEAT_MS;
    this.lastEnd = now;
    if (!repeats) this.isTold = false;
    const tell = repeats && !this.isTold;
    this.isTold ||= tell;
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** this.failedStarts, LONGEST_DELAY_MS);
    this.failedStarts++;
    return { delayMs, tell };
  }
}
