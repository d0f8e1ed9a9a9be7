import { EpochAxis } from "./axis";
import { Extremes } from "./extremes";
import type { Floats } from "./floats";
import { Smoothed } from "./smooth";
import type { RunData, Track } from "./track";
import { loopOf } from "./training";

/** A curve ready to be drawn in part. `xs` ascends. */
export interface Line {
  xs: Floats;
  ys: Floats;
  extremes: Extremes;
}

/** Makes the lines of tracks, and extends them when the tracks grow. */
export class LineCache {
  private readonly axes = new WeakMap<Track, Map<string, { revision: number; axis: EpochAxis }>>();
  private readonly columns = new WeakMap<Floats, Map<number, Column>>();

  /**
   * `axis` is `step`, `epoch` for the loop around each track, or the key of a loop; a run without that loop is
   * drawn over its steps. `smoothing` as in
   * `Smoothed`. Null if the track has no such column.
   */
  line(data: RunData, track: Track, column: string, axis: string, smoothing: number): Line | null {
    const list = track.columns.get(column);
    if (list === undefined) return null;
    const xs = this.xs(data, track, axis);
    return { xs, ...this.column(list, track, smoothing) };
  }

  /** The places of a track's entries on an axis. */
  xs(data: RunData, track: Track, axis: string): Floats {
    const loop = axis === "epoch" ? loopOf(data, track)?.key : axis;
    const counts = loop === undefined ? undefined : track.iterations[data.loopIndex(loop)];
    if (counts === undefined) return track.steps;
    const known = this.axes.get(track) ?? new Map<string, { revision: number; axis: EpochAxis }>();
    this.axes.set(track, known);
    let entry = known.get(loop!);
    if (entry?.revision !== track.revision) entry = { revision: track.revision, axis: new EpochAxis() };
    known.set(loop!, entry);
    entry.axis.extend(counts.values);
    return entry.axis.list;
  }

  private column(list: Floats, track: Track, smoothing: number): { ys: Floats; extremes: Extremes } {
    const known = this.columns.get(list) ?? new Map<number, Column>();
    this.columns.set(list, known);
    let column = known.get(smoothing);
    if (column?.revision !== track.revision) {
      for (const other of known.keys()) if (other !== 0) known.delete(other);
      column = createColumn(list, track.revision, smoothing);
      known.set(smoothing, column);
    }
    column.smoothed?.extend(list.values);
    return column;
  }
}

interface Column {
  revision: number;
  ys: Floats;
  extremes: Extremes;
  smoothed: Smoothed | null;
}

function createColumn(list: Floats, revision: number, smoothing: number): Column {
  const smoothed = smoothing === 0 ? null : new Smoothed(smoothing);
  const ys = smoothed?.list ?? list;
  return { revision, ys, extremes: new Extremes(ys), smoothed };
}
