import { onOneLine } from "./cut";

/** A shape as Python prints it: `(3, 2)`, `(3,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A printed tensor's numbers alone, for where shape and dtype are known: `[1., 2.]`. */
export function numbersOf(tensor: string): string {
  const numbers = onOneLine(tensor).replace(/^tensor\(/, "");
  return numbers.replace(/(, (dtype|size)=[^\]]*)?\)$/, "");
}

/** A number in the digits in which PyTorch prints one. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return `${value}.`;
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e7) return value.toFixed(4);
  return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
}
