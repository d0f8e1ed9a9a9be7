import { type DType, defaultDType } from "./dtype";

/** `3.40282e+38`: six significant digits, as C++ streams print floats. */
function shortFloat(value: number): string {
  const [digits, exponent] = value.toExponential(5).split("e");
  const power = Number(exponent);
  const mantissa = digits.replace(/\.?0+$/, "");
  if (power >= -5 && power < 6) return String(Number(value.toPrecision(6)));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

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
    const double = dtype === "float64";
    this.bits = double ? 64 : 32;
    this.eps = double ? Number.EPSILON : 2 ** -23;
    this.max = double ? Number.MAX_VALUE : (2 - 2 ** -23) * 2 ** 127;
    this.min = -this.max;
    this.smallest_normal = double ? 2 ** -1022 : 2 ** -126;
    this.tiny = this.smallest_normal;
    this.resolution = double ? 1e-15 : 1e-6;
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
