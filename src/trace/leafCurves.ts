import { elements, type Tensor } from "../../engine/tensor";
import { startOf } from "./curves";
import type { TensorMoment } from "./history";
import type { Leaf } from "./leaves";
import type { CurveCursor, LeafPiece, LeafValue, LeavesAnswer, Position, Statistics } from "./queries";
import type { TraceRecorder } from "./recorder";
import { statisticsOf } from "./statistics";

/** A tensor of more elements is told by its statistics only. */
const MAX_ELEMENTS = 64;

const { sqrt } = Math;

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
  const isSmall = tensor.numel() <= MAX_ELEMENTS;
  const piece: LeafPiece = {
    id,
    name,
    shape: tensor.shape.slice(),
    version: history.version,
    from,
    iterations: [],
    passes: [],
    elements: isSmall ? [] : null,
    gradElements: isSmall ? [] : null,
    summary: [],
    gradSummary: [],
    updateRatio: [],
    histograms: [],
  };
  for (let loop = 0; loop < loops; loop++) piece.iterations[loop] = [];
  for (let i = from; i < history.length; i++) {
    const at = i - from;
    const visit = history.visitAt(i);
    const { value: values, grad } = history.valueAt(i) as TensorMoment;
    const statistics = statisticsOf(values)!;
    piece.passes[at] = visit;
    for (let loop = 0; loop < loops; loop++) piece.iterations[loop][at] = history.countAt(i, loop);
    piece.summary[at] = summaryOf(statistics);
    piece.gradSummary[at] = summaryOf(statisticsOf(grad!)!);
    piece.histograms[at] = { min: statistics.min, max: statistics.max, bins: statistics.histogram };
    if (piece.elements !== null) piece.elements[at] = numbersOf(values);
    if (piece.gradElements !== null) piece.gradElements[at] = numbersOf(grad!);
    const isFollowed = i + 1 < history.length && history.visitAt(i + 1) === visit + 1;
    piece.updateRatio[at] = isFollowed
      ? distance((history.valueAt(i + 1) as TensorMoment).value, values) / statistics.norm
      : Number.NaN;
  }
  return piece;
}

function summaryOf({ norm, mean, std, min, max }: Statistics): number[] {
  return [norm, mean, std, min, max];
}

function numbersOf(tensor: Tensor): number[] {
  const values = elements(tensor);
  const list: number[] = [];
  for (let i = 0; i < values.length; i++) list[i] = values[i] as number;
  return list;
}

function distance(a: Tensor, b: Tensor): number {
  const [x, y] = [elements(a), elements(b)];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += ((x[i] as number) - (y[i] as number)) ** 2;
  return sqrt(sum);
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
