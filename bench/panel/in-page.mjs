// Functions that run inside the panel's page.

/** Notes the time between frames from now on. */
export function countFrames() {
  const frames = [];
  let last = performance.now();
  const next = () => {
    const now = performance.now();
    frames.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  globalThis.panelFrames = frames;
}

/** The milliseconds of each frame so far. */
export function framesCounted() {
  return globalThis.panelFrames;
}
