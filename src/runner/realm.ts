import { setMemoryGuard } from "../../engine/memory";
import { defaultGenerator } from "../../engine/random/generator";
import { GradientChecks } from "../gradientCheck/checks";
import { doubled } from "../gradientCheck/double";
import type { DataKind } from "../language/modules";
import type { Recorder } from "../runtime/recorder";
import { createRuntime, type ModuleLookup, type ModuleNamespace } from "../runtime/runtime";
import { writeJson } from "../trace/json";
import type { StopReason } from "../trace/model";
import { type RecordedSite, type RecorderHost, type RecorderLimits, TraceRecorder } from "../trace/recorder";
import { ENTRY } from "./entry";
import { describeThrown, type ThrownText } from "./errors";
import { OVER_LIMIT } from "./grants";
import { harden, shielded } from "./harden";
import { dataModule, recorderFrom } from "./imported";
import type { TracePart } from "./messages";
import { modules } from "./modules";
import { defineOutput } from "./output";
import { overrideSeed } from "./seed";
import { warmUp } from "./warmUp";

/**
 * What the thread holds of a realm. Each method only notes what is to be done; evaluating a
 * call of `ENTRY` does it and gives its text, so that the thread can set a time limit on it and promises are
 * settled before it returns.
 */
export interface Realm {
  /** Makes the first calls of much that programs call. Gives no text. */
  warmUp(): void;
  /** Memory of the realm, which the thread fills with a file's bytes. */
  allocate(bytes: number): Uint8Array;
  /**
   * Adds a file for the program to import, after those that it imports itself, and returns at once.
   * `imports`, as JSON, are its own imports: places in the order of adding.
   */
  addProgram(main: Main, siteCount: number, imports: string): void;
  addData(kind: DataKind, content: Uint8Array | string): void;
  /** Random numbers begin at this seed, whatever the program says. Returns at once. */
  seed(seed: number): void;
  /** Runs a compiled program after those it imports. Gives no text. */
  start(main: Main, sites: string, imports: string, outputChars: number, traceBytes: number): void;
  /** Gives a `Finish` as JSON. */
  finish(): void;
  /** Gives the answer to a `Query`; both are JSON. */
  ask(query: string): void;
  /** A promise of the program's failed and nothing in the program will look at it. */
  rejected(reason: unknown): void;
}

/**
 * How a program ended. `site` is that of the loop, probe or `throw` that ended it, -1 if unknown; the sites of
 * imported files are counted on from the program's. `file` is the imported file that was being evaluated, or -1.
 */
export type Report =
  | { state: "done" }
  | ({ state: "failed"; site: number; file: number } & ThrownText)
  | { state: "stopped"; reason: StopReason; stack: string; site: number };

/** What a program left: the last part of its trace (null if it adds nothing) and how it ended. */
export interface Finish {
  part: TracePart | null;
  report: Report;
}

type Main = (runtime: unknown) => unknown;

/** Evaluates a file and gives what it exports, or a promise of that. */
type Evaluation = () => ModuleNamespace | Promise<ModuleNamespace>;

interface Imported {
  siteCount: number;
  /** Takes what it needs of the realm before any program runs. */
  prepare(recorder: Recorder, modulesOf: ModulesOf): Evaluation;
}

/** What the imports of a program mean, from the places of files as JSON. */
type ModulesOf = (imports: string) => ModuleLookup;

const { apply } = Reflect;
const { hasOwn } = Object;
const { then } = Promise.prototype;
const NativePromise = Promise;

export function createRealm(host: RecorderHost): Realm {
  const shieldedHost: RecorderHost = {
    flags: host.flags,
    send: shielded(host.send),
    paused: shielded(host.paused),
    isOverMemory: shielded(host.isOverMemory),
    grantMemory: shielded(host.grantMemory),
    nextQuery: shielded(host.nextQuery),
    answerQuery: shielded(host.answerQuery),
  };
  let recorder: TraceRecorder | null = null;
  let report: Report = { state: "done" };
  let task: (() => string) | null = null;
  let unhandled: { reason: unknown } | null = null;
  const imported: Imported[] = [];
  const namespaces: ModuleNamespace[] = [];
  let checks: GradientChecks | null = null;
  /** The imported file that is being evaluated, or -1. */
  let evaluating = -1;
  /** Once the program is over it only runs again to be checked: what it prints then was printed before. */
  let isOver = false;

  defineOutput((text) => {
    if (!isOver) recorder?.write(text);
  });
  const guard = (bytes: number) => {
    const granted = shieldedHost.grantMemory(bytes);
    if (granted === OVER_LIMIT && !isOver) recorder?.end("memory");
    return granted;
  };
  setMemoryGuard(guard);
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
    const site = recorder.throwSiteOf(thrown);
    report = { state: "failed", ...describeThrown(thrown), site, file: evaluating };
  }

  /** What the imports of a program mean: files by `imports`, else the engine's modules. */
  function lookup(imports: string): ModuleLookup {
    const files = JSON.parse(imports) as Record<string, number>;
    return (specifier) => (hasOwn(files, specifier) ? namespaces[files[specifier]] : modules(specifier));
  }

  function addProgram(main: Main, siteCount: number, imports: string): void {
    const prepare = (ofFile: Recorder, modulesOf: ModulesOf): Evaluation => {
      const runtime = createRuntime(ofFile, modulesOf(imports));
      const exported = () => runtime.exported;
      return () => {
        const result = main(runtime);
        return result instanceof NativePromise ? apply(then, result, [exported]) : exported();
      };
    };
    imported.push({ siteCount, prepare });
  }

  function addData(kind: DataKind, content: Uint8Array | string): void {
    imported.push({ siteCount: 0, prepare: () => () => dataModule(kind, content) });
  }

  /** Evaluates the imported files from `index` on, then the program. A file that awaits holds up the next. */
  function evaluateFrom(index: number, evaluations: readonly Evaluation[], main: () => unknown): unknown {
    for (let i = index; i < evaluations.length; i++) {
      evaluating = i;
      const evaluate = evaluations[i];
      const namespace = evaluate();
      if (namespace instanceof NativePromise) {
        const next = (settled: ModuleNamespace) => {
          namespaces[i] = settled;
          return evaluateFrom(i + 1, evaluations, main);
        };
        return apply(then, namespace, [next]);
      }
      namespaces[i] = namespace;
    }
    evaluating = -1;
    return main();
  }

  function run(main: Main, sites: string, imports: string, limits: RecorderLimits): string {
    report = { state: "done" };
    const own = JSON.parse(sites) as RecordedSite[];
    const others = imported.reduce((sum, file) => sum + file.siteCount, 0);
    const elsewhere: RecordedSite[] = new Array(others).fill({ kind: "other" });
    const all = new TraceRecorder(shieldedHost, [...own, ...elsewhere], limits);
    recorder = all;
    const begun = defaultGenerator.get_state();
    const evaluate = (by: Recorder, modulesOf = lookup) => {
      let firstSite = own.length;
      const evaluations = imported.map((file) => {
        const ofFile = recorderFrom(by, firstSite, file.siteCount);
        firstSite += file.siteCount;
        return file.prepare(ofFile, modulesOf);
      });
      const runtime = createRuntime(by, modulesOf(imports));
      return evaluateFrom(0, evaluations, () => main(runtime));
    };
    checks = new GradientChecks({
      sites: all.sites,
      evaluate: (by) => {
        defaultGenerator.set_state(begun);
        return evaluate(by, (ofFile) => doubled(lookup(ofFile)));
      },
    });
    try {
      const result = evaluate(all);
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
    isOver = true;
    if (recorder !== null) recorder.checks = checks;
    if (unhandled !== null) failed(unhandled.reason);
    const stopped = recorder?.stopped ?? null;
    const ended = report === neverSettled ? { ...report, file: evaluating } : report;
    const text = writeReport(stopped === null ? ended : { state: "stopped", ...stopped });
    return `{"part":${recorder?.takePart() ?? "null"},"report":${text}}`;
  }

  return {
    warmUp: () => {
      task = () => {
        setMemoryGuard(null); // no program's limit holds for it
        warmUp();
        setMemoryGuard(guard);
        return "";
      };
    },
    allocate: (bytes) => new Uint8Array(bytes),
    addProgram,
    addData,
    seed: overrideSeed,
    start: (main, sites, imports, outputChars, traceBytes) => {
      task = () => run(main, sites, imports, { outputChars, traceBytes });
    },
    finish: () => {
      task = finish;
    },
    ask: (query) => {
      task = () => recorder?.ask(query) ?? "null";
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
  forwardStack: "",
  site: -1,
  file: -1,
};

function writeReport(report: Report): string {
  if (report.state === "done") return `{"state":"done"}`;
  if (report.state === "stopped") {
    const { reason, stack, site } = report;
    return `{"state":"stopped","reason":"${reason}","stack":${writeJson(stack)},"site":${site}}`;
  }
  const { name, message, stack, forwardStack, site, file } = report;
  return (
    `{"state":"failed","name":${writeJson(name)},"message":${writeJson(message)},` +
    `"stack":${writeJson(stack)},"forwardStack":${writeJson(forwardStack)},"site":${site},"file":${file}}`
  );
}
