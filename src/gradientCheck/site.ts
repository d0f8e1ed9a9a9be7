import { endingAt } from "../diagnostics/code";
import { iterationsOf, loopsOf } from "../session/moment";
import type { Trace } from "../trace/model";

/** What a `backward()` is called on: the expression before it, or the variable of that name. */
export function rootAt({ sites, source }: Trace, offset: number): { site: number; what: string } | null {
  const dot = source.lastIndexOf(".", offset);
  const name = endingAt(source, dot - endingAt(source, dot, /\s/).length, /[\w$]/);
  const before = sites.flatMap((site, id) => (site.end === dot && site.kind === "expression" ? [id] : []));
  const bindings = sites.flatMap((site, id) =>
    site.kind === "binding" && site.name === name && site.start < offset ? [id] : [],
  );
  const site = bindings.at(-1) ?? before[0];
  if (site === undefined) return null;
  return { site, what: name };
}

/** The statement that a call of `backward()` is in, and the innermost loop around it; null if there is none. */
export function backwardSiteAt(
  trace: Trace,
  offset: number,
): { site: number; loop: number | null; total: number } | null {
  const around = ({ start, end }: { start: number; end: number }) => start <= offset && offset < end;
  const sites = trace.sites.flatMap((site, id) =>
    site.kind !== "loop" && site.kind !== "parameter" && around(site)
      ? [{ id, length: site.end - site.start }]
      : [],
  );
  const ran = sites.find(({ id }) => trace.seen.get(id)?.event?.kind === "backward");
  const [smallest] = sites.sort((a, b) => a.length - b.length);
  const site = ran ?? smallest;
  if (site === undefined) return null;
  const loops = loopsOf(trace).filter((id) => {
    const { start, bodyEnd = start } = trace.sites[id]!;
    return start < offset && offset < bodyEnd;
  });
  const loop = loops.at(-1) ?? null;
  return { site: site.id, loop, total: loop === null ? 0 : iterationsOf(trace, loop) };
}
