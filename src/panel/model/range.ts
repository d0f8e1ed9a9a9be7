import type { Scale } from "./view";

/**
 * From where to where a scale shows values between `min` and `max` (infinite if there are none). Of a
 * logarithmic scale `min` is the least positive value.
 */
export function scaleRange(scale: Scale, min: number, max: number): [number, number] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return scale === "log" ? [0.1, 1] : [0, 1];
  if (scale === "log") return logRange(min, max);
  if (min === max) return [min - (Math.abs(min) || 1) * 0.1, max + (Math.abs(max) || 1) * 0.1];
  const margin = (max - min) * 0.05;
  return [min - margin, max + margin];
}

function logRange(min: number, max: number): [number, number] {
  const factor = Math.max(1.1, (max / min) ** 0.05);
  return [min / factor, max * factor];
}

/** Below this, of either sign, a symmetric-logarithmic scale is nearly linear: a thousandth of the largest. */
export function symlogThreshold(min: number, max: number): number {
  const largest = Math.max(Math.abs(min), Math.abs(max));
  return Number.isFinite(largest) && largest > 0 ? 10 ** Math.round(Math.log10(largest) - 3) : 1;
}

/** With at most so many decimals. */
function exponential(value: number, decimals: number): string {
  return value.toExponential(decimals).replace(/\.?0+e/, "e");
}

/** As short as tells it from its neighbours: four digits. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (value === 0 || Number.isInteger(value)) return size < 1e6 ? String(value) : exponential(value, 3);
  return size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(4))) : exponential(value, 2);
}
