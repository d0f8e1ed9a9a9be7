import type { Line0 } from "../compiler/site";
import type { SessionState, ShownTrace } from "../session/session";
import { type LayoutScope, layoutLabels } from "./layout";
import type { LayoutOptions } from "./options";

/** A label on a line of the current text. */
export interface PlacedLabel {
  line: Line0;
  text: string;
  /** Whether its value is older than the text, or than the iteration that is shown. */
  dimmed: boolean;
  isError: boolean;
}

type Shown = Pick<SessionState, "live" | "older" | "isBeginning" | "moment" | "stale">;

/**
 * What a session shows, one label per line: values of the latest run, and where that has none (yet), those of
 * the run before; or, back in time, values of the moment alone. Only lines from `first` to `last` are laid out.
 */
export function placeLabels(
  { live, older, isBeginning, moment, stale }: Shown,
  options: LayoutOptions,
  first: Line0 = 0,
  last: Line0 = Number.POSITIVE_INFINITY,
): PlacedLabel[] {
  const labels = new Map<Line0, PlacedLabel>();
  const place = ({ trace, lineNow }: ShownTrace, dimmed: boolean, past?: LayoutScope["past"]) => {
    const wants = (line: Line0) => {
      const now = lineNow(line);
      return now !== null && first <= now && now <= last;
    };
    for (const { line, text, isError, isOlder } of layoutLabels(trace, options, { past, wants })) {
      const now = lineNow(line)!;
      if (text === "") labels.delete(now);
      else labels.set(now, { line: now, text, dimmed: dimmed || isOlder, isError });
    }
  };
  if (moment !== null) place(moment, stale || moment.trace.run !== live?.trace.run, moment.past);
  else {
    if (older !== null) place(older, stale || !isBeginning);
    if (live !== null) place(live, stale);
  }
  return [...labels.values()];
}
