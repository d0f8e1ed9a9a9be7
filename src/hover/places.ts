import type { Trace } from "../trace/model";
import { commandLink } from "./markdown";
import type { SourcePlaces } from "./why";

/** Longest text of an expression in a hover, in characters. */
const MAX_CHARS = 44;

/** What a link in a hover refers to: a site of a run of a document. */
export interface SiteReference {
  uri: string;
  run: number;
  site: number;
}

/** How hovers speak of the places of a trace. */
export function placesOf({ run, source, sites }: Trace, uri: string): SourcePlaces {
  return {
    textOf: (site) => siteText({ source, sites }, site),
    linkTo: (site) => {
      const line = source.slice(0, sites[site]!.start).split("\n").length;
      return commandLink(`line ${line}`, "gradlens.revealSite", { uri, run, site } satisfies SiteReference);
    },
  };
}

/** The text of a site's expression: of a binding, what it is set to. */
export function siteText({ source, sites }: Pick<Trace, "source" | "sites">, site: number): string {
  const { kind, name, start, end } = sites[site]!;
  const whole = source.slice(start, end).replace(/\s+/g, " ");
  const isSet = kind === "binding" && name !== undefined;
  const set = isSet ? /^[^=]*[^=!<>*/+\-%@]=(?![=>])\s*(.+)$/.exec(whole)?.[1] : undefined;
  const text = set ?? whole;
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
}
