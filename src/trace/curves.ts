import type { CurveCursor, CurvePiece, CurvesAnswer } from "./queries";
import type { TraceRecorder } from "./recorder";
import type { Series } from "./series";

/** The scalars that were seen more than once, from where the asker left off. */
export function curves(recorder: TraceRecorder, have: readonly CurveCursor[]): CurvesAnswer {
  const list: CurvePiece[] = [];
  for (let site = 0; site < recorder.sites.length; site++) {
    const series = recorder.seriesOf(site);
    if (series === null || recorder.countAt(site) < 2) continue;
    const piece = pieceOf(series, site, recorder.moments.loops.length, startOf(have, site, series));
    if (piece !== null) list[list.length] = piece;
  }
  return { loops: recorder.moments.loops.slice(), curves: list, roots: recorder.rootSites.slice() };
}

/** The first value that the asker has not: all of them if they were thinned since. */
export function startOf(
  have: readonly CurveCursor[],
  id: number,
  { version }: { version: number },
): { from: number; known: boolean } {
  for (let i = 0; i < have.length; i++) {
    const cursor = have[i];
    if (cursor.id === id && cursor.version === version) return { from: cursor.length, known: true };
  }
  return { from: 0, known: false };
}

function pieceOf(
  series: Series,
  id: number,
  loops: number,
  { from, known }: { from: number; known: boolean },
): CurvePiece | null {
  const { length, version, stride } = series;
  if (known && length === from) return null;
  const values: number[] = [];
  const iterations: number[][] = [];
  for (let loop = 0; loop < loops; loop++) iterations[loop] = [];
  for (let i = from; i < length; i++) {
    values[i - from] = series.valueAt(i);
    for (let loop = 0; loop < loops; loop++) iterations[loop][i - from] = series.countAt(i, loop);
  }
  return { id, version, from, values, iterations, stride };
}
