import type { Tensor } from "../../engine/tensor";
import { cut } from "./describe";
import type { Leaf, Leaves } from "./leaves";
import type { MovedLeaf, ReachedLeaf, TrainingEvent } from "./model";
import type { Names } from "./names";
import { observed, type Pass } from "./passes";
import { copyOf } from "./snapshot";

/** Longest text of a gradient or movement. */
const EVENT_CHARS = 200;

/** A change of a leaf in place: which of its changes it was, counting from 0. */
interface Change {
  leaf: Leaf;
  number: number;
}

/** What happened at a site: the latest of each kind. */
type Event = { kind: "backward"; pass: Pass } | { kind: "step"; changes: readonly Change[] };

/** Notes which statement ran a backward pass, and which moved the leaves. */
export class Events {
  private readonly leaves: Leaves;
  private readonly bySite: (Event | undefined)[] = [];
  private pass: Pass | null = null;
  private changes: Change[] = [];

  constructor(leaves: Leaves) {
    this.leaves = leaves;
  }

  passStarted(pass: Pass): void {
    this.pass = pass;
  }

  /** A leaf's memory is about to be written. */
  leafWillChange(leaf: Leaf): void {
    this.changes[this.changes.length] = { leaf, number: leaf.changes - 1 };
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

  /** The leaves that the latest event at a site was about, and its kind; null if none was there. */
  leavesOf(site: number): { kind: Event["kind"]; leaves: Leaf[] } | null {
    const event = this.bySite[site];
    if (event === undefined) return null;
    const leaves: Leaf[] = [];
    if (event.kind === "step") {
      for (let i = 0; i < event.changes.length; i++) leaves[i] = event.changes[i].leaf;
    } else {
      for (let i = 0; i < event.pass.leaves.length; i++) {
        const leaf = this.leaves.of(event.pass.leaves[i]);
        if (leaf !== null) leaves[leaves.length] = leaf;
      }
    }
    return { kind: event.kind, leaves };
  }

  at(site: number, names: Names): TrainingEvent | undefined {
    const event = this.bySite[site];
    if (event === undefined) return undefined;
    return event.kind === "backward"
      ? describePass(event.pass, names)
      : describeStep(event.changes, this.leaves, names);
  }
}

function describePass(pass: Pass, names: Names): TrainingEvent {
  const leaves: ReachedLeaf[] = [];
  for (let i = 0; i < pass.leaves.length; i++) {
    const leaf = pass.leaves[i];
    const grad = leaf.accumulator === null ? null : observed(leaf.accumulator).accumulated;
    if (grad !== null) leaves[leaves.length] = reachedLeaf(leaf, grad, names);
  }
  return { kind: "backward", leaves };
}

function describeStep(changes: readonly Change[], leaves: Leaves, names: Names): TrainingEvent {
  const moved: MovedLeaf[] = [];
  for (let i = 0; i < changes.length; i++) {
    const { leaf, number } = changes[i];
    const [before, after] = [leaves.beforeChange(leaf, number), leaves.beforeChange(leaf, number + 1)];
    const change = before === null || after === null ? null : copyOf(after).sub(copyOf(before));
    moved[i] = movedLeaf(leaf.tensor, change, names);
  }
  return { kind: "step", moved };
}

/** `grad` is null where it is not known. */
export function reachedLeaf(leaf: Tensor, grad: Tensor | null, names: Names): ReachedLeaf {
  const text = grad === null ? "" : cut(grad.formatValue(), EVENT_CHARS);
  return { ...named(leaf, names), grad: text };
}

/** `change` is null where it is not known. */
export function movedLeaf(leaf: Tensor, change: Tensor | null, names: Names): MovedLeaf {
  if (change === null) return { ...named(leaf, names), change: "", distance: Number.NaN };
  const text = cut(change.formatValue(), EVENT_CHARS);
  return { ...named(leaf, names), change: text, distance: change.norm().item() as number };
}

function named(leaf: Tensor, names: Names): { name: string | null; shape: number[] } {
  return { name: names.of(leaf)?.name ?? null, shape: leaf.shape.slice() };
}
