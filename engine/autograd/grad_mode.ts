/** How operators record what they do. One for the whole engine, as it runs on one thread. */
export const gradMode = {
  /** Whether operators record at all. */
  enabled: true,
  /** Whether new tensors are inference tensors, which can never be recorded. */
  inference: false,
};

/** Runs `body` with recording on or off and restores the mode, also when `body` throws. */
export function withGradMode<T>(enabled: boolean, body: () => T): T {
  const before = gradMode.enabled;
  gradMode.enabled = enabled && !gradMode.inference;
  try {
    return body();
  } finally {
    gradMode.enabled = before;
  }
}
