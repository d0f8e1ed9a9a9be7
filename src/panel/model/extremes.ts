import type { Floats } from "./floats";

const BLOCK = 64;

/** Finds the lowest and highest of any stretch of a list that only grows, without looking at each of its numbers. */
export class Extremes {
  private readonly list: Floats;
  /** Index of the lowest and highest of each whole block, -1 where all are NaN. */
  private readonly lowest: number[] = [];
  private readonly highest: number[] = [];

  constructor(list: Floats) {
    this.list = list;
  }

  /** Indices of the lowest and highest of `start` up to but without `end`; -1 where all are NaN. */
  of(start: number, end: number): [lowest: number, highest: number] {
    this.complete();
    const values = this.list.values;
    let lowest = -1;
    let highest = -1;
    const look = (low: number, high: number) => {
      if (low >= 0 && (lowest < 0 || values[low] < values[lowest])) lowest = low;
      if (high >= 0 && (highest < 0 || values[high] > values[highest])) highest = high;
    };
    let i = start;
    while (i < end) {
      const block = i / BLOCK;
      if (Number.isInteger(block) && i + BLOCK <= end && block < this.lowest.length) {
        look(this.lowest[block], this.highest[block]);
        i += BLOCK;
      } else {
        if (!Number.isNaN(values[i])) look(i, i);
        i++;
      }
    }
    return [lowest, highest];
  }

  private complete(): void {
    const values = this.list.values;
    const blocks = Math.floor(this.list.length / BLOCK);
    for (let block = this.lowest.length; block < blocks; block++) {
      let lowest = -1;
      let highest = -1;
      for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        if (Number.isNaN(values[i])) continue;
        if (lowest < 0 || values[i] < values[lowest]) lowest = i;
        if (highest < 0 || values[i] > values[highest]) highest = i;
      }
      this.lowest.push(lowest);
      this.highest.push(highest);
    }
  }
}
