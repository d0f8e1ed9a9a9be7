import type { Seen, Trace } from "../trace/model";
import type { MomentAnswer, Position } from "../trace/queries";

/** The moment a trace is shown at. */
export interface Past {
  position: Position;
  /** How many iterations the loop has run, later ones included. */
  total: number;
  /** Sites that the loop reached in an earlier iteration, but not in this one. */
  older: ReadonlySet<number>;
}

/** A trace as it was at a position: what was not reached by then is missing. */
export function traceThen(
  trace: Trace,
  position: Position,
  { seen, events }: MomentAnswer,
): { trace: Trace; past: Past } {
  const then = new Map<number, Seen>();
  const older = new Set<number>();
  const isOlder = (iteration: number) => iteration > 0 && iteration < position.iteration;
  for (const [site, { iteration, ...what }] of seen) {
    then.set(site, { ...what, series: trace.seen.get(site)?.series });
    if (isOlder(iteration)) older.add(site);
  }
  for (const { site, iteration, event } of events) {
    then.set(site, { count: iteration, value: { kind: "plain", text: "" }, event });
    if (isOlder(iteration)) older.add(site);
  }
  const past = { position, total: iterationsOf(trace, position.loop), older };
  // An error is of the end of the run.
  return { trace: { ...trace, seen: then, outcome: { kind: "running" } }, past };
}

/** How many iterations a loop has begun. */
export function iterationsOf({ seen }: Trace, loop: number): number {
  return seen.get(loop)?.count ?? 0;
}

/** Site ids of a program's loops, in source order. */
export function loopsOf({ sites }: Pick<Trace, "sites">): number[] {
  return sites.flatMap(({ kind }, id) => (kind === "loop" ? [id] : []));
}

/** The same position in another run's trace; null if it has other loops. */
export function carryOver(position: Position, from: Trace, to: Trace): Position | null {
  const before = loopsOf(from);
  const after = loopsOf(to);
  const loop = after[before.indexOf(position.loop)];
  return before.length === after.length && loop !== undefined ? { ...position, loop } : null;
}

/**
 * The loop that a place in the source is about: the innermost that ran around it; elsewhere the one that the
 * views are at; else the last that ran more than once. Null if none did.
 */
export function loopAt(trace: Trace, offset: number, position: Position | null): number | null {
  const ran = loopsOf(trace).filter((loop) => iterationsOf(trace, loop) > 0);
  const around = ran.filter((loop) => {
    const { start, bodyEnd } = trace.sites[loop]!;
    return start <= offset && offset <= (bodyEnd ?? start);
  });
  if (around.length > 0) return around[around.length - 1]!;
  if (position !== null && ran.includes(position.loop)) return position.loop;
  return ran.filter((loop) => iterationsOf(trace, loop) > 1).pop() ?? null;
}
