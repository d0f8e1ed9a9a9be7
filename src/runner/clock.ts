interface Alarm {
  atMs: number;
  ring(): void;
  timer: NodeJS.Timeout | null;
}

/** The time that a run has taken, without its pauses, and what is to be done when it has taken so much. */
export class RunClock {
  private readonly startedAt = performance.now();
  private readonly alarms: Alarm[] = [];
  private pausedAt: number | null = null;
  private pausedMs = 0;

  get elapsedMs(): number {
    return (this.pausedAt ?? performance.now()) - this.startedAt - this.pausedMs;
  }

  get isPaused(): boolean {
    return this.pausedAt !== null;
  }

  /** Calls `ring` once the run has taken `atMs`. */
  at(atMs: number, ring: () => void): void {
    const alarm = { atMs, ring, timer: null };
    this.alarms.push(alarm);
    if (!this.isPaused) this.set(alarm);
  }

  pause(): void {
    this.pausedAt ??= performance.now();
    this.clear();
  }

  resume(): void {
    if (this.pausedAt === null) return;
    this.pausedMs += performance.now() - this.pausedAt;
    this.pausedAt = null;
    for (const alarm of this.alarms) if (alarm.atMs > this.elapsedMs) this.set(alarm);
  }

  /** Nothing is called any more, unless it goes on after a pause. */
  clear(): void {
    for (const { timer } of this.alarms) if (timer !== null) clearTimeout(timer);
  }

  private set(alarm: Alarm): void {
    alarm.timer = setTimeout(alarm.ring, alarm.atMs - this.elapsedMs);
  }
}
