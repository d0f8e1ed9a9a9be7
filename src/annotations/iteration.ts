import type { Past } from "../session/moment";
import type { Trace } from "../trace/model";

/** Which iteration the views are at, in the words of the loop's own variable: `epoch 12 of 100`. */
export function iterationText(
  trace: Pick<Trace, "sites" | "source">,
  { position, total }: Pick<Past, "position" | "total">,
): string {
  const iteration = `${position.iteration} of ${Math.max(total, position.iteration)}`;
  return `${roundName(trace, position.loop)} ${iteration}`;
}

/** What the rounds of a loop are called: `epoch`, else `iteration`. */
export function roundName({ sites, source }: Pick<Trace, "sites" | "source">, loop: number): string {
  const { start, end } = sites[loop]!;
  const word = /\b(epoch|step|batch|round)(?:e?s)?\b/i.exec(source.slice(start, end))?.[1];
  return word?.toLowerCase() ?? "iteration";
}
