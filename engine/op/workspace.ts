/*
 * What a computation leaves for its derivatives besides its result, which they would else compute again. A step keeps
 * it with what it saves, and frees it with that. (A `WeakMap` by result would keep it until V8 goes through the whole
 * heap, since a quick collection takes its values for alive.)
 */

/** At most one, if no step was recorded that takes it. */
let left: object | undefined;

/** To be called last by the `forward` of an operator whose derivatives use `workspace`. */
export function leave(workspace: object): void {
  left = workspace;
}

/** What the computation that just ended left. */
export function takeLeft(): object | undefined {
  const taken = left;
  left = undefined;
  return taken;
}
