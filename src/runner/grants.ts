/*
 * Answers to a program that is about to take memory for tensors, as the thread gives them to the realm. Any
 * other answer is how many bytes more it may take before it asks again.
 */

/** The machine does not have as much: an error of the program's, as it would be PyTorch's. */
export const REFUSED = -1;
/** More than the limit of the run. */
export const OVER_LIMIT = -2;

const MIN_GRANT_BYTES = 1024 * 1024;

/** `leftBytes`: what is left of the limit once the program has what it asks for. */
export function answerToRequest(leftBytes: number, isLimited: boolean): number {
  if (leftBytes < 0) return isLimited ? OVER_LIMIT : REFUSED;
  // Near the limit each answer costs a collection.
  return Math.max(leftBytes, MIN_GRANT_BYTES);
}
