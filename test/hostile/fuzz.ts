import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/compiler/compile";
import { repoRoot } from "../repo";
import { type Result, TestRunner } from "../runner/harness";

export interface FuzzOptions {
  seed: number;
  edits: number;
  /** Of each run. */
  timeMs: number;
  /** Called after each edit. */
  progress?(done: number): void;
  found?(finding: Finding): void;
}

/** A text and what went wrong with it. */
export interface Finding {
  edit: number;
  problem: string;
  source: string;
}

/** How likely the next edit begins with a lesson anew. */
const FRESH = 0.2;
/** A program that answers no more is found this much after its limit. */
const PATIENCE_MS = 20_000;
/** A stopped program's thread has ended by then, or has cost the process. */
const THREAD_END_MS = 2000;

/**
 * Edits the examples at random, as a hasty hand would, and compiles and runs what comes of it. The same
 * seed gives the same edits.
 */
export async function fuzz({ seed, edits, timeMs, progress, found }: FuzzOptions): Promise<Finding[]> {
  const random = generator(seed);
  const lessons = examples();
  const findings: Finding[] = [];
  const test = new TestRunner();
  const state: RunState = { test, timeMs, stoppedAt: -Infinity };
  let source = pick(random, lessons);
  try {
    for (let edit = 1; edit <= edits; edit++) {
      if (random() < FRESH) source = pick(random, lessons);
      source = mutate(random, source);
      const problem = problemIn(source) ?? (await problemOfRun(state, source));
      if (problem !== null) {
        findings.push({ edit, problem, source });
        found?.({ edit, problem, source });
      }
      progress?.(edit);
    }
  } finally {
    test.dispose();
  }
  return findings;
}

function examples(): string[] {
  const folder = join(repoRoot, "examples");
  const files = readdirSync(folder).filter((file) => file.endsWith(".grad.ts"));
  return files.sort().map((file) => readFileSync(join(folder, file), "utf8"));
}

/** What is wrong with the compiler's answer. */
function problemIn(source: string): string | null {
  for (const probes of [true, false]) {
    try {
      const { sites, diagnostics, code } = compile(source, { fileName: "program.grad.ts", probes });
      for (const { start, end, message } of diagnostics) {
        if (!isRange(source, start, end)) return `"${message}" is at ${start}-${end}, out of the text`;
      }
      for (const { start, end, line } of sites) {
        if (!isRange(source, start, end)) return `a site is at ${start}-${end}, out of the text`;
        if (lineOf(source, start) > line) return `a site at ${start} is labelled on ${line}, before it`;
      }
      const added = code === null ? 0 : code.split("\n").length - source.split("\n").length;
      if (added !== 0 && added !== 1) return `the code has ${added} lines more than the text`;
    } catch (error) {
      return `the compiler failed: ${(error as Error).stack}`;
    }
  }
  return null;
}

interface RunState {
  test: TestRunner;
  timeMs: number;
  /** When a program last did not end by itself: its thread may cost the process while another runs. */
  stoppedAt: number;
}

async function problemOfRun(state: RunState, source: string): Promise<string | null> {
  const { test, timeMs } = state;
  const processes = test.children.length;
  const result = await answered(test, source, timeMs, true);
  if (result === null) return "no answer";
  if (result.kind === "stopped") state.stoppedAt = performance.now();
  const range = result.trace?.outcome;
  if (range?.kind === "failed" || range?.kind === "stopped") {
    const { start, end, message } = range.error;
    if (!isRange(source, start, end)) return `"${message}" is at ${start}-${end}, out of the text`;
  }
  if (/process that runs programs|gradlens:realm|internal/.test(result.message)) return result.message;
  const [ours] = /\$\$\.|\$\$[a-z]\w*/.exec(result.message) ?? [];
  if (result.kind === "failed" && ours !== undefined && !source.includes(ours))
    return `tells of what was compiled: ${result.message}`;
  if (range?.kind !== "failed") return null;
  // A call of V8 that cannot be interrupted costs its process.
  const isReplaced = processes > 0 && test.children.length > processes;
  const isOwn = performance.now() - state.stoppedAt > THREAD_END_MS;
  if (isReplaced && isOwn) return `the process was replaced: ${result.message}`;
  const plain = await answered(test, source, 20 * timeMs, false);
  if (plain?.kind === "stopped") state.stoppedAt = performance.now();
  if (plain === null) return "no answer without probes";
  const place = plain.trace?.outcome;
  if (place?.kind !== "failed") return null;
  const [seen, unseen] = [range.error, place.error].map(({ start }) => lineOf(source, start));
  if (seen !== unseen) return `fails on line ${seen} with probes, on ${unseen} without: ${result.message}`;
  return null;
}

function answered(test: TestRunner, source: string, timeMs: number, probes: boolean): Promise<Result | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), timeMs + PATIENCE_MS);
    void test.run(source, { timeMs, memoryMb: 512, outputChars: 10_000 }, probes).then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}

function isRange(source: string, start: number, end: number): boolean {
  return start >= 0 && start <= end && end <= source.length;
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length - 1;
}

const TOKEN = /[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|"(?:[^"\\\n]|\\.)*"|`|\s+|[-+*/%@=<>!&|]+|[^\s\w]/g;

const INSERTED = (
  "( ) [ ] { } , ; : . ? ! ... => = == === + - * / % ** @ @= += < > <= && || ?? ?. ` ${ ' \" \\ # $ $$ ~ ^ & | " +
  "const let var function return if else for of in while do break continue try catch finally throw new class " +
  "extends async await yield import from export default typeof void delete using as any number satisfies this " +
  "super null undefined true false NaN 0 1 -1 1e400 1n 0x 1_0 x w y loss torch nn F optim print console.log " +
  'torch.tensor([1.]) x.grad .backward() [0] [null] [1, 2] ["1:"] // /* */ \n \r\n \u2028 \u{1F600} é <any> : any'
).split(" ");

function mutate(random: () => number, source: string): string {
  const byLines = random() < 0.35;
  const parts = byLines ? source.split(/(?<=\n)/) : (source.match(TOKEN) ?? []);
  const at = Math.floor(random() * (parts.length + 1));
  const other = Math.floor(random() * parts.length);
  const copy = [...parts];
  switch (Math.floor(random() * 4)) {
    case 0:
      copy.splice(at, 0, byLines ? (parts[other] ?? "") : pick(random, INSERTED));
      break;
    case 1:
      copy.splice(at, 1);
      break;
    case 2:
      copy.splice(at, 0, parts[at] ?? "");
      break;
    default:
      if (at < parts.length) [copy[at], copy[other]] = [parts[other], parts[at]];
  }
  return copy.join("");
}

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)];
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
