import type { Line0 } from "../compiler/site";
import { codeOnly, endingAt } from "../diagnostics/code";

/** Where a program's lenses stand. Read off the text, so that they are there before it ran and stay while it runs. */
export interface Places {
  /** Above the last training loop, to which a lesson leads; where there is none, above the first line of code. */
  program: Line0;
  /** Offset of the training loop; null if there is none. */
  loop: number | null;
  passes: PassPlace[];
  functions: FunctionPlace[];
}

/** A call of `backward()`. */
export interface PassPlace {
  line: Line0;
  /** Offset of the name. */
  offset: number;
  /** What it is called on, where that is a name. */
  root: string | null;
}

/** A class that extends `torch.autograd.Function`. */
export interface FunctionPlace {
  line: Line0;
  name: string;
  /** Of the name. */
  offset: number;
  /** The parameters of its `forward`, without `ctx`. */
  parameters: string[];
}

/** More passes than these are seldom looked at one by one. */
const MAX_PASSES = 10;

export function placesIn(source: string): Places {
  const code = codeOnly(source);
  const lineOf = lineCounter(source);
  const passes = [...code.matchAll(/\.backward\s*\(/g)].map(({ index }) => {
    const root = endingAt(code, index - endingAt(code, index, /\s/).length, /[\w$]/);
    return { line: lineOf(index + 1), offset: index + 1, root: root === "" ? null : root };
  });
  const loops = loopsIn(code);
  const around = ({ offset }: PassPlace) => loops.find(({ start, end }) => start < offset && offset < end);
  const loop = passes.flatMap((pass) => around(pass) ?? []).at(-1)?.start ?? null;
  const firstCode = code.search(/\S/);
  return {
    program: lineOf(loop ?? Math.max(0, firstCode)),
    loop,
    passes: onePerLine(passes).slice(0, MAX_PASSES),
    functions: functionsIn(code, lineOf),
  };
}

/** Gives an offset's line. It goes on from the last one, so that offsets in order cost one pass over the text. */
function lineCounter(source: string): (offset: number) => Line0 {
  let at = 0;
  let line = 0;
  return (offset) => {
    if (offset < at) [at, line] = [0, 0];
    for (; at < offset; at++) if (source[at] === "\n") line++;
    return line;
  };
}

function onePerLine(passes: readonly PassPlace[]): PassPlace[] {
  return passes.filter(({ line }, i) => i === 0 || passes[i - 1]!.line !== line);
}

function functionsIn(code: string, lineOf: (offset: number) => Line0): FunctionPlace[] {
  const found = code.matchAll(/\bclass\s+([\w$]+)\s+extends\s+(?:[\w$]+\.)*Function\b/g);
  return [...found].map(({ index, 1: name }) => {
    const parameters = /\bforward\s*\(([^)]*)\)/.exec(code.slice(index))?.[1]?.split(",") ?? [];
    const names = parameters.map((parameter) => /^\s*([\w$]+)/.exec(parameter)?.[1] ?? "");
    const offset = code.indexOf(name!, index + "class".length);
    return { line: lineOf(index), name: name!, offset, parameters: names.slice(1) };
  });
}

interface Range {
  start: number;
  end: number;
}

/** The loops of a text without comments, outer before inner. */
function loopsIn(code: string): Range[] {
  return [...code.matchAll(/(?<![\w$.])(?:for|while|do)\b/g)].map(({ index }) => ({
    start: index,
    end: endOfLoop(code, index),
  }));
}

/** Where the body ends: at its closing brace or, without braces, at the end of its line. */
function endOfLoop(code: string, start: number): number {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    const char = code[i]!;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) {
      depth--;
      if (depth === 0 && char === "}") return i + 1;
      if (depth < 0) return i;
    } else if (char === "\n" && depth === 0 && /[^\s)]\s*$/.test(code.slice(start, i))) return i;
  }
  return code.length;
}
