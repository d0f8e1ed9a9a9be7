/** Whether a call's last argument is its keywords: a plain object and nothing else. */
export function isKeywords(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** An argument that stands alone, given by itself or by its name: `train(false)`, `train({ mode: false })`. */
export function single<T>(given: unknown, name: string, fallback: T): T {
  if (given === undefined) return fallback;
  return (isKeywords(given) ? (given[name] ?? fallback) : given) as T;
}
