import { createRuntime } from "../runtime/runtime";
import type { StopReason } from "../trace/model";
import { type RecorderHost, TraceRecorder } from "../trace/recorder";
import { writeOptional } from "../trace/wire";
import { ENTRY } from "./entry";
import { describeThrown } from "./errors";
import { harden, shielded } from "./harden";
import type { TracePart } from "./messages";
import { modules } from "./modules";
import { defineOutput } from "./output";

/**
 * What the thread holds of a realm. Each method only notes what is to be done; evaluating a
 * call of `ENTRY` does it and gives its text, so that the thread can set a time limit on it and promises are
 * settled before it returns.
 */
export interface Realm {
  /** Runs a compiled program. Gives no text. */
  start(main: Main, siteCount: number, outputChars: number): void;
  /** Gives a `Finish` as JSON. */
  finish(): void;
  /** Gives an `Inspection` as JSON, or `null`. */
  inspect(site: number): void;
  /** A promise of the program's failed and nothing in the program will look at it. */
  rejected(reason: unknown): void;
}

/** How a program ended. `site` is that of the loop, probe or `throw` that ended it, -1 if unknown. */
export type Report =
  | { state: "done" }
  | { state: "failed"; name: string; message: string; stack: string; site: number }
  | { state: "stopped"; reason: StopReason; site: number };

/** What a program left: the last part of its trace (null if it adds nothing) and how it ended. */
export interface Finish {
  part: TracePart | null;
  report: Report;
}

type Main = (runtime: unknown) => unknown;

const { apply } = Reflect;
const { then } = Promise.prototype;
const NativePromise = Promise;

export function createRealm(host: RecorderHost): Realm {
  const shieldedHost: RecorderHost = {
    flags: host.flags,
    send: shielded(host.send),
    isOverMemory: shielded(host.isOverMemory),
    nextInspection: shielded(host.nextInspection),
    answerInspection: shielded(host.answerInspection),
  };
  let recorder: TraceRecorder | null = null;
  let report: Report = { state: "done" };
  let task: (() => string) | null = null;
  let unhandled: { reason: unknown } | null = null;

  defineOutput((text) => recorder?.write(text));
  harden();
  Object.defineProperty(globalThis, ENTRY, {
    value: () => {
      const run = task;
      task = null;
      return run?.();
    },
  });

  function failed(thrown: unknown): void {
    if (report.state === "failed" || recorder === null || recorder.isStop(thrown)) return;
    report = { state: "failed", ...describeThrown(thrown), site: recorder.throwSiteOf(thrown) };
  }

  function run(main: Main, siteCount: number, outputChars: number): string {
    report = { state: "done" };
    recorder = new TraceRecorder(shieldedHost, siteCount, outputChars);
    try {
      const result = main(createRuntime(recorder, modules));
      if (result instanceof NativePromise) {
        report = neverSettled;
        const settled = () => {
          if (report === neverSettled) report = { state: "done" };
        };
        const rejected = (reason: unknown) => {
          settled();
          failed(reason);
        };
        apply(then, result, [settled, rejected]);
      }
    } catch (thrown) {
      failed(thrown);
    }
    return "";
  }

  function finish(): string {
    if (unhandled !== null) failed(unhandled.reason);
    const stopped = recorder?.stopped ?? null;
    const text = writeReport(stopped === null ? report : { state: "stopped", ...stopped });
    return `{"part":${recorder?.takePart() ?? "null"},"report":${text}}`;
  }

  return {
    start: (main, siteCount, outputChars) => {
      task = () => run(main, siteCount, outputChars);
    },
    finish: () => {
      task = finish;
    },
    inspect: (site) => {
      task = () => recorder?.inspect(site) ?? "null";
    },
    rejected: (reason) => {
      unhandled ??= { reason };
    },
  };
}

const neverSettled: Report = {
  state: "failed",
  name: "RuntimeError",
  message: "The program waits for a promise that nothing settles.",
  stack: "",
  site: -1,
};

function writeReport(report: Report): string {
  if (report.state === "done") return `{"state":"done"}`;
  if (report.state === "stopped")
    return `{"state":"stopped","reason":"${report.reason}","site":${report.site}}`;
  const { name, message, stack, site } = report;
  return (
    `{"state":"failed","name":${writeOptional(name)},"message":${writeOptional(message)},` +
    `"stack":${writeOptional(stack)},"site":${site}}`
  );
}
