import type { SessionState } from "../session/session";

/** Something wrong at a place in the current text: UTF-16 offsets, end exclusive. */
export interface Problem {
  severity: "error" | "warning";
  message: string;
  start: number;
  end: number;
}

/**
 * What a session has to complain about. Null while that is not known yet for the current text: what was shown
 * before then stays.
 */
export function problemsOf({ live, stale, status, diagnostics }: SessionState): Problem[] | null {
  if (status.kind === "rejected") return diagnostics.map((one) => ({ severity: "error", ...one }));
  if (live === null || stale) return null;
  const { outcome } = live.trace;
  switch (outcome.kind) {
    case "running":
      return null;
    case "done":
      return [];
    case "failed": {
      const { name, message, start, end } = outcome.error;
      return [{ severity: "error", message: message === "" ? name : `${name}: ${message}`, start, end }];
    }
    case "stopped": {
      if (outcome.reason === "user" || outcome.reason === "replaced") return [];
      const { message, start, end } = outcome.error;
      return [{ severity: "warning", message, start, end }];
    }
  }
}
