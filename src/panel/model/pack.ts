import type { TrackPiece } from "./track";

/**
 * The same pieces with all of their numbers in one stretch of memory. VS Code hands each stretch to a page by
 * itself, and loses some where a message has more than about 250.
 */
export function packPieces(pieces: readonly TrackPiece[]): TrackPiece[] {
  const memory = new Float64Array(pieces.reduce((sum, piece) => sum + numbersIn(piece), 0));
  let end = 0;
  const put = (list: Float64Array) => {
    const start = end;
    end += list.length;
    memory.set(list, start);
    return memory.subarray(start, end);
  };
  return pieces.map((piece) => ({
    ...piece,
    steps: put(piece.steps),
    iterations: piece.iterations.map(put),
    columns: Object.fromEntries(Object.entries(piece.columns).map(([name, list]) => [name, put(list)])),
    histograms: piece.histograms && put(piece.histograms),
  }));
}

function numbersIn({ steps, iterations, columns, histograms }: TrackPiece): number {
  const lists = [steps, ...iterations, ...Object.values(columns)];
  return lists.reduce((sum, list) => sum + list.length, histograms?.length ?? 0);
}
