import { tensor } from "../construct";
import { KeyError, ValueError } from "../errors";
import type { Tensor } from "../tensor";

export type Field = number | string | null;

/** A table read from a `.csv` file. */
export class Table {
  constructor(
    /** The names in the first line; `0`, `1`, … where that holds numbers. */
    readonly columns: string[],
    /** The lines after that. Numbers are numbers, empty fields null. */
    readonly rows: Field[][],
  ) {}

  /** How many rows there are. */
  get length(): number {
    return this.rows.length;
  }

  /** All fields of a column. Throws KeyError if there is none of that name. */
  column(name: string): Field[] {
    const at = this.columns.indexOf(name);
    if (at < 0) throw new KeyError(`'${name}' (the columns are ${this.columns.join(", ")})`);
    return this.rows.map((row) => row[at]);
  }

  /** The columns of these names, or all, as a tensor (rows, columns); empty fields become nan. Throws ValueError for text. */
  tensor(...names: string[]): Tensor {
    const wanted = (names.length === 0 ? this.columns : names).map(
      (name) => [name, this.column(name)] as const,
    );
    return tensor(this.rows.map((_, r) => wanted.map(([name, fields]) => numberIn(fields[r], name, r))));
  }
}

function numberIn(field: Field, name: string, row: number): number {
  if (typeof field === "string")
    throw new ValueError(`column '${name}' has the text '${field}' in row ${row}, not a number`);
  return field ?? Number.NaN;
}

/** Reads comma-separated values; fields may be quoted. The first line names the columns unless it is all numbers. */
export function parseCsv(text: string): Table {
  const lines = splitFields(text.replace(/^\uFEFF/, ""));
  if (lines.length === 0) return new Table([], []);
  const [first] = lines;
  const named = first.some((field) => typeof typed(field) === "string");
  const columns = first.map((field, i) => (named ? field.text.trim() : String(i)));
  const rows = lines.slice(named ? 1 : 0).map((line, i) => {
    if (line.length !== columns.length)
      throw new ValueError(
        `row ${i} has ${line.length} field${line.length === 1 ? "" : "s"}, but there are ${columns.length} columns`,
      );
    return line.map(typed);
  });
  return new Table(columns, rows);
}

interface RawField {
  text: string;
  quoted: boolean;
}

function splitFields(text: string): RawField[][] {
  const lines: RawField[][] = [];
  let line: RawField[] = [];
  // A field, quoted or not, and what ends it.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n][^,\r\n]*|))(,|\r\n|\n|\r|$)/y;
  while (pattern.lastIndex < text.length || line.length > 0) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new ValueError(`a quoted field is not closed at character ${at}`);
    const [whole, quoted, plain, end] = match;
    line.push({
      text: quoted === undefined ? plain : quoted.replaceAll('""', '"'),
      quoted: quoted !== undefined,
    });
    if (end === ",") continue;
    if (line.length > 1 || line[0].quoted || line[0].text.trim() !== "") lines.push(line);
    line = [];
    if (whole === "") break;
  }
  return lines;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NAMED: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

function typed({ text, quoted }: RawField): Field {
  if (quoted) return text;
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (NUMBER.test(trimmed)) return Number(trimmed);
  return NAMED[trimmed.toLowerCase()] ?? trimmed;
}
