import type { Site } from "../compiler/site";
import type { Trace } from "../trace/model";
import type { TextChange } from "./lines";

/** Offsets into the current text. */
interface Range {
  start: number;
  end: number;
}

/** So many runs in a row that hit the time limit, and a program no longer runs by itself. */
const PATIENCE = 2;

/** Whether a program runs by itself: not while it is known to take too long, nor before a user who said so wants it. */
export class Pause {
  private timeouts = 0;
  /** Where the time went; null if that is not why. */
  private slow: Range | null = null;
  private on: boolean;

  constructor(on: boolean) {
    this.on = on;
  }

  get isOn(): boolean {
    return this.on;
  }

  /** How a run ended that began by itself. */
  ended({ outcome, sites, source }: Trace): void {
    if (outcome.kind !== "stopped") {
      this.timeouts = 0;
      return;
    }
    if (outcome.reason !== "time") return;
    this.slow = loopAround(sites, outcome.error) ?? lineOf(source, outcome.error.start);
    this.on = ++this.timeouts >= PATIENCE;
  }

  /** An edit where the time went is an attempt at an end: the program may run again. */
  edited(changes: readonly TextChange[]): void {
    for (const { offset, length, text } of [...changes].sort((a, b) => b.offset - a.offset)) {
      if (this.slow === null) return;
      const { start, end } = this.slow;
      if (offset > end) continue;
      if (offset + length >= start) this.end();
      else this.slow = { start: start + text.length - length, end: end + text.length - length };
    }
  }

  end(): void {
    this.on = false;
    this.timeouts = 0;
    this.slow = null;
  }
}

/** The outermost loop around a place. */
function loopAround(sites: readonly Site[], { start, end }: Range): Range | null {
  let found: Range | null = null;
  for (const { kind, start: from, end: headEnd, bodyEnd: to = headEnd } of sites) {
    if (kind !== "loop" || from > start || to < end) continue;
    if (found === null || to - from > found.end - found.start) found = { start: from, end: to };
  }
  return found;
}

function lineOf(source: string, offset: number): Range {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const end = source.indexOf("\n", offset);
  return { start, end: end < 0 ? source.length : end };
}
