import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createRunner, type RunHandle, type Runner } from "../../src/runner/client";
import { launchRunner } from "../../src/runner/launch";
import type { RunLimits } from "../../src/runner/messages";
import type { RunError, Trace } from "../../src/trace/model";
import { repoRoot } from "../repo";

export const folder = join(repoRoot, "dist");

/** What a run came to, as a test reads it. */
export interface Result {
  kind: "done" | "failed" | "stopped" | "rejected";
  output: string;
  /** `RuntimeError: message`. */
  message: string;
  /** The source text that the error marks. */
  place: string;
  trace: Trace | null;
}

export interface Started {
  handle: RunHandle;
  result: Promise<Result>;
  /** Resolves when the run next rests, or goes on. */
  paused(on: boolean): Promise<void>;
  /** Resolves when `condition` holds of the growing trace. */
  until(condition: (trace: Trace) => boolean): Promise<Trace>;
}

/** A runner process for tests, and the processes it went through. */
export class TestRunner {
  readonly children: ChildProcess[] = [];
  readonly runner: Runner;

  constructor(launch = launchRunner) {
    this.runner = createRunner({
      folder,
      launch: (where, permissions) => {
        const child = launch(where, permissions);
        this.children.push(child);
        return child;
      },
    });
  }

  start(source: string, limits: Partial<RunLimits> = {}, probes = true): Started {
    const waiting = new Set<(trace: Trace) => void>();
    const grown = (trace: Trace) => {
      for (const look of waiting) look(trace);
    };
    let handle!: RunHandle;
    const resting = new Map<boolean, () => void>();
    const result = new Promise<Result>((resolve) => {
      handle = this.runner.run(
        source,
        { fileName: "/lessons/program.grad.ts", limits: { ...unlimited, ...limits }, probes, pausable: true },
        {
          rejected: ([{ message, start, end }]) =>
            resolve({ kind: "rejected", output: "", message, place: source.slice(start, end), trace: null }),
          part: grown,
          paused: (on) => resting.get(on)?.(),
          ended: (trace) => {
            grown(trace);
            resolve(resultOf(trace));
          },
        },
      );
    });
    const until = (condition: (trace: Trace) => boolean) =>
      new Promise<Trace>((resolve) => {
        waiting.add((trace) => {
          if (condition(trace)) resolve(trace);
        });
      });
    const paused = (on: boolean) => new Promise<void>((resolve) => resting.set(on, resolve));
    return { handle, result, paused, until };
  }

  run(source: string, limits?: Partial<RunLimits>, probes?: boolean): Promise<Result> {
    return this.start(source, limits, probes).result;
  }

  dispose(): void {
    this.runner.dispose();
  }
}

const unlimited: RunLimits = { timeMs: null, memoryMb: null, outputChars: null };

function resultOf(trace: Trace): Result {
  const { outcome, output, source } = trace;
  if (outcome.kind === "done" || outcome.kind === "running") {
    return { kind: "done", output, message: "", place: "", trace };
  }
  const { start, end }: RunError = outcome.error;
  const { name, message } = outcome.error;
  return {
    kind: outcome.kind,
    output,
    message: `${name}: ${message}`,
    place: source.slice(start, end),
    trace,
  };
}
