import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunLimits } from "../../src/runner/messages";
import type { StopReason } from "../../src/trace/model";
import { repoRoot } from "../repo";

/** A way for a program to end that its header allows. */
export interface Ending {
  kind: "done" | "failed" | "rejected" | "stopped";
  /** Of a stopped program. */
  reason: StopReason | null;
  /** Of what is told about a program that did not run to its end. */
  message: RegExp | null;
}

/**
 * One of `programs/*.grad.ts`, as its header comment describes it:
 *
 *     // Ends: stopped time or failed /memory/
 *     // Prints: "the whole output\n" (or a regular expression)
 *     // Limits: time 2000 memory 300 (in the units of RunLimits)
 *     // At: the source text that is marked
 *     // Source: an expression whose text is run in place of the file's
 */
export interface HostileProgram {
  name: string;
  source: string;
  endings: Ending[];
  prints: string | RegExp | null;
  limits: RunLimits;
  /** What the message is about. */
  place: string | null;
}

const folder = join(repoRoot, "test/hostile/programs");
const suffix = ".grad.ts";
const defaultLimits: RunLimits = { timeMs: 5000, memoryMb: 1024, outputChars: 200_000 };

export function hostilePrograms(): HostileProgram[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => parse(file.slice(0, -suffix.length), readFileSync(join(folder, file), "utf8")));
}

/** Whether the program's header allows this. */
export function mayEndSo(
  { endings }: HostileProgram,
  { kind, reason, message }: { kind: string; reason: StopReason | null; message: string },
): boolean {
  return endings.some(
    (ending) =>
      ending.kind === kind &&
      (ending.reason === null || ending.reason === reason) &&
      (ending.message === null || ending.message.test(message)),
  );
}

function parse(name: string, text: string): HostileProgram {
  const header = (key: string) => new RegExp(`^// ${key}: (.*)$`, "m").exec(text)?.[1];
  const endings = header("Ends")!
    .split(" or ")
    .map((ending) => parseEnding(name, ending));
  const prints = header("Prints");
  const source = header("Source");
  return {
    name,
    source: source === undefined ? text : evaluate(source),
    endings,
    prints:
      prints === undefined ? null : prints.startsWith("/") ? regExp(prints) : (JSON.parse(prints) as string),
    limits: parseLimits(header("Limits") ?? ""),
    place: header("At") ?? null,
  };
}

function parseEnding(name: string, text: string): Ending {
  const [, kind, rest] = /^(done|failed|rejected|stopped) ?(.*)$/.exec(text) ?? [];
  if (kind === undefined) throw new Error(`${name}: "${text}" is no way to end.`);
  if (kind === "stopped") return { kind, reason: rest as StopReason, message: null };
  return { kind: kind as Ending["kind"], reason: null, message: rest === "" ? null : regExp(rest) };
}

function parseLimits(text: string): RunLimits {
  const limit = (key: string) => new RegExp(`${key} (\\d+)`).exec(text)?.[1];
  const { timeMs, memoryMb, outputChars } = defaultLimits;
  return {
    timeMs: Number(limit("time") ?? timeMs),
    memoryMb: Number(limit("memory") ?? memoryMb),
    outputChars: Number(limit("output") ?? outputChars),
  };
}

/** `/…/`, in which "." matches line breaks too. */
function regExp(text: string): RegExp {
  return new RegExp(text.slice(1, -1), "s");
}

/** The header of a program too long to be written down. */
function evaluate(expression: string): string {
  return new Function(`return ${expression}`)() as string;
}
