import type { ChildProcess } from "node:child_process";
import type { CompileDiagnostic } from "../compiler/diagnostic";
import { addPart, startTrace } from "../trace/collect";
import type { Trace } from "../trace/model";
import type { Answer, Query } from "../trace/queries";
import { siteRunning } from "../trace/running";
import { noFiles, type ProgramFiles, type RunFiles } from "./files";
import { launchRunner } from "./launch";
import { stopMessage } from "./limits";
import type { FromRunner, ImportRequest, RunLimits, StageTimes, ToRunner, TracePart } from "./messages";

export interface RunOptions {
  fileName: string;
  limits: RunLimits;
  /** Whether values are recorded; without, a run leaves output and errors only. */
  probes: boolean;
  /** Whether the run may be paused. A program with loops that hangs elsewhere is then ended a little later. */
  pausable?: boolean;
  /** Where its random numbers begin, in place of where the program says. */
  seed?: number;
}

/** What is heard of a run, in this order. Nothing more once it was replaced by a newer run. */
export interface RunEvents {
  /** It cannot run; nothing follows. */
  rejected?(diagnostics: CompileDiagnostic[]): void;
  started?(trace: Trace): void;
  /** `trace` has grown. */
  part?(trace: Trace): void;
  /** It rests between two iterations, or goes on. */
  paused?(on: boolean): void;
  /** Printed since the last call; also in `trace.output`. Comes before the part or end it belongs to. */
  output?(text: string): void;
  /** `trace` has its last values and its outcome; nothing follows. */
  ended?(trace: Trace, times?: StageTimes | null): void;
}

export interface RunHandle {
  readonly run: number;
  /** Stops it as the user's wish; `ended` follows soon. */
  cancel(): void;
  /** Has it rest before the next iteration of any loop, or go on; `paused` follows if there is one. */
  pause(on: boolean): void;
}

/**
 * Runs programs in a process of its own, at most one at a time: a new run replaces the one before. The
 * process starts with the first run (or `warmUp`), is kept for the next, and is replaced when it dies.
 */
export interface Runner {
  run(source: string, options: RunOptions, events: RunEvents): RunHandle;
  /** Asks about the latest run; null if there is nothing to tell, or no longer. */
  query<Q extends Query>(run: number, query: Q): Promise<Answer<Q>>;
  warmUp(): void;
  dispose(): void;
}

interface CurrentRun {
  message: Extract<ToRunner, { kind: "run" }>;
  events: RunEvents;
  files: RunFiles;
  trace: Trace | null;
  /** The site reached last, as far as parts told. */
  at: number;
  startedAt: number;
  /** How often it was begun again after its process died. */
  attempts: number;
  ended: boolean;
}

export interface RunnerOptions {
  /** Where the bundles `runner.cjs`, `program.cjs` and `realm.js` are. */
  folder: string;
  /** What programs import. The process itself reads no files. */
  files?: ProgramFiles;
  /** Starts the process, with or without Node's permission model. */
  launch?: typeof launchRunner;
}

export function createRunner({ folder, files = noFiles, launch = launchRunner }: RunnerOptions): Runner {
  return new ProcessRunner((permissions) => launch(folder, permissions), files);
}

class ProcessRunner implements Runner {
  private readonly launch: (permissions: boolean) => ChildProcess;
  private readonly files: ProgramFiles;
  private child: ChildProcess | null = null;
  /** Takes the place of `child` once it is ready. */
  private successor: ChildProcess | null = null;
  private isReady = false;
  /** Whether the host's Node takes the flags of its permission model; it may know them and yet refuse. */
  private permissions = true;
  private current: CurrentRun | null = null;
  private runs = 0;
  private requests = 0;
  private readonly queries = new Map<number, (answer: Answer<Query>) => void>();
  private disposed = false;

  constructor(launch: (permissions: boolean) => ChildProcess, files: ProgramFiles) {
    this.launch = launch;
    this.files = files;
  }

  run(source: string, options: RunOptions, events: RunEvents): RunHandle {
    const run = ++this.runs;
    const message = { kind: "run", run, source, pausable: false, ...options } as const;
    this.current = {
      message,
      events,
      files: this.files.forRun(),
      trace: null,
      at: -1,
      startedAt: performance.now(),
      attempts: 0,
      ended: false,
    };
    this.post(message);
    return { run, cancel: () => this.cancel(run), pause: (on) => this.pause(run, on) };
  }

  query<Q extends Query>(run: number, query: Q): Promise<Answer<Q>> {
    if (this.child === null) return Promise.resolve(null);
    const request = ++this.requests;
    return new Promise((resolve) => {
      this.queries.set(request, resolve as (answer: Answer<Query>) => void);
      this.post({ kind: "query", request, run, query });
    });
  }

  warmUp(): void {
    if (!this.disposed) this.child ??= this.start();
  }

  dispose(): void {
    this.disposed = true;
    this.current = null;
    this.child?.kill("SIGKILL");
    this.child = null;
    this.successor?.kill("SIGKILL");
    this.successor = null;
    this.forgetQueries();
  }

  private cancel(run: number): void {
    if (this.current?.message.run === run && !this.current.ended) this.post({ kind: "cancel", run });
  }

  private pause(run: number, on: boolean): void {
    if (this.current?.message.run === run && !this.current.ended) this.post({ kind: "pause", run, on });
  }

  private post(message: ToRunner): void {
    this.warmUp();
    this.child?.send(message, ignoreClosedChannel);
  }

  private start(): ChildProcess {
    const child = this.launch(this.permissions);
    this.isReady = false;
    this.listen(child);
    return child;
  }

  /** Replaces the process as soon as another is ready; until then it goes on running programs. */
  private startSuccessor(): void {
    if (this.successor !== null) return;
    const successor = this.launch(this.permissions);
    this.successor = successor;
    successor.once("message", () => {
      if (this.successor === successor) this.succeed(successor, true);
    });
    successor.once("error", () => this.forgetSuccessor(successor));
    successor.once("exit", () => this.forgetSuccessor(successor));
  }

  private succeed(successor: ChildProcess, isReady: boolean): void {
    const predecessor = this.child;
    this.isReady = isReady;
    this.successor = null;
    this.child = successor;
    this.listen(successor);
    predecessor?.kill("SIGKILL");
    this.forgetQueries();
    const { current } = this;
    if (current === null || current.ended) return;
    const spentMs = current.trace === null ? 0 : performance.now() - current.startedAt;
    this.beginAgain(current, spentMs);
  }

  private forgetSuccessor(successor: ChildProcess): void {
    if (this.successor === successor) this.successor = null;
  }

  private listen(child: ChildProcess): void {
    child.on("message", (message: FromRunner) => {
      if (this.child === child) this.receive(message);
    });
    child.on("error", () => this.lost(child));
    child.on("exit", () => this.lost(child));
  }

  private receive(message: FromRunner): void {
    if (message.kind === "ready") {
      this.isReady = true;
      return;
    }
    if (message.kind === "answered") {
      this.queries.get(message.request)?.(message.answer);
      this.queries.delete(message.request);
      return;
    }
    if (message.kind === "stuck") {
      this.startSuccessor();
      return;
    }
    const { current } = this;
    if (current === null || current.ended || current.message.run !== message.run) return;
    this.receiveRun(current, message);
  }

  /** Reads what a run wants to import, unless it was replaced or lost its process meanwhile. */
  private async readFiles({ message: { run }, files }: CurrentRun, requests: ImportRequest[]): Promise<void> {
    const { child } = this;
    const answers = await files.read(requests);
    if (this.child === child && this.current?.message.run === run) {
      this.post({ kind: "imported", run, files: answers });
    }
  }

  private receiveRun(
    current: CurrentRun,
    message: Exclude<FromRunner, { kind: "ready" | "answered" | "stuck" }>,
  ): void {
    const { events } = current;
    switch (message.kind) {
      case "rejected":
        current.ended = true;
        events.rejected?.(message.diagnostics);
        return;
      case "importing":
        void this.readFiles(current, message.files);
        return;
      case "started":
        current.trace = startTrace(message.run, current.message.source, message.sites);
        current.startedAt = performance.now();
        events.started?.(current.trace);
        return;
      case "part":
        if (current.trace === null) return;
        grow(current, current.trace, message.part);
        events.part?.(current.trace);
        return;
      case "paused":
        events.paused?.(message.on);
        return;
      case "ended":
        if (current.trace === null) return;
        current.ended = true;
        if (message.part !== null) grow(current, current.trace, message.part);
        current.trace.outcome = message.outcome;
        events.ended?.(current.trace, message.times);
        return;
    }
  }

  /** The process is gone. What it had under way runs once more in a new one, unless it ran out of memory. */
  private lost(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = null;
    this.forgetQueries();
    if (this.successor !== null) {
      // Ended by what its stuck thread did, which is not what runs now.
      this.succeed(this.successor, false);
      return;
    }
    const endedByItself = child.signalCode === null || child.signalCode === "SIGABRT";
    const mayRefuseFlags = endedByItself && !this.isReady && this.permissions;
    if (mayRefuseFlags) this.permissions = false;
    const { current } = this;
    if (current === null || current.ended) {
      // The next run finds a new one ready, unless there is something wrong with starting it.
      if (this.isReady) this.warmUp();
      return;
    }
    if (current.trace !== null && ranOutOfMemory(child)) this.endOutOfMemory(current, current.trace);
    else if (mayRefuseFlags || current.attempts++ < 1) this.beginAgain(current);
    else this.giveUp(current);
  }

  private beginAgain(current: CurrentRun, spentMs = 0): void {
    current.files = this.files.forRun();
    current.events.paused?.(false);
    this.post({ ...current.message, spentMs });
  }

  private endOutOfMemory(current: CurrentRun, trace: Trace): void {
    const elapsedMs = performance.now() - current.startedAt;
    const { limits } = current.message;
    const site = siteRunning(trace.sites, current.at);
    const message = stopMessage("memory", limits, elapsedMs);
    const error = { name: "Stopped", message, start: site?.start ?? 0, end: site?.end ?? 0 };
    current.ended = true;
    trace.outcome = { kind: "stopped", reason: "memory", error, elapsedMs };
    current.events.ended?.(trace);
  }

  private giveUp(current: CurrentRun): void {
    current.ended = true;
    const message = "The process that runs programs ended twice. Change the program or run it again.";
    current.events.rejected?.([{ message, start: 0, end: 0 }]);
  }

  private forgetQueries(): void {
    for (const resolve of this.queries.values()) resolve(null);
    this.queries.clear();
  }
}

function grow(current: CurrentRun, trace: Trace, part: TracePart): void {
  current.at = part.at;
  addPart(trace, part);
  if (part.output !== "") current.events.output?.(part.output);
}

/**
 * V8 aborts the process when not even a worker's limit could hold an allocation back, and traps when an array
 * would be larger than any may be. The codes are those that a shell and Windows tell of the same.
 */
function ranOutOfMemory({ signalCode, exitCode }: ChildProcess): boolean {
  const signals = ["SIGABRT", "SIGTRAP", "SIGILL"];
  const codes = [134, 133, 132, 0x80000003];
  return signals.includes(signalCode ?? "") || codes.includes(exitCode ?? 0);
}

/** A message to a process that just died needs no answer: its end is noticed by itself. */
function ignoreClosedChannel(): void {}
