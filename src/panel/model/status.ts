import type { RunStatus } from "./runs";

/**
 * `paused`: it rests between two iterations. `rejected`: the text cannot run; `waiting`: it does not run by itself.
 * Then the charts are those of the run before.
 */
export type ShownStatus = RunStatus | "paused" | "rejected" | "waiting";

/** Why a program did not get to its end. */
export interface Problem {
  text: string;
  /** 1-based, in the present text; null if that line is gone. */
  line: number | null;
}

export interface Standing {
  /** Null before the first run. */
  status: ShownStatus | null;
  problem: Problem | null;
}
