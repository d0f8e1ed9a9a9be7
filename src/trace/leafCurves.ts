import { elements, type Tensor } from "../../engine/tensor";
import { copyInto } from "./arrays";
import { startOf } from "./curves";
import type { History, TensorMoment } from "./history";
import { emptyStatistics, writeStatistics } from "./leafStatistics";
import type { Leaf } from "./leaves";
import type { CurveCursor, LeafPiece, LeafValue, LeavesAnswer, Position } from "./queries";
import type { TraceRecorder } from "./recorder";

/** A tensor of more elements is told by its statistics only. */
const MAX_ELEMENTS = 64;

/** Every leaf over the backward passes, from where the asker left off. */
export function leaves(recorder: TraceRecorder, have: readonly CurveCursor[]): LeavesAnswer {
  const names = recorder.names();
  const list: LeafPiece[] = [];
  const { all } = recorder.leaves;
  for (let i = 0; i < all.length; i++) {
    const leaf = all[i];
    const { from, known } = startOf(have, leaf.id, leaf.history);
    if (known && leaf.history.length === from) continue;
    list[list.length] = pieceOf(
      leaf,
      from,
      names.of(leaf.tensor)?.name ?? null,
      recorder.moments.loops.length,
    );
  }
  return { loops: recorder.moments.loops.slice(), leaves: list };
}

function pieceOf({ id, tensor, history }: Leaf, from: number, name: string | null, loops: number): LeafPiece {
  const count = history.length - from;
  const size = tensor.numel();
  const isSmall = size <= MAX_ELEMENTS;
  const piece: LeafPiece = {
    id,
    name,
    shape: tensor.shape.slice(),
    version: history.version,
    from,
    iterations: [],
    passes: new Float64Array(count),
    elements: isSmall ? new Float64Array(count * size) : null,
    gradElements: isSmall ? new Float64Array(count * size) : null,
    statistics: isSmall ? null : emptyStatistics(count),
  };
  for (let loop = 0; loop < loops; loop++) piece.iterations[loop] = new Float64Array(count);
  for (let at = 0; at < count; at++) writeEntry(piece, at, history);
  return piece;
}

function writeEntry(piece: LeafPiece, at: number, history: History): void {
  const i = piece.from + at;
  const visit = history.visitAt(i);
  const values = history.elementsAt(i);
  const grad = history.gradAt(i);
  const { iterations, elements, gradElements, statistics } = piece;
  piece.passes[at] = visit;
  for (let loop = 0; loop < iterations.length; loop++) iterations[loop][at] = history.countAt(i, loop);
  if (elements !== null) copyInto(elements, values, at * values.length);
  if (gradElements !== null) copyInto(gradElements, grad, at * grad.length);
  if (statistics === null) return;
  const isFollowed = i + 1 < history.length && history.visitAt(i + 1) === visit + 1;
  writeStatistics(statistics, at, values, grad, isFollowed ? history.elementsAt(i + 1) : null);
}

function numbersOf(tensor: Tensor): Float64Array {
  const values = elements(tensor) as ArrayLike<number>;
  const numbers = new Float64Array(values.length);
  copyInto(numbers, values);
  return numbers;
}

/** A leaf and its gradient as they are, or as the last backward pass up to an iteration left them. */
export function leafAt(recorder: TraceRecorder, id: number, at: Position | undefined): LeafValue | null {
  const leaf = recorder.leaves.all[id];
  if (leaf === undefined) return null;
  const { history } = leaf;
  if (at === undefined) return leafValue(leaf.tensor, leaf.tensor.grad);
  const index = recorder.moments.indexOf(at.loop);
  const i = index < 0 ? -1 : history.indexAt(index, at.iteration);
  if (i < 0) return null;
  const { value, grad } = history.valueAt(i) as TensorMoment;
  return leafValue(value, grad);
}

function leafValue(value: Tensor, grad: Tensor | null): LeafValue {
  return {
    shape: value.shape.slice(),
    values: numbersOf(value),
    grad: grad === null ? null : numbersOf(grad),
  };
}
