import type { Module } from "../../engine/nn/module";

/** Calls of modules beyond this many are forgotten, the oldest first. */
const MAX_CALLS = 8192;

/** A call of a module, by the steps that it recorded: those of `sequence` from `first` to before `end`. */
export interface Call {
  readonly id: number;
  readonly module: Module;
}

/** The latest calls of modules. */
export class Calls {
  private readonly modules: Module[] = [];
  private readonly firsts = new Float64Array(MAX_CALLS);
  private readonly ends = new Float64Array(MAX_CALLS);
  private count = 0;

  add(module: Module, first: number, end: number): void {
    if (first === end) return;
    const at = this.count++ % MAX_CALLS;
    this.modules[at] = module;
    this.firsts[at] = first;
    this.ends[at] = end;
  }

  /** The calls that were under way when the step of this `sequence` was recorded, outermost first. */
  around(sequence: number): Call[] {
    const { modules, firsts, ends, count } = this;
    const found: Call[] = [];
    // A call ends after those that it made, and is added then.
    for (let id = count - 1; id >= 0 && id >= count - MAX_CALLS; id--) {
      const at = id % MAX_CALLS;
      if (ends[at] <= sequence) break;
      if (firsts[at] <= sequence) found[found.length] = { id, module: modules[at] };
    }
    return found;
  }
}
