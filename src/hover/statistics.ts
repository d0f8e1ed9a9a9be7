import { numberText } from "../annotations/texts";
import type { Statistics } from "../trace/queries";
import { code } from "./markdown";

const LEVELS = "▁▂▃▄▅▆▇█";
/** Bars of a histogram: the runner's bins two by two. */
const BARS = 12;

/** What the elements of a tensor are like, in a line; null for a single ordinary number, which says it itself. */
export function statisticsText(statistics: Statistics): string | null {
  const { count, nan, inf, min, max, mean, std, norm } = statistics;
  const odd = [...(nan > 0 ? [`**${nan} NaN**`] : []), ...(inf > 0 ? [`**${inf} infinite**`] : [])];
  if (count < 3 || !Number.isFinite(min)) return odd.length === 0 ? null : odd.join(" · ");
  const facts = [
    `min ${code(numberText(min))}`,
    `max ${code(numberText(max))}`,
    `mean ${code(numberText(mean))}`,
    `std ${code(numberText(std))}`,
    `norm ${code(numberText(norm))}`,
  ];
  const bars = histogramText(statistics.histogram);
  return [...odd, ...facts, ...(bars === "" ? [] : [code(bars)])].join(" · ");
}

function histogramText(bins: readonly number[]): string {
  if (bins.length === 0) return "";
  const width = Math.ceil(bins.length / BARS);
  const bars = Array.from({ length: Math.ceil(bins.length / width) }, (_, bar) =>
    bins.slice(bar * width, (bar + 1) * width).reduce((sum, count) => sum + count, 0),
  );
  const most = Math.max(...bars);
  if (most === 0) return "";
  return bars
    .map((count) => (count === 0 ? "·" : LEVELS[Math.ceil((count / most) * LEVELS.length) - 1]))
    .join("");
}
