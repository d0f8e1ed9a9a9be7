import type { CompileResult } from "../compiler/compile";
import type { Site } from "../compiler/site";
import type { Outcome, RunError, StopReason } from "../trace/model";
import { siteRunning } from "../trace/running";
import { programFrame } from "./frames";
import { stopMessage } from "./limits";
import type { RunLimits } from "./messages";
import type { Report } from "./realm";

/** A compiled program with what its outcome is told in. */
export interface CompiledRun {
  source: string;
  /** The name in the program's stack frames. */
  fileName: string;
  compiled: CompileResult;
  limits: RunLimits;
}

type Ended = Exclude<Outcome, { kind: "running" }>;

export function outcomeOf(run: CompiledRun, report: Report, elapsedMs: number): Ended {
  switch (report.state) {
    case "done":
      return { kind: "done", elapsedMs };
    case "stopped":
      return stoppedAt(run, report.reason, run.compiled.sites[report.site] ?? null, elapsedMs);
    case "failed": {
      const { name, message } = report;
      return { kind: "failed", error: { name, message, ...placeOf(run, report) }, elapsedMs };
    }
  }
}

/** For a program that had to be ended from outside: `last` is the site it reached last. */
export function outcomeOfUnanswered(
  run: CompiledRun,
  reason: StopReason,
  last: number,
  elapsedMs: number,
): Ended {
  return stoppedAt(run, reason, siteRunning(run.compiled.sites, last), elapsedMs);
}

function stoppedAt(run: CompiledRun, reason: StopReason, site: Site | null, elapsedMs: number): Ended {
  const message = stopMessage(reason, run.limits, elapsedMs);
  const error: RunError = { name: "Stopped", message, ...firstLine(run.source, site ?? wholeOf(run)) };
  return { kind: "stopped", reason, error, elapsedMs };
}

interface Range {
  start: number;
  end: number;
}

function placeOf(run: CompiledRun, { stack, site }: Extract<Report, { state: "failed" }>): Range {
  const frame = programFrame(stack, run.fileName);
  const located = frame === null ? null : run.compiled.locate(frame.line, frame.column);
  const { start, end } = located ?? run.compiled.sites[site] ?? firstLine(run.source, wholeOf(run));
  return { start, end };
}

function wholeOf({ source }: CompiledRun): Range {
  const start = source.search(/\S/);
  return start < 0 ? { start: 0, end: 0 } : { start, end: source.length };
}

/** A loop is marked at its head, not down to its last line. */
function firstLine(source: string, { start, end }: Range): Range {
  const length = source.slice(start, end).search(/[\r\n]/);
  return { start, end: length < 0 ? end : start + length };
}
