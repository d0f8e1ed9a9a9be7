import { numbersOf, shapeText } from "../annotations/texts";
import type { GradientShare } from "../trace/queries";

/** Numbers in a formula are written out up to this length; longer ones are told by their shape. */
const MAX_NUMBERS_CHARS = 32;
const MAX_RESULT_CHARS = 60;

/**
 * A derivative with this program's names, then its numbers, then what it gives: `grad · x = -8. · [4., 5.] =
 * [-32., -40.]`. What would say the same twice is left out.
 */
export function derivation(share: GradientShare, textOf: (site: number) => string): string {
  const result = resultText(share.computed, share.computedShape);
  if (share.formula === null) return result;
  const named = simplified(withNames(share, textOf));
  const numbers = withNumbers(share);
  return [...new Set([named, ...(numbers === null ? [] : [numbers]), result])].join(" = ");
}

/** The formula in the program's words: variables by name, what has none by its expression, numbers by value. */
function withNames({ formula, uses }: GradientShare, textOf: (site: number) => string): string {
  let text = formula ?? "";
  for (const { name, variable, site, text: value, elements } of uses) {
    if (variable !== null) text = replaceWord(text, name, variable);
    else if (site !== null) text = replaceWord(text, name, operand(textOf(site)));
    else if (elements === 1 && isPlainNumber(value)) text = replaceWord(text, name, inFormula(value));
  }
  return text;
}

/** The formula with all of its numbers; null if some are too long, or if it is a sentence. */
function withNumbers(share: GradientShare): string | null {
  const { formula, upstream, uses } = share;
  if (formula === null || upstream === null || isSentence(formula)) return null;
  const known = [{ name: "grad", text: upstream }, ...uses];
  let text = formula;
  for (const { name, text: value } of known) {
    const numbers = numbersOf(value);
    if (!hasWord(text, name)) continue;
    if (numbers.length > MAX_NUMBERS_CHARS || numbers.includes("…")) return null;
    text = replaceWord(text, name, inFormula(numbers));
  }
  // A name that is left has no number to stand for it.
  return /\p{L}{4,}/u.test(text) ? null : simplified(text);
}

/** An expression within another: in parentheses unless it is a name or a call. */
function operand(expression: string): string {
  return /^[\w$.]+(\([^()]*\))?$/.test(expression) ? expression : `(${expression})`;
}

/** `-8.` after another sign would be two signs. */
function inFormula(numbers: string): string {
  return numbers.startsWith("-") ? `(${numbers})` : numbers;
}

function raised(exponent: number): string {
  return `${exponent}`.replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!);
}

/** Leaves out factors of one and parentheses that were put around a first factor, and works out exponents. */
function simplified(text: string): string {
  return text
    .replace(/\^\((\d+(?:\.\d+)?)\.? − 1\)/g, (_, exponent: string) => {
      const less = Number(exponent) - 1;
      return less === 1 ? "" : Number.isInteger(less) ? raised(less) : `^${less}`;
    })
    .replace(/ · 1\.?(?![\d.])/g, "")
    .replace(/^\((-[^()]*)\)/, "$1");
}

/** Whether a formula is said in words. */
function isSentence(formula: string): boolean {
  return /, |\p{L}{2,} (?:the|at|on|over|where|added|shared|spread|back|its|of|without)\b/u.test(formula);
}

export function resultText(value: string, shape: readonly number[]): string {
  const numbers = numbersOf(value);
  return numbers.length <= MAX_RESULT_CHARS && !numbers.includes("…")
    ? numbers
    : `a tensor ${shapeText(shape)}`;
}

function isPlainNumber(text: string): boolean {
  return /^-?[\d.]+(e[+-]?\d+)?$/.test(text);
}

function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\w.])${word.replace(/[.$]/g, "\\$&")}(?![\\w])`, "g");
}

function hasWord(text: string, word: string): boolean {
  return wordPattern(word).test(text);
}

function replaceWord(text: string, word: string, by: string): string {
  return text.replace(wordPattern(word), () => by);
}
