import { Worker } from "node:worker_threads";
import type { StopReason } from "../trace/model";
import type { Query } from "../trace/queries";
import { FLAGS_BYTES, PAUSED, PENDING_PARTS, REQUESTS, Request, SITE, stopRequest } from "./flags";
import type { FromThread, ThreadData, ThreadJob, ToThread } from "./protocol";

export interface ThreadFiles {
  /** The bundle of `program.ts`. */
  program: string;
  /** The bundle of `realm.ts`. */
  realm: string;
}

export interface ThreadEvents {
  /** The program it was given begins: what has to be ready for that is. */
  began(): void;
  part(part: string): void;
  ended(message: Extract<FromThread, { kind: "ended" }>): void;
  answered(request: number, answer: string): void;
  /** The program rests between two iterations, or goes on. */
  paused(on: boolean): void;
  /** The thread is gone, out of memory or broken. Not called after `terminate`. */
  died(code: string): void;
}

/** V8's compiled form of the realm, made by the first thread so that later ones start faster. */
let codeCache: Uint8Array | null = null;

/** A program thread as the runner sees it. */
export class ProgramThread {
  events: ThreadEvents | null = null;
  /** Whether it has loaded. */
  isReady = false;
  private isTerminated = false;
  private readonly flags = new Int32Array(new SharedArrayBuffer(FLAGS_BYTES));
  private readonly worker: Worker;

  constructor(files: ThreadFiles) {
    const workerData: ThreadData = {
      flags: this.flags.buffer as SharedArrayBuffer,
      realmFile: files.realm,
      codeCache,
    };
    this.worker = new Worker(files.program, { workerData, env: {}, stdout: true, stderr: true });
    this.worker.on("message", (message: FromThread) => this.receive(message));
    this.worker.on("error", (error: NodeJS.ErrnoException) => {
      if (this.events !== null) this.events.died(error.code ?? error.message);
      else if (!this.isTerminated) throw error; // before it had anything to run: with the process it begins anew
    });
  }

  run(job: ThreadJob): void {
    Atomics.store(this.flags, REQUESTS, 0);
    Atomics.store(this.flags, PAUSED, 0);
    this.post({ kind: "run", job });
  }

  stop(reason: StopReason): void {
    this.request(stopRequest(reason));
  }

  /** Has the program rest at its next iteration, or go on. */
  pause(on: boolean): void {
    Atomics.store(this.flags, PAUSED, on ? 1 : 0);
    // One that rests waits for a request.
    if (!on) this.request(Request.flush);
  }

  /** Asks for a part, and to check memory where `overMemory`. */
  requestPart(overMemory: boolean): void {
    this.request(overMemory ? Request.flush | Request.memory : Request.flush);
  }

  query(request: number, query: Query): void {
    this.post({ kind: "query", request, query });
    this.request(Request.query);
  }

  /** A part reached the editor. */
  partArrived(): void {
    Atomics.sub(this.flags, PENDING_PARTS, 1);
    Atomics.notify(this.flags, PENDING_PARTS);
  }

  /** Whether the program has not come to see what it was asked. */
  get hasUnansweredRequest(): boolean {
    return Atomics.load(this.flags, REQUESTS) !== 0;
  }

  /** The site the program reached last, -1 before the first. */
  get site(): number {
    return Atomics.load(this.flags, SITE);
  }

  async terminate(): Promise<void> {
    this.events = null;
    this.isTerminated = true;
    await this.worker.terminate();
  }

  private request(bits: number): void {
    Atomics.or(this.flags, REQUESTS, bits);
    Atomics.notify(this.flags, REQUESTS);
  }

  private post(message: ToThread): void {
    this.worker.postMessage(message);
  }

  private receive(message: FromThread): void {
    switch (message.kind) {
      case "ready":
        codeCache ??= message.codeCache;
        this.isReady = true;
        return;
      case "began":
        this.events?.began();
        return;
      case "part":
        this.events?.part(message.part);
        return;
      case "ended":
        this.events?.ended(message);
        return;
      case "paused":
        this.events?.paused(message.on);
        return;
      case "answered":
        this.events?.answered(message.request, message.answer);
        return;
    }
  }
}
