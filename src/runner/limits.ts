import type { StopReason } from "../trace/model";
import type { RunLimits } from "./messages";

/** Memory for what is kept of a run's iterations, in megabytes. */
export const DEFAULT_TRACE_MB = 64;

/** So many places of a program are recorded. */
export const MAX_PROBES = 20_000;

/** Where the reader of a message can raise a limit. */
export type LimitsOwner = "settings" | "commandLine";

const RAISE = {
  settings: {
    time: "raise the time limit in settings (gradlens.timeLimit)",
    memory: "raise the memory limit in settings (gradlens.memoryLimit)",
    output: "raise the output limit in settings (gradlens.outputLimit)",
  },
  commandLine: {
    time: "raise the time limit (--time-limit SECONDS)",
    memory: "raise the memory limit (--memory-limit MB)",
    output: "raise the output limit",
  },
} as const;

/** What a reader is told about a run that was stopped: what happened and what to do next. */
export function stopMessage(
  reason: StopReason,
  limits: RunLimits,
  elapsedMs: number,
  owner: LimitsOwner = "settings",
): string {
  const raise = RAISE[owner];
  switch (reason) {
    case "time":
      return `Stopped after ${Math.round(limits.timeMs ?? elapsedMs)} ms. Shorten the loop or ${raise.time}.`;
    case "memory":
      return limits.memoryMb === null
        ? "Stopped because memory ran out. Use smaller tensors or keep fewer of them."
        : `Stopped at ${limits.memoryMb} MB of memory. Use smaller tensors, keep fewer of them or ${raise.memory}.`;
    case "output":
      return `Stopped after printing ${limits.outputChars} characters. Print less or ${raise.output}.`;
    case "probes":
      return `Stopped after recording ${MAX_PROBES} places. Split the program into several files.`;
    case "user":
      return `Stopped by you after ${Math.round(elapsedMs)} ms.`;
    case "replaced":
      return "Replaced by a newer run.";
  }
}
