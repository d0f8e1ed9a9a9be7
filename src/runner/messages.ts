import type { CompileDiagnostic } from "../compiler/diagnostic";
import type { Site } from "../compiler/site";
import type { Outcome, Seen } from "../trace/model";

/**
 * Editor → runner. At most one run is under way: a `run` cancels the one before it, so the editor
 * need not cancel first; what still arrives of the older run is to be ignored. Run numbers only grow.
 */
export type ToRunner =
  | { kind: "run"; run: number; fileName: string; source: string; limits: RunLimits; probes: boolean }
  | { kind: "cancel"; run: number }
  /** Asks for the whole value at a site of a finished (or streaming) run; answered by `inspected`. */
  | { kind: "inspect"; request: number; run: number; site: number };

/** Runner → editor. Nothing follows `rejected` or `ended` for that run except `inspected`. */
export type FromRunner =
  /** `confined`: Node's permission model is in force. */
  | { kind: "ready"; confined: boolean }
  /** The program cannot run: syntax errors, unknown imports. */
  | { kind: "rejected"; run: number; diagnostics: CompileDiagnostic[] }
  /** Compiled; the program starts now. `sites` give the ids used below their meaning. */
  | { kind: "started"; run: number; sites: Site[] }
  | { kind: "part"; run: number; part: TracePart }
  /** With the last part, null if it adds nothing. */
  | { kind: "ended"; run: number; part: TracePart | null; outcome: Exclude<Outcome, { kind: "running" }> }
  /** `null` when the value is gone: the run was replaced, or its process was. */
  | { kind: "inspected"; request: number; inspection: Inspection | null };

/** What a run added to its trace since the last part. */
export interface TracePart {
  /** Sites that changed. */
  seen: [site: number, seen: Seen][];
  /** What was printed. */
  output: string;
  /** The site reached last when the part was made; -1 before the first. */
  at: number;
}

/** Limits of one run; `null` is unlimited. */
export interface RunLimits {
  /** Wall-clock time of the program itself, in milliseconds. */
  timeMs: number | null;
  /** Tensors and heap of the program, in megabytes. */
  memoryMb: number | null;
  /** Printed characters. */
  outputChars: number | null;
}

/** The whole value at a site, for a hover. Every field is ready to show. */
export interface Inspection {
  /** The value as `print` shows it, summarised by PyTorch's own rule. */
  text: string;
  count: number;
  tensor: null | {
    shape: number[];
    dtype: string;
    requiresGrad: boolean;
    isLeaf: boolean;
    gradFn: string | null;
    /** Names of `grad_fn.next_functions`, `null` for an input that needs no gradient. */
    nextFunctions: (string | null)[];
    /** The gradient the last backward pass left here, as PyTorch prints it. */
    grad: string | null;
  };
}
