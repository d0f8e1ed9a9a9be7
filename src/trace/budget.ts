/** Something that grows with the run and can make do with half of what it keeps. */
export interface Thinnable {
  readonly bytes: number;
  /** Drops every second of what it keeps. False if there is nothing left to drop. */
  thin(): boolean;
}

/** The memory that what is kept of a run's iterations may take; whatever is largest is thinned first. */
export class Budget {
  private readonly limit: number;
  private readonly holders: Thinnable[] = [];
  private used = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.limit = limit;
  }

  join(holder: Thinnable): void {
    this.holders[this.holders.length] = holder;
  }

  /** A holder grew by `bytes`. */
  grew(bytes: number): void {
    this.used += bytes;
    while (this.used > this.limit && this.largest()?.thin() === true) this.used = this.total();
  }

  private total(): number {
    let total = 0;
    for (let i = 0; i < this.holders.length; i++) total += this.holders[i].bytes;
    return total;
  }

  private largest(): Thinnable | null {
    let largest: Thinnable | null = null;
    for (let i = 0; i < this.holders.length; i++) {
      const holder = this.holders[i];
      if (largest === null || holder.bytes > largest.bytes) largest = holder;
    }
    return largest;
  }
}
