import type { Status } from "../session/session";

export interface StatusText {
  /** With VS Code's `$(icon)`s. */
  text: string;
  tooltip: string;
}

/** What is said of a run with another seed than the program's. */
export function seedText(seed: number | null): string {
  return seed === null ? "" : ` · seed ${seed}`;
}

/** `undefined` stands for a program that may not run, because the workspace is not trusted. */
export function describeStatus(status: Status | undefined): StatusText {
  switch (status?.kind) {
    case undefined:
      return { text: "$(shield) not trusted", tooltip: "Programs run once you trust this workspace." };
    case "idle":
      return { text: "$(circle-outline) not run", tooltip: "The program has not run yet." };
    case "paused":
      return { text: "$(debug-pause) changed", tooltip: "The program has changed since it last ran." };
    case "halted":
      return {
        text: status.error === null ? "$(debug-pause) paused" : "$(debug-pause) paused: too slow",
        tooltip:
          status.error === null
            ? "The program does not run by itself yet. Click to run it from now on."
            : `The program hit its time limit twice, so it no longer runs by itself. Edit what takes long, or click to run it again. ${oneLine(status.error.message, 200)}`,
      };
    case "running":
      return { text: "$(sync~spin) running", tooltip: "The program is running." };
    case "frozen":
      return {
        text: "$(debug-pause) paused",
        tooltip: "The program rests between two iterations. Click to let it go on.",
      };
    case "done":
      return {
        text: `$(check) ${duration(status.elapsedMs)}`,
        tooltip: `The program ran in ${duration(status.elapsedMs)}.`,
      };
    case "failed":
      return {
        text: `$(error) failed: ${oneLine(status.error.name, 30)}`,
        tooltip: oneLine(`${status.error.name}: ${status.error.message}`, 300),
      };
    case "stopped":
      return { text: "$(circle-slash) stopped", tooltip: oneLine(status.error.message, 300) };
    case "rejected":
      return { text: "$(error) cannot run", tooltip: "The program has errors that keep it from running." };
  }
}

export function duration(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min`;
}

/** A program's own words, which may hold line breaks and the syntax of icons. */
function oneLine(text: string, maxChars: number): string {
  const line = text.replace(/\s+/g, " ").replaceAll("$(", "$\u200b(");
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1)}…`;
}
