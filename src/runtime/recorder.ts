/**
 * What the runtime tells about a running program. Numbers, booleans and loop iterations come by the
 * million, so the runtime keeps them in `counters` and asks the recorder only when a site is due;
 * every other value is handed over each time.
 */
export interface Recorder {
  readonly counters: Counters;
  /** A value that is neither a number nor a boolean. Already counted. */
  see(site: number, value: unknown): void;
  /**
   * A number, or a boolean as 0 or 1, at a site that was due. Returns after how many further values
   * (1 or more) the site is due again; those between reach only `counters`.
   */
  sample(site: number, value: number): number;
  /** An iteration of a loop that was due, before its body runs. Returns as `sample` does. May throw. */
  tick(site: number): number;
  /** A value is about to be thrown by the program. Returns what is thrown in its place. */
  thrown(site: number, error: unknown): unknown;
}

/** What each site saw without the recorder being asked; indexed by site id. */
export interface Counters {
  /** The latest number; 0 or 1 for a boolean. Means nothing unless `latest` says so. */
  readonly last: Float64Array;
  /** What came last: one of `Latest`. */
  readonly latest: Uint8Array;
  /** How many more values until the site is due. */
  readonly left: Int32Array;
  /** The count at which the site is due. */
  readonly due: Float64Array;
}

export const Latest = { nothing: 0, number: 1, boolean: 2, other: 3 } as const;

/** Counters in which every site is due at its first value. */
export function createCounters(siteCount: number): Counters {
  return {
    last: new Float64Array(siteCount),
    latest: new Uint8Array(siteCount),
    left: new Int32Array(siteCount).fill(1),
    due: new Float64Array(siteCount).fill(1),
  };
}

/** How often a site was reached: values seen, or iterations begun. */
export function countOf({ due, left }: Counters, site: number): number {
  return due[site]! - left[site]!;
}
