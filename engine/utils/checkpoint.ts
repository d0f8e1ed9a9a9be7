import { graphTask } from "../autograd/backward";
import { enable_grad } from "../autograd/context";
import { Function as AutogradFunction, type FunctionCtx } from "../autograd/function";
import { backward } from "../autograd/functions";
import { saved_tensors_hooks } from "../autograd/saved_tensors";
import { RuntimeError, ValueError } from "../errors";
import { isKeywords } from "../op/keywords";
import { get_rng_state, set_rng_state } from "../rng";
import { showShape } from "../shape";
import { Tensor } from "../tensor";

export interface CheckpointOptions {
  /** Records nothing in the first run, and runs a backward of its own; else the steps are recorded as ever. */
  use_reentrant?: boolean;
  /** Whether the function draws the same random numbers when it runs again. */
  preserve_rng_state?: boolean;
  /** Without `use_reentrant`: end the second run as soon as everything is there again. */
  early_stop?: boolean;
  /** Without `use_reentrant`: "none" does not compare shapes and dtypes of the two runs. */
  determinism_check?: "default" | "none";
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
    if (!graphTask.takesCheckpoints)
      throw new RuntimeError(
        "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call .backward() without passing the `inputs` argument.",
      );
    const others = ctx.args as unknown[];
    const args = ctx.saved_tensors.map(
      (tensor, i) => tensor?.detach().requires_grad_(tensor.requires_grad) ?? others[i],
    );
    const result: unknown = enable_grad(() => ctx.run(...args));
    const outputs: readonly unknown[] = Array.isArray(result) ? result : [result];
    const asked = outputs.flatMap((output, i) =>
      output instanceof Tensor && output.requires_grad ? [i] : [],
    );
    if (asked.length === 0)
      throw new RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary");
    backward(
      asked.map((i) => outputs[i] as Tensor),
      asked.map((i) => grads[i]),
    );
    return [null, ...args.map((arg) => (arg instanceof Tensor ? arg.grad : null))];
  }
}

/** Thrown where the second run of a function saves other tensors than the first. */
export class CheckpointError extends RuntimeError {
  override name = "CheckpointError";
}

/** Ends the second run once it has saved everything. */
class StopRecomputation extends Error {}

/** Stands for a tensor that is computed again when a backward pass needs it; by pass. */
type Holder = Map<number, Tensor | null>;

/** The steps of one call: what they save is let go and computed again in each backward pass. */
class CheckpointFrame {
  private readonly holders: Holder[] = [];
  private readonly described: string[] = [];
  private readonly recomputed = new Set<number>();

  constructor(
    private readonly run: () => unknown,
    private readonly options: Required<CheckpointOptions>,
  ) {}

  forward(): unknown {
    const pack = (tensor: Tensor): Holder => {
      const holder: Holder = new Map();
      this.holders.push(holder);
      this.described.push(describe(tensor));
      return holder;
    };
    return saved_tensors_hooks(pack, (holder: Holder) => this.unpack(holder), this.run);
  }

  private unpack(holder: Holder): Tensor {
    const task = graphTask.id;
    if (!this.recomputed.has(task)) this.recompute(task);
    const tensor = holder.get(task);
    if (tensor == null)
      throw new CheckpointError(
        "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already unpacked once. If you are calling ctx.saved_tensors in backward, make sure to do so only once. Otherwise please open an issue with details on your use case.",
      );
    holder.set(task, null);
    return tensor;
  }

  private recompute(task: number): void {
    const { holders, options } = this;
    let count = 0;
    const pack = (tensor: Tensor): Tensor => {
      const own = tensor.requires_grad ? tensor.detach() : tensor;
      if (count >= holders.length)
        throw new CheckpointError(
          `torch.utils.checkpoint: trying to save more tensors during recomputation than during the original forward pass.`,
        );
      holders[count++].set(task, own);
      if (options.early_stop && count === holders.length) throw new StopRecomputation();
      return own;
    };
    try {
      saved_tensors_hooks(
        pack,
        (tensor: Tensor) => tensor,
        () => enable_grad(this.run),
      );
    } catch (error) {
      if (!(error instanceof StopRecomputation)) throw error;
    }
    this.recomputed.add(task);
    this.check(task, count);
  }

  private check(task: number, count: number): void {
    const { holders, described } = this;
    if (count !== holders.length)
      throw new CheckpointError(
        `torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\nNumber of tensors saved during forward: ${holders.length}\nNumber of tensors saved during recomputation: ${count}.`,
      );
    if (this.options.determinism_check === "none") return;
    const different = holders.flatMap((holder, i) => {
      const again = describe(holder.get(task)!);
      return again === described[i]
        ? []
        : [`tensor at position ${i}:\nsaved metadata: ${described[i]}\nrecomputed metadata: ${again}\n`];
    });
    if (different.length > 0)
      throw new CheckpointError(
        `torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.\n${different.join("")}.`,
      );
  }
}

function describe({ shape, dtype }: Tensor): string {
  return `{'shape': torch.Size(${showShape(shape)}), 'dtype': ${dtype}, 'device': device(type='cpu')}`;
}

/**
 * Calls `run` with the arguments and keeps none of what it computes for backward, which runs it again: that saves
 * memory and costs time. With `use_reentrant`, the default, backward takes the call as one step, and only
 * `backward()` without `inputs` can walk it; without, its steps are in the graph as ever.
 * Source: torch.utils.checkpoint.checkpoint.
 */
export function checkpoint<A extends unknown[], R>(run: (...args: A) => R, ...args: A): R;
export function checkpoint<A extends unknown[], R>(
  run: (...args: A) => R,
  ...args: [...A, CheckpointOptions]
): R;
export function checkpoint(run: (...args: unknown[]) => unknown, ...given: unknown[]): unknown {
  const last = given.at(-1);
  const keywords = isKeywords(last) ? (last as CheckpointOptions) : {};
  const args = isKeywords(last) ? given.slice(0, -1) : given;
  const options: Required<CheckpointOptions> = {
    use_reentrant: true,
    preserve_rng_state: true,
    early_stop: true,
    determinism_check: "default",
    ...keywords,
  };
  const unknown = Object.keys(keywords).filter((name) => !(name in KNOWN));
  if (unknown.length > 0) throw new ValueError(`Unexpected keyword arguments: ${unknown.join(",")}`);
  const again = options.preserve_rng_state ? repeatable(run) : run;
  if (options.use_reentrant) return CheckpointFunction.apply(again as never, ...args);
  return new CheckpointFrame(() => again(...args), options).forward();
}

const KNOWN: Record<keyof CheckpointOptions, true> = {
  use_reentrant: true,
  preserve_rng_state: true,
  early_stop: true,
  determinism_check: true,
};

/**
 * Calls a chain of functions, each with the result of the one before, in `segments` checkpoints, the last of which
 * is an ordinary call. Source: torch.utils.checkpoint.checkpoint_sequential.
 */
export function checkpoint_sequential(
  functions: Iterable<(input: Tensor) => Tensor>,
  segments: number,
  input: Tensor,
  options: CheckpointOptions = {},
): Tensor {
  const list = [...functions];
  const size = Math.floor(list.length / segments);
  const chain = (start: number, end: number) => (x: Tensor) =>
    list.slice(start, end).reduce((value, run) => run(value), x);
  let end = 0;
  let value = input;
  for (; end < size * (segments - 1); end += size) value = checkpoint(chain(end, end + size), value, options);
  return chain(end, list.length)(value);
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
