import { Extremes } from "./extremes";
import { Floats } from "./floats";
import { evenly } from "./ridge";
import type { TrackPiece } from "./track";

/** A track with at most about `most` entries: of a curve the lowest and highest of each stretch are among them. */
export function thinPiece(piece: TrackPiece, most: number): TrackPiece {
  const { length } = piece.steps;
  if (length <= most) return piece;
  const { value } = piece.columns;
  const chosen = value === undefined ? evenly(length, most) : extremeIndices(value, most);
  const pick = (list: Float64Array) => Float64Array.from(chosen, (i) => list[i]);
  return {
    ...piece,
    steps: pick(piece.steps),
    iterations: piece.iterations.map(pick),
    columns: Object.fromEntries(Object.entries(piece.columns).map(([name, list]) => [name, pick(list)])),
    histograms: null,
  };
}

function extremeIndices(values: Float64Array, most: number): number[] {
  const list = new Floats();
  list.replaceFrom(0, values);
  const extremes = new Extremes(list);
  const chosen = new Set([0, values.length - 1]);
  const stretches = Math.floor(most / 2);
  for (let i = 0; i < stretches; i++) {
    const start = Math.floor((i * values.length) / stretches);
    const end = Math.floor(((i + 1) * values.length) / stretches);
    for (const at of extremes.of(start, end)) chosen.add(at < 0 ? start : at);
  }
  return [...chosen].sort((a, b) => a - b);
}
