import type { Site } from "../compiler/site";
import type { Trace } from "../trace/model";

/** A site that a place in the source stands for. */
export interface Found {
  site: number;
  /** What is explained: the source range to highlight, offsets into the trace's source. */
  start: number;
  end: number;
}

type Seen = [id: number, site: Site];

/**
 * What a hover at `offset` is about: a variable's name means the variable, as it was last set above; anything
 * else means the smallest expression around it whose value was seen. Null where there is nothing to tell.
 */
export function siteAt(trace: Pick<Trace, "source" | "sites" | "seen">, offset: number): Found | null {
  const { source } = trace;
  if (isInComment(source, offset)) return null;
  const seen = seenSites(trace);
  const word = wordAt(source, offset);
  if (word === null || isMember(source, word.start) || isKey(source, word))
    return smallestAround(seen, offset);
  const own = seen.find(([, site]) => isNameOf(site, word) || isSame(site, word));
  if (own !== undefined) return { site: own[0], start: word.start, end: word.end };
  const binding = latestBinding(seen, word, source);
  if (binding === undefined) return smallestAround(seen, offset);
  return binding === null ? null : { site: binding, start: word.start, end: word.end };
}

function seenSites({ sites, seen }: Pick<Trace, "sites" | "seen">): Seen[] {
  return [...seen]
    .filter(([, { value }]) => value.kind === "tensor" || value.text !== "")
    .map(([id]): Seen => [id, sites[id]!])
    .filter(([, { kind }]) => kind !== "loop" && kind !== "throw");
}

function smallestAround(seen: readonly Seen[], offset: number): Found | null {
  let found: Found | null = null;
  for (const [site, { start, end }] of seen) {
    const isAround = start <= offset && offset <= end;
    if (isAround && (found === null || end - start < found.end - found.start)) found = { site, start, end };
  }
  return found;
}

interface Word {
  text: string;
  start: number;
  end: number;
}

/** A binding's range begins with the name that it sets. */
function isNameOf({ kind, name, start }: Site, word: Word): boolean {
  return kind === "binding" && name === word.text && start === word.start;
}

function isSame({ start, end }: Site, word: Word): boolean {
  return start === word.start && end === word.end;
}

/**
 * The last site above that set a variable of this name; undefined if there is none, null if the name means
 * a function's parameter of which nothing is known.
 */
function latestBinding(seen: readonly Seen[], word: Word, source: string): number | null | undefined {
  let latest: Seen | undefined;
  for (const candidate of seen) {
    const [, { kind, name, start, end, bodyEnd }] = candidate;
    const isInScope = kind !== "parameter" || word.end <= (bodyEnd ?? end);
    const isAbove = name === word.text && end <= word.start && isInScope;
    if (isAbove && (latest === undefined || start > latest[1].start)) latest = candidate;
  }
  if (latest === undefined) return undefined;
  return isParameterBetween(source.slice(latest[1].end, word.start), word.text) ? null : latest[0];
}

/** Whether a function begins in `text` with a parameter of this name: `(x) =>`, `x =>`, `f(x) {`. */
function isParameterBetween(text: string, name: string): boolean {
  const escaped = name.replaceAll("$", "\\$");
  const parameter = `(?<![\\w$.])${escaped}(?![\\w$])`;
  const inParentheses = `(?<!\\b(?:if|while|for|switch)\\s*)\\([^()]*${parameter}[^()]*\\)[^(){};=]*(?:=>|\\{)`;
  return new RegExp(`${inParentheses}|${parameter}\\s*=>`).test(text);
}

function wordAt(source: string, offset: number): Word | null {
  let start = offset;
  while (start > 0 && isWordCharacter(source[start - 1]!)) start--;
  let end = offset;
  while (end < source.length && isWordCharacter(source[end]!)) end++;
  const text = source.slice(start, end);
  return /^[\p{L}_$]/u.test(text) ? { text, start, end } : null;
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}_$]/u.test(character);
}

function isMember(source: string, start: number): boolean {
  return /(?<!\.\.)\.\s*$/.test(source.slice(Math.max(0, start - 100), start));
}

/** Whether a word names a property of an object: `{ lr: 0.1 }`. */
function isKey(source: string, { start, end }: Word): boolean {
  return (
    /^\s*:(?!:)/.test(source.slice(end, end + 20)) &&
    /[{,]\s*$/.test(source.slice(Math.max(0, start - 200), start))
  );
}

/** Looks at the line's own `//` outside quotes, and at an open block comment before it. */
function isInComment(source: string, offset: number): boolean {
  const before = source.slice(0, offset);
  if (before.lastIndexOf("/*") > before.lastIndexOf("*/")) return true;
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return /\/\/.*$/.test(line.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`(\\.|[^`\\])*`/g, ""));
}
