import { cutBrackets, cutText } from "./cut";
import type { Piece } from "./pieces";

/** Length below which no value or gradient is cut before something else is left out. */
const MIN_VALUE_CHARS = 22;

/**
 * The text of a label in at most `maxLength` characters. Too long a one first loses the ends of its values and
 * gradients, then what they were before, its curve, the names of the operations, and the details of lists.
 */
export function fitted(pieces: readonly Piece[], maxLength: number): string {
  const steps = [
    () => shortenValues(pieces, maxLength),
    () => leaveOut(pieces, "before"),
    () => leaveOut(pieces, "sparkline"),
    () => leaveOut(pieces, "gradFn"),
    () => abbreviate(pieces),
    () => leaveOut(pieces, "detail"),
  ];
  for (const step of steps) {
    if (lengthOf(pieces) <= maxLength) break;
    step();
  }
  return cutText(pieces.map(({ text }) => text).join(""), maxLength);
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

/** Cuts the longest values and gradients to a common length, so that a short one keeps all of its own. */
function shortenValues(pieces: readonly Piece[], maxLength: number): void {
  const values = pieces.filter(({ role }) => role === "value" || role === "gradient" || role === "before");
  let room = maxLength - lengthOf(pieces) + lengthOf(values);
  const byLength = values.sort((a, b) => a.text.length - b.text.length);
  byLength.forEach((piece, index) => {
    const share = Math.floor(room / (byLength.length - index));
    piece.text = cutBrackets(piece.text, Math.max(MIN_VALUE_CHARS, share));
    room -= piece.text.length;
  });
}

function abbreviate(pieces: readonly Piece[]): void {
  for (const piece of pieces) piece.text = piece.brief ?? piece.text;
}

function leaveOut(pieces: readonly Piece[], role: Piece["role"]): void {
  for (const piece of pieces) if (piece.role === role) piece.text = "";
}
