import type { SessionState } from "../session/session";

/** What a program printed and how it ended; null while nothing of the current text is known. */
export function outputText({ live, stale }: Pick<SessionState, "live" | "stale">): string | null {
  if (live === null || stale) return null;
  const { output, outcome, source } = live.trace;
  if (outcome.kind !== "failed" && outcome.kind !== "stopped") return output;
  const { name, message, start } = outcome.error;
  const line = source.slice(0, start).split("\n").length;
  const separator = output === "" || output.endsWith("\n") ? "" : "\n";
  return `${output}${separator}${name}: ${message} (line ${line})\n`;
}
