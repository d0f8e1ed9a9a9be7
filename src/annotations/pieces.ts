/**
 * Part of a label's text. `role` says how it may be shortened: a `fixed` one is kept, `detail` is what a list
 * of names can do without.
 */
export interface Piece {
  role: "fixed" | "value" | "before" | "gradient" | "detail" | "sparkline" | "gradFn";
  text: string;
  /** What says it in fewer characters. */
  brief?: string;
}

export function fixed(text: string): Piece {
  return { role: "fixed", text };
}

export const BETWEEN_VALUES = " · ";
