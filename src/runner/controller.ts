import { basename } from "node:path";
import { type CompileResult, compile } from "../compiler/compile";
import type { Site } from "../compiler/site";
import { readJson } from "../trace/json";
import type { Outcome, StopReason } from "../trace/model";
import type { Answer, Query } from "../trace/queries";
import type { RecordedSite } from "../trace/recorder";
import { RunClock } from "./clock";
import { DEFAULT_TRACE_MB } from "./limits";
import { MACHINE_MB } from "./machine";
import type { FromRunner, ImportAnswer, ImportRequest, StageTimes, ToRunner, TracePart } from "./messages";
import { type CompiledRun, outcomeOf, outcomeOfUnanswered } from "./outcome";
import type { FromThread, ThreadFile } from "./protocol";
import type { Finish } from "./realm";
import { frameName, type ImportedFile, ImportResolver, importsFiles, type Resolution } from "./resolve";
import type { ProgramThread, ThreadFiles } from "./thread";
import { STOP_ANSWER_MS, Threads } from "./threads";

/** When a program that has not ended by then is asked for what it did so far. */
const FIRST_PART_MS = 6;
/** How often it is asked for what changed after that. */
const PART_INTERVAL_MS = 80;
/**
 * So often in a row a program that holds too much memory may leave the question whether it does unanswered: on
 * a busy machine the collection of what earlier programs left takes as long.
 */
const MAX_LOOKS_UNANSWERED = 8;
/** Beyond its time limit a program has this long to be ended within its thread. */
const TIME_ANSWER_MS = 500;
const BYTES_PER_MB = 1024 * 1024;

type RunRequest = Extract<ToRunner, { kind: "run" }>;

interface Run extends CompiledRun {
  run: number;
  code: string;
  compileMs: number;
  imports: Record<string, number>;
  probes: boolean;
  pausable: boolean;
  seed: number | null;
  /** What is left of its time; null without a limit. */
  timeMs: number | null;
}

interface ActiveRun extends Run {
  thread: ProgramThread;
  /** Null until the program begins: what its thread does before that is not the program's time. */
  clock: RunClock | null;
  timers: NodeJS.Timeout[];
  /** Why it was told to stop; null if it was not. */
  stopping: StopReason | null;
  /** How often in a row it was found over its memory, and with a request that it had not come to see. */
  looksUnanswered: number;
}

/** Sends to the editor; `sent` is called when the message has left this process. */
export type Send = (message: FromRunner, sent?: () => void) => void;

/**
 * Compiles programs and has them run by a program thread, one at a time. It never waits for a program: one
 * that does not let itself be stopped is left behind with its thread.
 */
export class Controller {
  private readonly threads: Threads;
  private readonly send: Send;
  private readonly idleBytes = process.memoryUsage.rss();
  private active: ActiveRun | null = null;
  private readonly imports = new ImportResolver();
  /** A run whose files were asked for, and what takes the answer. */
  private importing: { run: number; answered(answers: ImportAnswer[]): void } | null = null;
  /** Compiled, waiting for the thread. */
  private waiting: Run | null = null;
  /** The run whose values the thread still holds. */
  private held = -1;
  /** The run that each query under way is about. */
  private readonly queries = new Map<number, number>();

  constructor(files: ThreadFiles, thread: ProgramThread, send: Send) {
    this.threads = new Threads(files, thread, () => send({ kind: "stuck" }));
    this.send = send;
  }

  receive(message: ToRunner): void {
    switch (message.kind) {
      case "run":
        this.run(message);
        return;
      case "imported":
        if (this.importing?.run === message.run) this.importing.answered(message.files);
        return;
      case "cancel":
        if (this.importing?.run === message.run) this.importing = null;
        if (this.waiting?.run === message.run) this.waiting = null;
        if (this.active?.run === message.run) this.stop("user");
        return;
      case "pause":
        if (this.active?.run === message.run && this.active.pausable) this.active.thread.pause(message.on);
        return;
      case "query":
        this.query(message);
        return;
    }
  }

  private run(request: RunRequest): void {
    this.importing = null;
    this.waiting = null;
    this.replaceActive();
    const { run, source, limits, probes, pausable, seed = null, spentMs = 0 } = request;
    const fileName = basename(request.fileName);
    const startedAt = performance.now();
    const compiled = compile(source, { fileName, probes });
    const compileMs = performance.now() - startedAt - compiled.parseMs;
    const { code, diagnostics } = compiled;
    if (code === null || diagnostics.length > 0) {
      this.send({ kind: "rejected", run, diagnostics });
      return;
    }
    const resolved = (resolution: Resolution) => {
      if (resolution.kind === "failed") {
        this.send({ kind: "rejected", run, diagnostics: resolution.diagnostics });
        return;
      }
      const { files, imports } = resolution;
      const program = { source, fileName, code, compiled, compileMs, files, imports };
      // Without a loop there is nowhere to rest.
      const hasLoop = [{ kind: "program" as const, compiled }, ...files].some(isLooping);
      const timeMs = limits.timeMs === null ? null : Math.max(1, limits.timeMs - spentMs);
      this.waiting = { ...program, run, limits, probes, pausable: pausable && hasLoop, seed, timeMs };
      this.startWaiting();
    };
    if (!importsFiles(compiled)) {
      resolved({ kind: "resolved", files: [], imports: {} });
      return;
    }
    void this.imports
      .resolve({ name: fileName, source, compiled }, (files) => this.askFor(run, files))
      .then(resolved);
  }

  /** Never answered if the run is replaced or cancelled meanwhile. */
  private askFor(run: number, files: ImportRequest[]): Promise<ImportAnswer[]> {
    return new Promise((answered) => {
      this.importing = { run, answered };
      this.send({ kind: "importing", run, files });
    });
  }

  private startWaiting(): void {
    if (this.waiting === null || this.active !== null) return;
    const next = this.waiting;
    this.waiting = null;
    const { run, fileName, code, compiled, files, imports, limits, probes, pausable, seed, timeMs } = next;
    const siteCount = compiled.sites.length;
    const sites = JSON.stringify(compiled.sites.map(recordedSite));
    const thread = this.threads.current;
    this.active = { ...next, thread, clock: null, timers: [], stopping: null, looksUnanswered: 0 };
    this.held = run;
    thread.events = {
      began: () => this.begin(),
      part: (part) => this.passPart(thread, run, ownPart(readJson(part) as TracePart, siteCount)),
      paused: (on) => this.paused(thread, run, on),
      ended: (message) => this.ended(message),
      answered: (id, answer) => this.answered(id, readJson(answer) as Answer<Query>),
      died: (code) => this.threadDied(thread, code),
    };
    this.send({ kind: "started", run, sites: compiled.sites });
    thread.run({
      code,
      fileName,
      siteCount,
      sites,
      imports,
      files: files.map(threadFile),
      ...limits,
      timeMs,
      pausable,
      seed,
      traceMb: probes ? (limits.traceMb ?? DEFAULT_TRACE_MB) : 0,
    });
  }

  /** The program begins: from now on it is asked for parts, and its memory and time are minded. */
  private begin(): void {
    const { active } = this;
    if (active === null) return;
    const { thread, timeMs, timers, stopping } = active;
    const clock = new RunClock();
    active.clock = clock;
    if (stopping !== null) this.awaitStop(active, stopping);
    timers.push(
      setTimeout(() => thread.requestPart(false), FIRST_PART_MS),
      setInterval(() => this.look(active, clock), PART_INTERVAL_MS),
    );
    if (timeMs === null) return;
    clock.at(timeMs, () => thread.stop("time"));
    clock.at(timeMs + TIME_ANSWER_MS, () => this.abandon("time"));
  }

  /** A program that runs for long may be replaced, or hang: a spare thread is got ready. */
  private look(active: ActiveRun, clock: RunClock): void {
    if (clock.isPaused) return;
    const { thread, limits } = active;
    this.threads.prepareSpare();
    const usedMb = (process.memoryUsage.rss() - this.idleBytes) / BYTES_PER_MB;
    const limitMb = limits.memoryMb ?? MACHINE_MB;
    const isOver = usedMb > limitMb;
    active.looksUnanswered = isOver && thread.hasUnansweredRequest ? active.looksUnanswered + 1 : 0;
    const hadTime = active.looksUnanswered > (usedMb > MACHINE_MB ? 0 : MAX_LOOKS_UNANSWERED);
    if (hadTime && usedMb > Math.min(2 * limitMb, MACHINE_MB)) this.abandon("memory");
    else thread.requestPart(isOver);
  }

  /** Makes room for the next run, of whose end nobody else wants to hear. */
  private replaceActive(): void {
    const { active } = this;
    if (active === null) return;
    if (!this.threads.leaveCurrent()) {
      this.stop("replaced");
      return;
    }
    this.close(active);
    this.forgetHeld();
  }

  private stop(reason: StopReason): void {
    const { active } = this;
    if (active === null) return;
    active.thread.stop(reason);
    active.stopping = reason;
    if (active.clock !== null) this.awaitStop(active, reason);
  }

  private awaitStop(active: ActiveRun, reason: StopReason): void {
    const abandon = () => {
      if (this.active === active) this.abandon(reason);
    };
    active.timers.push(setTimeout(abandon, STOP_ANSWER_MS));
  }

  private passPart(thread: ProgramThread, run: number, part: TracePart): void {
    this.send({ kind: "part", run, part }, () => thread.partArrived());
  }

  private paused(thread: ProgramThread, run: number, on: boolean): void {
    const { active } = this;
    if (active?.thread !== thread || active.run !== run) return;
    if (on) active.clock?.pause();
    else active.clock?.resume();
    this.send({ kind: "paused", run, on });
  }

  private ended(message: Extract<FromThread, { kind: "ended" }>): void {
    const { elapsedMs, unanswered, finish, realmMs, traceMs } = message;
    const { active } = this;
    if (active === null) return;
    if (active.stopping === "replaced") {
      this.close(active);
      this.startWaiting();
      return;
    }
    const { part, report } = (finish === "" ? nothing : readJson(finish)) as Finish;
    const outcome = unanswered
      ? outcomeOfUnanswered(active, "time", active.thread.site, elapsedMs)
      : outcomeOf(active, report, elapsedMs);
    const { compiled, compileMs } = active;
    const times = {
      parse: compiled.parseMs,
      compile: compileMs,
      realm: realmMs,
      run: elapsedMs,
      trace: traceMs,
    };
    this.conclude(outcome, part === null ? null : ownPart(part, compiled.sites.length), times);
  }

  /** Ends the active run from outside; its thread is left behind. */
  private abandon(reason: StopReason): void {
    const { active } = this;
    if (active === null) return;
    const outcome = outcomeOfUnanswered(active, reason, active.thread.site, active.clock?.elapsedMs ?? 0);
    this.threads.replaceCurrent();
    this.forgetHeld();
    this.conclude(outcome);
  }

  private threadDied(thread: ProgramThread, code: string): void {
    if (this.threads.current !== thread) return;
    if (this.active === null) {
      this.threads.replaceCurrent();
      this.forgetHeld();
      return;
    }
    if (code === "ERR_WORKER_OUT_OF_MEMORY") this.abandon("memory");
    else throw new Error(`The program thread failed: ${code}`);
  }

  private conclude(
    outcome: Exclude<Outcome, { kind: "running" }>,
    part: TracePart | null = null,
    times: StageTimes | null = null,
  ): void {
    const { active } = this;
    if (active === null) return;
    this.close(active);
    this.send({ kind: "ended", run: active.run, part, outcome, times });
    this.startWaiting();
  }

  private close({ timers, clock }: ActiveRun): void {
    for (const timer of timers) clearTimeout(timer);
    clock?.clear();
    this.active = null;
  }

  /** The thread that held values is not the current one any more. */
  private forgetHeld(): void {
    this.held = -1;
    for (const request of this.queries.keys()) this.answered(request, null);
  }

  private query({ request, run, query }: Extract<ToRunner, { kind: "query" }>): void {
    if (run !== this.held) {
      this.send({ kind: "answered", request, answer: null });
      return;
    }
    this.queries.set(request, run);
    this.threads.current.query(request, query);
  }

  private answered(request: number, answer: Answer<Query>): void {
    const run = this.queries.get(request);
    this.queries.delete(request);
    this.send({ kind: "answered", request, answer: run === this.held ? answer : null });
  }
}

function recordedSite({ kind, name, isInner }: Site): RecordedSite {
  return { kind: kind === "loop" || kind === "binding" ? kind : "other", name, isInner };
}

function isLooping(file: ImportedFile | { kind: "program"; compiled: CompileResult }): boolean {
  return file.kind === "program" && file.compiled.sites.some(({ kind }) => kind === "loop");
}

const nothing: Finish = { part: null, report: { state: "done" } };

/** Without what was seen in imported files: nothing of that is shown. */
function ownPart(part: TracePart, siteCount: number): TracePart {
  const seen = part.seen.filter(([site]) => site < siteCount);
  return { ...part, seen, at: part.at < siteCount ? part.at : -1 };
}

function threadFile(file: ImportedFile): ThreadFile {
  if (file.kind !== "program") return { kind: file.kind, bytes: file.bytes };
  const { compiled, imports } = file;
  const siteCount = compiled.sites.length;
  return { kind: "program", code: compiled.code!, fileName: frameName(file), siteCount, imports };
}
