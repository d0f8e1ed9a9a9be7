import type { LeafStatistics } from "./queries";
import { HISTOGRAM_WIDTH, SUMMARY_WIDTH, writeHistogram, writeSummary } from "./statistics";

type Numbers = Float32Array | Float64Array;

const { sqrt } = Math;

/** Room for the statistics of so many entries. */
export function emptyStatistics(count: number): LeafStatistics {
  return {
    summary: new Float64Array(count * SUMMARY_WIDTH),
    gradSummary: new Float64Array(count * SUMMARY_WIDTH),
    updateRatio: new Float64Array(count),
    histograms: new Float64Array(count * HISTOGRAM_WIDTH),
  };
}

/** Describes entry `at`: a tensor, its gradient, and the tensor at the next pass, null if that is not known. */
export function writeStatistics(
  { summary, gradSummary, updateRatio, histograms }: LeafStatistics,
  at: number,
  values: Numbers,
  grad: Numbers,
  next: Numbers | null,
): void {
  const row = at * SUMMARY_WIDTH;
  writeSummary(values, summary, row);
  writeSummary(grad, gradSummary, row);
  writeHistogram(values, summary[row + 3], summary[row + 4], histograms, at * HISTOGRAM_WIDTH);
  updateRatio[at] = next === null ? Number.NaN : distance(next, values) / summary[row];
}

function distance(x: Numbers, y: Numbers): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return sqrt(sum);
}
