import { KeyError, pythonTypeName, ValueError } from "../../errors";
import { signature } from "../../op/signature";
import type { Optimizer } from "../optimizer";
import { asOptimizer, LRScheduler } from "./scheduler";

/** Gives a factor for an epoch. */
export type LRLambda = (epoch: number) => number;

interface LambdaOptions {
  lr_lambda: LRLambda | readonly LRLambda[];
  last_epoch?: number;
}

const lambdaArguments = signature("LambdaLR(optimizer: any, lr_lambda: any, last_epoch: int = -1)");

/** One function per group. */
function lambdasOf(optimizer: Optimizer, given: unknown): LRLambda[] {
  const { length } = optimizer.param_groups;
  if (!Array.isArray(given)) return new Array<LRLambda>(length).fill(given as LRLambda);
  if (given.length !== length) throw new ValueError(`Expected ${length} lr_lambdas, but got ${given.length}`);
  return [...given];
}

abstract class WithLambdas extends LRScheduler {
  declare lr_lambdas: LRLambda[];

  constructor(args: unknown[], called: string) {
    const [owner, lr_lambda, last_epoch] = lambdaArguments(args, called);
    const optimizer = asOptimizer(owner);
    const lr_lambdas = lambdasOf(optimizer, lr_lambda);
    for (const lambda of lr_lambdas)
      if (typeof lambda !== "function")
        throw new TypeError(`lr_lambda should be a function, but got ${pythonTypeName(lambda)}`);
    super(optimizer, last_epoch, { lr_lambdas });
  }

  /** All fields but the optimizer; functions are not kept. */
  override state_dict(): Record<string, unknown> {
    const { lr_lambdas, ...state } = super.state_dict() as { lr_lambdas: LRLambda[] };
    return { ...state, lr_lambdas: lr_lambdas.map(() => null) };
  }

  override load_state_dict(state_dict: Record<string, unknown>): void {
    if (!("lr_lambdas" in state_dict)) throw new KeyError("'lr_lambdas'");
    super.load_state_dict({ ...state_dict, lr_lambdas: this.lr_lambdas });
  }
}

/** Initial rate × lr_lambda(epoch). Source: torch.optim.lr_scheduler.LambdaLR. */
export class LambdaLR extends WithLambdas {
  constructor(optimizer: Optimizer, lr_lambda: LRLambda | readonly LRLambda[], last_epoch?: number);
  constructor(optimizer: Optimizer, options: LambdaOptions);
  constructor(options: { optimizer: Optimizer } & LambdaOptions);
  constructor(...args: unknown[]) {
    super(args, "LambdaLR");
  }

  override get_lr(): number[] {
    return this.lr_lambdas.map((lambda, i) => this.base_lrs[i] * lambda(this.last_epoch));
  }
}

/** Rate of the epoch before × lr_lambda(epoch). Source: torch.optim.lr_scheduler.MultiplicativeLR. */
export class MultiplicativeLR extends WithLambdas {
  constructor(optimizer: Optimizer, lr_lambda: LRLambda | readonly LRLambda[], last_epoch?: number);
  constructor(optimizer: Optimizer, options: LambdaOptions);
  constructor(options: { optimizer: Optimizer } & LambdaOptions);
  constructor(...args: unknown[]) {
    super(args, "MultiplicativeLR");
  }

  override get_lr(): number[] {
    if (this._is_initial) return this.currentRates();
    return this.currentRates().map((lr, i) => lr * this.lr_lambdas[i](this.last_epoch));
  }
}

interface StepOptions {
  gamma?: number;
  last_epoch?: number;
}

const stepArguments = signature(
  "StepLR(optimizer: any, step_size: int, gamma: float = 0.1, last_epoch: int = -1)",
);

/** Rate × gamma every `step_size` epochs. Source: torch.optim.lr_scheduler.StepLR. */
export class StepLR extends LRScheduler {
  declare step_size: number;
  declare gamma: number;

  constructor(optimizer: Optimizer, step_size: number, options?: StepOptions);
  constructor(optimizer: Optimizer, step_size: number, gamma: number, last_epoch?: number);
  constructor(optimizer: Optimizer, options: { step_size: number } & StepOptions);
  constructor(options: { optimizer: Optimizer } & { step_size: number } & StepOptions);
  constructor(...args: unknown[]) {
    const [owner, step_size, gamma, last_epoch] = stepArguments(args);
    const optimizer = asOptimizer(owner);
    super(optimizer, last_epoch, { step_size, gamma });
  }

  override get_lr(): number[] {
    const falls = this.last_epoch !== 0 && this.last_epoch % this.step_size === 0;
    return falls ? this.scaled(this.gamma) : this.currentRates();
  }

  protected override closedForm(): number[] {
    const factor = this.gamma ** Math.floor(this.last_epoch / this.step_size);
    return this.base_lrs.map((lr) => lr * factor);
  }
}

const multiStepArguments = signature(
  "MultiStepLR(optimizer: any, milestones: int[], gamma: float = 0.1, last_epoch: int = -1)",
);

/** Rate × gamma at each milestone. Source: torch.optim.lr_scheduler.MultiStepLR. */
export class MultiStepLR extends LRScheduler {
  /** Epochs, each with how often it was given. */
  declare milestones: Map<number, number>;
  declare gamma: number;

  constructor(optimizer: Optimizer, milestones: readonly number[], options?: StepOptions);
  constructor(optimizer: Optimizer, milestones: readonly number[], gamma: number, last_epoch?: number);
  constructor(optimizer: Optimizer, options: { milestones: readonly number[] } & StepOptions);
  constructor(options: { optimizer: Optimizer } & { milestones: readonly number[] } & StepOptions);
  constructor(...args: unknown[]) {
    const [owner, given, gamma, last_epoch] = multiStepArguments(args);
    const optimizer = asOptimizer(owner);
    const milestones = new Map<number, number>();
    for (const epoch of given) milestones.set(epoch, (milestones.get(epoch) ?? 0) + 1);
    super(optimizer, last_epoch, { milestones, gamma });
  }

  override get_lr(): number[] {
    const times = this.milestones.get(this.last_epoch);
    return times === undefined ? this.currentRates() : this.scaled(this.gamma ** times);
  }

  protected override closedForm(): number[] {
    let passed = 0;
    for (const [epoch, times] of this.milestones) if (epoch <= this.last_epoch) passed += times;
    return this.base_lrs.map((lr) => lr * this.gamma ** passed);
  }
}

const exponentialArguments = signature("ExponentialLR(optimizer: any, gamma: float, last_epoch: int = -1)");

/** Rate × gamma every epoch. Source: torch.optim.lr_scheduler.ExponentialLR. */
export class ExponentialLR extends LRScheduler {
  declare gamma: number;

  constructor(optimizer: Optimizer, gamma: number, last_epoch?: number | { last_epoch?: number });
  constructor(optimizer: Optimizer, options: { gamma: number; last_epoch?: number });
  constructor(options: { optimizer: Optimizer } & { gamma: number; last_epoch?: number });
  constructor(...args: unknown[]) {
    const [owner, gamma, last_epoch] = exponentialArguments(args);
    const optimizer = asOptimizer(owner);
    super(optimizer, last_epoch, { gamma });
  }

  override get_lr(): number[] {
    return this._is_initial ? this.currentRates() : this.scaled(this.gamma);
  }

  protected override closedForm(): number[] {
    return this.base_lrs.map((lr) => lr * this.gamma ** this.last_epoch);
  }
}
