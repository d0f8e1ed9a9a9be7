import type { Tensor } from "../../engine/tensor";
import type { Budget, Thinnable } from "./budget";
import type { Observed } from "./gradients";
import { countUpTo, type Moment } from "./moments";

/** A tensor at some moment of the run. */
export interface TensorMoment {
  /** Its elements then. */
  value: Tensor;
  /** As it was then; of `value`, nothing but the elements counts. */
  requiresGrad: boolean;
  isLeaf: boolean;
  isParameter: boolean;
  gradFn: string | null;
  nextFunctions: readonly (string | null)[];
  /** The gradient that the next backward pass left at it. */
  grad: Tensor | null;
  /** Where the gradient came from; null if none came. */
  step: Observed | null;
  outputNr: number;
}

/** What a site saw at one of its visits: a tensor, or the text of a string. */
export interface HistoryEntry {
  /** The visit, counting from 0. */
  visit: number;
  moment: Moment;
  value: TensorMoment | string;
}

/** What an entry takes beside its elements. */
const ENTRY_BYTES = 400;
/** More entries than this are not worth their while, however small. */
const MAX_ENTRIES = 2048;

/** What was seen at one place, visit by visit: all of them at first, then every second, every fourth … */
export class History implements Thinnable {
  private readonly budget: Budget;
  private readonly entries: HistoryEntry[] = [];
  private stride = 1;
  /** The first visit (0-based) that `add` wants. */
  next = 0;
  /** How often it was thinned: whoever took entries before takes them anew. */
  version = 0;
  bytes = 0;

  constructor(budget: Budget) {
    this.budget = budget;
    budget.join(this);
  }

  get length(): number {
    return this.entries.length;
  }

  /** `visit` is at least `next`. */
  add(visit: number, moment: Moment, value: TensorMoment | string): void {
    if (this.entries.length === MAX_ENTRIES) this.thin();
    if (visit % this.stride === 0) {
      this.entries[this.entries.length] = { visit, moment, value };
      const bytes = bytesOf(value);
      this.bytes += bytes;
      this.budget.grew(bytes);
    }
    this.next = visit - (visit % this.stride) + this.stride;
  }

  thin(): boolean {
    const { entries } = this;
    if (entries.length < 2) return false;
    this.stride *= 2;
    this.version++;
    this.bytes = 0;
    let kept = 0;
    for (let i = 0; i < entries.length; i++) {
      if (entries[i].visit % this.stride !== 0) continue;
      this.bytes += bytesOf(entries[i].value);
      entries[kept++] = entries[i];
    }
    entries.length = kept;
    return true;
  }

  entryAt(i: number): HistoryEntry {
    return this.entries[i];
  }

  /** The last entry up to an iteration of the loop at `loop` (an index of `Moments.loops`). */
  at(loop: number, iteration: number): HistoryEntry | null {
    const { entries } = this;
    const count = countUpTo(entries.length, (i) => entries[i].moment[loop], iteration);
    return count === 0 ? null : entries[count - 1];
  }
}

function bytesOf(value: TensorMoment | string): number {
  if (typeof value === "string") return ENTRY_BYTES + 2 * value.length;
  return ENTRY_BYTES + elementBytes(value.value) + (value.grad === null ? 0 : elementBytes(value.grad));
}

function elementBytes(tensor: Tensor): number {
  return tensor.numel() * tensor.dtype.itemsize;
}
