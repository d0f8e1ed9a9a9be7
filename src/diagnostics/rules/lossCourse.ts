import type { LossFacts } from "../../trace/queries";
import type { Evidence, Finding, Rule } from "../finding";
import { brief } from "../words";

/** Fewer steps tell nothing. */
const MIN_STEPS = 20;
/** A loss that begins below this has nothing left to learn. */
const LEARNED = 1e-6;
/** How far below its beginning a loss counts as having fallen. */
const FALLEN = 0.98;
/** How far above its beginning a loss counts as running away. */
const RUN_AWAY = 2;

/** A loss that did not fall over a whole run, though no step of it was better either. */
export const lossNotDecreasing: Rule = (evidence) =>
  judged(evidence).flatMap((loss) => {
    const { start, end, lowest } = loss;
    if (isDiverging(loss) || end < FALLEN * start || lowest < FALLEN * start) return [];
    const isUntouched = !evidence.facts.leaves.some(({ changed }) => changed);
    const why = isUntouched
      ? "No parameter was changed: is `optimizer.step()` missing?"
      : "The learning rate may be too small or too large, or the gradients may not reach the parameters.";
    return finding(
      evidence,
      loss,
      "loss-not-decreasing",
      `The loss did not decrease in ${loss.count} steps: ${brief(start)} in the first tenth, ${brief(end)} in the last. ${why}`,
    );
  });

/** A loss that ended far above its beginning. */
export const lossDiverging: Rule = (evidence) =>
  judged(evidence).flatMap((loss) => {
    if (!isDiverging(loss)) return [];
    return finding(
      evidence,
      loss,
      "loss-diverging",
      `The loss grew from ${brief(loss.first)} to ${brief(loss.last)} in ${loss.count} steps: the steps overshoot. Try a learning rate ten times smaller.`,
    );
  });

function judged({ facts: { losses } }: Evidence): LossFacts[] {
  return losses.filter(
    ({ count, start, first }) => count >= MIN_STEPS && first > LEARNED && !(start < LEARNED),
  );
}

function isDiverging({ first, last, end }: LossFacts): boolean {
  return !Number.isFinite(last) || (end > RUN_AWAY * first && last > RUN_AWAY * first);
}

function finding(
  { trace }: Evidence,
  { site }: LossFacts,
  code: "loss-diverging" | "loss-not-decreasing",
  message: string,
): Finding[] {
  const { start, end } = trace.sites[site]!;
  return [{ code, message, start, end }];
}
