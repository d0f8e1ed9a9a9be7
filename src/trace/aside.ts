import { type Counters, countOf } from "../runtime/recorder";

/**
 * What a plot asks of a program, such as a model's answer at each place of a plane: that is no part of its own
 * course. Sites which the program has reached by itself keep what they saw and their counts; those that only
 * plots reach are seen as any.
 */
export class Aside {
  private readonly counters: Counters;
  private readonly siteCount: number;
  /** How often each site had been reached when the last plot had its answer: unchanged, only plots reach it. */
  private readonly counts: Float64Array;
  /** While a plot asks: the sites that stay as they are. */
  private kept: Uint8Array | null = null;

  constructor(counters: Counters, siteCount: number) {
    this.counters = counters;
    this.siteCount = siteCount;
    this.counts = new Float64Array(siteCount);
  }

  /** Whether what a site sees now is not to be taken down. */
  keeps(site: number): boolean {
    return this.kept !== null && this.kept[site] === 1;
  }

  run<T>(ask: () => T, over: () => void): T {
    if (this.kept !== null) return ask();
    const { counters, siteCount } = this;
    const before = copyOf(counters, siteCount);
    const kept = new Uint8Array(siteCount);
    for (let site = 0; site < siteCount; site++) {
      if (countOf(counters, site) !== this.counts[site]) kept[site] = 1;
    }
    this.kept = kept;
    try {
      return ask();
    } finally {
      this.kept = null;
      for (let site = 0; site < siteCount; site++) {
        if (kept[site] === 1) put(before, counters, site);
        else this.counts[site] = countOf(counters, site);
      }
      over();
    }
  }
}

// Without methods of typed arrays, in whose place a program may have put its own.
function copyOf(from: Counters, siteCount: number): Counters {
  const copy = {
    last: new Float64Array(siteCount),
    latest: new Uint8Array(siteCount),
    left: new Int32Array(siteCount),
    due: new Float64Array(siteCount),
  };
  for (let site = 0; site < siteCount; site++) put(from, copy, site);
  return copy;
}

function put(from: Counters, to: Counters, site: number): void {
  to.last[site] = from.last[site];
  to.latest[site] = from.latest[site];
  to.left[site] = from.left[site];
  to.due[site] = from.due[site];
}
