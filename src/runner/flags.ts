import type { StopReason } from "../trace/model";

/**
 * The memory that the runner and a program thread share, as an Int32Array. It is how a program that never
 * returns to its event loop is reached: its loops and probes look at `REQUESTS`.
 */

/** Index of a set of `Request` bits, set by the runner. Stop bits stay until the next run. */
export const REQUESTS = 0;
/** Index of the id of the site reached last, kept by the program; -1 before the first. */
export const SITE = 1;
/** Index of how many parts are on their way to the editor; a program that prints faster than it reads waits. */
export const PENDING_PARTS = 2;

/** Index of a word that is 1 while the user wants the program to rest between two iterations; set by the runner. */
export const PAUSED = 3;

export const FLAGS_BYTES = 4 * Int32Array.BYTES_PER_ELEMENT;

export const Request = {
  /** Send what changed since the last part. */
  flush: 1,
  /** Answer the query that waits at the thread's port. */
  query: 2,
  /** The process grew past the memory limit: measure this program's share, stop if it is over. */
  memory: 4,
  stopTime: 8,
  stopMemory: 16,
  stopOutput: 32,
  stopUser: 64,
  stopReplaced: 128,
  stopProbes: 256,
} as const;

const STOPS: readonly (readonly [bit: number, reason: StopReason])[] = [
  [Request.stopTime, "time"],
  [Request.stopMemory, "memory"],
  [Request.stopOutput, "output"],
  [Request.stopProbes, "probes"],
  [Request.stopUser, "user"],
  [Request.stopReplaced, "replaced"],
];

export const STOP_BITS = STOPS.reduce((bits, [bit]) => bits | bit, 0);

/** The reason in a set of requests; null if none of them is to stop. */
export function stopReason(requests: number): StopReason | null {
  for (let i = 0; i < STOPS.length; i++) if ((requests & STOPS[i][0]) !== 0) return STOPS[i][1];
  return null;
}

export function stopRequest(reason: StopReason): number {
  return STOPS.find((stop) => stop[1] === reason)![0];
}
