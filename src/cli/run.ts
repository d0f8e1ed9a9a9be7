import { createRunner } from "../runner/client";
import { stopMessage } from "../runner/limits";
import type { RunLimits, StageTimes } from "../runner/messages";
import type { Outcome } from "../trace/model";
import { filesOf, formatProblem, readProgram } from "./program";
import { UsageError } from "./usage";

interface RunArguments {
  values: { "time-limit"?: string; "memory-limit"?: string; timing?: boolean };
  positionals: string[];
}

/**
 * Runs a program: what it prints on stdout as it comes, an error on stderr. Resolves to the exit code.
 * With `timing` also what each stage took, on stderr; the program then runs with probes, as in the editor.
 * `folder` holds the runner's bundles.
 */
export function run({ values, positionals }: RunArguments, folder: string): Promise<number> {
  const program = readProgram("run", positionals);
  const limits: RunLimits = {
    timeMs: positive("--time-limit", values["time-limit"], 1000),
    memoryMb: positive("--memory-limit", values["memory-limit"], 1),
    outputChars: null,
  };
  const report = (offset: number, message: string) =>
    process.stderr.write(formatProblem(program, offset, message));
  // Without a limit nothing stops a program at a line, so it may run at full speed.
  const probes = limits.timeMs !== null || limits.memoryMb !== null || values.timing === true;
  const startedAt = performance.now();
  const runner = createRunner({ folder, files: filesOf(program) });
  return new Promise<number>((resolve) => {
    runner.run(
      program.source,
      { fileName: program.file, limits, probes },
      {
        rejected(diagnostics) {
          for (const { start, message } of diagnostics) report(start, message);
          resolve(1);
        },
        output: (text) => process.stdout.write(text),
        ended({ outcome }, times) {
          const problem = problemOf(outcome, limits);
          if (problem !== null) report(problem.offset, problem.message);
          if (values.timing === true && times != null)
            process.stderr.write(timing(times, performance.now() - startedAt));
          resolve(problem === null ? 0 : 1);
        },
      },
    );
  }).finally(() => runner.dispose());
}

/** One line per stage, in milliseconds. The rest is starting the runner's process and talking to it. */
function timing(times: StageTimes, totalMs: number): string {
  const stages: [string, number][] = Object.entries(times);
  const rest = stages.reduce((left, [, ms]) => left - ms, totalMs);
  const lines = [...stages, ["process", rest] as const, ["total", totalMs] as const];
  return lines.map(([stage, ms]) => `${stage.padEnd(8)}${ms.toFixed(1).padStart(9)} ms\n`).join("");
}

function problemOf(outcome: Outcome, limits: RunLimits): { offset: number; message: string } | null {
  switch (outcome.kind) {
    case "failed": {
      const { name, message, start } = outcome.error;
      return { offset: start, message: `${name}: ${message}` };
    }
    case "stopped": {
      const { reason, elapsedMs, error } = outcome;
      const forSettings = stopMessage(reason, limits, elapsedMs);
      const message = error.message.replace(
        forSettings,
        stopMessage(reason, limits, elapsedMs, "commandLine"),
      );
      return { offset: error.start, message };
    }
    default:
      return null;
  }
}

function positive(option: string, text: string | undefined, scale: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`${option} needs a number above 0.`);
  return value * scale;
}
