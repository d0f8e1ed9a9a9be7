import { bool, float32, int32 } from "../dtype";
import { RuntimeError } from "../errors";
import { airyAi, besselJ, besselY, i0, i0e, i1, i1e, k0, k1, scaledK, sphericalJ0 } from "../kernels/bessel";
import {
  floating,
  mapFloat,
  type Operand,
  pairType,
  refuseBool,
  refuseIntegers,
  zip,
  zipFloat,
} from "../kernels/elementwise";
import { erf, erfc, erfcx, erfinv, logNdtr, ndtri } from "../kernels/error_function";
import { digamma, igamma, igammac, lgamma, polygamma, zeta } from "../kernels/gamma";
import {
  chebyshevT,
  chebyshevU,
  chebyshevV,
  chebyshevW,
  hermiteH,
  hermiteHe,
  laguerreL,
  legendreP,
} from "../kernels/orthogonal_polynomials";
import { op, special, torch } from "../op/define";
import { noDerivativeFor } from "../op/no_derivative";
import { elements, fromData, type Tensor } from "../tensor";

const SQRT_PI = Math.sqrt(Math.PI);
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

// The error function.

/** Error function, (2/√π) ∫₀ˣ e^−t² dt. Source: torch.special.erf. */
op("erf(input)", {
  grad_fn: "ErfBackward0",
  forward: (input) => mapFloat(input, erf),
  backward: {
    input: [
      ["input"],
      (grad, input) =>
        input
          .pow(2)
          .neg()
          .exp()
          .mul(2 / SQRT_PI)
          .mul(grad),
      "grad · 2/√π · e^−input²",
    ],
  },
  inplace: true,
  alias: ["torch.erf_", "special.erf"],
});

/** 1 − erf(input), exact for large input. Source: torch.special.erfc. */
op("erfc(input)", {
  grad_fn: "ErfcBackward0",
  forward: (input) => mapFloat(input, erfc),
  backward: {
    input: [
      ["input"],
      (grad, input) =>
        input
          .pow(2)
          .neg()
          .exp()
          .mul(-2 / SQRT_PI)
          .mul(grad),
      "−grad · 2/√π · e^−input²",
    ],
  },
  inplace: true,
  alias: ["torch.erfc_", "special.erfc"],
});

/** Inverse of erf: ±∞ at ±1, NaN outside [−1, 1]. Source: torch.special.erfinv. */
op("erfinv(input)", {
  grad_fn: "ErfinvBackward0",
  forward: (input) => mapFloat(input, erfinv),
  backward: {
    input: [
      ["result"],
      (grad, result) =>
        result
          .pow(2)
          .exp()
          .mul(SQRT_PI / 2)
          .mul(grad),
      "grad · √π/2 · e^result²",
    ],
  },
  inplace: true,
  alias: ["special.erfinv"],
});

/** e^input² · erfc(input). Source: torch.special.erfcx. */
op("special.erfcx(input)", {
  grad_fn: "SpecialErfcxBackward0",
  forward: (input) => mapFloat(input, erfcx),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) =>
        input
          .mul(2)
          .mul(result)
          .sub(2 / SQRT_PI)
          .mul(grad),
      "grad · (2 · input · result − 2/√π)",
    ],
  },
});

/** Probability that a standard normal variable lies below `input`. Source: torch.special.ndtr. */
op("special.ndtr(input)", (input) =>
  torch._mul_scalar(torch._add_scalar(torch._mul_scalar(input, Math.SQRT1_2).erf(), 1), 0.5),
);

/** Inverse of ndtr. Source: torch.special.ndtri. */
op("special.ndtri(input)", {
  grad_fn: "SpecialNdtriBackward0",
  forward: (input) => mapFloat(input, ndtri),
  backward: {
    input: [
      ["result"],
      (grad, result) => grad.mul(SQRT_TWO_PI).mul(result.square().div(2).exp()),
      "grad · √(2π) · e^(result²/2)",
    ],
  },
});

/** ln of ndtr, exact far below 0. Source: torch.special.log_ndtr. */
op("special.log_ndtr(input)", {
  grad_fn: "SpecialLogNdtrBackward0",
  forward: (input) => mapFloat(input, logNdtr),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => grad.div(SQRT_TWO_PI).mul(result.add(input.pow(2).div(2)).neg().exp()),
      "grad · e^−(result + input²/2) / √(2π)",
    ],
  },
});

/** −input · ln input: 0 at 0, −∞ below. Source: torch.special.entr. */
op("special.entr(input)", {
  grad_fn: "SpecialEntrBackward0",
  forward: (input) =>
    mapFloat(input, (x) => (x > 0 ? -x * Math.log(x) : x === 0 ? 0 : x < 0 ? Number.NEGATIVE_INFINITY : x)),
  backward: {
    input: [["input"], (grad, input) => grad.mul(input.log().add(1).neg()), "−grad · (1 + ln input)"],
  },
});

/** input · ln(1 + other), 0 where input is 0. Source: torch.special.xlog1py. */
op("special.xlog1py.Tensor(input: Tensor, other: Tensor)", {
  grad_fn: "SpecialXlog1PyBackward0",
  forward: (input, other) => zipFloat(input, other, xlog1py),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) =>
        special.xlog1py(grad, other).masked_fill(input.eq(0).logical_and(other.le(-1)), 0),
      "grad · ln(1 + other)",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.mul(input).div(other.add(1)),
      "grad · input / (1 + other)",
    ],
  },
});

/** input · ln(1 + other) for a number to multiply with. Source: torch.special.xlog1py. */
op("special.xlog1py.self_scalar(input: Number, other: Tensor)", {
  grad_fn: "SpecialXlog1PyBackward1",
  forward: (input, other) => zipFloat(input, other, xlog1py),
  backward: {
    other: [
      ["input", "other"],
      (grad, input, other) => grad.mul(input).div(other.add(1)),
      "grad · input / (1 + other)",
    ],
  },
});

/** input · ln(1 + other) for a number to take the logarithm of. Source: torch.special.xlog1py. */
op("special.xlog1py.other_scalar(input: Tensor, other: Number)", {
  grad_fn: "SpecialXlog1PyBackward2",
  forward: (input, other) => zipFloat(input, other, xlog1py),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => {
        const slope = special.xlog1py(grad, other);
        return other > -1 ? slope : slope.masked_fill(input.eq(0), 0);
      },
      "grad · ln(1 + other)",
    ],
  },
});

function xlog1py(x: number, y: number): number {
  if (Number.isNaN(y)) return y;
  return x === 0 ? 0 : x * Math.log1p(y);
}

// The gamma function.

/** ln |Γ(input)|: ∞ at 0 and the negative integers. Source: torch.lgamma. */
op("lgamma(input)", {
  grad_fn: "LgammaBackward0",
  forward: (input) => mapFloat(input, lgamma),
  backward: { input: [["input"], (grad, input) => grad.mul(input.digamma()), "grad · digamma(input)"] },
  inplace: true,
  alias: ["special.gammaln"],
});

/** The derivative of lgamma. Source: torch.special.digamma. */
op("digamma(input)", {
  grad_fn: "DigammaBackward0",
  forward: (input) => mapFloat(input, digamma),
  backward: {
    input: [["input"], (grad, input) => grad.mul(torch.polygamma(1, input)), "grad · polygamma(1, input)"],
  },
  inplace: true,
  alias: ["special.digamma", "special.psi"],
});

/** The n-th derivative of digamma, n ≥ 0. Source: torch.special.polygamma. */
op("polygamma(n: int, input: Tensor)", {
  grad_fn: "PolygammaBackward0",
  forward: (n, input) => {
    if (n < 0) throw new RuntimeError("polygamma(n, x) does not support negative n.");
    return mapFloat(input, (x) => polygamma(n, x));
  },
  backward: {
    input: [
      ["n", "input"],
      (grad, n, input) => grad.mul(torch.polygamma(n + 1, input)),
      "grad · polygamma(n + 1, input)",
    ],
  },
  alias: ["special.polygamma"],
});

/** The n-th derivative of digamma, in the order of the method. Source: torch.Tensor.polygamma. */
op("polygamma.method(input, n: int)", (input, n) => torch.polygamma(n, input), {
  inplace: true,
  alias: ["special.polygamma"],
});

/** ln of the multivariate gamma function of dimension p ≥ 1. Source: torch.special.multigammaln. */
op("mvlgamma(input, p: int)", {
  grad_fn: "MvlgammaBackward0",
  forward: (input, p) => {
    if (input.dtype === bool) throw new RuntimeError("The input tensor may not be a boolean tensor.");
    if (p < 1) throw new RuntimeError("p has to be greater than or equal to 1");
    const constant = ((p * (p - 1)) / 4) * Math.log(Math.PI);
    return mapFloat(input, (x) => {
      let sum = constant;
      for (let j = 0; j < p; j++) sum += lgamma(x - j / 2);
      return sum;
    });
  },
  backward: {
    input: [
      ["input", "p"],
      (grad, input, p) => {
        let slope = input.digamma();
        for (let j = 1; j < p; j++) slope = slope.add(input.sub(j / 2).digamma());
        return grad.mul(slope);
      },
      "grad · Σ digamma(input − j/2) over j < p",
    ],
  },
  inplace: true,
  alias: ["special.multigammaln"],
});

/** Hurwitz's zeta function Σ (other + k)^−input. No derivative in `input`. Source: torch.special.zeta. */
op("special.zeta.Tensor(input: Tensor, other: Tensor)", {
  grad_fn: "SpecialZetaBackward0",
  forward: (input, other) => zipFloat(input, other, zeta),
  backward: {
    input: [[], () => noDerivativeFor("zeta"), "none"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.mul(input.neg()).mul(special.zeta(input.add(1), other)),
      "−grad · input · zeta(input + 1, other)",
    ],
  },
});

/** Hurwitz's zeta function Σ (other + k)^−input for a number. Source: torch.special.zeta. */
op("special.zeta.self_scalar(input: Number, other: Tensor)", {
  grad_fn: "SpecialZetaBackward1",
  forward: (input, other) => zipFloat(input, other, zeta),
  backward: {
    other: [
      ["input", "other"],
      (grad, input, other) => grad.mul(-input).mul(special.zeta(input + 1, other)),
      "−grad · input · zeta(input + 1, other)",
    ],
  },
});

/** Hurwitz's zeta function Σ (other + k)^−input. No derivative. Source: torch.special.zeta. */
op("special.zeta.other_scalar(input: Tensor, other: Number)", {
  grad_fn: "SpecialZetaBackward2",
  forward: (input, other) => zipFloat(input, other, zeta),
  backward: { input: [[], () => noDerivativeFor("zeta"), "none"] },
});

/** Regularized lower incomplete gamma function. No derivative in `input`. Source: torch.special.gammainc. */
op("igamma(input, other: Tensor)", {
  grad_fn: "IgammaBackward0",
  forward: (input, other) => {
    refuseIntegers("igamma_cpu", pairType(input, other));
    return zip(input, other, igamma);
  },
  backward: {
    input: [[], () => noDerivativeFor("igamma: input"), "none"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.mul(gammaDensity(input, other)),
      "grad · other^(input − 1) · e^−other / Γ(input)",
    ],
  },
  inplace: true,
  alias: ["special.gammainc"],
});

/** Regularized upper incomplete gamma function. No derivative in `input`. Source: torch.special.gammaincc. */
op("igammac(input, other: Tensor)", {
  grad_fn: "IgammacBackward0",
  forward: (input, other) => {
    refuseIntegers("igammac_cpu", pairType(input, other));
    return zip(input, other, igammac);
  },
  backward: {
    input: [[], () => noDerivativeFor("igammac: input"), "none"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.neg().mul(gammaDensity(input, other)),
      "−grad · other^(input − 1) · e^−other / Γ(input)",
    ],
  },
  inplace: true,
  alias: ["special.gammaincc"],
});

function gammaDensity(a: Tensor, x: Tensor): Tensor {
  return a.sub(1).mul(x.log()).sub(x).sub(a.lgamma()).exp();
}

// Powers of two and neighbours among the floating numbers.

/** input · 2^other. Source: torch.ldexp. */
op("ldexp(input, other: Tensor)", {
  grad_fn: "LdexpBackward0",
  forward: (input, other) => {
    if (input.dtype.category === "float") refuseBool("ldexp_cpu_exp", other.dtype);
    const scale = powerIsRounded(input, other) ? (y: number) => Math.fround(2 ** y) : (y: number) => 2 ** y;
    return zipFloat(input, other, (x, y) => x * scale(y));
  },
  backward: {
    input: [["other"], (grad, other) => grad.mul(torch.pow(2, other)), "grad · 2^other"],
    other: [["result"], (grad, result) => grad.mul(result).mul(Math.LN2), "grad · result · ln 2"],
  },
  inplace: true,
  alias: ["torch.ldexp_"],
});

/** PyTorch takes the power apart, in the exponents' own type, unless it can shift floating numbers by integers. */
function powerIsRounded(input: Tensor, other: Tensor): boolean {
  if (input.dtype.category !== "float") return floating(other.dtype) === float32;
  return other.dtype === float32 && other.shape.length > 0;
}

/** input = mantissa · 2^exponent with ½ ≤ |mantissa| < 1, exponent int32. Source: torch.frexp. */
op("frexp(input) -> (mantissa, exponent)", {
  grad_fn: "FrexpBackward0",
  forward: (input) => {
    if (input.dtype.category !== "float")
      throw new RuntimeError("torch.frexp() only supports floating-point dtypes");
    const x = elements(input);
    const mantissa = new input.dtype.ArrayType(x.length);
    const exponent = new int32.ArrayType(x.length);
    for (let i = 0; i < x.length; i++) {
      exponent[i] = binaryExponent(x[i]);
      mantissa[i] = scaleByPowerOfTwo(x[i], -exponent[i]);
    }
    return [fromData(mantissa, input.shape, input.dtype), fromData(exponent, [...input.shape], int32)];
  },
  backward: {
    input: [["result"], (grads, result) => grads[0]!.div(result[1].exp2()), "grad / 2^exponent"],
  },
});

/** The e with ½ ≤ |x| / 2^e < 1; 0 for what has none. */
function binaryExponent(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  const size = Math.abs(x);
  const e = Math.floor(Math.log2(size)) + 1;
  // The logarithm rounds across powers of two.
  const mantissa = scaleByPowerOfTwo(size, -e);
  return mantissa >= 1 ? e + 1 : mantissa < 0.5 ? e - 1 : e;
}

/** In two steps, since 2^e alone can leave the range of doubles. */
function scaleByPowerOfTwo(x: number, e: number): number {
  const half = Math.trunc(e / 2);
  return x * 2 ** half * 2 ** (e - half);
}

/** The next floating number after `input` towards `other`. Source: torch.nextafter. */
op("nextafter(input, other: Tensor)", {
  grad_fn: "NextafterBackward0",
  forward: (input, other) => {
    const dtype = pairType(input, other);
    refuseIntegers("nextafter_cpu", dtype);
    return zip(input, other, dtype.itemsize === 4 ? nextFloat32 : nextFloat64, dtype);
  },
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => torch.where(input.ne(other), grad, 0),
      "grad where input ≠ other, else 0",
    ],
    other: [[], (grad) => torch.zeros_like(grad), "0"],
  },
  inplace: true,
});

const bits = new DataView(new ArrayBuffer(8));

function nextFloat32(x: number, y: number): number {
  if (x === y || Number.isNaN(x) || Number.isNaN(y)) return x === y ? y : Number.NaN;
  if (x === 0) return y > 0 ? 2 ** -149 : -(2 ** -149);
  bits.setFloat32(0, x);
  bits.setInt32(0, bits.getInt32(0) + (y > x === x > 0 ? 1 : -1));
  return bits.getFloat32(0);
}

function nextFloat64(x: number, y: number): number {
  if (x === y || Number.isNaN(x) || Number.isNaN(y)) return x === y ? y : Number.NaN;
  if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  bits.setFloat64(0, x);
  bits.setBigInt64(0, bits.getBigInt64(0) + (y > x === x > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

// Modified Bessel functions with derivatives.

/** Modified Bessel function I₀. Source: torch.special.i0. */
op("i0(input)", {
  grad_fn: "I0Backward0",
  forward: (input) => mapFloat(input, i0),
  backward: { input: [["input"], (grad, input) => grad.mul(special.i1(input)), "grad · i1(input)"] },
  inplace: true,
  alias: ["torch.i0_", "special.i0"],
});

/** e^−|input| · I₀(input). Source: torch.special.i0e. */
op("special.i0e(input)", {
  grad_fn: "SpecialI0EBackward0",
  forward: (input) => mapFloat(input, i0e),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => grad.mul(special.i1e(input).sub(input.sgn().mul(result))),
      "grad · (i1e(input) − sign(input) · result)",
    ],
  },
});

/** Modified Bessel function I₁. Source: torch.special.i1. */
op("special.i1(input)", {
  grad_fn: "SpecialI1Backward0",
  forward: (input) => mapFloat(input, i1),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => {
        const safe = awayFromZero(input);
        return grad.mul(torch.where(input.eq(0), 0.5, safe.i0().sub(result.div(safe))));
      },
      "grad · (i0(input) − result / input)",
    ],
  },
});

/** e^−|input| · I₁(input). Source: torch.special.i1e. */
op("special.i1e(input)", {
  grad_fn: "SpecialI1EBackward0",
  forward: (input) => mapFloat(input, i1e),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => {
        const safe = awayFromZero(input);
        const slope = special.i0e(safe).sub(result.mul(safe.sgn().add(safe.reciprocal())));
        return grad.mul(torch.where(input.eq(0), 0.5, slope));
      },
      "grad · (i0e(input) − result · (sign(input) + 1 / input))",
    ],
  },
});

/** The input with 1 in place of 0, so that a quotient that is not chosen there brings no NaN. */
function awayFromZero(input: Tensor): Tensor {
  return torch.where(input.eq(0), 1, input);
}

// Functions without derivatives, as in PyTorch. Their results carry no history.

/** Airy function Ai. No derivative. Source: torch.special.airy_ai. */
op("special.airy_ai(input)", (input) => mapFloat(input, airyAi));

/** Bessel function J₀. No derivative. Source: torch.special.bessel_j0. */
op("special.bessel_j0(input)", (input) => mapFloat(input, (x) => besselJ(0, x)));

/** Bessel function J₁. No derivative. Source: torch.special.bessel_j1. */
op("special.bessel_j1(input)", (input) => mapFloat(input, (x) => besselJ(1, x)));

/** Bessel function Y₀: NaN below 0. No derivative. Source: torch.special.bessel_y0. */
op("special.bessel_y0(input)", (input) => mapFloat(input, (x) => besselY(0, x)));

/** Bessel function Y₁: NaN below 0. No derivative. Source: torch.special.bessel_y1. */
op("special.bessel_y1(input)", (input) => mapFloat(input, (x) => besselY(1, x)));

/** Modified Bessel function I₀. No derivative. Source: torch.special.modified_bessel_i0. */
op("special.modified_bessel_i0(input)", (input) => mapFloat(input, i0));

/** Modified Bessel function I₁. No derivative. Source: torch.special.modified_bessel_i1. */
op("special.modified_bessel_i1(input)", (input) => mapFloat(input, i1));

/** Modified Bessel function K₀: NaN below 0. No derivative. Source: torch.special.modified_bessel_k0. */
op("special.modified_bessel_k0(input)", (input) => mapFloat(input, k0));

/** Modified Bessel function K₁: NaN below 0. No derivative. Source: torch.special.modified_bessel_k1. */
op("special.modified_bessel_k1(input)", (input) => mapFloat(input, k1));

/** e^input · K₀(input). No derivative. Source: torch.special.scaled_modified_bessel_k0. */
op("special.scaled_modified_bessel_k0(input)", (input) => mapFloat(input, (x) => scaledK(0, x)));

/** e^input · K₁(input). No derivative. Source: torch.special.scaled_modified_bessel_k1. */
op("special.scaled_modified_bessel_k1(input)", (input) => mapFloat(input, (x) => scaledK(1, x)));

/** sin(input) / input. No derivative. Source: torch.special.spherical_bessel_j0. */
op("special.spherical_bessel_j0(input)", (input) => mapFloat(input, sphericalJ0));

// Orthogonal polynomials: of degree n at input, broadcast; n is cut to a whole number.

function refuseTwoNumbers(name: string, input: Operand, n: Operand): void {
  if (typeof input === "number" && typeof n === "number")
    throw new TypeError(`special_${name}() received two numbers; at least one argument must be a Tensor`);
}

function polynomial(name: string, input: Operand, n: Operand, f: (x: number, n: number) => number): Tensor {
  refuseTwoNumbers(name, input, n);
  return zipFloat(input, n, f);
}

/** Chebyshev polynomial of the first kind, of degree n. No derivative. Source: torch.special.chebyshev_polynomial_t. */
op("special.chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("chebyshev_polynomial_t", input, n, chebyshevT),
);

/** Chebyshev polynomial of the second kind, of degree n. No derivative. Source: torch.special.chebyshev_polynomial_u. */
op("special.chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("chebyshev_polynomial_u", input, n, chebyshevU),
);

/** Chebyshev polynomial of the third kind, of degree n. No derivative. Source: torch.special.chebyshev_polynomial_v. */
op("special.chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("chebyshev_polynomial_v", input, n, chebyshevV),
);

/** Chebyshev polynomial of the fourth kind, of degree n. No derivative. Source: torch.special.chebyshev_polynomial_w. */
op("special.chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("chebyshev_polynomial_w", input, n, chebyshevW),
);

/** Chebyshev polynomial of the first kind at 2 · input − 1, of degree n. No derivative. Source: torch.special.shifted_chebyshev_polynomial_t. */
op("special.shifted_chebyshev_polynomial_t(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("shifted_chebyshev_polynomial_t", input, n, (x, degree) => chebyshevT(2 * x - 1, degree)),
);

/** Chebyshev polynomial of the second kind at 2 · input − 1, of degree n. No derivative. Source: torch.special.shifted_chebyshev_polynomial_u. */
op("special.shifted_chebyshev_polynomial_u(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("shifted_chebyshev_polynomial_u", input, n, (x, degree) => chebyshevU(2 * x - 1, degree)),
);

/** Chebyshev polynomial of the third kind at 2 · input − 1, of degree n. No derivative. Source: torch.special.shifted_chebyshev_polynomial_v. */
op("special.shifted_chebyshev_polynomial_v(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("shifted_chebyshev_polynomial_v", input, n, (x, degree) => chebyshevV(2 * x - 1, degree)),
);

/** Chebyshev polynomial of the fourth kind at 2 · input − 1, of degree n. No derivative. Source: torch.special.shifted_chebyshev_polynomial_w. */
op("special.shifted_chebyshev_polynomial_w(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("shifted_chebyshev_polynomial_w", input, n, (x, degree) => chebyshevW(2 * x - 1, degree)),
);

/** Physicists' Hermite polynomial, of degree n. No derivative. Source: torch.special.hermite_polynomial_h. */
op("special.hermite_polynomial_h(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("hermite_polynomial_h", input, n, hermiteH),
);

/** Probabilists' Hermite polynomial, of degree n. No derivative. Source: torch.special.hermite_polynomial_he. */
op("special.hermite_polynomial_he(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("hermite_polynomial_he", input, n, hermiteHe),
);

/** Laguerre polynomial, of degree n. No derivative. Source: torch.special.laguerre_polynomial_l. */
op("special.laguerre_polynomial_l(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("laguerre_polynomial_l", input, n, laguerreL),
);

/** Legendre polynomial, of degree n. No derivative. Source: torch.special.legendre_polynomial_p. */
op("special.legendre_polynomial_p(input: Tensor | Number, n: Tensor | Number)", (input, n) =>
  polynomial("legendre_polynomial_p", input, n, legendreP),
);
