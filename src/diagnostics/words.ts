/** `2.5e-7`, `0.013`, `120`: as many digits as one remembers. */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  return String(Number(value.toPrecision(3)));
}

/** `a`, `a and b`, `a, b and 3 more`: in backticks. */
export function listed(names: readonly string[]): string {
  const quoted = names.slice(0, names.length > 3 ? 2 : 3).map((name) => `\`${name}\``);
  if (names.length > 3) return `${quoted.join(", ")} and ${names.length - 2} more`;
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

/** A source text on one line, cut. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return `\`${line.length > 60 ? `${line.slice(0, 59)}…` : line}\``;
}
