import type { Site } from "../compiler/site";

/** What one run left behind, as far as it got. Grows while the run streams; never shrinks. */
export interface Trace {
  run: number;
  /** The source text the run was compiled from; site offsets refer to it. */
  source: string;
  sites: readonly Site[];
  /** What each probe saw last, by site id. A site that was never reached has no entry. */
  seen: Map<number, Seen>;
  /** Everything printed so far. */
  output: string;
  outcome: Outcome;
}

/** What the probe at one site saw. */
export interface Seen {
  /** How often the site was reached. */
  count: number;
  /** The value when the site was last reached, as it was at that moment. */
  value: ValueSummary;
  /** Values of a scalar over the iterations, oldest first, thinned evenly to `SERIES_LENGTH`. */
  series?: number[];
  /** What a tensor was before the site changed it in place. */
  before?: string;
  /** What happened here besides the value. */
  event?: TrainingEvent;
}

/** `backward()` left gradients, or an optimizer's step moved parameters. */
export type TrainingEvent =
  | { kind: "backward"; leaves: ReachedLeaf[] }
  | { kind: "step"; moved: MovedLeaf[] };

/** A leaf that a backward pass left a gradient at; the text is empty where that is not known. */
export interface ReachedLeaf {
  name: string | null;
  shape: number[];
  grad: string;
}

/** A leaf that a step moved. How far is empty, and NaN, where that is not known. */
export interface MovedLeaf {
  name: string | null;
  shape: number[];
  change: string;
  /** Euclidean. */
  distance: number;
}

/** Longest series a run reports per site. */
export const SERIES_LENGTH = 64;

/** Longest text of a value or gradient in a summary, in characters. */
export const SUMMARY_CHARS = 2000;

/**
 * A value formatted inside the program's realm; nothing but text and numbers crosses over. A plain text
 * is empty where there is nothing worth a label: `undefined`, a function, a loop.
 */
export type ValueSummary = TensorSummary | { kind: "plain"; text: string };

export interface TensorSummary {
  kind: "tensor";
  /**
   * As PyTorch prints it, without the `grad_fn`/`requires_grad` suffix: `tensor([2., 3.])`. Cut after
   * `SUMMARY_CHARS` characters, ending in "…"; an inspection has the whole.
   */
  text: string;
  shape: number[];
  /** `torch.float32` … */
  dtype: string;
  requiresGrad: boolean;
  /** `MulBackward0`, or null for a leaf. */
  gradFn: string | null;
  /** The gradient that the last backward pass left here, as PyTorch prints it; null if none arrived. */
  grad: string | null;
}

export type Outcome =
  | { kind: "running" }
  | { kind: "done"; elapsedMs: number }
  | { kind: "failed"; error: RunError; elapsedMs: number }
  /** Ended by a limit or by the user, not by the program. `error` marks what was running. */
  | { kind: "stopped"; reason: StopReason; error: RunError; elapsedMs: number };

/** What ended a run that did not end by itself: one of its limits, the user, or a newer run. */
export type StopReason = "time" | "memory" | "output" | "probes" | "user" | "replaced";

/** An error at a place in the source. `start`/`end` are UTF-16 offsets into `Trace.source`. */
export interface RunError {
  /** `RuntimeError`, `IndexError`, `TypeError` … */
  name: string;
  message: string;
  start: number;
  end: number;
}
