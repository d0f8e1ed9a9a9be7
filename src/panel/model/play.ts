/** A play of the whole run takes this long, unless it has fewer rounds than frames. */
const PLAY_MS = 6000;
const MIN_FRAME_MS = 40;
/** For those who want little to move: a picture to be looked at, then the next. */
const CALM_FRAME_MS = 500;
const MAX_FRAME_MS = 300;

/** How a play goes through the rounds of a run. */
export interface PlayPace {
  frameMs: number;
  /** Rounds from one frame to the next. */
  stride: number;
}

export function playPace(rounds: number, isCalm: boolean): PlayPace {
  const shortest = isCalm ? CALM_FRAME_MS : MIN_FRAME_MS;
  const stride = Math.max(1, Math.ceil((rounds * shortest) / PLAY_MS));
  return { stride, frameMs: Math.max(shortest, Math.min(MAX_FRAME_MS, PLAY_MS / rounds)) };
}
