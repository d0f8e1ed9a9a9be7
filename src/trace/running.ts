import type { Site } from "../compiler/site";

/**
 * The site that was being computed when `last` had been reached and nothing after it, -1 standing for the
 * start. A site is reached when its value is there, so what was running is the innermost site around `last`,
 * or failing that the next one in the text.
 */
export function siteRunning(sites: readonly Site[], last: number): Site | null {
  if (sites.length === 0) return null;
  const reached = sites[last];
  if (reached === undefined) return firstFrom(sites, 0);
  return innermostAround(sites, reached) ?? firstFrom(sites, reached.end) ?? reached;
}

function innermostAround(sites: readonly Site[], inner: Site): Site | null {
  let found: Site | null = null;
  for (const site of sites) {
    const isAround =
      site !== inner && site.kind !== "loop" && site.start <= inner.start && inner.end <= site.end;
    const isWider = site.end - site.start > inner.end - inner.start;
    if (isAround && isWider && (found === null || site.end - site.start < found.end - found.start))
      found = site;
  }
  return found;
}

function firstFrom(sites: readonly Site[], offset: number): Site | null {
  let found: Site | null = null;
  for (const site of sites) {
    if (site.start < offset || site.kind === "expression") continue;
    if (found === null || site.start < found.start) found = site;
  }
  return found;
}
