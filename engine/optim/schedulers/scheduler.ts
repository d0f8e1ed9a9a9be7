import { KeyError, NotImplementedError, pythonTypeName, ValueError } from "../../errors";
import { copyOfRate, Optimizer, type ParamGroup, rateOf, setRate } from "../optimizer";

/**
 * Base class of all schedulers, which set the learning rates of an optimizer's groups once per epoch. A
 * subclass gives the rates in `get_lr()`, from `last_epoch`, `base_lrs` and the groups' own.
 * Source: torch.optim.lr_scheduler.LRScheduler.
 */
export class LRScheduler {
  readonly optimizer: Optimizer;
  /** The groups' rates when the scheduler was made. */
  declare base_lrs: number[];
  /** The epoch whose rates the groups have now. */
  declare last_epoch: number;
  /** @internal */
  declare _step_count: number;
  /** Whether the rates of the first epoch are being set. @internal */
  declare _is_initial: boolean;
  /** Whether `step` is asking for the rates, as PyTorch's states have it. @internal */
  declare _get_lr_called_within_step: boolean;
  /** @internal */
  declare _last_lr: number[];

  /** @param own Fields of the subclass that the rates of the first epoch depend on. */
  constructor(optimizer: Optimizer, last_epoch = -1, own: object = {}) {
    this.optimizer = asOptimizer(optimizer);
    Object.assign(this, own);
    this.begin(last_epoch);
  }

  /** Remembers the rates and sets those of the first epoch. */
  protected begin(last_epoch: number): void {
    this.optimizer.param_groups.forEach((group, i) => {
      if (last_epoch === -1) group.initial_lr ??= copyOfRate(group.lr);
      else if (group.initial_lr === undefined)
        throw new KeyError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.\nThis typically happens when:\n1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n2. You're using last_epoch >= 0 for a fresh training run (not recommended)`,
        );
    });
    this.base_lrs = this.optimizer.param_groups.map((group) => rateOf(group, "initial_lr"));
    this.last_epoch = last_epoch;
    this.initialStep();
  }

  /** @internal */
  initialStep(): void {
    this._step_count = 0;
    this._is_initial = true;
    this._get_lr_called_within_step = false;
    try {
      this.step();
    } finally {
      this._is_initial = false;
    }
  }

  /** The rates for `last_epoch`, one per group. Source: torch.optim.lr_scheduler.LRScheduler.get_lr. */
  get_lr(): number[] {
    throw new NotImplementedError("");
  }

  /** The rates for `last_epoch` without those of the epoch before, where there is such a form. */
  protected closedForm(): number[] {
    return this.get_lr();
  }

  /** The rates that were set last, one per group. Source: torch.optim.lr_scheduler.LRScheduler.get_last_lr. */
  get_last_lr(): number[] {
    return this._last_lr;
  }

  /** Sets the rates of the next epoch, or of `epoch`. Source: torch.optim.lr_scheduler.LRScheduler.step. */
  step(epoch?: number | null): void {
    this._step_count++;
    this.updateRates(epoch ?? null);
  }

  /** @internal */
  updateRates(epoch: number | null): void {
    this.last_epoch = epoch ?? this.last_epoch + 1;
    this.setRates(epoch === null ? this.get_lr() : this.closedForm());
  }

  protected setRates(rates: readonly number[]): void {
    this.optimizer.param_groups.forEach((group, i) => {
      setRate(group, rates[i]);
    });
    this._last_lr = this.lastRates();
  }

  protected currentRates(): number[] {
    return this.optimizer.param_groups.map((group) => rateOf(group));
  }

  /** The groups' rates as they are kept, for `get_last_lr`. */
  protected lastRates(): number[] {
    return this.optimizer.param_groups.map((group) => copyOfRate(group.lr));
  }

  /** The groups' rates times `factor`. */
  protected scaled(factor: number): number[] {
    return this.currentRates().map((lr) => lr * factor);
  }

  /** All fields but the optimizer. Source: torch.optim.lr_scheduler.LRScheduler.state_dict. */
  state_dict(): Record<string, unknown> {
    const { optimizer: _, ...state } = this as unknown as Record<string, unknown>;
    return state;
  }

  /** Source: torch.optim.lr_scheduler.LRScheduler.load_state_dict. */
  load_state_dict(state_dict: Record<string, unknown>): void {
    Object.assign(this, state_dict);
  }
}

/** What a scheduler is given for its optimizer. Throws TypeError if it is none. */
export function asOptimizer(given: unknown): Optimizer {
  if (!(given instanceof Optimizer)) throw new TypeError(`${pythonTypeName(given)} is not an Optimizer`);
  return given;
}

/** One value per group, from one for all or a list of them. */
export function perGroup(name: string, optimizer: Optimizer, value: number | readonly number[]): number[] {
  const groups = optimizer.param_groups.length;
  if (typeof value === "number") return new Array<number>(groups).fill(value);
  if (value.length !== groups)
    throw new ValueError(
      `${name} must have the same length as optimizer.param_groups. ${name} has ${value.length} values, param_groups has ${groups}.`,
    );
  return [...value];
}

/** Momentum is called beta1 by Adam and its kin. */
export class Momentum {
  private readonly usesBeta1: boolean;

  constructor(optimizer: Optimizer) {
    if (!("momentum" in optimizer.defaults) && !("betas" in optimizer.defaults))
      throw new ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
    this.usesBeta1 = "betas" in optimizer.defaults;
  }

  set(group: ParamGroup, momentum: number): void {
    if (this.usesBeta1) group.betas = [momentum, ...group.betas.slice(1)];
    else group.momentum = momentum;
  }
}
