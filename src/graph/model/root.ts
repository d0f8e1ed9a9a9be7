import { siteAt } from "../../hover/resolve";
import type { Trace } from "../../trace/model";

type Part = Pick<Trace, "source" | "sites" | "seen">;

/** How the tensor whose graph is shown is found again in another run: the `nth` site that reads so. */
export interface Root {
  text: string;
  nth: number;
}

/** The site of the tensor with a history at `offset`, or else the last on its line; null if there is none. */
export function rootAt(trace: Part, offset: number): number | null {
  const found = siteAt(trace, offset);
  if (found !== null && hasGraph(trace, found.site)) return found.site;
  const line = trace.source.slice(0, offset).split("\n").length - 1;
  const last = trace.sites.findLastIndex((site, id) => site.line === line && hasGraph(trace, id));
  return last < 0 ? null : last;
}

export function rememberRoot(trace: Part, site: number): Root {
  const text = textOf(trace, site);
  const nth = trace.sites.slice(0, site).filter((_, id) => textOf(trace, id) === text).length;
  return { text, nth };
}

/** The site of a root in another run; null if it is no longer there. */
export function findRoot(trace: Part, { text, nth }: Root): number | null {
  const alike = trace.sites.flatMap((_, id) =>
    textOf(trace, id) === text && hasGraph(trace, id) ? [id] : [],
  );
  return alike[Math.min(nth, alike.length - 1)] ?? null;
}

/** A variable stays the same though what it is set to changes. */
function textOf({ source, sites }: Part, id: number): string {
  const { kind, name, start, end } = sites[id];
  return `${kind}:${kind === "binding" ? name : source.slice(start, end)}`;
}

function hasGraph({ seen }: Part, site: number): boolean {
  const value = seen.get(site)?.value;
  return value?.kind === "tensor" && value.requiresGrad;
}
