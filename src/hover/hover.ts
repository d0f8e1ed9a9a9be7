import { iterationText } from "../annotations/iteration";
import type { Past } from "../session/moment";
import type { Trace } from "../trace/model";
import type { Answer, Inspection, Position, Query } from "../trace/queries";
import { describeHover, type Hovered, inspectionOf } from "./describe";
import { gradientOwner } from "./gradientOf";
import { commandLink } from "./markdown";
import { placesOf, type SiteReference, siteText } from "./places";
import { type Found, siteAt } from "./resolve";

/** The value that a hover's link is about. */
export interface ValueReference extends SiteReference {
  what: string;
  at: Position | null;
}

/** The trace that hovers are about, and how to ask its run for more. */
export interface HoverSource {
  uri: string;
  trace: Trace;
  /** The moment that the trace is of, if not the end of the run. */
  past: Past | null;
  query<Q extends Query>(query: Q): Promise<Answer<Q>>;
  /** Whether a command is there to be linked to. */
  offers(command: string): boolean;
}

export interface Hover {
  markdown: string;
  /** The range that it is about, as offsets into the trace's source. */
  start: number;
  end: number;
}

/** What hovering at a place shows; null where there is nothing to tell. */
export async function hoverAt(source: HoverSource, offset: number): Promise<Hover | null> {
  const { trace, past, uri } = source;
  const found = siteAt(trace, offset);
  const inspection = found && (await inspect(source, found.site));
  if (!found || !inspection) return null;
  const what = trace.sites[found.site]!.name ?? siteText(trace, found.site);
  const at = past?.position ?? null;
  const hovered: Hovered = {
    what,
    inspection,
    gradientOf: await gradientOf(source, found),
    places: placesOf(trace, uri),
    iteration: past === null ? null : iterationText(trace, past),
    actions: actionsFor(inspection, { uri, run: trace.run, site: found.site, what, at }, source),
  };
  return { markdown: describeHover(hovered), start: found.start, end: found.end };
}

/** What the runner knows of a site; without it, what the trace says. */
async function inspect({ trace, past, query }: HoverSource, site: number): Promise<Inspection | null> {
  const seen = trace.seen.get(site);
  if (seen === undefined) return null;
  const at = past === null ? {} : { at: past.position };
  return (await query({ kind: "inspect", site, ...at })) ?? inspectionOf(seen);
}

async function gradientOf(source: HoverSource, found: Found): Promise<Hovered["gradientOf"]> {
  const owner = gradientOwner(source.trace, found);
  if (owner === null) return null;
  const inspection = owner.site === null ? null : await inspect(source, owner.site);
  return { what: owner.what, tensor: inspection?.tensor ?? null };
}

/** Links to what can be done with a value. */
function actionsFor({ tensor }: Inspection, value: ValueReference, { offers }: HoverSource): string[] {
  if (tensor === null) return [];
  const copy = (label: string, format: string) =>
    commandLink(label, "gradlens.copyValue", { ...value, format });
  const links = [
    copy("Copy", "text"),
    copy("JSON", "json"),
    copy("CSV", "csv"),
    commandLink("Table", "gradlens.openTable", value),
  ];
  if (tensor.requiresGrad && offers("gradlens.showGraph")) {
    links.push(commandLink("Graph", "gradlens.showGraph", value));
  }
  if (offers("gradlens.openTrainingPanel")) {
    links.push(commandLink("Panel", "gradlens.openTrainingPanel", value));
  }
  return links;
}
