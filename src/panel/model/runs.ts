import { describeChange } from "./change";
import type { RunData } from "./track";

/** Runs besides the newest that are kept; pinned ones count, but are never the ones that go. */
export const MAX_GHOSTS = 10;
/** A text that is changed sooner than this was on its way to another: its run is not kept. */
export const SETTLED_MS = 1000;

export type RunStatus = "running" | "done" | "failed" | "stopped";

/** What a list of runs shows of one. */
export interface RunInfo {
  id: number;
  /** What changed in the code since the run before: `lr 0.01 → 0.1`. */
  change: string;
  /** Given by the user in place of `change`; null if none was. */
  name: string | null;
  pinned: boolean;
  hidden: boolean;
  status: RunStatus;
  /** The number of the colour that tells it from the others. */
  color: number;
}

export interface Run extends RunInfo {
  source: string;
  data: RunData;
  /** Kept from an earlier session, whose text may just be run anew. */
  restored: boolean;
}

/** The newest run and those before it that are worth comparing with it. */
export class Runs {
  private readonly list: Run[] = [];
  private startedAt = Number.NEGATIVE_INFINITY;
  private nextId = 1;

  /** Oldest first; the last is the newest. */
  get all(): readonly Run[] {
    return this.list;
  }

  get latest(): Run | null {
    return this.list.at(-1) ?? null;
  }

  get(id: number): Run | null {
    return this.list.find((run) => run.id === id) ?? null;
  }

  /** A run of `source` begins at `now`, in milliseconds. Returns it. */
  begin(source: string, data: RunData, now: number): Run {
    this.leaveLatest();
    return this.add(this.takeSame(source, now), source, data, now);
  }

  /** The newest run was begun once more in another process: what it had recorded comes again. */
  beginAgain(source: string, data: RunData, now: number): Run {
    return this.add(this.list.pop() ?? null, source, data, now);
  }

  /** `same` is the run that it takes the place of. */
  private add(same: Run | null, source: string, data: RunData, now: number): Run {
    const before = this.latest;
    this.makeRoom();
    const run: Run = {
      id: this.nextId++,
      change: same?.change ?? changeSince(before, source),
      name: same?.name ?? null,
      pinned: same?.pinned ?? false,
      hidden: false,
      status: "running",
      color: same?.color ?? this.freeColor(),
      source,
      data,
      restored: false,
    };
    this.list.push(run);
    this.startedAt = now;
    return run;
  }

  /** Whoever begins another run ends the one under way. */
  private leaveLatest(): void {
    const { latest } = this;
    if (latest?.status === "running") latest.status = "stopped";
  }

  /** Makes way for a run of `source`: removes the newest run if it is not worth keeping. Returns one it replaces. */
  private takeSame(source: string, now: number): Run | null {
    const { latest } = this;
    if (latest === null) return null;
    if (latest.restored && latest.source === source) return this.list.pop()!;
    if (!latest.restored && !latest.pinned && latest.name === null && this.isPassing(latest, now))
      this.list.pop();
    return null;
  }

  /** A run kept from an earlier session: before all that begin from now on. */
  restore(run: Omit<Run, "id" | "restored">): void {
    this.makeRoom();
    this.list.push({ ...run, id: this.nextId++, restored: true });
  }

  rename(id: number, name: string): void {
    const run = this.get(id);
    if (run) run.name = name.trim() === "" ? null : name.trim().slice(0, 100);
  }

  pin(id: number, pinned: boolean): void {
    const run = this.get(id);
    if (run) run.pinned = pinned;
  }

  hide(id: number, hidden: boolean): void {
    const run = this.get(id);
    if (run) run.hidden = hidden;
  }

  /** The newest run stays. */
  remove(id: number): void {
    const at = this.list.findIndex((run) => run.id === id);
    if (at >= 0 && at < this.list.length - 1) this.list.splice(at, 1);
  }

  /** Removes all but the newest and the pinned. */
  clear(): void {
    for (const run of this.list.slice(0, -1)) if (!run.pinned) this.remove(run.id);
  }

  private isPassing({ data }: Run, now: number): boolean {
    return now - this.startedAt < SETTLED_MS || data.tracks.size === 0;
  }

  /** For one more run, which takes the colour of the one that goes. */
  private makeRoom(): void {
    while (this.list.length > MAX_GHOSTS) {
      const oldest = this.list.findIndex((run) => !run.pinned);
      if (oldest < 0) return;
      this.list.splice(oldest, 1);
    }
  }

  private freeColor(): number {
    const used = new Set(this.list.map((run) => run.color));
    for (let color = 0; ; color++) if (!used.has(color)) return color;
  }
}

function changeSince(before: Run | null, source: string): string {
  if (before === null) return "first run";
  return describeChange(before.source, source) ?? "run again";
}

export function labelOf({ name, change }: Pick<RunInfo, "name" | "change">): string {
  return name ?? change;
}

export function infoOf({ id, change, name, pinned, hidden, status, color }: Run): RunInfo {
  return { id, change, name, pinned, hidden, status, color };
}
