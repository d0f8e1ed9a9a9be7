import { diffArrays } from "diff";

/** Longest part of a program's text that a label quotes, in characters. */
const MAX_QUOTE_CHARS = 24;
/** More changes than this are only counted. */
const MAX_CHANGES = 2;

const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?n?|[\p{ID_Start}_$][\p{ID_Continue}$]*|\s+|=>|\*\*=?|[=!<>]=+|[-+*/%@]=|[\s\S]/giu;

/**
 * What changed between two texts of a program, short enough for a label: `lr 0.01 → 0.1`. Comments and
 * spaces do not count: null if nothing else changed.
 */
export function describeChange(before: string, after: string): string | null {
  const hunks = changedHunks(tokensOf(before), tokensOf(after));
  if (hunks.length === 0) return null;
  const texts = [...new Set(hunks.map(describeHunk))];
  const rest = texts.length - MAX_CHANGES;
  return texts.slice(0, MAX_CHANGES).join(", ") + (rest > 0 ? `, ${rest} more` : "");
}

function tokensOf(text: string): string[] {
  return (text.match(TOKEN) ?? []).filter((token) => !/^(\s|\/\/|\/\*)/.test(token));
}

interface Hunk {
  /** What stands before it, nearest last. */
  context: string[];
  removed: string[];
  added: string[];
}

function changedHunks(before: string[], after: string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let hunk: Hunk | null = null;
  let context: string[] = [];
  for (const { value, added, removed } of diffArrays(before, after)) {
    if (!added && !removed) {
      hunk = null;
      context = value.slice(-3);
      continue;
    }
    if (hunk === null) {
      hunk = { context, removed: [], added: [] };
      hunks.push(hunk);
    }
    (added ? hunk.added : hunk.removed).push(...value);
  }
  return hunks;
}

function describeHunk({ context, removed, added }: Hunk): string {
  if (removed.length === 0) return `+ ${quote(added)}`;
  if (added.length === 0) return `− ${quote(removed)}`;
  const name = nameOf(context);
  return `${name ? `${name} ` : ""}${quote(removed)} → ${quote(added)}`;
}

/** The property or variable that a value is given to: `lr:`, `lr =`, with or without a sign before the value. */
function nameOf(context: readonly string[]): string | null {
  const tokens = context.at(-1) === "-" ? context.slice(0, -1) : context;
  const [name, sign] = tokens.slice(-2);
  return (sign === ":" || sign === "=" || sign === "<") && /^[\p{ID_Start}_$]/u.test(name) ? name : null;
}

function quote(tokens: readonly string[]): string {
  let text = "";
  for (const token of tokens) text += needsSpace(text, token) ? ` ${token}` : token;
  return text.length > MAX_QUOTE_CHARS ? `${text.slice(0, MAX_QUOTE_CHARS - 1)}…` : text;
}

function needsSpace(before: string, token: string): boolean {
  return /[\p{ID_Continue}$]$/u.test(before) && /^[\p{ID_Start}_$\d]/u.test(token);
}
