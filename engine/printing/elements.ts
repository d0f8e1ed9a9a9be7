import { formatExponential, formatFixed, formatItem, isFloatingPoint } from "./number";
import type { PrintOptions } from "./options";

export interface ElementTexts {
  /** Each padded on the left to `width`; zeros, nan and inf may be wider, since they do not count for it. */
  texts: string[];
  width: number;
}

/** A tensor's elements in the one notation that suits them all. Source: torch._tensor_str._Formatter. */
export function formatElements(
  values: readonly number[],
  dtype: string,
  options: PrintOptions,
): ElementTexts {
  if (!isFloatingPoint(dtype)) {
    const texts = values.map((value) => formatItem(value, dtype));
    return padded(
      texts,
      texts.reduce((width, text) => Math.max(width, text.length), 1),
    );
  }
  const format = notation(values, options);
  const texts = values.map(format);
  let width = 1;
  for (let i = 0; i < texts.length; i++)
    if (isTelling(values[i]) && texts[i].length > width) width = texts[i].length;
  return padded(texts, width);
}

/** Zeros, nan and inf say nothing about the notation the other elements need. */
function isTelling(value: number): boolean {
  return value !== 0 && Number.isFinite(value);
}

function notation(values: readonly number[], options: PrintOptions): (value: number) => string {
  const { precision } = options;
  let smallest = Infinity;
  let largest = 0;
  let whole = true;
  for (const value of values) {
    if (!isTelling(value)) continue;
    const magnitude = Math.abs(value);
    if (magnitude < smallest) smallest = magnitude;
    if (magnitude > largest) largest = magnitude;
    if (!Number.isInteger(value)) whole = false;
  }
  const wideRange = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
  const scientific = largest > 0 && (options.sci_mode ?? wideRange);
  if (scientific) return (value) => formatExponential(value, precision);
  if (whole) return (value) => formatFixed(value, 0) + (Number.isFinite(value) ? "." : "");
  return (value) => formatFixed(value, precision);
}

function padded(texts: string[], width: number): ElementTexts {
  for (let i = 0; i < texts.length; i++) if (texts[i].length < width) texts[i] = texts[i].padStart(width);
  return { texts, width };
}
