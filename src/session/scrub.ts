import type { Trace } from "../trace/model";
import type { Position } from "../trace/queries";
import { iterationsOf, loopAt } from "./moment";

export type Move = "first" | "previous" | "next" | "last";

/** Iterations of a playback from end to end, at most. */
const MAX_FRAMES = 100;

/**
 * Where a move through the iterations of the loop at `offset` leads; null for the end of the run, which is also
 * what follows the last iteration.
 */
export function moved(trace: Trace, offset: number, position: Position | null, move: Move): Position | null {
  const loop = loopAt(trace, offset, position);
  if (loop === null) return null;
  const total = iterationsOf(trace, loop);
  const current = position?.loop === loop ? position.iteration : total + 1;
  switch (move) {
    case "first":
      return { loop, iteration: 1 };
    case "last":
      return { loop, iteration: total };
    case "previous":
      // What is shown at the end is the last iteration.
      return { loop, iteration: Math.max(1, Math.min(current, total) - 1) };
    case "next":
      return current >= total ? null : { loop, iteration: current + 1 };
  }
}

/** The next frame of a playback: from the first iteration on, a long loop in larger steps; null when it is over. */
export function nextFrame(trace: Trace, offset: number, position: Position | null): Position | null {
  const loop = loopAt(trace, offset, position);
  if (loop === null) return null;
  const total = iterationsOf(trace, loop);
  if (position?.loop !== loop) return { loop, iteration: 1 };
  if (position.iteration >= total) return null;
  const step = Math.ceil(total / MAX_FRAMES);
  return { loop, iteration: Math.min(total, position.iteration + step) };
}

/** Iterations to choose from: all of a short loop, of a long one evenly spread, the first and last among them. */
export function choices(total: number, most: number): number[] {
  if (total <= most) return Array.from({ length: total }, (_, i) => i + 1);
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (total - 1)) / (most - 1)));
}
