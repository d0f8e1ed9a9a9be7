import { gradMode } from "../autograd/grad_mode";
import { RuntimeError } from "../errors";
import { reluGrad, sigmoidGrad } from "../kernels/backward";
import { map, mapFloat, pairType, refuseBool, refuseIntegers, zip, zipFloat } from "../kernels/elementwise";
import { op, torch } from "../op/define";
import type { Tensor } from "../tensor";

// Exponentials and logarithms.

/** e ** input. Source: torch.exp. */
op("exp(input)", {
  grad_fn: "ExpBackward0",
  forward: (input) => mapFloat(input, Math.exp, "exp"),
  backward: { input: [["result"], (grad, result) => grad.mul(result), "grad · result"] },
  inplace: true,
  alias: ["torch.exp_"],
});

/** 2 ** input. Source: torch.exp2. */
op("exp2(input)", {
  grad_fn: "Exp2Backward0",
  forward: (input) => mapFloat(input, (x) => 2 ** x),
  backward: {
    input: [["result"], (grad, result) => grad.mul(result).mul(Math.LN2), "grad · result · ln 2"],
  },
  inplace: true,
  alias: ["torch.exp2_", "special.exp2"],
});

/** e ** input − 1, exact near 0. Source: torch.expm1. */
op("expm1(input)", {
  grad_fn: "Expm1Backward0",
  forward: (input) => mapFloat(input, Math.expm1),
  backward: { input: [["result"], (grad, result) => grad.mul(result.add(1)), "grad · (result + 1)"] },
  inplace: true,
  alias: ["torch.expm1_", "special.expm1"],
});

/** Natural logarithm; NaN below 0. Source: torch.log. */
op("log(input)", {
  grad_fn: "LogBackward0",
  forward: (input) => mapFloat(input, Math.log, "log"),
  backward: { input: [["input"], (grad, input) => grad.div(input), "grad / input"] },
  inplace: true,
  alias: ["torch.log_"],
});

/** Logarithm to base 2. Source: torch.log2. */
op("log2(input)", {
  grad_fn: "Log2Backward0",
  forward: (input) => mapFloat(input, Math.log2),
  backward: {
    input: [["input"], (grad, input) => grad.div(input.mul(Math.LN2)), "grad / (input · ln 2)"],
  },
  inplace: true,
  alias: ["torch.log2_"],
});

/** Logarithm to base 10. Source: torch.log10. */
op("log10(input)", {
  grad_fn: "Log10Backward0",
  forward: (input) => mapFloat(input, Math.log10),
  backward: {
    input: [["input"], (grad, input) => grad.div(input.mul(Math.LN10)), "grad / (input · ln 10)"],
  },
  inplace: true,
  alias: ["torch.log10_"],
});

/** ln(1 + input), exact near 0. Source: torch.log1p. */
op("log1p(input)", {
  grad_fn: "Log1PBackward0",
  forward: (input) => mapFloat(input, Math.log1p),
  backward: { input: [["input"], (grad, input) => grad.div(input.add(1)), "grad / (1 + input)"] },
  inplace: true,
  alias: ["torch.log1p_", "special.log1p"],
});

/** ln(e^input + e^other) without overflow. Source: torch.logaddexp. */
op("logaddexp(input, other: Tensor)", {
  grad_fn: "LogaddexpBackward0",
  forward: (input, other) => {
    refuseIntegers("logaddexp_cpu", pairType(input, other));
    return zip(input, other, (x, y) =>
      // Equal infinities have no difference.
      x === y && !Number.isFinite(x) ? x : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))),
    );
  },
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => grad.div(other.sub(input).exp().add(1)),
      "grad / (1 + e^(other − input))",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.div(input.sub(other).exp().add(1)),
      "grad / (1 + e^(input − other))",
    ],
  },
});

/** log2(2^input + 2^other) without overflow. Source: torch.logaddexp2. */
op("logaddexp2(input, other: Tensor)", {
  grad_fn: "Logaddexp2Backward0",
  forward: (input, other) => {
    refuseIntegers("logaddexp2_cpu", pairType(input, other));
    return zip(input, other, (x, y) =>
      x === y && !Number.isFinite(x) ? x : Math.max(x, y) + Math.log1p(2 ** -Math.abs(x - y)) / Math.LN2,
    );
  },
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => grad.div(other.sub(input).exp2().add(1)),
      "grad / (1 + 2^(other − input))",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.div(input.sub(other).exp2().add(1)),
      "grad / (1 + 2^(input − other))",
    ],
  },
});

/** input · ln other, 0 where input is 0. Source: torch.xlogy. */
op("xlogy.Tensor(input, other: Tensor)", {
  grad_fn: "XlogyBackward0",
  forward: (input, other) => zipFloat(input, other, xlogy),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => grad.xlogy(other).masked_fill(input.eq(0).logical_and(other.le(0)), 0),
      "grad · ln other",
    ],
    other: [["input", "other"], (grad, input, other) => grad.mul(input).div(other), "grad · input / other"],
  },
  inplace: true,
  alias: ["torch.xlogy_", "special.xlogy"],
});

/** input · ln other for a number to multiply with. Source: torch.xlogy. */
op("xlogy.Scalar_Self(input: Number, other: Tensor)", {
  grad_fn: "XlogyBackward1",
  forward: (input, other) => zipFloat(input, other, xlogy),
  backward: {
    other: [["input", "other"], (grad, input, other) => grad.mul(input).div(other), "grad · input / other"],
  },
  alias: ["special.xlogy"],
});

/** input · ln other for a number to take the logarithm of. Source: torch.xlogy. */
op("xlogy.Scalar_Other(input, other: Number)", {
  grad_fn: "XlogyBackward2",
  forward: (input, other) => zipFloat(input, other, xlogy),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => (other > 0 ? grad.xlogy(other) : grad.xlogy(other).masked_fill(input.eq(0), 0)),
      "grad · ln other",
    ],
  },
  inplace: true,
  alias: ["torch.xlogy_", "special.xlogy"],
});

function xlogy(x: number, y: number): number {
  if (Number.isNaN(y)) return y;
  return x === 0 ? 0 : x * Math.log(y);
}

// Roots, signs and magnitudes.

/** √input. Source: torch.sqrt. */
op("sqrt(input)", {
  grad_fn: "SqrtBackward0",
  forward: (input) => mapFloat(input, Math.sqrt, "sqrt"),
  backward: { input: [["result"], (grad, result) => grad.div(result.mul(2)), "grad / (2 · result)"] },
  inplace: true,
  alias: ["torch.sqrt_"],
});

/** 1 / √input. Source: torch.rsqrt. */
op("rsqrt(input)", {
  grad_fn: "RsqrtBackward0",
  forward: (input) => mapFloat(input, (x) => 1 / Math.sqrt(x)),
  backward: {
    input: [["result"], (grad, result) => grad.mul(-0.5).mul(result.pow(3)), "−grad · result³ / 2"],
  },
  inplace: true,
  alias: ["torch.rsqrt_"],
});

/** |input|; the derivative at 0 is 0. Source: torch.abs. */
op("abs(input)", {
  grad_fn: "AbsBackward0",
  forward: (input) => {
    refuseBool("abs_cpu", input.dtype);
    return map(input, Math.abs, input.dtype, "abs");
  },
  backward: { input: [["input"], (grad, input) => grad.mul(input.sgn()), "grad · sign(input)"] },
  inplace: true,
  alias: ["torch.abs_", "torch.absolute", "Tensor.absolute"],
});

/** −1, 0 or 1. Source: torch.sgn. */
op("sgn(input)", {
  grad_fn: "SgnBackward0",
  forward: (input) => map(input, sign),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
});

/** −1, 0 or 1. Source: torch.sign. */
op("sign(input)", {
  grad_fn: "SignBackward0",
  forward: (input) => map(input, sign),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
  inplace: true,
});

/** PyTorch's sign of a NaN is 0. */
function sign(x: number): number {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

/** √(input² + other²). Source: torch.hypot. */
op("hypot(input, other: Tensor)", {
  grad_fn: "HypotBackward0",
  forward: (input, other) => {
    refuseIntegers("hypot_cpu", pairType(input, other));
    return zip(input, other, Math.hypot);
  },
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => grad.mul(input.div(result)),
      "grad · input / result",
    ],
    other: [
      ["other", "result"],
      (grad, other, result) => grad.mul(other.div(result)),
      "grad · other / result",
    ],
  },
  inplace: true,
});

// Sigmoids.

/** 1 / (1 + e^−input). Source: torch.sigmoid. */
op("sigmoid(input)", {
  grad_fn: "SigmoidBackward0",
  forward: (input) => mapFloat(input, (x) => 1 / (1 + Math.exp(-x)), "sigmoid"),
  backward: {
    input: [
      ["result"],
      (grad, result) => (gradMode.enabled ? grad.mul(result.mul(result.rsub(1))) : sigmoidGrad(grad, result)),
      "grad · result · (1 − result)",
    ],
  },
  inplace: true,
  alias: ["torch.sigmoid_", "nn.functional.sigmoid", "special.expit"],
});

/** ln(input / (1 − input)); with `eps` the input is first limited to [eps, 1 − eps]. Source: torch.logit. */
op("logit(input, eps: float? = null)", {
  grad_fn: "LogitBackward0",
  forward: (input, eps) =>
    mapFloat(input, (x) => {
      const p = eps === null ? x : Math.min(Math.max(x, eps), 1 - eps);
      return Math.log(p / (1 - p));
    }),
  backward: {
    input: [
      ["input", "eps"],
      (grad, input, eps) => {
        const slope = grad.div(input.mul(input.rsub(1)));
        return eps === null
          ? torch.where(within(input, 0, 1), slope, Number.NaN)
          : torch.where(within(input, eps, 1 - eps), slope, 0);
      },
      "grad / (input · (1 − input))",
    ],
  },
  inplace: true,
  alias: ["torch.logit_", "special.logit"],
});

function within(input: Tensor, low: number, high: number): Tensor {
  return input.ge(low).logical_and(input.le(high));
}

/** max(input, 0); the derivative at 0 is 0. Source: torch.relu, torch.nn.functional.relu. */
op("relu(input)", {
  grad_fn: "ReluBackward0",
  forward: (input) => {
    if (input.dtype.name === "bool") throw new RuntimeError("Boolean inputs not supported for relu");
    return map(input, (x) => (x >= 0 || Number.isNaN(x) ? x : 0), input.dtype, "relu");
  },
  backward: {
    input: [
      ["result"],
      (grad, result) => (gradMode.enabled ? torch.where(result.le(0), 0, grad) : reluGrad(grad, result)),
      "grad where input > 0, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.relu_"],
});

/** max(input, 0). Source: torch.nn.functional.relu. */
op("nn.functional.relu(input, inplace = false)", (input, inplace) =>
  inplace ? input.relu_() : input.relu(),
);

// Angles in degrees and parts of complex numbers, as far as real tensors have them.

const DEGREES_PER_RADIAN = 180 / Math.PI;

/** Degrees to radians. Source: torch.deg2rad. */
op("deg2rad(input)", {
  grad_fn: "Deg2RadBackward0",
  forward: (input) => mapFloat(input, (x) => x / DEGREES_PER_RADIAN),
  backward: { input: [[], (grad) => grad.mul(1 / DEGREES_PER_RADIAN), "grad · π / 180"] },
  inplace: true,
  alias: ["torch.deg2rad_"],
});

/** Radians to degrees. Source: torch.rad2deg. */
op("rad2deg(input)", {
  grad_fn: "Rad2DegBackward0",
  forward: (input) => mapFloat(input, (x) => x * DEGREES_PER_RADIAN),
  backward: { input: [[], (grad) => grad.mul(DEGREES_PER_RADIAN), "grad · 180 / π"] },
  inplace: true,
  alias: ["torch.rad2deg_"],
});

/** The angle of a number on the real line: 0 or π, NaN for a NaN. Source: torch.angle. */
op("angle(input)", {
  grad_fn: "AngleBackward0",
  forward: (input) => mapFloat(input, (x) => (Number.isNaN(x) ? x : x < 0 ? Math.PI : 0)),
  backward: { input: [[], (grad) => torch.zeros_like(grad), "0"] },
});

/** The input itself: tensors here are real. Source: torch.real. */
op("real(input)", (input) => input, { method: false });

/** Not for real tensors. Source: torch.imag. */
op(
  "imag(input)",
  () => {
    throw new RuntimeError("imag is not implemented for tensors with non-complex dtypes.");
  },
  { method: false },
);

/** The input itself: tensors here are real. Source: torch.conj. */
op("conj(input)", (input) => input, {
  alias: ["torch.resolve_conj", "Tensor.resolve_conj", "torch.resolve_neg", "Tensor.resolve_neg"],
});

/** A conjugated copy; of a real tensor the input itself. Source: torch.conj_physical. */
op("conj_physical(input)", (input) => input);
