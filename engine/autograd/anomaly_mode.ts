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
