/** A shape with what it belongs to. */
export interface LabelledShape {
  label: string;
  sizes: readonly number[];
}

/**
 * Two shapes below each other, their dimensions aligned, with a mark under those that do not fit:
 *
 *     a   (2, 3)
 *     b      (4)
 *             ^
 */
export function drawShapes(a: LabelledShape, b: LabelledShape, columns: ShapeColumns): string {
  const width = Math.max(a.label.length, b.label.length);
  const digits = Array.from({ length: columns.count }, (_, column) =>
    Math.max(
      ...[sizeIn(a, columns.a, column), sizeIn(b, columns.b, column)].map((size) => `${size ?? ""}`.length),
    ),
  );
  const row = (of: LabelledShape, at: readonly number[]) =>
    digits.map((length, column) => {
      const i = at.indexOf(column);
      const [open, close] = [i === 0 ? "(" : " ", i < 0 ? " " : i === at.length - 1 ? ")" : ","];
      return `${open}${`${sizeIn(of, at, column) ?? ""}`.padStart(length)}${close}`;
    });
  const marks = digits.map(
    (length, column) => ` ${(columns.wrong.includes(column) ? "^" : "").padStart(length)} `,
  );
  const line = (label: string, cells: readonly string[]) =>
    `    ${label.padEnd(width)}  ${cells.join("")}`.trimEnd();
  return [line(a.label, row(a, columns.a)), line(b.label, row(b, columns.b)), line("", marks)].join("\n");
}

function sizeIn({ sizes }: LabelledShape, columns: readonly number[], column: number): number | undefined {
  return sizes[columns.indexOf(column)];
}

/** In which column each dimension stands, of how many; `wrong` are those to be marked. */
export interface ShapeColumns {
  a: readonly number[];
  b: readonly number[];
  count: number;
  wrong: readonly number[];
}

/** Broadcasting: the last dimensions stand below each other. */
export function alignedAtEnd(a: readonly number[], b: readonly number[]): ShapeColumns {
  const count = Math.max(a.length, b.length);
  const at = (sizes: readonly number[]) => sizes.map((_, i) => count - sizes.length + i);
  const wrong = Array.from({ length: count }, (_, i) => i).filter((i) => {
    const x = a[a.length - count + i] ?? 1;
    const y = b[b.length - count + i] ?? 1;
    return x !== y && x !== 1 && y !== 1;
  });
  return { a: at(a), b: at(b), count, wrong };
}

/** A matrix product: the last dimension of the one stands over the first of the other. */
export function alignedForProduct(a: readonly number[], b: readonly number[]): ShapeColumns {
  const inner = a.length - 1;
  return { a: a.map((_, i) => i), b: b.map((_, i) => inner + i), count: inner + b.length, wrong: [inner] };
}
