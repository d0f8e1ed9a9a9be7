import { Floats } from "./floats";

/**
 * The exponential moving average that TensorBoard draws, which begins at the first value and not at zero.
 * NaN and infinities are passed on and left out of the average. Takes up where it stopped when its list grows.
 */
export class Smoothed {
  readonly list = new Floats();
  private readonly weight: number;
  private average = 0;
  private share = 0;

  /** `weight` of what came before, from 0 to below 1. */
  constructor(weight: number) {
    this.weight = weight;
  }

  /** `values` are those of before, with more at the end. */
  extend(values: Float64Array): void {
    for (let i = this.list.length; i < values.length; i++) this.list.push(this.next(values[i]));
  }

  private next(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.average = this.average * this.weight + value * (1 - this.weight);
    this.share = this.share * this.weight + (1 - this.weight);
    return this.average / this.share;
  }
}
