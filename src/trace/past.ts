import { movedLeaf, reachedLeaf } from "./events";
import type { TensorMoment } from "./history";
import type { Leaf } from "./leaves";
import type { MovedLeaf, ReachedLeaf, TrainingEvent } from "./model";
import type { Names } from "./names";
import type { MomentAnswer, Position } from "./queries";
import type { TraceRecorder } from "./recorder";
import { Snapshot } from "./snapshot";

/**
 * What a site saw before the iteration asked for, with the gradient that a leaf had by then: the one it has now
 * came from a later pass.
 */
export function withGradThen(
  recorder: TraceRecorder,
  site: number,
  moment: TensorMoment,
  { loop, iteration }: Position,
): TensorMoment {
  if (moment.grad === null || recorder.countAt(loop) <= iteration) return moment;
  const value = recorder.valueAt(site);
  const leaf = recorder.leaves.of(Snapshot.is(value) ? value.tensor : moment.value);
  if (leaf === null) return moment;
  const index = recorder.moments.indexOf(loop);
  const entry = leaf.history.indexAt(index, iteration);
  if (entry === leaf.received - 1) return moment;
  moment.grad = entry < 0 ? null : (leaf.history.valueAt(entry) as TensorMoment).grad;
  moment.step = null;
  return moment;
}

/** What statements had done to the training by a moment, as far as the leaves' histories tell. */
export function eventsThen(recorder: TraceRecorder, at: Position): MomentAnswer["events"] {
  const events: MomentAnswer["events"] = [];
  const index = recorder.moments.indexOf(at.loop);
  const names = recorder.names();
  for (let site = 0; site < recorder.sites.length; site++) {
    const latest = recorder.events.leavesOf(site);
    if (latest === null || index < 0) continue;
    const entries = entriesThen(latest.leaves, index, at.iteration);
    if (entries.length === 0) continue;
    const { leaf, entry } = entries[0];
    const iteration = leaf.history.countAt(entry, index);
    const event = latest.kind === "backward" ? passThen(entries, names) : stepThen(entries, names);
    events[events.length] = { site, iteration, event };
  }
  return events;
}

interface LeafThen {
  leaf: Leaf;
  /** Of the leaf's history. */
  entry: number;
}

function entriesThen(leaves: readonly Leaf[], index: number, iteration: number): LeafThen[] {
  const entries: LeafThen[] = [];
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i];
    const entry = leaf.history.indexAt(index, iteration);
    if (entry >= 0) entries[entries.length] = { leaf, entry };
  }
  return entries;
}

function passThen(entries: readonly LeafThen[], names: Names): TrainingEvent {
  const leaves: ReachedLeaf[] = [];
  for (let i = 0; i < entries.length; i++) {
    const { leaf, entry } = entries[i];
    const { grad } = leaf.history.valueAt(entry) as TensorMoment;
    leaves[i] = reachedLeaf(leaf.tensor, grad, names);
  }
  return { kind: "backward", leaves };
}

/** A step moved what the next pass found elsewhere. */
function stepThen(entries: readonly LeafThen[], names: Names): TrainingEvent {
  const moved: MovedLeaf[] = [];
  for (let i = 0; i < entries.length; i++) {
    const { leaf, entry } = entries[i];
    const { history } = leaf;
    const isFollowed =
      entry + 1 < history.length && history.visitAt(entry + 1) === history.visitAt(entry) + 1;
    const after = isFollowed
      ? (history.valueAt(entry + 1) as TensorMoment).value
      : history.visitAt(entry) === leaf.received - 1
        ? leaf.tensor.detach()
        : null;
    const change = after?.sub((history.valueAt(entry) as TensorMoment).value) ?? null;
    moved[i] = movedLeaf(leaf.tensor, change, names);
  }
  return { kind: "step", moved };
}
