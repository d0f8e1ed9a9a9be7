import { ValueError } from "../../errors";
import { signature } from "../../op/signature";
import type { Optimizer } from "../optimizer";
import { asOptimizer, LRScheduler } from "./scheduler";

const THIRD = "0.3333333333333333";

const constantArguments = signature(
  `ConstantLR(optimizer: any, factor: float = ${THIRD}, total_iters: int = 5, last_epoch: int = -1)`,
);

/** Initial rate × `factor` for `total_iters` epochs, then the initial rate. Source: torch.optim.lr_scheduler.ConstantLR. */
export class ConstantLR extends LRScheduler {
  declare factor: number;
  declare total_iters: number;

  constructor(optimizer: Optimizer, options?: { factor?: number; total_iters?: number; last_epoch?: number });
  constructor(optimizer: Optimizer, factor: number, total_iters?: number, last_epoch?: number);
  constructor(
    options: { optimizer: Optimizer } & { factor?: number; total_iters?: number; last_epoch?: number },
  );
  constructor(...args: unknown[]) {
    const [owner, factor, total_iters, last_epoch] = constantArguments(args);
    const optimizer = asOptimizer(owner);
    if (factor > 1 || factor < 0)
      throw new ValueError("Constant multiplicative factor expected to be between 0 and 1.");
    super(optimizer, last_epoch, { factor, total_iters });
  }

  override get_lr(): number[] {
    if (this.last_epoch === 0) return this.scaled(this.factor);
    return this.last_epoch === this.total_iters ? this.scaled(1 / this.factor) : this.currentRates();
  }

  protected override closedForm(): number[] {
    const over = this.last_epoch >= this.total_iters ? 1 - this.factor : 0;
    return this.base_lrs.map((lr) => lr * (this.factor + over));
  }
}

const linearArguments = signature(
  `LinearLR(optimizer: any, start_factor: float = ${THIRD}, end_factor: float = 1, total_iters: int = 5, last_epoch: int = -1)`,
);

/**
 * Initial rate × a factor that goes evenly from `start_factor` to `end_factor` in `total_iters` epochs.
 * Source: torch.optim.lr_scheduler.LinearLR.
 */
export class LinearLR extends LRScheduler {
  declare start_factor: number;
  declare end_factor: number;
  declare total_iters: number;

  constructor(
    optimizer: Optimizer,
    options?: { start_factor?: number; end_factor?: number; total_iters?: number; last_epoch?: number },
  );
  constructor(
    optimizer: Optimizer,
    start_factor: number,
    end_factor?: number,
    total_iters?: number,
    last_epoch?: number,
  );
  constructor(...args: unknown[]) {
    const [owner, start_factor, end_factor, total_iters, last_epoch] = linearArguments(args);
    const optimizer = asOptimizer(owner);
    if (start_factor > 1 || start_factor <= 0)
      throw new ValueError(
        "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.",
      );
    if (end_factor > 1 || end_factor < 0)
      throw new ValueError("Ending multiplicative factor expected to be between 0 and 1.");
    super(optimizer, last_epoch, { start_factor, end_factor, total_iters });
  }

  override get_lr(): number[] {
    const { start_factor, end_factor, total_iters, last_epoch } = this;
    if (last_epoch === 0) return this.scaled(start_factor);
    if (this._is_initial || last_epoch > total_iters) return this.currentRates();
    const range = end_factor - start_factor;
    return this.scaled(1 + range / (total_iters * start_factor + (last_epoch - 1) * range));
  }

  protected override closedForm(): number[] {
    const { start_factor, end_factor, total_iters } = this;
    const epochs = Math.min(total_iters, this.last_epoch);
    return this.base_lrs.map(
      (lr) => lr * (start_factor + ((end_factor - start_factor) * epochs) / total_iters),
    );
  }
}

const polynomialArguments = signature(
  "PolynomialLR(optimizer: any, total_iters: int = 5, power: float = 1, last_epoch: int = -1)",
);

/** Initial rate × (1 − epoch / total_iters) to the `power`. Source: torch.optim.lr_scheduler.PolynomialLR. */
export class PolynomialLR extends LRScheduler {
  declare total_iters: number;
  declare power: number;

  constructor(optimizer: Optimizer, options?: { total_iters?: number; power?: number; last_epoch?: number });
  constructor(optimizer: Optimizer, total_iters: number, power?: number, last_epoch?: number);
  constructor(
    options: { optimizer: Optimizer } & { total_iters?: number; power?: number; last_epoch?: number },
  );
  constructor(...args: unknown[]) {
    const [owner, total_iters, power, last_epoch] = polynomialArguments(args);
    const optimizer = asOptimizer(owner);
    super(optimizer, last_epoch, { total_iters, power });
  }

  override get_lr(): number[] {
    const { total_iters, last_epoch } = this;
    if (this._is_initial || last_epoch > total_iters) return this.currentRates();
    return this.scaled(((1 - last_epoch / total_iters) / (1 - (last_epoch - 1) / total_iters)) ** this.power);
  }

  protected override closedForm(): number[] {
    const left = 1 - Math.min(this.total_iters, this.last_epoch) / this.total_iters;
    return this.base_lrs.map((lr) => lr * left ** this.power);
  }
}
