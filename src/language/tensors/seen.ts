/** A value that a run saw at a place in the text: UTF-16 offsets, end exclusive. */
export interface SeenValue {
  start: number;
  end: number;
  /** As people read it: `(2, 3) float32`. */
  label: string;
  /** A tensor's sizes. */
  shape?: readonly number[];
  /** What a mapping such as a state dict has, as far as it is known. */
  keys?: readonly string[];
  /** The run ended here with an error, which is shown already. */
  failed?: boolean;
}

/** What the last run saw of a program, kept at its places while the text changes. */
export class SeenValues {
  private readonly values: readonly SeenValue[];
  private readonly byStart = new Map<number, SeenValue[]>();

  constructor(values: readonly SeenValue[]) {
    this.values = values;
    for (const value of values) {
      const others = this.byStart.get(value.start);
      if (others) others.push(value);
      else this.byStart.set(value.start, [value]);
    }
  }

  /** The value of exactly this expression. */
  at(start: number, end: number): SeenValue | undefined {
    return this.byStart.get(start)?.find((value) => value.end === end);
  }

  /** The value of the expression or binding that begins here: for a binding, what the name was set to. */
  from(start: number): SeenValue | undefined {
    return this.byStart.get(start)?.reduce((longest, value) => (value.end > longest.end ? value : longest));
  }

  /** The same values where they are once `before` has become `after`; those in the changed text are gone. */
  after(before: string, after: string): SeenValues {
    if (before === after || this.values.length === 0) return this;
    const shorter = Math.min(before.length, after.length);
    let head = 0;
    while (head < shorter && before[head] === after[head]) head++;
    let tail = 0;
    while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const changedEnd = before.length - tail;
    const by = after.length - before.length;
    return new SeenValues(
      this.values.flatMap((value) => {
        if (value.end <= head) return [value];
        if (value.start >= changedEnd) return [{ ...value, start: value.start + by, end: value.end + by }];
        // The name that a binding begins with still means what it was last set to.
        return value.start < head && value.end >= changedEnd ? [{ ...value, end: value.end + by }] : [];
      }),
    );
  }
}

export const NOTHING_SEEN = new SeenValues([]);
