/*
 * The program thread: runs one program after another, each in a realm of its own that holds the engine and
 * nothing of Node. The next realm is made ready while nobody waits.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { ENTRY } from "./entry";
import { PAUSED, PENDING_PARTS, REQUESTS, SITE, STOP_BITS, stopReason } from "./flags";
import { answerToRequest } from "./grants";
import { freezeIntrinsics } from "./intrinsics";
import { MACHINE_MB } from "./machine";
import type { FromThread, ThreadData, ThreadFile, ThreadJob, ThreadProgram, ToThread } from "./protocol";
import type { createRealm, Realm, Report } from "./realm";

/** A program that was told to stop at its time limit and does not is ended this much later. */
const GRACE_MS = 100;
/** Time for what is done after a program: summaries may run its code (a proxy's traps). */
const AFTERWARDS_MS = 2000;
/** The same after a program that took all its time. */
const LATE_AFTERWARDS_MS = 250;
/** After a program the machine belongs to those who show its values; then the next realm is made ready. */
const REST_MS = 60;
/** More parts than this under way, and the program waits. */
const MAX_PENDING_PARTS = 4;
/** What holds too much memory is looked at so often, with so long between. */
const MAX_LOOKS = 2;
const LOOK_AGAIN_MS = 15;
const BYTES_PER_MB = 1024 * 1024;

const port = parentPort!;
const data = workerData as ThreadData;
const flags = new Int32Array(data.flags);
/** Nobody wakes those who wait on it. */
const moment = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = vm.runInNewContext("gc");
// Programs' realms come later and do not get it.
setFlagsFromString("--no-expose-gc");
// Large arrays are freed by quick collections of what is young. By itself, V8 13.6 lets more of them come together
// than it takes to go through the whole heap instead. An older V8, whose limit is as low, does not know the flag.
setFlagsFromString("--scavenger-max-new-space-capacity-mb=8");
// Each realm's functions are optimized anew, beside the program. Left alone, V8 begins with that in the first
// milliseconds and takes more time for it than most programs run, of a machine that is painting what was typed.
setFlagsFromString("--invocation-count-for-maglev=1600");

const realmScript = new vm.Script(readFileSync(data.realmFile, "utf8"), {
  filename: "gradlens:realm",
  cachedData: data.codeCache ?? undefined,
});
const entryScript = new vm.Script(`${ENTRY}()`, { filename: "gradlens:entry" });

interface Prepared {
  context: vm.Context;
  realm: Realm;
  /** How long that took. */
  realmMs: number;
}

let memoryMb = 0;
let isMemoryLimited = false;
let current: Prepared | null = null;
let next: Prepared | null = null;
/** Until the next realm is made ready, or the first one warmed up. */
let resting: NodeJS.Timeout | undefined;
/** The number of the query that is being answered, or -1. */
let request = -1;
/** When the program began to rest, and how long it has rested before. */
let pausedAt = 0;
let pausedMs = 0;

function prepare(): Prepared {
  const startedAt = performance.now();
  const context = vm.createContext(vm.constants?.DONT_CONTEXTIFY ?? Object.create(null), {
    microtaskMode: "afterEvaluate",
    codeGeneration: { strings: false, wasm: true },
  });
  const exported = realmScript.runInContext(context) as { createRealm: typeof createRealm };
  const realm = exported.createRealm({
    flags: data.flags,
    send,
    paused,
    isOverMemory,
    grantMemory,
    nextQuery,
    answerQuery,
  });
  return { context, realm, realmMs: performance.now() - startedAt };
}

/** Does what the realm was last told to. Empty if it ran out of time. */
function enter(context: vm.Context, timeMs: number | null): string {
  const options = timeMs === null ? {} : { timeout: Math.max(1, Math.ceil(timeMs)) };
  const text: unknown = entryScript.runInContext(context, options);
  return typeof text === "string" ? text : "";
}

function run(job: ThreadJob): void {
  memoryMb = job.memoryMb ?? MACHINE_MB;
  isMemoryLimited = job.memoryMb !== null;
  flags[SITE] = -1;
  Atomics.store(flags, PENDING_PARTS, 0);
  pausedMs = 0;
  clearTimeout(resting);
  const prepared = next ?? prepare();
  const { context, realm, realmMs } = prepared;
  current = prepared;
  next = null;
  post({ kind: "began" });
  const startedAt = performance.now();
  const failure = start(job, context, realm);
  const elapsedMs = performance.now() - startedAt - pausedMs;
  Atomics.store(flags, PAUSED, 0);
  // Promises that failed and were not looked at are known once this task is over.
  setImmediate(() => {
    const finishedAt = performance.now();
    const finished = isReplaced() ? forget() : finish(context, realm, failure);
    post({ kind: "ended", ...finished, elapsedMs, realmMs, traceMs: performance.now() - finishedAt });
    Atomics.store(flags, REQUESTS, 0);
    resting = setTimeout(prepareNext, REST_MS);
  });
}

/** No closure of a run's: one that waits would keep that run's realm, and all it holds, from being collected. */
function prepareNext(): void {
  next ??= prepare();
  next.realm.warmUp();
  enter(next.context, null);
}

type Failure = { kind: "none" } | { kind: "unanswered" } | { kind: "invalid"; finish: string };

function start(job: ThreadJob, context: vm.Context, realm: Realm): Failure {
  for (const [index, file] of job.files.entries()) {
    if (file.kind !== "program") {
      addData(file, realm);
      continue;
    }
    try {
      realm.addProgram(evaluate(file, context), file.siteCount, JSON.stringify(file.imports));
    } catch (error) {
      return { kind: "invalid", finish: invalidProgram(error, file.fileName, index) };
    }
  }
  let main: Main;
  try {
    main = evaluate(job, context);
  } catch (error) {
    return { kind: "invalid", finish: invalidProgram(error, job.fileName, -1) };
  }
  const outputChars = job.outputChars ?? Number.MAX_SAFE_INTEGER;
  const traceBytes = job.traceMb * BYTES_PER_MB;
  if (job.seed !== null) realm.seed(job.seed);
  realm.start(main, job.sites, JSON.stringify(job.imports), outputChars, traceBytes);
  try {
    enter(context, job.timeMs === null || job.pausable ? null : job.timeMs + GRACE_MS);
    return { kind: "none" };
  } catch {
    // Only the time limit comes out: the realm keeps the program's own errors.
    return { kind: "unanswered" };
  }
}

type Main = () => unknown;

function evaluate({ code, fileName }: ThreadProgram, context: vm.Context): Main {
  return new vm.Script(code, { filename: fileName }).runInContext(context) as Main;
}

/** Only text and the realm's own memory go in. */
function addData({ kind, bytes }: Exclude<ThreadFile, { kind: "program" }>, realm: Realm): void {
  if (kind === "json" || kind === "csv") {
    realm.addData(kind, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
    return;
  }
  const memory = realm.allocate(bytes.length);
  Uint8Array.prototype.set.call(memory, bytes);
  realm.addData(kind, memory);
}

function finish(
  context: vm.Context,
  realm: Realm,
  failure: Failure,
): { finish: string; unanswered: boolean } {
  if (failure.kind === "invalid") return { finish: failure.finish, unanswered: false };
  realm.finish();
  try {
    const isLate = failure.kind === "unanswered" || (Atomics.load(flags, REQUESTS) & STOP_BITS) !== 0;
    const timeMs = isLate ? LATE_AFTERWARDS_MS : AFTERWARDS_MS;
    return { finish: enter(context, timeMs), unanswered: failure.kind === "unanswered" };
  } catch {
    return { finish: "", unanswered: true };
  }
}

function isReplaced(): boolean {
  return stopReason(Atomics.load(flags, REQUESTS)) === "replaced";
}

/** Nobody asks for anything of a program that was replaced. */
function forget(): { finish: string; unanswered: boolean } {
  current = null;
  return { finish: "", unanswered: false };
}

/** Code that V8 refuses though the compiler let it pass. V8 puts the place in the stack's first lines. */
function invalidProgram(error: unknown, fileName: string, file: number): string {
  const { message, stack = "" } = error as Error;
  const line = /:(\d+)\n/.exec(stack)?.[1] ?? "1";
  const column = (/\n( *)\^/.exec(stack)?.[1].length ?? 0) + 1;
  const frame = `at ${fileName}:${line}:${column}`;
  const thrown = { name: "SyntaxError", message, stack: frame, forwardStack: "" };
  const report: Report = { state: "failed", ...thrown, site: -1, file };
  return JSON.stringify({ part: null, report });
}

function post(message: FromThread): void {
  port.postMessage(message);
}

function send(part: string): void {
  Atomics.add(flags, PENDING_PARTS, 1);
  post({ kind: "part", part });
  for (;;) {
    const pending = Atomics.load(flags, PENDING_PARTS);
    if (pending <= MAX_PENDING_PARTS || (Atomics.load(flags, REQUESTS) & STOP_BITS) !== 0) return;
    Atomics.wait(flags, PENDING_PARTS, pending, 50);
  }
}

function paused(on: boolean): void {
  if (on) pausedAt = performance.now();
  else pausedMs += performance.now() - pausedAt;
  post({ kind: "paused", on });
}

function isOverMemory(): boolean {
  if (usedMb() <= memoryMb) return false;
  collectUntilWithin(memoryMb);
  return usedMb() > memoryMb;
}

function grantMemory(bytes: number): number {
  const wantedMb = bytes / BYTES_PER_MB;
  if (usedMb() + wantedMb > memoryMb) collectUntilWithin(memoryMb - wantedMb);
  return answerToRequest((memoryMb - usedMb()) * BYTES_PER_MB - bytes, isMemoryLimited);
}

/**
 * V8 gives the memory of dead arrays back beside the program. The second collection waits for most of that; before a
 * program is refused memory or stopped, it is looked for once more a moment later.
 */
function collectUntilWithin(mb: number): void {
  for (let look = 0; look < MAX_LOOKS; look++) {
    if (look > 0) Atomics.wait(moment, 0, 0, LOOK_AGAIN_MS);
    collectGarbage();
    collectGarbage();
    if (usedMb() <= mb) return;
  }
}

function usedMb(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / BYTES_PER_MB;
}

function nextQuery(): string {
  const received = receiveMessageOnPort(port) as { message: ToThread } | undefined;
  if (received?.message.kind !== "query") return "";
  request = received.message.request;
  return JSON.stringify(received.message.query);
}

function answerQuery(json: string): void {
  post({ kind: "answered", request, answer: json });
}

function answer({ request, query }: Extract<ToThread, { kind: "query" }>): void {
  let json = "null";
  try {
    current?.realm.ask(JSON.stringify(query));
    if (current !== null) json = enter(current.context, AFTERWARDS_MS);
  } catch {
    // The value's own code did not end: there is nothing to show.
  }
  post({ kind: "answered", request, answer: json });
}

// Out of stack, Node's own code throws errors of this realm into a program: they lead to nothing it can change.
freezeIntrinsics();
process.on("unhandledRejection", (reason) => current?.realm.rejected(reason));
port.on("message", (message: ToThread) => {
  if (message.kind === "run") run(message.job);
  else answer(message);
});

next = prepare();
post({ kind: "ready", codeCache: realmScript.createCachedData() });
resting = setTimeout(prepareNext, REST_MS);
