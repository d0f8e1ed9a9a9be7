import { Floats } from "./floats";

/**
 * Iteration counts as places on an axis of epochs: where several steps fall into one iteration they are spread
 * over it, so that the last one stands at its end. Takes up where it stopped when its list grows.
 */
export class EpochAxis {
  readonly list = new Floats();
  /** Where the last iteration begins, which may still get more steps. */
  private open = 0;
  private lastSize = 1;

  /** `counts` are those of before, with more at the end. */
  extend(counts: Float64Array): void {
    let start = this.open;
    while (start < counts.length) {
      let end = start + 1;
      while (end < counts.length && counts[end] === counts[start]) end++;
      const isOpen = end === counts.length;
      const size = isOpen ? Math.max(this.lastSize, end - start) : end - start;
      const places = new Float64Array(end - start);
      for (let i = start; i < end; i++) places[i - start] = counts[start] - 1 + (i - start + 1) / size;
      this.list.replaceFrom(start, places);
      if (isOpen) break;
      this.lastSize = size;
      start = end;
    }
    this.open = start;
  }
}
