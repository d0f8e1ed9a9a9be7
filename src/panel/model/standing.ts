import type { SessionState, ShownTrace } from "../../session/session";
import type { RunStatus } from "./runs";
import type { Problem, Standing } from "./status";

/** How a program stands, of which the newest recorded run has come to `run`. `lineAt` tells the line of an offset. */
export function standingOf(
  { status, live, stale, diagnostics }: SessionState,
  run: RunStatus | null,
  lineAt: (offset: number) => number,
): Standing {
  switch (status.kind) {
    case "rejected": {
      const [first] = diagnostics;
      const problem = first === undefined ? null : { text: first.message, line: lineAt(first.start) };
      return { status: "rejected", problem };
    }
    case "frozen":
      return { status: "paused", problem: null };
    case "paused":
    case "halted":
      if (live === null || stale) return { status: "waiting", problem: null };
  }
  return { status: run, problem: live === null || stale ? null : problemOf(live) };
}

function problemOf({ trace: { outcome, source }, lineNow }: ShownTrace): Problem | null {
  if (outcome.kind !== "failed" && outcome.kind !== "stopped") return null;
  if (outcome.kind === "stopped" && outcome.reason === "user") return null;
  const { name, message, start } = outcome.error;
  const line = lineNow(source.slice(0, start).split("\n").length - 1);
  return {
    text: outcome.kind === "failed" ? `${name}: ${message}` : message,
    line: line === null ? null : line + 1,
  };
}
