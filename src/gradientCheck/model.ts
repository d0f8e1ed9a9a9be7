import type { Position } from "../trace/queries";

/** What is checked: a backward pass of the program, or a derivative that the program defines. */
export type CheckTarget =
  /** The pass that the statement at a site ran last in an iteration of a loop; with null the first that it ran. */
  | { kind: "backward"; site: number; at: Position | null }
  /** The `backward` of a class that extends `torch.autograd.Function`, with what it was first applied to. */
  | { kind: "function"; name: string };

/** A check goes on a little with each question, so that a run need not wait for it. */
export type CheckAnswer = { kind: "underWay"; done: number; of: number } | CheckResult;

export type CheckResult =
  | { kind: "checked"; tensors: CheckedTensor[] }
  /** `message` is the program's own error, empty otherwise. */
  | { kind: "impossible"; reason: Impossible; message: string };

/**
 * - `running`: the program's own run is not over
 * - `notReached`: the statement was not reached by then, or the function never applied
 * - `noLeaves`: nothing that requires a gradient was reached
 * - `notRepeatable`: the program gave another value when it ran again
 * - `tooSlow`: it takes too long to get there
 * - `failed`: it failed on its way
 */
export type Impossible = "running" | "notReached" | "noLeaves" | "notRepeatable" | "tooSlow" | "failed";

/** A leaf, or an argument of a function, with those of its elements that were compared. */
export interface CheckedTensor {
  /** The variable or parameter; null for an argument or where there is none. */
  name: string | null;
  shape: number[];
  elements: number;
  compared: number;
  /** The size of its largest gradient. */
  largest: number;
  /** The elements at which the two do not agree. */
  differing: ComparedElement[];
  /** Those at which the function has a corner or a jump, so that there is no derivative to compare with. */
  corners: ComparedElement[];
  /** Whether it was changed between the perturbation and its use, so that nothing could be compared. */
  isLost: boolean;
}

export interface ComparedElement {
  index: number[];
  value: number;
  /** What backward gave. */
  analytic: number;
  /** Central difference, and those to either side. */
  numeric: number;
  left: number;
  right: number;
  /** By how much the two may differ. */
  tolerance: number;
}

/** Of a larger tensor so many elements are compared, evenly spread. */
export const MAX_COMPARED = 20;
