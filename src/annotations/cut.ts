/** A text on one line: the rows of a printed tensor are joined by single spaces. */
export function onOneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, " ").trim();
}

/** At most `maxChars` characters, the last an ellipsis if something is missing. */
export function cutText(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, Math.max(0, maxChars - 1))}…`;
}

/**
 * Cuts nested brackets, such as a printed tensor, between two elements and closes what is open:
 * `tensor([[1., 2.], […]])`. A number cut in its middle would be a wrong number.
 */
export function cutBrackets(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let best: string | null = null;
  const closers: string[] = [];
  for (let i = 0; i < text.length && i < maxChars; i++) {
    const closer = closerOf(text[i]!);
    if (closer !== null) closers.unshift(closer);
    else if (text[i] === closers[0]?.trim()) closers.shift();
    if (closer === null && text[i] !== ",") continue;
    const candidate = `${text.slice(0, i + 1)}${text[i] === "[" || text[i] === "(" ? "" : " "}…${closers.join("")}`;
    if (candidate.length <= maxChars) best = candidate;
  }
  return best ?? cutText(text, maxChars);
}

function closerOf(character: string): string | null {
  return character === "[" ? "]" : character === "(" ? ")" : character === "{" ? " }" : null;
}
