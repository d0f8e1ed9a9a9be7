import { type DType, defaultDType } from "./dtype";
import { formatExponential } from "./printing/number";

/** `3.40282e+38`: six significant digits, as C++ streams print floats. */
function shortFloat(value: number): string {
  const shown = formatExponential(value, 5);
  const [digits, exponent] = shown.split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(shown));
  return `${digits.replace(/\.?0+$/, "")}e${exponent}`;
}

/** Of each floating dtype: its bits, the binary digits after the first, the largest exponent, and what `resolution` tells. */
const FORMATS: Record<string, { bits: number; digits: number; exponent: number; decimals: number }> = {
  float16: { bits: 16, digits: 10, exponent: 15, decimals: 3 },
  bfloat16: { bits: 16, digits: 7, exponent: 127, decimals: 2 },
  float32: { bits: 32, digits: 23, exponent: 127, decimals: 6 },
  float64: { bits: 64, digits: 52, exponent: 1023, decimals: 15 },
};

/** What a floating dtype holds. */
class FloatLimits {
  readonly bits: number;
  /** The difference between 1 and the next larger number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number of full precision. */
  readonly smallest_normal: number;
  readonly tiny: number;
  /** The decimal digits that are right, as a number: 10^−6 of float32. */
  readonly resolution: number;

  constructor(readonly dtype: string) {
    const { bits, digits, exponent, decimals } = FORMATS[dtype];
    this.bits = bits;
    this.eps = 2 ** -digits;
    this.max = (2 - this.eps) * 2 ** exponent;
    this.min = -this.max;
    this.smallest_normal = 2 ** (1 - exponent);
    this.tiny = this.smallest_normal;
    this.resolution = Number(`1e-${decimals}`);
  }

  /** As Python prints it. */
  toString(): string {
    const shown = ["resolution", "min", "max", "eps", "smallest_normal", "tiny"] as const;
    return `finfo(${shown.map((name) => `${name}=${shortFloat(this[name])}`).join(", ")}, dtype=${this.dtype})`;
  }
}

/** What an integer dtype holds. */
class IntegerLimits {
  readonly bits: number;
  /** Beyond ±2⁵³ as the nearest double. */
  readonly max: number;
  readonly min: number;

  constructor({ name, itemsize }: DType) {
    const unsigned = name === "uint8";
    this.dtype = name;
    this.bits = 8 * itemsize;
    this.max = 2 ** (unsigned ? this.bits : this.bits - 1) - 1;
    this.min = unsigned ? 0 : -(2 ** (this.bits - 1));
  }

  readonly dtype: string;

  /** As Python prints it. */
  toString(): string {
    return `iinfo(min=${shortFloat(this.min)}, max=${shortFloat(this.max)}, dtype=${this.dtype})`;
  }
}

/** What a floating dtype holds; the default one if none is given. Throws for integers. Source: torch.finfo. */
export const finfo = function finfo(type: DType = defaultDType.current): FloatLimits {
  if (type.category !== "float")
    throw new TypeError(
      "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'",
    );
  return new FloatLimits(type.name);
} as Constructible<[type?: DType], FloatLimits>;

/** What an integer dtype holds. Throws for floating ones. Source: torch.iinfo. */
export const iinfo = function iinfo(type: DType): IntegerLimits {
  if (type === undefined) throw new TypeError('iinfo() missing 1 required positional arguments: "type"');
  if (type.category !== "int")
    throw new TypeError(
      `torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'`,
    );
  return new IntegerLimits(type);
} as Constructible<[type: DType], IntegerLimits>;

/** Makes a value with or without `new`. */
interface Constructible<A extends unknown[], T> {
  (...args: A): T;
  new (...args: A): T;
}
