import type { Storage } from "../../engine/storage";
import type { Tensor } from "../../engine/tensor";
import { cut } from "./describe";
import { observed, type Pass } from "./gradients";
import type { Leaf, Leaves } from "./leaves";
import type { TrainingEvent } from "./model";
import type { Names } from "./names";
import { copyOf } from "./snapshot";

/** A larger leaf is not copied at every step for the sake of telling how far it moved. */
const MAX_COPIED_ELEMENTS = 4096;
const MAX_CHARS = 200;

/** A leaf that was changed in place, as it was before; null if it is too large. */
interface Change {
  leaf: Leaf;
  before: Tensor | null;
  /** What it was changed to, once it changes again; null as long as that is what it is. */
  after: Tensor | null;
}

/** What happened at a site: the latest of each kind. */
type Event = { kind: "backward"; pass: Pass } | { kind: "step"; changes: readonly Change[] };

/** Notes which statement ran a backward pass, and which moved the leaves. */
export class Events {
  private readonly leaves: Leaves;
  private readonly bySite: (Event | undefined)[] = [];
  private pass: Pass | null = null;
  private changes: Change[] = [];
  /** The latest change of each leaf, by the leaf's id. */
  private readonly latest: (Change | undefined)[] = [];

  constructor(leaves: Leaves) {
    this.leaves = leaves;
  }

  passStarted(pass: Pass): void {
    this.pass = pass;
  }

  storageWillChange(storage: Storage): void {
    const { all } = this.leaves;
    for (let i = 0; i < all.length; i++) {
      const leaf = all[i];
      if (leaf.tensor.storage !== storage) continue;
      const before = leaf.tensor.numel() <= MAX_COPIED_ELEMENTS ? copyOf(leaf.tensor) : null;
      const last = this.latest[leaf.id];
      if (last !== undefined) last.after = before;
      const change = { leaf, before, after: null };
      this.latest[leaf.id] = change;
      this.changes[this.changes.length] = change;
    }
  }

  /** A statement that gives nothing is over: what happened since the last one happened there. */
  statementOver(site: number): void {
    if (this.pass !== null) this.bySite[site] = { kind: "backward", pass: this.pass };
    else if (this.changes.length > 0) this.bySite[site] = { kind: "step", changes: this.changes };
    else return;
    this.forget();
  }

  /** A tensor was changed at its own site: that is not an optimizer's step. */
  changedItself(tensor: Tensor): void {
    if (this.changes.length > 0 && this.changes[0].leaf.tensor.storage === tensor.storage) this.changes = [];
  }

  private forget(): void {
    this.pass = null;
    this.changes = [];
  }

  has(site: number): boolean {
    return this.bySite[site] !== undefined;
  }

  at(site: number, names: Names): TrainingEvent | undefined {
    const event = this.bySite[site];
    if (event === undefined) return undefined;
    return event.kind === "backward" ? describePass(event.pass, names) : describeStep(event.changes, names);
  }
}

function describePass(pass: Pass, names: Names): TrainingEvent {
  const leaves: Extract<TrainingEvent, { kind: "backward" }>["leaves"] = [];
  for (let i = 0; i < pass.leaves.length; i++) {
    const leaf = pass.leaves[i];
    const grad = leaf.accumulator === null ? null : observed(leaf.accumulator).accumulated;
    if (grad === null) continue;
    const name = names.of(leaf)?.name ?? null;
    leaves[leaves.length] = { name, shape: leaf.shape.slice(), grad: cut(grad.formatValue(), MAX_CHARS) };
  }
  return { kind: "backward", leaves };
}

function describeStep(changes: readonly Change[], names: Names): TrainingEvent {
  const moved: Extract<TrainingEvent, { kind: "step" }>["moved"] = [];
  for (let i = 0; i < changes.length; i++) {
    const { leaf, before, after } = changes[i];
    const name = names.of(leaf.tensor)?.name ?? null;
    const shape = leaf.tensor.shape.slice();
    const change = before === null ? null : copyOf(after ?? leaf.tensor).sub(before);
    moved[i] = {
      name,
      shape,
      change: change === null ? "" : cut(change.formatValue(), MAX_CHARS),
      distance: change === null ? Number.NaN : (change.norm().item() as number),
    };
  }
  return { kind: "step", moved };
}
