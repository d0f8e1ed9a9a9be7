import { ValueError } from "../../errors";
import { signature } from "../../op/signature";
import type { Optimizer } from "../optimizer";
import { asOptimizer, LRScheduler } from "./scheduler";

const { cos, PI } = Math;

interface CosineOptions {
  eta_min?: number;
  last_epoch?: number;
}

const annealingArguments = signature(
  "CosineAnnealingLR(optimizer: any, T_max: int, eta_min: float = 0, last_epoch: int = -1)",
);

/**
 * Half a cosine from the initial rate down to `eta_min` in `T_max` epochs, and back up again.
 * Source: torch.optim.lr_scheduler.CosineAnnealingLR.
 */
export class CosineAnnealingLR extends LRScheduler {
  declare T_max: number;
  declare eta_min: number;

  constructor(optimizer: Optimizer, T_max: number, options?: CosineOptions);
  constructor(optimizer: Optimizer, T_max: number, eta_min: number, last_epoch?: number);
  constructor(optimizer: Optimizer, options: { T_max: number } & CosineOptions);
  constructor(options: { optimizer: Optimizer } & { T_max: number } & CosineOptions);
  constructor(...args: unknown[]) {
    const [owner, T_max, eta_min, last_epoch] = annealingArguments(args);
    const optimizer = asOptimizer(owner);
    super(optimizer, last_epoch, { T_max, eta_min });
  }

  override get_lr(): number[] {
    const { T_max, eta_min, last_epoch } = this;
    if (this._is_initial) return this.currentRates();
    if (this._step_count === 1 && last_epoch > 0) return this.closedForm();
    if ((last_epoch - 1 - T_max) % (2 * T_max) === 0)
      return this.currentRates().map(
        (lr, i) => lr + ((this.base_lrs[i] - eta_min) * (1 - cos(PI / T_max))) / 2,
      );
    const ratio = (1 + cos((PI * last_epoch) / T_max)) / (1 + cos((PI * (last_epoch - 1)) / T_max));
    return this.currentRates().map((lr) => ratio * (lr - eta_min) + eta_min);
  }

  protected override closedForm(): number[] {
    const { T_max, eta_min, last_epoch } = this;
    return this.base_lrs.map((lr) => eta_min + ((lr - eta_min) * (1 + cos((PI * last_epoch) / T_max))) / 2);
  }
}

const restartArguments = signature(
  "CosineAnnealingWarmRestarts(optimizer: any, T_0: float, T_mult: float = 1, eta_min: float = 0, last_epoch: int = -1)",
);

/**
 * Half a cosine from the initial rate to `eta_min`, again and again: first in `T_0` epochs, each time in
 * `T_mult` times as many. Source: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  declare T_0: number;
  /** Epochs of the present cosine. */
  declare T_i: number;
  declare T_mult: number;
  declare eta_min: number;
  /** Epochs since the last restart. */
  declare T_cur: number;

  constructor(optimizer: Optimizer, T_0: number, options?: { T_mult?: number } & CosineOptions);
  constructor(optimizer: Optimizer, T_0: number, T_mult: number, eta_min?: number, last_epoch?: number);
  constructor(optimizer: Optimizer, options: { T_0: number; T_mult?: number } & CosineOptions);
  constructor(options: { optimizer: Optimizer } & { T_0: number; T_mult?: number } & CosineOptions);
  constructor(...args: unknown[]) {
    const [owner, T_0, T_mult, eta_min, last_epoch] = restartArguments(args);
    const optimizer = asOptimizer(owner);
    if (T_0 <= 0 || !Number.isInteger(T_0))
      throw new ValueError(`Expected positive integer T_0, but got ${T_0}`);
    if (T_mult < 1 || !Number.isInteger(T_mult))
      throw new ValueError(`Expected integer T_mult >= 1, but got ${T_mult}`);
    super(optimizer, last_epoch, { T_0, T_i: T_0, T_mult, eta_min, T_cur: last_epoch });
  }

  override get_lr(): number[] {
    const { eta_min } = this;
    return this.base_lrs.map(
      (lr) => eta_min + ((lr - eta_min) * (1 + cos((PI * this.T_cur) / this.T_i))) / 2,
    );
  }

  /** Sets the rates of the next epoch, or of `epoch`, which may lie between two: `epoch + batch / batches`. */
  override step(epoch?: number | null): void {
    if (epoch == null && this.last_epoch >= 0) this.advance();
    else this.goTo(epoch ?? 0);
    this.setRates(this.get_lr());
  }

  private advance(): void {
    this.last_epoch++;
    this.T_cur++;
    if (this.T_cur < this.T_i) return;
    this.T_cur %= this.T_i;
    this.T_i *= this.T_mult;
  }

  private goTo(epoch: number): void {
    const { T_0, T_mult } = this;
    if (epoch < 0) throw new ValueError(`Expected non-negative epoch, but got ${epoch}`);
    if (epoch < T_0) {
      this.T_i = T_0;
      this.T_cur = epoch;
    } else if (T_mult === 1) this.T_cur = epoch % T_0;
    else {
      const restarts = Math.trunc(Math.log((epoch / T_0) * (T_mult - 1) + 1) / Math.log(T_mult));
      this.T_cur = epoch - (T_0 * (T_mult ** restarts - 1)) / (T_mult - 1);
      this.T_i = T_0 * T_mult ** restarts;
    }
    this.last_epoch = Math.floor(epoch);
  }
}
