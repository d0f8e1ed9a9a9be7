/** Whether a call's last argument is its keywords: a plain object and nothing else. */
export function isKeywords(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
