import type { Site } from "../compiler/site";
import type { TracePart } from "../runner/messages";
import type { Trace } from "./model";

export function startTrace(run: number, source: string, sites: readonly Site[]): Trace {
  return { run, source, sites, seen: new Map(), output: "", outcome: { kind: "running" } };
}

export function addPart(trace: Trace, part: TracePart): void {
  for (const [site, seen] of part.seen) trace.seen.set(site, seen);
  trace.output += part.output;
}
