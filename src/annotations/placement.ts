import type { Line0 } from "../compiler/site";
import type { SessionState, ShownTrace } from "../session/session";
import { type LayoutOptions, layoutLabels } from "./layout";

/** A label on a line of the current text. */
export interface PlacedLabel {
  line: Line0;
  text: string;
  /** Whether its value is older than the text. */
  dimmed: boolean;
}

/**
 * What a session shows, one label per line: values of the latest run, and where that has none (yet), those of
 * the run before.
 */
export function placeLabels(
  { live, older, stale }: Pick<SessionState, "live" | "older" | "stale">,
  options: LayoutOptions,
): PlacedLabel[] {
  const labels = new Map<Line0, PlacedLabel>();
  const place = ({ trace, lineNow }: ShownTrace, dimmed: boolean) => {
    for (const { line, text } of layoutLabels(trace, options)) {
      const now = lineNow(line);
      if (now !== null) labels.set(now, { line: now, text, dimmed });
    }
  };
  if (older !== null) place(older, true);
  if (live !== null) place(live, stale);
  return [...labels.values()];
}
