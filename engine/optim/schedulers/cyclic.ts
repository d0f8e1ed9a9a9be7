import { ValueError } from "../../errors";
import { signature } from "../../op/signature";
import { type Optimizer, setRate } from "../optimizer";
import { asOptimizer, LRScheduler, Momentum, perGroup } from "./scheduler";

export interface CyclicLROptions {
  base_lr?: number | readonly number[];
  max_lr?: number | readonly number[];
  step_size_up?: number;
  step_size_down?: number | null;
  mode?: "triangular" | "triangular2" | "exp_range";
  gamma?: number;
  /** The height of a cycle, of its number or of the iteration as `scale_mode` says. */
  scale_fn?: ((x: number) => number) | null;
  scale_mode?: "cycle" | "iterations";
  cycle_momentum?: boolean;
  base_momentum?: number | readonly number[];
  max_momentum?: number | readonly number[];
  last_epoch?: number;
}

type ScaleFunction = (x: number) => number;

const cyclicArguments = signature(
  "CyclicLR(optimizer: any, base_lr: float[], max_lr: float[], step_size_up: float = 2000, step_size_down: float? = null, mode: str = 'triangular', gamma: float = 1, scale_fn: any = null, scale_mode: str = 'cycle', cycle_momentum = true, base_momentum: float[] = 0.8, max_momentum: float[] = 0.9, last_epoch: int = -1)",
);

/**
 * Goes up from `base_lr` to `max_lr` in `step_size_up` batches and down again, over and over; momentum
 * goes the other way. Source: torch.optim.lr_scheduler.CyclicLR; Smith 2015.
 */
export class CyclicLR extends LRScheduler {
  declare max_lrs: number[];
  declare total_size: number;
  declare step_ratio: number;
  declare mode: string;
  declare gamma: number;
  declare scale_mode: string;
  declare cycle_momentum: boolean;
  declare use_beta1?: boolean;
  declare base_momentums: number[];
  declare max_momentums: number[];
  declare private customScale: ScaleFunction | null;

  constructor(
    optimizer: Optimizer,
    base_lr: number | readonly number[],
    max_lr: number | readonly number[],
    options?: CyclicLROptions,
  );
  constructor(
    optimizer: Optimizer,
    base_lr: number | readonly number[],
    max_lr: number | readonly number[],
    step_size_up: number,
    options?: CyclicLROptions,
  );
  constructor(optimizer: Optimizer, options: CyclicLROptions);
  constructor(options: { optimizer: Optimizer } & CyclicLROptions);
  constructor(...args: unknown[]) {
    const [
      owner,
      base,
      max,
      up,
      downGiven,
      mode,
      gamma,
      scale_fn,
      scale_mode,
      cycle_momentum,
      baseM,
      maxM,
      last_epoch,
    ] = cyclicArguments(args);
    const optimizer = asOptimizer(owner);
    const down = downGiven ?? up;
    if (!["triangular", "triangular2", "exp_range"].includes(mode) && scale_fn === null)
      throw new ValueError("mode is invalid and scale_fn is None");
    const base_lrs = perGroup("base_lr", optimizer, single(base));
    super(optimizer, last_epoch, {
      startRates: base_lrs,
      max_lrs: perGroup("max_lr", optimizer, single(max)),
      total_size: up + down,
      step_ratio: up / (up + down),
      mode,
      gamma,
      customScale: scale_fn as ScaleFunction | null,
      scale_mode: scale_fn !== null ? scale_mode : mode === "exp_range" ? "iterations" : "cycle",
      cycle_momentum,
      ...(cycle_momentum
        ? {
            use_beta1: "betas" in optimizer.defaults,
            base_momentums: perGroup("base_momentum", optimizer, single(baseM)),
            max_momentums: perGroup("max_momentum", optimizer, single(maxM)),
          }
        : {}),
    });
    this.base_lrs = base_lrs;
  }

  declare private startRates?: number[];

  protected override begin(last_epoch: number): void {
    const rates = this.startRates!;
    delete this.startRates;
    const momentum = this.cycle_momentum ? new Momentum(this.optimizer) : null;
    if (last_epoch === -1)
      this.optimizer.param_groups.forEach((group, i) => {
        setRate(group, rates[i]);
        if (momentum === null) return;
        momentum.set(group, this.max_momentums[i]);
        group.max_momentum = this.max_momentums[i];
        group.base_momentum = this.base_momentums[i];
      });
    super.begin(last_epoch);
  }

  private scale(x: number): number {
    if (this.customScale !== null) return this.customScale(x);
    if (this.mode === "triangular") return 1;
    return this.mode === "triangular2" ? 1 / 2 ** (x - 1) : this.gamma ** x;
  }

  override get_lr(): number[] {
    const { last_epoch, total_size, step_ratio } = this;
    const cycle = Math.floor(1 + last_epoch / total_size);
    const x = 1 + last_epoch / total_size - cycle;
    const height = x <= step_ratio ? x / step_ratio : (x - 1) / (step_ratio - 1);
    const factor = this.scale(this.scale_mode === "cycle" ? cycle : last_epoch);
    if (this.cycle_momentum) {
      const momentum = new Momentum(this.optimizer);
      this.optimizer.param_groups.forEach((group, i) => {
        const range = (this.max_momentums[i] - this.base_momentums[i]) * height;
        momentum.set(group, this.max_momentums[i] - range * factor);
      });
    }
    return this.base_lrs.map((lr, i) => lr + (this.max_lrs[i] - lr) * height * factor);
  }

  /** All fields but the optimizer; a function of the program's is not kept. */
  override state_dict(): Record<string, unknown> {
    const { customScale: _, ...state } = super.state_dict();
    return { ...state, _scale_fn_custom: null };
  }
}

/** A list of one stands for all groups, as it may have come as a number. */
function single(values: readonly number[] | number): number | readonly number[] {
  return Array.isArray(values) && values.length === 1 ? values[0] : values;
}

export interface OneCycleLROptions {
  max_lr?: number | readonly number[];
  total_steps?: number | null;
  epochs?: number | null;
  steps_per_epoch?: number | null;
  /** The part of the cycle in which the rate rises. */
  pct_start?: number;
  anneal_strategy?: "cos" | "linear";
  cycle_momentum?: boolean;
  base_momentum?: number | readonly number[];
  max_momentum?: number | readonly number[];
  /** What `max_lr` is divided by for the rate to start with. */
  div_factor?: number;
  /** What that is divided by for the rate to end with. */
  final_div_factor?: number;
  three_phase?: boolean;
  last_epoch?: number;
}

type Quantity = "initial_lr" | "max_lr" | "min_lr" | "max_momentum" | "base_momentum";

interface Phase {
  end_step: number;
  start_lr: Quantity;
  end_lr: Quantity;
  start_momentum: Quantity;
  end_momentum: Quantity;
}

const oneCycleArguments = signature(
  "OneCycleLR(optimizer: any, max_lr: float[], total_steps: float? = null, epochs: float? = null, steps_per_epoch: float? = null, pct_start: float = 0.3, anneal_strategy: str = 'cos', cycle_momentum = true, base_momentum: float[] = 0.85, max_momentum: float[] = 0.95, div_factor: float = 25, final_div_factor: float = 10000, three_phase = false, last_epoch: int = -1)",
);

/**
 * One rise to `max_lr` and one fall far below the start, over the whole training; momentum goes the other
 * way. Source: torch.optim.lr_scheduler.OneCycleLR; Smith and Topin 2017.
 */
export class OneCycleLR extends LRScheduler {
  declare total_steps: number;
  declare cycle_momentum: boolean;
  /** @internal */
  declare _schedule_phases: Phase[];
  /** @internal */
  declare _anneal_func_type: string;
  declare use_beta1?: boolean;

  constructor(optimizer: Optimizer, max_lr: number | readonly number[], options?: OneCycleLROptions);
  constructor(
    optimizer: Optimizer,
    max_lr: number | readonly number[],
    total_steps: number,
    options?: OneCycleLROptions,
  );
  constructor(optimizer: Optimizer, options: OneCycleLROptions);
  constructor(options: { optimizer: Optimizer } & OneCycleLROptions);
  constructor(...args: unknown[]) {
    const [owner, max, steps, epochs, perEpoch, pct_start, strategy, cycle_momentum, ...rest] =
      oneCycleArguments(args);
    const optimizer = asOptimizer(owner);
    const [baseM, maxM, div_factor, final_div_factor, three_phase, last_epoch] = rest;
    const total_steps = countSteps(steps, epochs, perEpoch);
    if (!(pct_start >= 0 && pct_start <= 1))
      throw new ValueError(`Expected float between 0 and 1 pct_start, but got ${pct_start}`);
    if (strategy !== "cos" && strategy !== "linear")
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${strategy}`);
    const maxRates = perGroup("max_lr", optimizer, single(max));
    const momentum = cycle_momentum ? new Momentum(optimizer) : null;
    const maxMomentums = perGroup("max_momentum", optimizer, single(maxM));
    const baseMomentums = perGroup("base_momentum", optimizer, single(baseM));
    if (last_epoch === -1)
      optimizer.param_groups.forEach((group, i) => {
        group.initial_lr = maxRates[i] / div_factor;
        group.max_lr = maxRates[i];
        group.min_lr = group.initial_lr / final_div_factor;
        if (momentum === null) return;
        momentum.set(group, maxMomentums[i]);
        group.max_momentum = maxMomentums[i];
        group.base_momentum = baseMomentums[i];
      });
    super(optimizer, last_epoch, {
      total_steps,
      _schedule_phases: phasesOf(total_steps, pct_start, three_phase),
      _anneal_func_type: strategy,
      cycle_momentum,
      ...(cycle_momentum ? { use_beta1: "betas" in optimizer.defaults } : {}),
    });
  }

  override get_lr(): number[] {
    const { last_epoch, total_steps, _schedule_phases: phases, optimizer } = this;
    const anneal = this._anneal_func_type === "cos" ? annealCosine : annealLinear;
    if (last_epoch > total_steps)
      throw new ValueError(
        `Tried to step ${last_epoch} times. The specified number of total steps is ${total_steps}`,
      );
    const found = phases.findIndex((phase) => last_epoch <= phase.end_step);
    const at = found < 0 ? phases.length - 1 : found;
    const { end_step, start_lr, end_lr, start_momentum, end_momentum } = phases[at];
    const start = at === 0 ? 0 : phases[at - 1].end_step;
    const part = (last_epoch - start) / (end_step - start);
    const between = (group: Record<Quantity, number>, from: Quantity, to: Quantity) =>
      anneal(group[from], group[to], part);
    return optimizer.param_groups.map((group) => {
      const values = group as unknown as Record<Quantity, number>;
      if (this.cycle_momentum)
        new Momentum(optimizer).set(group, between(values, start_momentum, end_momentum));
      return between(values, start_lr, end_lr);
    });
  }
}

function countSteps(total: number | null, epochs: number | null, perEpoch: number | null): number {
  if (total !== null) return positiveInteger("total_steps", total);
  if (epochs === null || perEpoch === null)
    throw new ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)");
  return positiveInteger("epochs", epochs) * positiveInteger("steps_per_epoch", perEpoch);
}

function positiveInteger(name: string, value: number): number {
  if (value > 0 && Number.isInteger(value)) return value;
  throw new ValueError(`Expected positive integer ${name}, but got ${value}`);
}

function phasesOf(steps: number, rising: number, three: boolean): Phase[] {
  const phase = (
    end_step: number,
    start_lr: Quantity,
    end_lr: Quantity,
    start_momentum: Quantity,
    end_momentum: Quantity,
  ): Phase => ({ end_step, start_lr, end_lr, start_momentum, end_momentum });
  const rise = phase(rising * steps - 1, "initial_lr", "max_lr", "max_momentum", "base_momentum");
  if (!three) return [rise, phase(steps - 1, "max_lr", "min_lr", "base_momentum", "max_momentum")];
  return [
    rise,
    phase(2 * rising * steps - 2, "max_lr", "initial_lr", "base_momentum", "max_momentum"),
    phase(steps - 1, "initial_lr", "min_lr", "max_momentum", "max_momentum"),
  ];
}

function annealCosine(start: number, end: number, part: number): number {
  return end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1);
}

function annealLinear(start: number, end: number, part: number): number {
  return (end - start) * part + start;
}
