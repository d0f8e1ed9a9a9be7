import type { TracePart } from "../runner/messages";
import type { Seen, ValueSummary } from "./model";

/*
 * A part as it leaves the program's realm: JSON, written field by field. `JSON.stringify` on an object would
 * ask for a `toJSON` that the program may have put on its prototypes; on a string or number it asks nothing.
 * JSON has no word for three numbers: infinities are written out of range, NaN as null.
 */

const quote: (text: string) => string = JSON.stringify;
const isNotANumber = Number.isNaN;

export function writePart(seen: string, output: string, at: number): string {
  return `{"seen":[${seen}],"output":${quote(output)},"at":${at}}`;
}

export function writeSeen(
  site: number,
  count: number,
  value: ValueSummary,
  series: readonly number[] | null,
): string {
  const rest = series === null ? "" : `,"series":${writeNumbers(series)}`;
  return `[${site},{"count":${count},"value":${writeValue(value)}${rest}}]`;
}

function writeValue(value: ValueSummary): string {
  if (value.kind === "plain") return `{"kind":"plain","text":${quote(value.text)}}`;
  return (
    `{"kind":"tensor","text":${quote(value.text)},"shape":${writeNumbers(value.shape)},` +
    `"dtype":${quote(value.dtype)},"requiresGrad":${value.requiresGrad},` +
    `"gradFn":${writeOptional(value.gradFn)},"grad":${writeOptional(value.grad)}}`
  );
}

export function writeOptional(text: string | null): string {
  return text === null ? "null" : quote(text);
}

export function writeNumbers(numbers: readonly number[]): string {
  let text = "[";
  for (let i = 0; i < numbers.length; i++)
    text += i === 0 ? writeNumber(numbers[i]) : `,${writeNumber(numbers[i])}`;
  return `${text}]`;
}

function writeNumber(value: number): string {
  if (isNotANumber(value)) return "null";
  if (value === 1 / 0) return "1e999";
  if (value === -1 / 0) return "-1e999";
  return `${value}`;
}

export function readPart(json: string): TracePart {
  return restorePart(JSON.parse(json) as TracePart);
}

/** Puts NaN back into a part that was parsed as a piece of something else. */
export function restorePart(part: TracePart): TracePart {
  for (const [, seen] of part.seen) restoreNaN(seen);
  return part;
}

function restoreNaN(seen: Seen): void {
  seen.series = seen.series?.map((value) => (value === null ? Number.NaN : value));
  if (seen.series === undefined) delete seen.series;
}
