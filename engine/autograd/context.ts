import { gradMode, withGradMode } from "./grad_mode";

/** A mode that lasts until it is disposed of: `using _ = torch.no_grad()`. */
export interface GradModeGuard {
  [Symbol.dispose](): void;
}

// Older hosts do not have the symbol of `using` yet; whoever comes first defines it.
if (Symbol.dispose === undefined)
  Object.defineProperty(Symbol, "dispose", { value: Symbol("Symbol.dispose") });

function mode(enabled: boolean): <T>(body?: () => T) => T | GradModeGuard {
  return (body) => {
    if (body !== undefined) return withGradMode(enabled, body);
    const before = gradMode.enabled;
    gradMode.enabled = enabled;
    return {
      [Symbol.dispose]() {
        gradMode.enabled = before;
      },
    };
  };
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
export function set_grad_enabled<T>(enabled: boolean, body: () => T): T;
export function set_grad_enabled(enabled: boolean): GradModeGuard;
export function set_grad_enabled<T>(enabled: boolean, body?: () => T): T | GradModeGuard {
  return mode(enabled)(body);
}

/** Whether operations are being recorded. Source: torch.is_grad_enabled. */
export function is_grad_enabled(): boolean {
  return gradMode.enabled;
}
