/**
 * Numbers as Python prints them. JavaScript's own formatting rounds an exact half up where Python
 * rounds it to even, and spells exponents and non-finite values differently.
 */

/** Python's `f"{value:.{digits}f}"`. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const text = Math.abs(value) < 1e21 ? value.toFixed(digits) : wholeFixed(value, digits);
  if (value === 0) return Object.is(value, -0) && text[0] !== "-" ? `-${text}` : text;
  // A half at this digit is a multiple of 2^-(digits + 1), and an odd one.
  const halves = value * 2 ** (digits + 1);
  return halves % 2 === 1 || halves % 2 === -1 ? lastDigitToEven(text) : text;
}

/** Python's `f"{value:.{digits}e}"`. */
export function formatExponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const text = evenIfHalf(value, digits) ?? value.toExponential(digits);
  const e = text.indexOf("e");
  const sign = Object.is(value, -0) && text[0] !== "-" ? "-" : "";
  return sign + text.slice(0, e) + pythonExponent(text.slice(e + 1));
}

/** Python's `repr` of a float: the shortest digits that give the same number back. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e16 || (magnitude < 1e-4 && magnitude > 0)) {
    const [mantissa, exponent] = value.toExponential().split("e");
    return mantissa + pythonExponent(exponent);
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

/** What Python prints for a number of this dtype: `.item()` of a tensor, also in an f-string. */
export function formatItem(value: number, dtype: string): string {
  if (dtype === "bool") return value === 0 ? "False" : "True";
  return isFloatingPoint(dtype) ? formatFloat(value) : String(value);
}

/** Whether the dtype of this name (`float32`, `bfloat16`, `int64` …) holds floating-point numbers. */
export function isFloatingPoint(dtype: string): boolean {
  return dtype.startsWith("float") || dtype === "bfloat16";
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

/** Beyond 10²¹ every double is whole, and `toFixed` gives up. */
function wholeFixed(value: number, digits: number): string {
  const whole = BigInt(value).toString();
  return digits === 0 ? whole : `${whole}.${"0".repeat(digits)}`;
}

/** Takes one off the last digit if it is odd: what a half that was rounded up becomes. */
function lastDigitToEven(text: string): string {
  const digit = text.charCodeAt(text.length - 1) - 48;
  return digit % 2 === 0 ? text : text.slice(0, -1) + (digit - 1);
}

/**
 * The exponential form of a value exactly halfway between two of `digits` decimals, if the lower of
 * them is the even one; null otherwise, when rounding to nearest or up is right.
 */
function evenIfHalf(value: number, digits: number): string | null {
  // A half ends in a 5 at 10^place, so it is a multiple of 2^place, which few values are.
  const place = Math.min(0, Math.floor(Math.log10(Math.abs(value))) - digits - 2);
  if (value === 0 || (value * 2 ** -place) % 1 !== 0) return null;
  // No double comes as close to a half as this shows without being one.
  const exact = value.toExponential(Math.min(100, digits + 60));
  const point = exact.indexOf(".");
  const e = exact.indexOf("e");
  const kept = exact.slice(0, digits === 0 ? point : point + 1 + digits);
  const rest = exact.slice(point + 1 + digits, e);
  return /^50*$/.test(rest) && Number(kept.at(-1)) % 2 === 0 ? kept + exact.slice(e) : null;
}

/** JavaScript's exponent ("+5") with at least two digits ("e+05"). */
function pythonExponent(exponent: string): string {
  return exponent.length === 2 ? `e${exponent[0]}0${exponent[1]}` : `e${exponent}`;
}
