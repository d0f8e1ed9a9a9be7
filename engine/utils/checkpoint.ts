import { enable_grad } from "../autograd/context";
import { Function as AutogradFunction, type FunctionCtx } from "../autograd/function";
import { backward } from "../autograd/functions";
import { isKeywords } from "../op/keywords";
import { Tensor } from "../tensor";

export interface CheckpointOptions {
  /** Runs the function again in backward instead of keeping what it computed. */
  use_reentrant?: boolean;
}

/** Runs a function without recording, and once more with it when its gradient is asked for. */
class CheckpointFunction extends AutogradFunction {
  static override forward(
    ctx: FunctionCtx,
    run: (...args: unknown[]) => unknown,
    ...args: unknown[]
  ): unknown {
    ctx.run = run;
    ctx.args = args;
    return run(...args);
  }

  static override backward(ctx: FunctionCtx, ...grads: Tensor[]): unknown {
    const given = ctx.args as unknown[];
    const args = given.map((arg) =>
      arg instanceof Tensor ? arg.detach().requires_grad_(arg.requires_grad) : arg,
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
  const { use_reentrant = false } = isKeywords(last) ? (last as CheckpointOptions) : {};
  const args = isKeywords(last) ? given.slice(0, -1) : given;
  return use_reentrant ? CheckpointFunction.apply(run as never, ...args) : run(...args);
}
