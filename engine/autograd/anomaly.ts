import { RuntimeError } from "../errors";
import { single } from "../op/keywords";
import type { Tensor } from "../tensor";
import { anomalyMode, forwardOf, noteFailure } from "./anomaly_mode";
import type { Gradients, Node } from "./node";

interface AnomalyGuard {
  [Symbol.dispose](): void;
}

function enter(enabled: boolean, checkNan: boolean): AnomalyGuard {
  const before = { ...anomalyMode };
  Object.assign(anomalyMode, { enabled, checkNan });
  return {
    [Symbol.dispose]() {
      Object.assign(anomalyMode, before);
    },
  };
}

interface AnomalyOptions {
  /** Whether a gradient that is nan is an error. */
  check_nan?: boolean;
}

/**
 * Finds where gradients go wrong: a backward step that throws, or whose result is nan, is reported with the
 * line of the call whose step it is, which ends the message of an error that ends the program. The error's
 * `cause` has that call's stack. Slows everything down.
 * Source: torch.autograd.detect_anomaly.
 */
export function detect_anomaly<T>(body: () => T, options?: AnomalyOptions): T;
export function detect_anomaly(options?: AnomalyOptions): AnomalyGuard;
export function detect_anomaly<T>(
  body?: (() => T) | AnomalyOptions,
  options: AnomalyOptions = {},
): T | AnomalyGuard {
  const { check_nan = true } = typeof body === "function" ? options : (body ?? {});
  const guard = enter(true, check_nan);
  if (typeof body !== "function") return guard;
  try {
    return body();
  } finally {
    guard[Symbol.dispose]();
  }
}

/** Turns `detect_anomaly` on or off. Source: torch.autograd.set_detect_anomaly. */
export function set_detect_anomaly(
  mode: boolean | (AnomalyOptions & { mode?: boolean }),
  check_nan: boolean | AnomalyOptions = typeof mode === "boolean" ? true : mode,
): AnomalyGuard {
  return enter(single(mode, "mode", true), single(check_nan, "check_nan", true));
}

/** Whether `detect_anomaly` is on. Source: torch.is_anomaly_enabled. */
export function is_anomaly_enabled(): boolean {
  return anomalyMode.enabled;
}

/** Runs a backward step under watch. */
export function watchedBackward(node: Node, grads: Gradients): Gradients {
  let sent: Gradients;
  try {
    sent = node.backward(grads);
  } catch (error) {
    if (error instanceof Error) {
      error.cause ??= forwardOf(node);
      noteFailure(error, node);
    }
    throw error;
  }
  if (anomalyMode.checkNan)
    sent.forEach((grad, i) => {
      if (grad == null || !hasNan(grad)) return;
      const message = `Function '${node.name()}' returned nan values in its ${i}th output.`;
      const error = new RuntimeError(message, { cause: forwardOf(node) });
      noteFailure(error, node);
      throw error;
    });
  return sent;
}

function hasNan(grad: Tensor): boolean {
  return Boolean(grad.ne(grad).any().item());
}
