import { ValueError } from "../../errors";
import { signature } from "../../op/signature";
import { type Optimizer, rateOf, setRate } from "../optimizer";
import { ReduceLROnPlateau } from "./plateau";
import { asOptimizer, LRScheduler } from "./scheduler";

function checkSchedulers(name: string, schedulers: readonly LRScheduler[], optimizer: Optimizer): void {
  schedulers.forEach((scheduler, i) => {
    if (!(scheduler instanceof LRScheduler))
      throw new TypeError(`${name} at index ${i} should have \`optimizer\` as its attribute.`);
    if (scheduler instanceof ReduceLROnPlateau)
      throw new ValueError(
        `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
      );
    if (scheduler.optimizer !== optimizer)
      throw new ValueError(
        `${name} expects all schedulers to belong to the same optimizer, but got scheduler ${scheduler.constructor.name} at index ${i} has ${scheduler.optimizer}, which is different from ${optimizer.constructor.name}.`,
      );
  });
}

/** A scheduler made of others. */
abstract class Composed extends LRScheduler {
  /** @internal */
  declare _schedulers: LRScheduler[];

  override state_dict(): Record<string, unknown> {
    const { _schedulers, ...state } = super.state_dict() as { _schedulers: LRScheduler[] };
    return { ...state, _schedulers: _schedulers.map((scheduler) => scheduler.state_dict()) };
  }

  override load_state_dict(state_dict: Record<string, unknown>): void {
    const { _schedulers, ...own } = state_dict;
    super.load_state_dict(own);
    (_schedulers as Record<string, unknown>[]).forEach((state, i) => {
      this._schedulers[i].load_state_dict(state);
    });
  }
}

const sequentialArguments = signature(
  "SequentialLR(optimizer: any, schedulers: any, milestones: int[], last_epoch: int = -1)",
);

/**
 * One scheduler after another: each milestone is the epoch at which the next takes over.
 * Source: torch.optim.lr_scheduler.SequentialLR.
 */
export class SequentialLR extends Composed {
  /** @internal */
  declare _milestones: number[];

  constructor(
    optimizer: Optimizer,
    schedulers: readonly LRScheduler[],
    milestones: readonly number[],
    last_epoch?: number,
  );
  constructor(
    optimizer: Optimizer,
    options: { schedulers: readonly LRScheduler[]; milestones: readonly number[]; last_epoch?: number },
  );
  constructor(...args: unknown[]) {
    const [owner, given, milestones, last_epoch] = sequentialArguments(args);
    const optimizer = asOptimizer(owner);
    const schedulers = given as LRScheduler[];
    if (schedulers.length < 1)
      throw new ValueError("SequentialLR expects at least one scheduler, but got no scheduler.");
    checkSchedulers("SequentialLR", schedulers, optimizer);
    if (milestones.length !== schedulers.length - 1)
      throw new ValueError(
        `Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    super(optimizer, last_epoch, { _schedulers: schedulers, _milestones: milestones });
  }

  protected override begin(last_epoch: number): void {
    this.last_epoch = last_epoch + 1;
    for (const group of this.optimizer.param_groups) setRate(group, rateOf(group, "initial_lr"));
    // Each has set the rates of its first epoch already; all but the one that begins take that back.
    undo(this);
    const first = this._schedulers[this.indexAt(0)];
    first.initialStep();
    this._last_lr = first.get_last_lr();
  }

  private indexAt(epoch: number): number {
    return this._milestones.filter((milestone) => milestone <= epoch).length;
  }

  override step(): void {
    this.last_epoch++;
    const index = this.indexAt(this.last_epoch);
    const scheduler = this._schedulers[index];
    if (index > 0 && this._milestones[index - 1] === this.last_epoch) scheduler.updateRates(0);
    else scheduler.step();
    this._last_lr = scheduler.get_last_lr();
  }
}

function undo(scheduler: LRScheduler): void {
  if (scheduler instanceof Composed) for (const below of scheduler._schedulers) undo(below);
  else scheduler.last_epoch--;
}

interface ChainOption {
  optimizer?: Optimizer | null;
}

const chainedArguments = signature("ChainedScheduler(schedulers: any, optimizer: any = null)");

/** Several schedulers at once: their factors multiply. Source: torch.optim.lr_scheduler.ChainedScheduler. */
export class ChainedScheduler extends Composed {
  constructor(schedulers: readonly LRScheduler[], optimizer?: Optimizer | null | ChainOption);
  constructor(options: { schedulers: readonly LRScheduler[] } & ChainOption);
  constructor(...args: unknown[]) {
    const [given, optimizer] = chainedArguments(args);
    const schedulers = [...(given as Iterable<LRScheduler>)];
    if (schedulers.length < 1)
      throw new ValueError(
        "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.",
      );
    const common = optimizer === null ? schedulers[0].optimizer : asOptimizer(optimizer);
    checkSchedulers("ChainedScheduler", schedulers, common);
    super(common, -1, { _schedulers: schedulers });
  }

  protected override begin(): void {
    this._last_lr = this.lastRates();
  }

  override step(): void {
    for (const scheduler of this._schedulers) scheduler.step();
    this._last_lr = this.lastRates();
  }
}
