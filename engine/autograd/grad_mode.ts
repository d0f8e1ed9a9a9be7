/** Whether operators record what they do. One flag for the whole engine, as it runs on one thread. */
export const gradMode = { enabled: true };

/** Runs `body` with recording on or off and restores the mode, also when `body` throws. */
export function withGradMode<T>(enabled: boolean, body: () => T): T {
  const before = gradMode.enabled;
  gradMode.enabled = enabled;
  try {
    return body();
  } finally {
    gradMode.enabled = before;
  }
}
