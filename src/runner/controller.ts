import { basename } from "node:path";
import { compile } from "../compiler/compile";
import type { CompileDiagnostic } from "../compiler/diagnostic";
import { moduleNotFound, moduleTypes } from "../language/modules";
import type { Outcome, StopReason } from "../trace/model";
import { readPart, restorePart } from "../trace/wire";
import type { FromRunner, Inspection, ToRunner, TracePart } from "./messages";
import { type CompiledRun, outcomeOf, outcomeOfUnanswered } from "./outcome";
import type { FromThread } from "./protocol";
import type { Finish } from "./realm";
import { ProgramThread, type ThreadFiles } from "./thread";

/** How often a running program is asked for what changed. */
const PART_INTERVAL_MS = 60;
/** A program that was told to stop and does not answer for this long loses its thread. */
const STOP_ANSWER_MS = 50;
/** Beyond its time limit a program has this long to be ended within its thread. */
const TIME_ANSWER_MS = 1000;
/** A thread that cannot be terminated for this long takes the process with it. */
const TERMINATE_MS = 1000;
const BYTES_PER_MB = 1024 * 1024;

type RunRequest = Extract<ToRunner, { kind: "run" }>;

interface Run extends CompiledRun {
  run: number;
  code: string;
}

interface ActiveRun extends Run {
  thread: ProgramThread;
  startedAt: number;
  timers: NodeJS.Timeout[];
}

/** Sends to the editor; `sent` is called when the message has left this process. */
export type Send = (message: FromRunner, sent?: () => void) => void;

/**
 * Compiles programs and has them run by a program thread, one at a time. It never waits for a program: one
 * that does not let itself be stopped is left behind with its thread.
 */
export class Controller {
  private readonly files: ThreadFiles;
  private readonly send: Send;
  private readonly idleBytes = process.memoryUsage.rss();
  private thread: ProgramThread;
  private spare: ProgramThread | null = null;
  private active: ActiveRun | null = null;
  /** Compiled, waiting for the thread. */
  private waiting: Run | null = null;
  /** The run whose values the thread still holds. */
  private held = -1;
  private readonly inspections = new Map<number, number>();

  constructor(files: ThreadFiles, thread: ProgramThread, send: Send) {
    this.files = files;
    this.thread = thread;
    this.send = send;
  }

  receive(message: ToRunner): void {
    switch (message.kind) {
      case "run":
        this.run(message);
        return;
      case "cancel":
        if (this.waiting?.run === message.run) this.waiting = null;
        if (this.active?.run === message.run) this.stop("user");
        return;
      case "inspect":
        this.inspect(message.request, message.run, message.site);
        return;
    }
  }

  private run(request: RunRequest): void {
    this.waiting = null;
    if (this.active !== null) this.stop("replaced");
    const { run, source, limits, probes } = request;
    const fileName = basename(request.fileName);
    const compiled = compile(source, { fileName, probes });
    const diagnostics = [...compiled.diagnostics, ...unknownImports(compiled.imports)];
    if (compiled.code === null || diagnostics.length > 0) {
      this.send({ kind: "rejected", run, diagnostics });
      return;
    }
    this.waiting = { run, source, fileName, code: compiled.code, compiled, limits };
    this.startWaiting();
  }

  private startWaiting(): void {
    if (this.waiting === null || this.active !== null) return;
    const next = this.waiting;
    this.waiting = null;
    const { run, fileName, code, compiled, limits } = next;
    const { thread } = this;
    this.active = { ...next, thread, startedAt: performance.now(), timers: [] };
    this.held = run;
    thread.events = {
      part: (part) => this.passPart(thread, run, part),
      ended: (message) => this.ended(message),
      inspected: (id, inspection) => this.inspected(id, JSON.parse(inspection) as Inspection | null),
      died: (code) => this.threadDied(thread, code),
    };
    this.send({ kind: "started", run, sites: compiled.sites });
    thread.run({ code, fileName, siteCount: compiled.sites.length, ...limits });
    this.watch(this.active);
  }

  /** Asks for parts, minds memory and time, and gets a spare thread ready for a program that hangs. */
  private watch(active: ActiveRun): void {
    const { thread, limits, timers } = active;
    timers.push(setInterval(() => this.look(active), PART_INTERVAL_MS));
    if (limits.timeMs === null) return;
    timers.push(
      setTimeout(() => thread.stop("time"), limits.timeMs),
      setTimeout(() => this.abandon("time"), limits.timeMs + TIME_ANSWER_MS),
    );
  }

  private look({ thread, limits }: ActiveRun): void {
    if (thread.hasUnansweredRequest) this.spare ??= new ProgramThread(this.files);
    const usedMb = (process.memoryUsage.rss() - this.idleBytes) / BYTES_PER_MB;
    const isOver = limits.memoryMb !== null && usedMb > limits.memoryMb;
    if (isOver && usedMb > 2 * limits.memoryMb! && thread.hasUnansweredRequest) this.abandon("memory");
    else thread.requestPart(isOver);
  }

  private stop(reason: StopReason): void {
    const { active } = this;
    if (active === null) return;
    active.thread.stop(reason);
    active.timers.push(
      setTimeout(() => {
        if (this.active === active) this.abandon(reason);
      }, STOP_ANSWER_MS),
    );
  }

  private passPart(thread: ProgramThread, run: number, part: string): void {
    this.send({ kind: "part", run, part: readPart(part) }, () => thread.partArrived());
  }

  private ended({ elapsedMs, unanswered, finish }: Extract<FromThread, { kind: "ended" }>): void {
    const { active } = this;
    if (active === null) return;
    const { part, report } = (finish === "" ? nothing : JSON.parse(finish)) as Finish;
    const outcome = unanswered
      ? outcomeOfUnanswered(active, "time", active.thread.site, elapsedMs)
      : outcomeOf(active, report, elapsedMs);
    this.conclude(outcome, part === null ? null : restorePart(part));
  }

  /** Ends the active run from outside; its thread is left behind. */
  private abandon(reason: StopReason): void {
    const { active } = this;
    if (active === null) return;
    const elapsedMs = performance.now() - active.startedAt;
    const outcome = outcomeOfUnanswered(active, reason, active.thread.site, elapsedMs);
    this.replaceThread();
    this.conclude(outcome);
  }

  private threadDied(thread: ProgramThread, code: string): void {
    if (this.thread !== thread) return;
    if (this.active === null) {
      this.replaceThread();
      return;
    }
    if (code === "ERR_WORKER_OUT_OF_MEMORY") this.abandon("memory");
    else throw new Error(`The program thread failed: ${code}`);
  }

  private conclude(outcome: Exclude<Outcome, { kind: "running" }>, part: TracePart | null = null): void {
    const { active } = this;
    if (active === null) return;
    for (const timer of active.timers) clearTimeout(timer);
    this.active = null;
    this.send({ kind: "ended", run: active.run, part, outcome });
    this.startWaiting();
  }

  private replaceThread(): void {
    retire(this.thread);
    this.thread = this.spare ?? new ProgramThread(this.files);
    this.spare = null;
    this.held = -1;
    for (const request of this.inspections.keys()) this.inspected(request, null);
  }

  private inspect(request: number, run: number, site: number): void {
    if (run !== this.held) {
      this.send({ kind: "inspected", request, inspection: null });
      return;
    }
    this.inspections.set(request, run);
    this.thread.inspect(request, site);
  }

  private inspected(request: number, inspection: Inspection | null): void {
    const run = this.inspections.get(request);
    this.inspections.delete(request);
    this.send({ kind: "inspected", request, inspection: run === this.held ? inspection : null });
  }
}

const nothing: Finish = { part: null, report: { state: "done" } };

function unknownImports(
  imports: readonly { specifier: string; start: number; end: number }[],
): CompileDiagnostic[] {
  return imports
    .filter(({ specifier }) => !Object.hasOwn(moduleTypes, specifier))
    .map(({ specifier, start, end }) => ({ message: moduleNotFound(specifier), start, end }));
}

/** A call of V8 that cannot be interrupted holds its thread; then only the end of the process frees it. */
function retire(thread: ProgramThread): void {
  const stuck = setTimeout(() => process.kill(process.pid, "SIGKILL"), TERMINATE_MS);
  void thread.terminate().then(() => clearTimeout(stuck));
}
