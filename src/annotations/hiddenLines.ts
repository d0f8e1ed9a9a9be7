import type { Line0 } from "../compiler/site";

/** An edit of whole or parts of lines, as VS Code reports it. */
export interface LineChange {
  firstLine: Line0;
  lastLine: Line0;
  /** Whether it begins before the first character of `firstLine`. */
  fromLineStart: boolean;
  /** Number of line breaks put in. */
  breaks: number;
}

/** The lines of one document whose labels the user has hidden; they stay hidden when they move. */
export class HiddenLines {
  private lines = new Set<Line0>();

  toggle(line: Line0): void {
    if (!this.lines.delete(line)) this.lines.add(line);
  }

  has(line: Line0): boolean {
    return this.lines.has(line);
  }

  /** Changes of one event, as VS Code gives them: each one's place is that before all of them. */
  move(changes: readonly LineChange[]): void {
    const moved = [...this.lines].flatMap((line) => {
      let shift = 0;
      for (const { firstLine, lastLine, fromLineStart, breaks } of changes) {
        const delta = breaks - (lastLine - firstLine);
        if (line > lastLine || (line === firstLine && fromLineStart && line === lastLine)) shift += delta;
        else if (line > firstLine) return [];
      }
      return [line + shift];
    });
    this.lines = new Set(moved);
  }
}
