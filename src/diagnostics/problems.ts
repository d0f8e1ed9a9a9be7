import type { SessionState } from "../session/session";
import type { Trace } from "../trace/model";
import type { TrainingFacts } from "../trace/queries";
import type { MistakeCode } from "./codes";
import { explainError } from "./explainError";
import type { Fix } from "./finding";
import { findMistakes } from "./rules";

/** Something wrong at a place in the current text: UTF-16 offsets, end exclusive. */
export interface Problem {
  severity: "error" | "warning";
  message: string;
  start: number;
  end: number;
  /** The mistake that it explains. */
  code?: MistakeCode;
  fix?: Fix;
}

/** The mistakes to be told of. */
export type IsWanted = (code: MistakeCode) => boolean;

const everything: IsWanted = () => true;

/**
 * What a session has to complain about. Null while that is not known yet for the current text: what was shown
 * before then stays. `facts` are those of the run, null if nothing is known.
 */
export function problemsOf(
  { live, stale, status, diagnostics }: SessionState,
  facts: TrainingFacts | null = null,
  isWanted: IsWanted = everything,
): Problem[] | null {
  if (status.kind === "rejected") return diagnostics.map((one) => ({ severity: "error", ...one }));
  if (live === null || stale) return null;
  if (live.trace.outcome.kind === "running") return null;
  return [...endOf(live.trace, facts, isWanted), ...warningsOf(live.trace, facts, isWanted)];
}

/** What ended a run before its end. */
function endOf(trace: Trace, facts: TrainingFacts | null, isWanted: IsWanted): Problem[] {
  const { outcome } = trace;
  switch (outcome.kind) {
    case "running":
    case "done":
      return [];
    case "failed": {
      const { name, message, start, end } = outcome.error;
      const text = message === "" ? name : `${name}: ${message}`;
      const explanation = explainError(trace, outcome.error, facts);
      if (explanation === null || !isWanted(explanation.code)) {
        return [{ severity: "error", message: text, start, end }];
      }
      const { code, text: meaning, fix } = explanation;
      return [{ severity: "error", message: `${text}\n\n${meaning}`, start, end, code, ...(fix && { fix }) }];
    }
    case "stopped": {
      if (outcome.reason === "user" || outcome.reason === "replaced") return [];
      const { message, start, end } = outcome.error;
      return [{ severity: "warning", message, start, end }];
    }
  }
}

/** What a run shows of mistakes in its training. */
export function warningsOf(trace: Trace, facts: TrainingFacts | null, isWanted: IsWanted): Problem[] {
  if (facts === null) return [];
  const found = findMistakes({ trace, facts }).filter(({ code }) => isWanted(code));
  return found.map((finding) => ({ severity: "warning", ...finding }));
}
