import type {
  CurveCursor,
  CurvePiece,
  CurvesAnswer,
  PictureFacts,
  PictureValue,
  PlotPiece,
  Position,
} from "./queries";
import type { TraceRecorder } from "./recorder";
import type { Series } from "./series";

/** The scalars that were seen more than once, from where the asker left off. */
export function curves(
  recorder: TraceRecorder,
  have: readonly CurveCursor[],
  havePlots: readonly CurveCursor[] = [],
): CurvesAnswer {
  const list: CurvePiece[] = [];
  for (let site = 0; site < recorder.sites.length; site++) {
    const series = recorder.seriesOf(site);
    if (series === null || recorder.countAt(site) < 2) continue;
    const piece = pieceOf(series, site, recorder.moments.loops.length, startOf(have, site, series));
    if (piece !== null) list[list.length] = piece;
  }
  return {
    loops: recorder.moments.loops.slice(),
    curves: list,
    roots: recorder.rootSites.slice(),
    ...plotted(recorder, havePlots),
  };
}

function plotted(
  { plots, moments }: TraceRecorder,
  have: readonly CurveCursor[],
): Pick<CurvesAnswer, "plots" | "pictures" | "plotNotes"> {
  const list: PlotPiece[] = [];
  for (let id = 0; id < plots.curves.length; id++) {
    const { name, series } = plots.curves[id];
    const piece = pieceOf(series, id, moments.loops.length, startOf(have, id, series));
    if (piece !== null) list[list.length] = { name, ...piece };
  }
  const pictures: PictureFacts[] = [];
  for (let id = 0; id < plots.pictures.length; id++) {
    const { name, calls } = plots.pictures[id];
    pictures[id] = { id, name, calls };
  }
  return { plots: list, pictures, plotNotes: plots.notes.slice() };
}

/** What was drawn under a name, or up to an iteration. */
export function pictureAt(
  { plots, moments }: TraceRecorder,
  id: number,
  at: Position | undefined,
): PictureValue | null {
  const picture = plots.pictures[id];
  if (picture === undefined) return null;
  const moment = at === undefined ? null : { loop: moments.indexOf(at.loop), iteration: at.iteration };
  if (moment !== null && moment.loop < 0) return null;
  const value: PictureValue = [];
  for (let i = 0; i < picture.layers.length; i++) {
    const layer = picture.layers[i].at(moment);
    if (layer !== null) value[value.length] = layer;
  }
  return value;
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
  const values = new Float64Array(length - from);
  const iterations: Float64Array[] = [];
  for (let loop = 0; loop < loops; loop++) iterations[loop] = new Float64Array(length - from);
  for (let i = from; i < length; i++) {
    values[i - from] = series.valueAt(i);
    for (let loop = 0; loop < loops; loop++) iterations[loop][i - from] = series.countAt(i, loop);
  }
  return { id, version, from, values, iterations, stride };
}
