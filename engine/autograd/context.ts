import { single } from "../op/keywords";
import { gradMode, withGradMode } from "./grad_mode";

/** A mode that lasts until it is disposed of: `using _ = torch.no_grad()`. */
export interface GradModeGuard {
  [Symbol.dispose](): void;
}

// Older hosts do not have the symbol of `using` yet; whoever comes first defines it.
if (Symbol.dispose === undefined)
  Object.defineProperty(Symbol, "dispose", { value: Symbol("Symbol.dispose") });

/** A mode by its name. */
interface Mode {
  mode?: boolean;
}

/** Sets the mode until the guard is disposed of. */
function enter(enabled: boolean, inference: boolean): GradModeGuard {
  const before = { ...gradMode };
  gradMode.inference = inference;
  gradMode.enabled = enabled && !inference;
  return {
    [Symbol.dispose]() {
      Object.assign(gradMode, before);
    },
  };
}

function within<T>(guard: GradModeGuard, body: () => T): T {
  try {
    return body();
  } finally {
    guard[Symbol.dispose]();
  }
}

function mode(enabled: boolean): <T>(body?: () => T) => T | GradModeGuard {
  return (body) => (body === undefined ? enter(enabled, gradMode.inference) : withGradMode(enabled, body));
}

interface GradModeContext {
  <T>(body: () => T): T;
  (): GradModeGuard;
}

/**
 * Runs `body` without recording operations and gives its value; results do not require gradients.
 * Without `body`: until the end of the block, with `using _ = torch.no_grad()`. Source: torch.no_grad.
 */
export const no_grad = mode(false) as GradModeContext;

/** Runs `body` with recording, also inside `no_grad`. Source: torch.enable_grad. */
export const enable_grad = mode(true) as GradModeContext;

/** Turns recording on or off, for `body` if given. Source: torch.set_grad_enabled. */
export function set_grad_enabled<T>(enabled: boolean | Mode, body: () => T): T;
export function set_grad_enabled(enabled: boolean | Mode): GradModeGuard;
export function set_grad_enabled<T>(enabled: boolean | Mode, body?: () => T): T | GradModeGuard {
  return mode(single(enabled, "mode", true))(body);
}

/** Whether operations are being recorded. Source: torch.is_grad_enabled. */
export function is_grad_enabled(): boolean {
  return gradMode.enabled;
}

/**
 * As `no_grad`, for good: what is made inside can take no part in recorded computation later, nor be changed
 * in place outside. Source: torch.inference_mode.
 */
export function inference_mode<T>(body: () => T): T;
export function inference_mode<T>(mode: boolean | Mode, body: () => T): T;
export function inference_mode(mode?: boolean | Mode): GradModeGuard;
export function inference_mode<T>(
  given: boolean | Mode | (() => T) = true,
  body?: () => T,
): T | GradModeGuard {
  const mode = single<boolean | (() => T)>(given, "mode", true);
  const run = typeof mode === "function" ? mode : body;
  // `inference_mode(false)` inside another one records again.
  const guard = mode === false ? enter(gradMode.enabled || gradMode.inference, false) : enter(false, true);
  return run === undefined ? guard : within(guard, run);
}

/** Whether this is inside `inference_mode`. Source: torch.is_inference_mode_enabled. */
export function is_inference_mode_enabled(): boolean {
  return gradMode.inference;
}
