import { countBelow } from "./floats";
import { evenly } from "./ridge";

export interface TableLine {
  name: string;
  xs: Float64Array;
  ys: Float64Array;
}

export interface Table {
  /** The name of the x axis, then those of the lines. */
  columns: string[];
  /** Null where a line has no value. */
  rows: (number | null)[][];
}

/** Every point of the lines with an x between `min` and `max`. */
export function fullTable(xLabel: string, lines: readonly TableLine[], [min, max]: [number, number]): Table {
  const places = new Set<number>();
  for (const { xs } of lines) for (const x of xs) if (x >= min && x <= max) places.add(x);
  const sorted = [...places].sort((a, b) => a - b);
  const at = lines.map(() => 0);
  const rows = sorted.map((x) => [
    x,
    ...lines.map(({ xs, ys }, i) => {
      while (at[i] < xs.length && xs[at[i]] < x) at[i]++;
      return xs[at[i]] === x ? ys[at[i]] : null;
    }),
  ]);
  return { columns: [xLabel, ...lines.map(({ name }) => name)], rows };
}

/** For reading: at most `most` rows, evenly spaced over the longest line, with what each line was by then. */
export function briefTable(
  xLabel: string,
  lines: readonly TableLine[],
  [min, max]: [number, number],
  most: number,
): Table {
  const longest = lines.reduce<Float64Array>(
    (best, { xs }) => (xs.length > best.length ? xs : best),
    new Float64Array(0),
  );
  const first = countBelow(longest, min, false);
  const end = countBelow(longest, max, true);
  const rows = evenly(end - first, most).map((i) => {
    const x = longest[first + i];
    return [x, ...lines.map((line) => valueAt(line, x))];
  });
  return { columns: [xLabel, ...lines.map(({ name }) => name)], rows };
}

/** What a line was at `x`: its last value up to there. */
export function valueAt({ xs, ys }: Pick<TableLine, "xs" | "ys">, x: number): number | null {
  const at = countBelow(xs, x, true) - 1;
  return at < 0 ? null : ys[at];
}

/** With numbers as JavaScript and Python read them, and names quoted where they must be. */
export function toCsv({ columns, rows }: Table): string {
  const lines = [columns.map(quoteCsv).join(",")];
  for (const row of rows)
    lines.push(row.map((value) => (value === null ? "" : pythonNumber(value))).join(","));
  return `${lines.join("\n")}\n`;
}

function quoteCsv(text: string): string {
  // A name that begins as a formula would be run by a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value === Number.POSITIVE_INFINITY
    ? "inf"
    : value === Number.NEGATIVE_INFINITY
      ? "-inf"
      : String(value);
}

/** By column; what JSON has no number for is told by its name. */
export function toJson({ columns, rows }: Table): string {
  const data = columns.map((name, i) => ({
    name,
    values: rows.map((row) => {
      const value = row[i];
      return value === null || Number.isFinite(value) ? value : pythonNumber(value);
    }),
  }));
  return `${JSON.stringify({ columns: data }, null, 1)}\n`;
}
