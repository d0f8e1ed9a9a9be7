import type { Line0 } from "../compiler/site";

/** An edit as VS Code reports it: offsets into the text before all edits of the same event. */
export interface TextChange {
  offset: number;
  /** How many UTF-16 units were removed. */
  length: number;
  text: string;
}

/**
 * Follows the lines of one text through edits. A line is held by its end, where its label stands: text typed
 * there moves nothing, a line break before it takes the label along, and a deleted line loses it.
 */
export class LineTracker {
  private text: string;
  private starts: number[];
  /** Offset of each original line's end in the current text; -1 once the line is gone. */
  private readonly ends: number[];

  constructor(text: string) {
    this.text = text;
    this.starts = lineStarts(text);
    this.ends = this.starts.map((start) => lineEnd(text, start));
  }

  apply(newText: string, changes: readonly TextChange[]): void {
    const trimmed = changes.map((change) => trim(this.text, change)).sort((a, b) => b.offset - a.offset);
    for (let line = 0; line < this.ends.length; line++) {
      for (const change of trimmed) {
        if (this.ends[line] >= 0) this.ends[line] = this.move(this.ends[line], change);
      }
    }
    this.text = newText;
    this.starts = lineStarts(newText);
  }

  private move(end: number, { offset, length, text }: TextChange): number {
    if (end <= offset) return end;
    if (end >= offset + length) return end + text.length - length;
    // The line break after it went away: joined with what follows, unless the whole line went.
    const start = this.starts[lineAt(this.starts, end)];
    return start < offset ? offset : -1;
  }

  /** Where an original line is now; null once it is gone. */
  now(line: Line0): Line0 | null {
    const end = this.ends[line] ?? -1;
    return end < 0 ? null : lineAt(this.starts, end);
  }
}

/** What one edit turned `before` into `after`, for a change that was not reported as edits. */
export function changeBetween(before: string, after: string): TextChange {
  return trim(before, { offset: 0, length: before.length, text: after });
}

/** Leaves out what an edit replaced by the same text, as when a whole document is put back formatted. */
function trim(before: string, { offset, length, text }: TextChange): TextChange {
  const shortest = Math.min(length, text.length);
  let head = 0;
  while (head < shortest && before[offset + head] === text[head]) head++;
  let tail = 0;
  while (tail < shortest - head && before[offset + length - 1 - tail] === text[text.length - 1 - tail])
    tail++;
  return { offset: offset + head, length: length - head - tail, text: text.slice(head, text.length - tail) };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

function lineEnd(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" && newline > start ? newline - 1 : newline;
}

/** The last line that starts at or before `offset`. */
function lineAt(starts: readonly number[], offset: number): Line0 {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
