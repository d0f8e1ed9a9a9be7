import type { Site } from "../compiler/site";
import type { TracePart } from "../runner/messages";
import type { Trace } from "./model";

/** More than this is not kept, whatever the program may print: no text can be longer than a few times as much. */
const MAX_OUTPUT_CHARS = 2 ** 26;

export function startTrace(run: number, source: string, sites: readonly Site[]): Trace {
  return { run, source, sites, seen: new Map(), output: "", outcome: { kind: "running" } };
}

export function addPart(trace: Trace, part: TracePart): void {
  for (const [site, seen] of part.seen) trace.seen.set(site, seen);
  if (trace.output.length < MAX_OUTPUT_CHARS) trace.output += part.output;
}
