import type { Site } from "../compiler/site";
import type { Trace } from "../trace/model";

// What rules read off the source. Sites give the ranges of expressions; only names and calls within them
// are looked for here.

/** The source with comments and the insides of texts blanked, offsets kept. */
export function codeOnly(source: string): string {
  const hidden = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return source.replace(hidden, (text) => {
    const [first] = text;
    const blank = text.replace(/[^\n]/g, " ");
    return first === "/" ? blank : `${first}${blank.slice(1, -1)}${first}`;
  });
}

/** The variables that are read in a piece of code, and what is read of `this`: `this.layer1`. */
export function namesIn(code: string): string[] {
  return [...code.matchAll(/this\.[\w$]+|(?<![\w$.])[A-Za-z_$][\w$]*(?!\s*:)/g)].map(([name]) => name);
}

/**
 * What ends at an offset and consists of `chars`. For names of any length, which an expression such as
 * `/\w*\.grad/` would look for from each of their characters on.
 */
export function endingAt(code: string, offset: number, chars: RegExp): string {
  let start = offset;
  while (start > 0 && chars.test(code[start - 1]!)) start--;
  return code.slice(start, offset);
}

export function textAt({ source, sites }: Trace, site: number): string {
  const { start, end } = sites[site]!;
  return source.slice(start, end);
}

/** What a binding's value is made of: what stands after `=`. Otherwise the expression itself. */
export function valueCode(code: string, { kind, name, start, end }: Site): string {
  const text = code.slice(start, end);
  if (kind !== "binding" || name === undefined) return text;
  return text.startsWith(name) ? text.slice(name.length) : text;
}

/** A call's arguments, with their places in `text`, where `text` ends with that call; null if it does not. */
export function lastCall(
  text: string,
): { callee: string; arguments: { start: number; end: number }[] } | null {
  const code = codeOnly(text).trimEnd();
  if (!code.endsWith(")")) return null;
  const open = openingOf(code, code.length - 1);
  if (open < 0) return null;
  const parts: { start: number; end: number }[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open + 1; i < code.length; i++) {
    const char = code[i]!;
    if ("([{".includes(char)) depth++;
    const isEnd = i === code.length - 1;
    if (isEnd || (char === "," && depth === 0)) {
      const raw = text.slice(from, i);
      const start = from + (raw.length - raw.trimStart().length);
      if (raw.trim() !== "") parts.push({ start, end: start + raw.trim().length });
      from = i + 1;
    }
    if (")]}".includes(char)) depth--;
  }
  return { callee: code.slice(0, open).trim(), arguments: parts };
}

function openingOf(code: string, closing: number): number {
  let depth = 0;
  for (let i = closing; i >= 0; i--) {
    if (")]}".includes(code[i]!)) depth++;
    if ("([{".includes(code[i]!) && --depth === 0) return i;
  }
  return -1;
}

/** Indentation of the line at an offset, and whether nothing but it stands before the offset. */
export function lineStart(
  source: string,
  offset: number,
): { indent: string; start: number; isFirst: boolean } {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const before = source.slice(start, offset);
  const indent = /^\s*/.exec(before)![0];
  return { indent, start, isFirst: indent.length === before.length };
}
