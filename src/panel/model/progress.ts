/** How far a training is. */
export interface Progress {
  /** What is counted: `epoch`. */
  unit: string;
  done: number;
  /** Null if the program does not say it in a form we can read. */
  total: number | null;
  stepsPerSecond: number | null;
  secondsLeft: number | null;
}

/**
 * How many rounds a loop's head announces: `for (let i = 0; i < 100; i++)`, also with the name of a constant
 * or with steps of another size. `valueOfName` tells what a variable held; null if the head does not say.
 */
export function loopTotal(head: string, valueOfName: (name: string) => number | null): number | null {
  const match =
    /^for\s*\(\s*(?:let|var)\s+(\w+)\s*=\s*([\w.]+)\s*;\s*\1\s*(<=?)\s*([\w.]+)\s*;\s*(?:\1\+\+|\+\+\1|\1\s*\+=\s*([\w.]+))\s*\)?/.exec(
      head,
    );
  if (match === null) return null;
  const [, , first, comparison, last, step] = match;
  const number = (text: string) =>
    /^[\d.]/.test(text) ? Number(text.replaceAll("_", "")) : valueOfName(text);
  const from = number(first);
  const to = number(last);
  const by = step === undefined ? 1 : number(step);
  if (from === null || to === null || by === null || !(by > 0)) return null;
  const rounds = (to - from) / by;
  const total = comparison === "<" ? Math.ceil(rounds) : Math.floor(rounds) + 1;
  return Number.isFinite(total) && total > 0 ? total : null;
}

const WINDOW_MS = 2000;

/** Steps per second over the last two seconds. */
export class Speed {
  private readonly marks: { at: number; steps: number }[] = [];

  /** `at` in milliseconds. */
  mark(at: number, steps: number): void {
    this.marks.push({ at, steps });
    while (this.marks.length > 2 && at - this.marks[1].at > WINDOW_MS) this.marks.shift();
  }

  get perSecond(): number | null {
    const first = this.marks[0];
    const last = this.marks.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 50) return null;
    return ((last.steps - first.steps) * 1000) / (last.at - first.at);
  }

  /** Time that passed unused, as in a pause, does not count. */
  restart(): void {
    this.marks.length = 0;
  }
}

/** `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function describeProgress({ unit, done, total, stepsPerSecond, secondsLeft }: Progress): string {
  const parts = [total === null ? `${unit} ${done}` : `${unit} ${done} / ${total}`];
  if (stepsPerSecond !== null) parts.push(`${formatRate(stepsPerSecond)} steps/s`);
  if (secondsLeft !== null) parts.push(`${formatSeconds(secondsLeft)} left`);
  return parts.join(" · ");
}

function formatRate(rate: number): string {
  return rate >= 99.5 ? Math.round(rate).toLocaleString("en-US") : rate.toPrecision(2);
}
