import type { GraphAnswer } from "../trace/queries";

/** Extension → page. */
export type ToPage =
  /**
   * `graph` is null when there is none to show. Its values are those of an `iteration`, null for the last. `lines` are
   * the 1-based lines of its sites, by site.
   */
  | {
      kind: "graph";
      title: string;
      iteration: number | null;
      graph: GraphAnswer | null;
      lines: Record<number, number>;
    }
  /** Whether the text has changed since what is shown was computed. */
  | { kind: "stale"; on: boolean };

/** Page → extension. */
export type ToHost =
  | { kind: "ready" }
  /** Goes to the source of a site. */
  | { kind: "reveal"; site: number }
  /** Marks the source of a site; of none with null. */
  | { kind: "highlight"; site: number | null }
  | { kind: "save"; fileName: string; content: string | Uint8Array };

type Fields = Record<string, unknown>;

/** The message if it is one that the extension takes, else null. */
export function readToHost(value: unknown): ToHost | null {
  if (typeof value !== "object" || value === null) return null;
  const { kind, site, fileName, content } = value as Fields;
  const isSite = Number.isInteger(site);
  const isContent = typeof content === "string" || content instanceof Uint8Array;
  const fits =
    kind === "ready" ||
    (kind === "reveal" && isSite) ||
    (kind === "highlight" && (isSite || site === null)) ||
    (kind === "save" && typeof fileName === "string" && isContent);
  return fits ? (value as ToHost) : null;
}

/** The message if it is one that the page takes, else null. */
export function readToPage(value: unknown): ToPage | null {
  if (typeof value !== "object" || value === null) return null;
  const { kind, title, iteration, graph, lines, on } = value as Fields;
  const isIteration = iteration === null || Number.isInteger(iteration);
  const isGraph =
    graph === null || (typeof graph === "object" && Array.isArray((graph as unknown as GraphAnswer).nodes));
  const fits =
    (kind === "graph" && typeof title === "string" && isIteration && isGraph && typeof lines === "object") ||
    (kind === "stale" && typeof on === "boolean");
  return fits ? (value as ToPage) : null;
}
