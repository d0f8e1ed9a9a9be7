import type { LoopInfo, RunData, Track } from "./track";

/**
 * The loop that counts a track's epochs: of those that went on while it was recorded the one with the fewest
 * rounds, and of equals the first. Null if it was recorded in no loop, or in one round only.
 */
export function loopOf(data: RunData, { length, iterations }: Track): LoopInfo | null {
  if (length < 2) return null;
  let best: LoopInfo | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  data.loops.forEach((loop, i) => {
    const counts = iterations[i];
    if (counts === undefined) return;
    const rounds = counts.at(length - 1);
    if (rounds > counts.at(0) && rounds < fewest) {
      best = loop;
      fewest = rounds;
    }
  });
  return best;
}

/** What a run's training is told by: the loss with the most values, or else a tensor that got gradients. */
export function mainTrack(data: RunData): Track | null {
  const longest = (tracks: Track[]) =>
    tracks.reduce<Track | null>(
      (best, track) => (best === null || track.length > best.length ? track : best),
      null,
    );
  return longest(data.ofKind("loss")) ?? longest(data.ofKind("leaf"));
}

/** The loop that counts the epochs of a run's training; null if there is none. */
export function trainingLoop(data: RunData): LoopInfo | null {
  const track = mainTrack(data);
  return track && loopOf(data, track);
}
