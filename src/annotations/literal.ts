import type { Site } from "../compiler/site";
import type { ValueSummary } from "../trace/model";

/** Whether a value stands in the source as it is: `const N = 2`, `print("done")`. */
export function repeatsLiteral(site: Site, value: ValueSummary, source: string): boolean {
  if (value.kind !== "plain") return false;
  const written = initializerOf(site, source);
  return written !== null && meansSame(written, value.text);
}

function initializerOf({ kind, name, start, end }: Site, source: string): string | null {
  const text = source.slice(start, end);
  if (kind === "printed" || kind === "return") return text;
  if (kind !== "binding" || name === undefined || !text.startsWith(name)) return null;
  return /^\s*(?::[^=]*)?=\s*(?![=>])(.*)$/s.exec(text.slice(name.length))?.[1] ?? null;
}

function meansSame(written: string, shown: string): boolean {
  if (written === shown) return true;
  if (/^-?[\d._]+(e[+-]?\d+)?$/i.test(written)) return Number(written.replaceAll("_", "")) === Number(shown);
  return /^(["'`])[^"'`\\]*\1$/.test(written) && `"${written.slice(1, -1)}"` === shown;
}
