import { shapeText } from "../annotations/texts";

/** Elements as nested lists, as JSON has them. */
type Nested = number | boolean | string | null | Nested[];

/** Rows of a table at most; the rest is told by its number. */
const MAX_ROWS = 2000;

/**
 * A tensor's elements in aligned columns with their indices, one block for each of the matrices that a tensor of
 * more dimensions is made of.
 */
export function tableText(json: string, title: string): string {
  const value = JSON.parse(json) as Nested;
  const shape = shapeOf(value);
  const blocks = blocksOf(value, shape.length);
  const texts: string[] = [`${title}  ${shapeText(shape)}`];
  let rows = 0;
  for (const { indices, matrix } of blocks) {
    if (rows >= MAX_ROWS) {
      texts.push(`… ${blocks.length} blocks in all`);
      break;
    }
    const shown = matrix.slice(0, MAX_ROWS - rows);
    rows += matrix.length;
    const lead = indices.length === 0 ? "" : `[${indices.join(", ")}, :, :]\n`;
    const rest = shown.length < matrix.length ? `\n… ${matrix.length} rows in all` : "";
    texts.push(lead + alignedRows(shown) + rest);
  }
  return `${texts.join("\n\n")}\n`;
}

function shapeOf(value: Nested): number[] {
  return Array.isArray(value) ? [value.length, ...(value.length === 0 ? [] : shapeOf(value[0]!))] : [];
}

function blocksOf(value: Nested, dimensions: number): { indices: number[]; matrix: Nested[][] }[] {
  if (!Array.isArray(value)) return [{ indices: [], matrix: [[value]] }];
  if (dimensions === 1) return [{ indices: [], matrix: value.map((element) => [element]) }];
  if (dimensions === 2) return [{ indices: [], matrix: value as Nested[][] }];
  return value.flatMap((part, index) =>
    blocksOf(part, dimensions - 1).map(({ indices, matrix }) => ({ indices: [index, ...indices], matrix })),
  );
}

function alignedRows(matrix: readonly Nested[][]): string {
  const columns = Math.max(0, ...matrix.map((row) => row.length));
  const header = ["", ...Array.from({ length: columns }, (_, column) => `${column}`)];
  const rows = [header, ...matrix.map((row, index) => [`${index}`, ...row.map((element) => `${element}`)])];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")).join("\n");
}
