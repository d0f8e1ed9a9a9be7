/** An answer takes the program about this long for each number that it writes. */
const MS_PER_NUMBER = 0.0001;
/** The share of a program's time that answers of one kind may take. */
const SHARE = 0.02;

/** Spaces questions out so that answering them costs a running program next to nothing. */
export class Pace {
  private nextAt = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds. */
  isDue(now: number): boolean {
    return now >= this.nextAt;
  }

  /** An answer of so many numbers came at `now`. */
  answered(now: number, numbers: number): void {
    this.nextAt = now + (numbers * MS_PER_NUMBER) / SHARE;
  }

  /** Nothing is due before `at`. */
  restart(at: number): void {
    this.nextAt = at;
  }
}
