import type { CompileDiagnostic } from "../compiler/diagnostic";
import type { Line0 } from "../compiler/site";
import type { RunHandle, Runner } from "../runner/client";
import type { RunLimits } from "../runner/messages";
import type { RunError, Trace } from "../trace/model";
import type { Answer, MomentAnswer, Position, Query } from "../trace/queries";
import { changeBetween, LineTracker, type TextChange } from "./lines";
import { carryOver, iterationsOf, type Past, traceThen } from "./moment";
import { MomentReader } from "./momentReader";
import { Pause } from "./pause";
import { TimeTravel } from "./position";

/** When a document's program runs by itself. */
export type RunOn = "type" | "save" | "command";

export interface SessionConfig {
  runOn: RunOn;
  limits: RunLimits;
  /** Nothing runs by itself before the user ran it once. */
  startPaused?: boolean;
}

/**
 * For the status bar. `paused`: the text changed and runs when saved or commanded. `halted`: it does not run
 * by itself until the user runs it, or edits what took too long; `error` says why, null if the user wants it so.
 * `frozen`: its run rests between two iterations.
 */
export type Status =
  | { kind: "idle" }
  | { kind: "paused" }
  | { kind: "halted"; error: RunError | null }
  | { kind: "running" }
  | { kind: "frozen" }
  | { kind: "done"; elapsedMs: number }
  | { kind: "failed"; error: RunError }
  | { kind: "stopped"; error: RunError }
  | { kind: "rejected" };

/** A trace on the screen. */
export interface ShownTrace {
  trace: Trace;
  /** Where a line of the trace's source is in the current text; null once it is gone. */
  lineNow(line: Line0): Line0 | null;
}

/** A trace as it was at an earlier moment. */
export interface ShownMoment extends ShownTrace {
  past: Past;
}

/** What the views show. */
export interface SessionState {
  /** The text this belongs to. */
  version: number;
  status: Status;
  /** The latest run's trace. */
  live: ShownTrace | null;
  /** Whether `live` was made from an older text than `version`'s: its labels are dimmed. */
  stale: boolean;
  /** The last complete trace before `live`: its labels stand on lines that `live` did not reach. */
  older: ShownTrace | null;
  /** Whether the latest run has only begun: what it has not reached yet is not dimmed until it takes its time. */
  isBeginning: boolean;
  /** What is shown in place of `live` while the views are back in time; of an older run until there is news. */
  moment: ShownMoment | null;
  /** The seed that the run in `live` was given in place of its own; null if it had none. */
  seed: number | null;
  /** Why the current text cannot run. */
  diagnostics: readonly CompileDiagnostic[];
}

export interface Disposable {
  dispose(): void;
}

/**
 * A change is held back this long in the hope of its result, so that nothing flickers between two: to paint every
 * label dimmed and then as it was takes the editor longer than most programs take to run.
 */
const QUIET_MS = 150;

interface Tracked extends ShownTrace {
  lines: LineTracker;
  seed: number | null;
}

/**
 * One document: runs its newest text, drops what belongs to older ones, and keeps old values until new ones
 * take their place. Tells the views when there is something else to show, and not more often.
 */
export class Session implements Disposable {
  /** The moment of the trace in `live` that the views show. */
  readonly travel = new TimeTravel();
  private readonly runner: Runner;
  private readonly fileName: string;
  private config: SessionConfig;
  private text: string;
  private version: number;
  private status: Status = { kind: "idle" };
  private live: Tracked | null = null;
  private liveVersion = -1;
  private older: Tracked | null = null;
  private moment: (ShownMoment & { of: Tracked }) | null = null;
  private readonly moments: MomentReader;
  private diagnostics: readonly CompileDiagnostic[] = [];
  private handle: RunHandle | null = null;
  private readonly pause: Pause;
  private quiet: NodeJS.Timeout | null = null;
  private beginning: NodeJS.Timeout | null = null;
  /** What waits for the latest run to be more than begun. */
  private readonly settling = new Set<() => void>();
  private readonly listeners = new Set<(state: SessionState) => void>();

  /** `runner` serves this session alone and is disposed of with it. */
  constructor(runner: Runner, fileName: string, text: string, version: number, config: SessionConfig) {
    this.runner = runner;
    this.fileName = fileName;
    this.text = text;
    this.version = version;
    this.config = config;
    this.pause = new Pause(config.startPaused ?? false);
    this.moments = new MomentReader(
      (run, query) => runner.query(run, query),
      ({ trace, position }, answer) => this.showMoment(trace, position, answer),
    );
    this.travel.onDidChange(() => this.travelled());
  }

  get state(): SessionState {
    const { version, status, live, older, moment, diagnostics } = this;
    const stale = this.liveVersion !== version;
    const isBeginning = this.beginning !== null;
    return {
      version,
      status,
      live,
      stale,
      older,
      isBeginning,
      moment,
      seed: live?.seed ?? null,
      diagnostics,
    };
  }

  onDidChange(listener: (state: SessionState) => void): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** The document was opened: runs it unless it waits for a command. */
  open(): void {
    if (this.config.runOn !== "command") this.runByItself();
  }

  /** The document changed to `text`. Without `changes`, what changed is worked out. */
  edit(
    text: string,
    version: number,
    changes: readonly TextChange[] = [changeBetween(this.text, text)],
  ): void {
    for (const shown of new Set([this.live, this.older, this.moment?.of])) shown?.lines.apply(text, changes);
    this.pause.edited(changes);
    this.text = text;
    this.version = version;
    if (this.config.runOn === "type") {
      this.runByItself();
      return;
    }
    this.stop();
    this.diagnostics = [];
    this.status = { kind: "paused" };
    this.changed();
  }

  saved(): void {
    if (this.config.runOn === "save" && this.liveVersion !== this.version) this.runByItself();
  }

  /** A file that the program imports was changed: on disk if `saved`, else in an editor. */
  importChanged(saved: boolean): void {
    const { runOn } = this.config;
    if (runOn === "type" || (runOn === "save" && saved)) this.runByItself();
  }

  /** Applies from the next run on; one that becomes due by it starts now. */
  configure(config: SessionConfig): void {
    this.config = config;
    if (config.runOn === "type" && this.status.kind === "paused") this.runByItself();
  }

  /**
   * Runs the current text now, and from then on by itself; by command with limits of the caller's choice, and with
   * random numbers from another seed than the program's.
   */
  run(limits: RunLimits = this.config.limits, seed: number | null = null): void {
    this.pause.end();
    this.start(limits, () => {}, seed);
  }

  /** Undoes a halt. */
  resume(): void {
    this.pause.end();
    this.runByItself();
  }

  /** Runs the current text unless it is known to take too long. */
  private runByItself(): void {
    if (!this.pause.isOn) {
      this.start(this.config.limits, (trace) => this.pause.ended(trace));
      return;
    }
    this.stop();
    if (this.status.kind !== "halted") this.status = { kind: "halted", error: null };
    this.changed();
  }

  private start(limits: RunLimits, over: (trace: Trace) => void, seed: number | null = null): void {
    const { version } = this;
    this.status = { kind: "running" };
    this.changedSoon();
    if (this.beginning !== null) clearTimeout(this.beginning);
    this.beginning = setTimeout(() => {
      this.endBeginning();
      if (this.older !== null) this.changed();
    }, QUIET_MS);
    const current = (listener: () => void) => {
      if (this.version === version) listener();
    };
    let tracked: Tracked | null = null;
    this.handle = this.runner.run(
      this.text,
      { fileName: this.fileName, limits, probes: true, pausable: true, ...(seed !== null && { seed }) },
      {
        rejected: (diagnostics) => current(() => this.rejected(diagnostics)),
        started: (trace) => {
          tracked = track(trace, seed);
        },
        part: () => current(() => this.show(tracked!, version)),
        paused: (on) => current(() => this.rests(on)),
        ended: (trace) => {
          over(trace);
          current(() => this.ended(tracked!, trace, version));
        },
      },
    );
  }

  stop(): void {
    this.handle?.cancel();
  }

  /** Has the running program rest before the next iteration of any loop. It may be looked at, edited and stopped. */
  freeze(): void {
    this.handle?.pause(true);
  }

  /** Lets a frozen program go on. */
  thaw(): void {
    this.handle?.pause(false);
  }

  private rests(on: boolean): void {
    this.status = { kind: on ? "frozen" : "running" };
    this.changed();
  }

  /** Waits while a run has only begun: until it is over, or takes so long that one looks at it while it goes on. */
  settled(): Promise<void> {
    if (this.beginning === null) return Promise.resolve();
    return new Promise((resolve) => this.settling.add(resolve));
  }

  /** Asks about the trace in `live`; null if there is nothing to tell, or no longer. */
  query<Q extends Query>(query: Q): Promise<Answer<Q>> {
    return this.live === null ? Promise.resolve(null) : this.runner.query(this.live.trace.run, query);
  }

  dispose(): void {
    this.listeners.clear();
    this.becomeQuiet();
    this.endBeginning();
    this.runner.dispose();
  }

  private rejected(diagnostics: readonly CompileDiagnostic[]): void {
    this.endBeginning();
    this.status = { kind: "rejected" };
    this.diagnostics = diagnostics;
    this.changed();
  }

  private ended(tracked: Tracked, { outcome }: Trace, version: number): void {
    if (outcome.kind === "running") return;
    this.endBeginning();
    const isHalted = this.pause.isOn && outcome.kind === "stopped";
    this.status = isHalted ? { kind: "halted", error: outcome.error } : outcome;
    this.show(tracked, version);
  }

  /** Puts a run's trace in the place of the one before, of which unreached lines are still of use. */
  private show(tracked: Tracked, version: number): void {
    if (this.live !== tracked) {
      const before = this.live;
      const isComplete = before?.trace.outcome.kind === "done";
      if (isComplete || this.older === null) this.older = before;
      this.live = tracked;
      this.liveVersion = version;
      if (before !== null) this.takeAlong(before.trace, tracked.trace);
    }
    const { outcome } = tracked.trace;
    if (outcome.kind === "done") this.older = null;
    if (outcome.kind !== "running") this.stayWithin(tracked.trace);
    this.diagnostics = [];
    if (this.travel.position === null) this.changed();
    else this.readMoment();
  }

  /** A new run is shown where the views were in the one before. */
  private takeAlong(from: Trace, to: Trace): void {
    const { position } = this.travel;
    if (position !== null) this.travel.set(carryOver(position, from, to));
  }

  /** A run that is over may have had fewer iterations. */
  private stayWithin(trace: Trace): void {
    const { position } = this.travel;
    if (position === null) return;
    const total = iterationsOf(trace, position.loop);
    if (total < position.iteration) this.travel.set(total === 0 ? null : { ...position, iteration: total });
  }

  private travelled(): void {
    if (this.travel.position === null) {
      this.moment = null;
      this.changed();
    } else this.readMoment();
  }

  /** What was shown stays until the answer is there. */
  private readMoment(): void {
    const { position } = this.travel;
    if (position === null || this.live === null) return;
    this.changedSoon();
    this.moments.want({ trace: this.live.trace, position });
  }

  private showMoment(trace: Trace, position: Position, answer: MomentAnswer | null): void {
    const { live } = this;
    if (this.travel.position === null || live?.trace !== trace || answer === null) return;
    this.moment = { ...traceThen(trace, position, answer), lineNow: live.lineNow, of: live };
    this.changed();
  }

  private changedSoon(): void {
    this.quiet ??= setTimeout(() => this.changed(), QUIET_MS);
  }

  private changed(): void {
    this.becomeQuiet();
    const { state } = this;
    for (const listener of this.listeners) listener(state);
  }

  private endBeginning(): void {
    if (this.beginning !== null) clearTimeout(this.beginning);
    this.beginning = null;
    for (const settle of this.settling) settle();
    this.settling.clear();
  }

  private becomeQuiet(): void {
    if (this.quiet !== null) clearTimeout(this.quiet);
    this.quiet = null;
  }
}

function track(trace: Trace, seed: number | null): Tracked {
  const lines = new LineTracker(trace.source);
  return { trace, lines, seed, lineNow: (line) => lines.now(line) };
}
