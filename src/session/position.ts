import type { Position } from "../trace/queries";

/** The moment of a run that a document's views go back to together; null for the end of the run. */
export class TimeTravel {
  private at: Position | null = null;
  private readonly listeners = new Set<(position: Position | null) => void>();

  get position(): Position | null {
    return this.at;
  }

  set(position: Position | null): void {
    if (position?.loop === this.at?.loop && position?.iteration === this.at?.iteration) return;
    this.at = position;
    for (const listener of this.listeners) listener(position);
  }

  onDidChange(listener: (position: Position | null) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }
}
