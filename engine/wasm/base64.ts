const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The bytes that `text` stands for. Reads strings by index and calls no built-in, since a program that runs in
 * the same realm may have changed those.
 */
export function decodeBase64(text: string): Uint8Array {
  let { length } = text;
  while (text[length - 1] === "=") length--;
  const values = { __proto__: null } as unknown as Record<string, number>;
  for (let i = 0; i < 64; i++) values[DIGITS[i]] = i;
  const bytes = new Bytes((length * 3) >> 2);
  let bits = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    bits = ((bits << 6) | values[text[i]]) & 0xffffff;
    const rest = (i & 3) * 2; // bits beyond the last whole byte: 6, 4, 2, 0
    if ((i & 3) !== 0) bytes[at++] = bits >> (6 - rest);
  }
  return bytes;
}

/** Taken before any program runs. */
const Bytes = Uint8Array;
