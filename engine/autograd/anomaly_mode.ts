/** Whether backward passes are watched for what goes wrong in them. */
export const anomalyMode = { enabled: false, checkNan: true };

/** Where the recorded steps were taken. */
const forwards = new WeakMap<object, Error>();

/** Remembers where a step is being taken. */
export function noteForward(node: object): void {
  forwards.set(node, new Error("Traceback of forward call that caused the error"));
}

/** Where a step was taken, as an error with that stack; undefined if nobody watched. */
export function forwardOf(node: object): Error | undefined {
  return forwards.get(node);
}

/** Where the steps were taken whose backward failed, by the error it failed with. */
const failures = new WeakMap<object, Error>();

/** Remembers which step an error is about: the innermost one whose backward it ended. */
export function noteFailure(error: object, node: object): void {
  const forward = forwards.get(node);
  if (forward !== undefined && !failures.has(error)) failures.set(error, forward);
}

/** Where the step was taken whose backward ended in `error`, as an error with that stack. */
export function forwardCallOf(error: object): Error | undefined {
  return failures.get(error);
}
