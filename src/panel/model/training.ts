import type { LoopInfo, RunData } from "./track";

/**
 * The loop that counts a run's epochs: of those that went on while the loss was recorded the one with the
 * fewest rounds, and of equals the first. Null without a loss, or if it was computed once only.
 */
export function trainingLoop(data: RunData): LoopInfo | null {
  const tracks = data.ofKind("loss");
  const loss = tracks.find((track) => track.length > 1) ?? data.ofKind("leaf")[0];
  if (loss === undefined || loss.length < 2) return null;
  let best: LoopInfo | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  data.loops.forEach((loop, i) => {
    const counts = loss.iterations[i];
    if (counts === undefined) return;
    const rounds = counts.at(counts.length - 1);
    if (rounds > counts.at(0) && rounds < fewest) {
      best = loop;
      fewest = rounds;
    }
  });
  return best;
}
