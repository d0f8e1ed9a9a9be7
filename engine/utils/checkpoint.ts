import { enable_grad } from "../autograd/context";
import { Function as AutogradFunction, type FunctionCtx } from "../autograd/function";
import { backward } from "../autograd/functions";
import { isKeywords } from "../op/keywords";
import { get_rng_state, set_rng_state } from "../rng";
import { Tensor } from "../tensor";

export interface CheckpointOptions {
  /** Runs the function again in backward instead of keeping what it computed. */
  use_reentrant?: boolean;
  /** Whether the function draws the same random numbers when it runs again. */
  preserve_rng_state?: boolean;
}

/** Runs a function without recording, and once more with it when its gradient is asked for. */
class CheckpointFunction extends AutogradFunction {
  static override forward(
    ctx: FunctionCtx,
    run: (...args: unknown[]) => unknown,
    ...args: unknown[]
  ): unknown {
    ctx.run = run;
    ctx.args = args.map((arg) => (arg instanceof Tensor ? null : arg));
    ctx.save_for_backward(...args.map((arg) => (arg instanceof Tensor ? arg : null)));
    return run(...args);
  }

  static override backward(ctx: FunctionCtx, ...grads: Tensor[]): unknown {
    const others = ctx.args as unknown[];
    const args = ctx.saved_tensors.map(
      (tensor, i) => tensor?.detach().requires_grad_(tensor.requires_grad) ?? others[i],
    );
    const result: unknown = enable_grad(() => ctx.run(...args));
    const outputs: readonly unknown[] = Array.isArray(result) ? result : [result];
    const asked = outputs.flatMap((output, i) =>
      output instanceof Tensor && output.requires_grad ? [i] : [],
    );
    backward(
      asked.map((i) => outputs[i] as Tensor),
      asked.map((i) => grads[i]),
    );
    return [null, ...args.map((arg) => (arg instanceof Tensor ? arg.grad : null))];
  }
}

/**
 * Calls `run` with the arguments. With `use_reentrant: true` nothing of it is recorded: backward runs it again,
 * which saves memory and costs time. Without, it is recorded as any other call: the gradients are the same.
 * Source: torch.utils.checkpoint.checkpoint.
 */
export function checkpoint<A extends unknown[], R>(run: (...args: A) => R, ...args: A): R;
export function checkpoint<A extends unknown[], R>(
  run: (...args: A) => R,
  ...args: [...A, CheckpointOptions]
): R;
export function checkpoint(run: (...args: unknown[]) => unknown, ...given: unknown[]): unknown {
  const last = given.at(-1);
  const options = isKeywords(last) ? (last as CheckpointOptions) : {};
  const { use_reentrant = false, preserve_rng_state = true } = options;
  const args = isKeywords(last) ? given.slice(0, -1) : given;
  if (!use_reentrant) return run(...args);
  return CheckpointFunction.apply((preserve_rng_state ? repeatable(run) : run) as never, ...args);
}

/** As `run`, with the random numbers of its first call in every later one, which leave the stream as it is. */
function repeatable(run: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  let first: Tensor | null = null;
  return (...args) => {
    const now = get_rng_state();
    if (first === null) {
      first = now;
      return run(...args);
    }
    set_rng_state(first);
    try {
      return run(...args);
    } finally {
      set_rng_state(now);
    }
  };
}
