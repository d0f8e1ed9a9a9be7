import { RuntimeError, ValueError } from "../../errors";
import { signature } from "../../op/signature";
import { Tensor } from "../../tensor";
import { type Optimizer, rateOf, setRate } from "../optimizer";
import { asOptimizer, LRScheduler } from "./scheduler";

export interface ReduceLROnPlateauOptions {
  /** Whether the metric should fall or rise. */
  mode?: "min" | "max";
  factor?: number;
  /** How many epochs without improvement are allowed. */
  patience?: number;
  threshold?: number;
  threshold_mode?: "rel" | "abs";
  /** How many epochs to wait after a reduction. */
  cooldown?: number;
  min_lr?: number | readonly number[];
  /** A smaller change of the rate is not made. */
  eps?: number;
}

const plateauArguments = signature(
  "ReduceLROnPlateau(optimizer: any, mode: str = 'min', factor: float = 0.1, patience: int = 10, threshold: float = 0.0001, threshold_mode: str = 'rel', cooldown: int = 0, min_lr: float | float[] = 0, eps: float = 1e-08)",
);

/**
 * Rate × `factor` when a metric has stopped improving: `step(metric)`.
 * Source: torch.optim.lr_scheduler.ReduceLROnPlateau.
 */
export class ReduceLROnPlateau extends LRScheduler {
  declare factor: number;
  declare default_min_lr: number | null;
  declare min_lrs: number[];
  declare patience: number;
  declare cooldown: number;
  declare eps: number;
  /** What every metric is better than. */
  declare mode_worse: number;
  declare mode: string;
  declare threshold: number;
  declare threshold_mode: string;
  /** The best metric so far. */
  declare best: number;
  declare cooldown_counter: number;
  declare num_bad_epochs: number;

  constructor(optimizer: Optimizer, options?: ReduceLROnPlateauOptions);
  constructor(optimizer: Optimizer, mode: "min" | "max", options?: ReduceLROnPlateauOptions);
  constructor(optimizer: Optimizer, mode: "min" | "max", factor: number, options?: ReduceLROnPlateauOptions);
  constructor(options: { optimizer: Optimizer } & ReduceLROnPlateauOptions);
  constructor(...args: unknown[]) {
    const [owner, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps] =
      plateauArguments(args);
    const optimizer = asOptimizer(owner);
    if (factor >= 1) throw new ValueError("Factor should be < 1.0.");
    if (mode !== "min" && mode !== "max") throw new ValueError(`mode ${mode} is unknown!`);
    if (threshold_mode !== "rel" && threshold_mode !== "abs")
      throw new ValueError(`threshold mode ${threshold_mode} is unknown!`);
    super(optimizer, -1, {
      factor,
      default_min_lr: min_lr,
      min_lrs: [],
      patience,
      cooldown,
      eps,
      last_epoch: 0,
      _last_lr: [],
      mode_worse: mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
      mode,
      threshold,
      threshold_mode,
    });
  }

  protected override begin(): void {
    const groups = this.optimizer.param_groups.length;
    const least = this.default_min_lr as number | number[];
    if (typeof least === "number") this.min_lrs = new Array<number>(groups).fill(least);
    else {
      if (least.length !== groups) throw new ValueError(`expected ${groups} min_lrs, got ${least.length}`);
      this.default_min_lr = null;
      this.min_lrs = [...least];
    }
    this.last_epoch = 0;
    this._last_lr = this.lastRates();
    this.best = this.mode_worse;
    this.cooldown_counter = 0;
    this.num_bad_epochs = 0;
  }

  /** Whether a reduction was so recent that epochs without improvement do not count. */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0;
  }

  /** Looks at this epoch's metric and reduces the rates if it has not improved for too long. */
  override step(metrics?: number | Tensor | null, epoch: number | null = null): void {
    if (metrics == null)
      throw new TypeError("ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'");
    const current = metrics instanceof Tensor ? metrics.item() : Number(metrics);
    this.last_epoch = epoch ?? this.last_epoch + 1;
    if (this.isBetter(current)) {
      this.best = current;
      this.num_bad_epochs = 0;
    } else this.num_bad_epochs++;
    if (this.in_cooldown) {
      this.cooldown_counter--;
      this.num_bad_epochs = 0;
    }
    if (this.num_bad_epochs > this.patience) {
      this.reduce();
      this.cooldown_counter = this.cooldown;
      this.num_bad_epochs = 0;
    }
    this._last_lr = this.lastRates();
  }

  private isBetter(current: number): boolean {
    const { best, threshold } = this;
    const relative = this.threshold_mode === "rel";
    if (this.mode === "min") return current < (relative ? best * (1 - threshold) : best - threshold);
    return current > (relative ? best * (threshold + 1) : best + threshold);
  }

  private reduce(): void {
    const { param_groups } = this.optimizer;
    if (param_groups.length !== this.min_lrs.length) {
      if (this.default_min_lr === null)
        throw new RuntimeError(
          `The number of param groups in the \`optimizer\` (${param_groups.length}) differs from when \`ReduceLROnPlateau\` was initialized (${this.min_lrs.length}), usually due to a new param group being added to the optimizer. Please modify the \`min_lrs\` field to match the length of the \`optimizer\` param groups.`,
        );
      this.min_lrs = new Array<number>(param_groups.length).fill(this.default_min_lr);
    }
    param_groups.forEach((group, i) => {
      const before = rateOf(group);
      const lr = Math.max(before * this.factor, this.min_lrs[i]);
      if (before - lr > this.eps) setRate(group, lr);
    });
  }
}
