import type { LoopInfo, TrackInfo, TrackPiece } from "../../src/panel/model/track";

export const epochs: LoopInfo = { site: 5, key: "epoch", name: "epoch", line: 3 };

/** A track of one scalar, a round of the loop `epochs` for each value. */
export function track({
  values,
  from = 0,
  version = 0,
  ...info
}: { values: number[]; from?: number; version?: number } & Partial<TrackInfo>): TrackPiece {
  const counts = Float64Array.from(values, (_, i) => from + i + 1);
  return {
    id: "curve 1",
    kind: "loss",
    key: "curve loss",
    name: "loss",
    line: 4,
    shape: null,
    ...info,
    version,
    from,
    steps: counts,
    iterations: [counts],
    columns: { value: Float64Array.from(values) },
    histograms: null,
  };
}
