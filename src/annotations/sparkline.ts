const LEVELS = "▁▂▃▄▅▆▇█";

/** Characters of the longest sparkline. */
const SPARKLINE_CHARS = 10;

/**
 * A curve in a few characters, from the first to the last value; `!` where one is NaN or infinite. Empty
 * where a curve tells nothing: for a constant, or a counter with a fixed step.
 */
export function sparkline(series: readonly number[]): string {
  if (hasFixedStep(series)) return "";
  const picked = pick(series, SPARKLINE_CHARS);
  const finite = picked.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  const level = (value: number) => (span > 0 ? Math.round(((value - low) / span) * (LEVELS.length - 1)) : 0);
  return picked.map((value) => (Number.isFinite(value) ? LEVELS[level(value)] : "!")).join("");
}

function hasFixedStep(series: readonly number[]): boolean {
  const [first, second] = series;
  if (first === undefined || second === undefined) return true;
  const step = second - first;
  return series.every((value, index) => index === 0 || value - series[index - 1]! === step);
}

function pick(series: readonly number[], count: number): number[] {
  if (series.length <= count) return [...series];
  const stride = (series.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => series[Math.round(index * stride)]!);
}
