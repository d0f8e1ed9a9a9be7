import { float32 } from "../dtype";
import { NotImplementedError, RuntimeError } from "../errors";
import { map, test, zip } from "../kernels/elementwise";
import { op, torch } from "../op/define";
import { defaultGenerator, type Generator } from "../random/generator";
import { numel, wrapDim } from "../shape";
import { elements, fromData, type Tensor } from "../tensor";

// Where an activation has an argument `inplace`, the function chooses between two entries: one that
// differentiates from the input and one, for the overwritten input, that does so from the result.

/** min(max(input, 0), 6). Source: torch.nn.functional.relu6. */
op("nn.functional.relu6(input, inplace = false)", (input, inplace) =>
  inplace ? input._hardtanh_(0, 6) : input._hardtanh(0, 6),
);

/** Limits to [min_val, max_val]. Source: torch.nn.functional.hardtanh. */
op(
  "nn.functional.hardtanh(input, min_val: Number = -1, max_val: Number = 1, inplace = false)",
  (input, min_val, max_val, inplace) =>
    inplace ? input._hardtanh_(min_val, max_val) : input._hardtanh(min_val, max_val),
);

/** Limits to [min_val, max_val]; the derivative at the limits is 0. @internal */
op("Tensor._hardtanh(input, min_val: Number, max_val: Number)", {
  grad_fn: "HardtanhBackward0",
  forward: (input, min_val, max_val) => {
    if (input.dtype.category === "bool") throw new RuntimeError("Bool inputs not supported for hardtanh");
    return map(input, (x) => Math.min(Math.max(x, min_val), max_val));
  },
  backward: {
    input: [
      ["input", "min_val", "max_val"],
      (grad, input, min_val, max_val) => torch.where(strictlyWithin(input, min_val, max_val), grad, 0),
      "grad where min_val < input < max_val, else 0",
    ],
  },
  inplace: true,
});

function strictlyWithin(input: Tensor, low: number, high: number): Tensor {
  return test(input, (x) => x > low && x < high);
}

/** input where positive, else negative_slope · input. Source: torch.nn.functional.leaky_relu. */
op(
  "nn.functional.leaky_relu(input, negative_slope: Number = 0.01, inplace = false)",
  (input, negative_slope, inplace) =>
    inplace ? input._leaky_relu_(negative_slope) : input._leaky_relu(negative_slope),
);

/** As `nn.functional.leaky_relu`. @internal */
op("Tensor._leaky_relu(input, negative_slope: Number)", {
  grad_fn: "LeakyReluBackward0",
  forward: leakyRelu,
  backward: {
    input: [
      ["input", "negative_slope"],
      (grad, input, slope) => grad.mul(slopes(input, slope)),
      "grad where input > 0, else grad · negative_slope",
    ],
  },
});

/** As `nn.functional.leaky_relu`, in place. @internal */
op("Tensor._leaky_relu(input, negative_slope: Number)", {
  grad_fn: "LeakyReluBackward1",
  forward: leakyRelu,
  backward: {
    input: [
      ["result", "negative_slope"],
      (grad, result, slope) => {
        refuseNegative("leakyReLu", slope);
        return grad.mul(slopes(result, slope));
      },
      "grad where result > 0, else grad · negative_slope",
    ],
  },
  inplace: "only",
});

function leakyRelu(input: Tensor, slope: number): Tensor {
  requireFloat(input, "leaky_relu_cpu");
  return map(input, (x) => (x > 0 ? x : x * slope));
}

/** 1 where positive, else `slope`. */
function slopes(input: Tensor, slope: number): Tensor {
  return map(input, (x) => (x > 0 ? 1 : slope));
}

function refuseNegative(name: string, slope: number): void {
  if (slope < 0)
    throw new RuntimeError(
      `In-place ${name} backward calculation is triggered with a negative slope which is not supported. This is caused by calling in-place forward function with a negative slope, please call out-of-place version instead. File an issue at https://github.com/pytorch/pytorch if you do require supporting in-place ${name} backward calculation with negative slope`,
    );
}

/** input where positive, else alpha · (e^input − 1). Source: torch.nn.functional.elu. */
op("nn.functional.elu(input, alpha: Number = 1, inplace = false)", (input, alpha, inplace) =>
  inplace ? input._elu_(alpha, 1) : input._elu(alpha, 1),
);

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** scale · elu(input, alpha) with the constants that keep mean 0 and variance 1. Source: torch.selu. */
op("Tensor._selu(input)", (input) => input._elu(SELU_ALPHA, SELU_SCALE), { alias: ["torch.selu"] });

/** scale · elu(input, alpha), self-normalising. Source: torch.nn.functional.selu. */
op("nn.functional.selu(input, inplace = false)", (input, inplace) =>
  inplace ? input._elu_(SELU_ALPHA, SELU_SCALE) : input._elu(SELU_ALPHA, SELU_SCALE),
);

/** scale · (input where positive, else alpha · (e^input − 1)). @internal */
op("Tensor._elu(input, alpha: Number, scale: Number)", {
  grad_fn: "EluBackward0",
  forward: elu,
  backward: {
    input: [
      ["input", "alpha", "scale"],
      (grad, input, alpha, scale) =>
        grad.mul(
          torch.where(
            input.gt(0),
            scale,
            input
              .clamp({ max: 0 })
              .exp()
              .mul(alpha * scale),
          ),
        ),
      "grad · scale where input > 0, else grad · scale · alpha · e^input",
    ],
  },
});

/** As `_elu`, in place. @internal */
op("Tensor._elu(input, alpha: Number, scale: Number)", {
  grad_fn: "EluBackward1",
  forward: elu,
  backward: {
    input: [
      ["result", "alpha", "scale"],
      (grad, result, alpha, scale) => {
        refuseNegative("elu", alpha);
        return grad.mul(torch.where(result.gt(0), scale, result.add(alpha * scale)));
      },
      "grad · scale where result > 0, else grad · (result + scale · alpha)",
    ],
  },
  inplace: "only",
});

function elu(input: Tensor, alpha: number, scale: number): Tensor {
  requireFloat(input, "elu_cpu");
  return map(input, (x) => (x > 0 ? x * scale : Math.expm1(x) * alpha * scale));
}

/** max(0, input) + min(0, alpha · (e^(input / alpha) − 1)). Source: torch.celu. */
op("Tensor._celu(input, alpha: Number = 1)", {
  grad_fn: "CeluBackward0",
  alias: ["torch.celu"],
  forward: celu,
  backward: {
    input: [
      ["input", "alpha"],
      (grad, input, alpha) =>
        grad.mul(
          torch.where(
            input.gt(0),
            1,
            input
              .clamp({ max: 0 })
              .mul(1 / alpha)
              .exp(),
          ),
        ),
      "grad where input > 0, else grad · e^(input / alpha)",
    ],
  },
});

/** As `celu`, in place. */
op("Tensor._celu(input, alpha: Number = 1)", {
  grad_fn: "CeluBackward1",
  forward: celu,
  backward: {
    input: [
      ["result", "alpha"],
      (grad, result, alpha) => grad.mul(torch.where(result.gt(0), 1, result.mul(1 / alpha).add(1))),
      "grad where result > 0, else grad · (result / alpha + 1)",
    ],
  },
  inplace: "only",
});

function celu(input: Tensor, alpha: number): Tensor {
  if (alpha === 0) throw new RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU");
  requireFloat(input, "elu_cpu");
  return map(input, (x) => (x > 0 ? x : Math.expm1(x / alpha) * alpha));
}

/** max(0, input) + min(0, alpha · (e^(input / alpha) − 1)). Source: torch.nn.functional.celu. */
op("nn.functional.celu(input, alpha: Number = 1, inplace = false)", (input, alpha, inplace) =>
  inplace ? input._celu_(alpha) : input._celu(alpha),
);

/**
 * input · Φ(input), Φ the standard normal distribution function; with `approximate: "tanh"` its approximation
 * by a hyperbolic tangent. Source: torch.nn.functional.gelu.
 */
op("nn.functional.gelu(input, *, approximate: str = 'none')", {
  grad_fn: "GeluBackward0",
  forward: (input, approximate) => {
    if (approximate !== "none" && approximate !== "tanh")
      throw new RuntimeError("approximate argument must be either none or tanh.");
    requireFloat(input, "GeluKernelImpl");
    if (approximate === "none") return input.mul(normalCdf(input));
    return map(input, (x) => 0.5 * x * (1 + Math.tanh(GELU_BETA * (x + GELU_KAPPA * x * x * x))));
  },
  backward: {
    input: [
      ["input", "approximate"],
      (grad, input, approximate) =>
        grad.mul(approximate === "tanh" ? geluTanhSlope(input) : geluSlope(input)),
      "grad · (Φ(input) + input · φ(input))",
    ],
  },
});

const GELU_BETA = Math.SQRT2 * (2 / Math.sqrt(Math.PI)) * 0.5;
const GELU_KAPPA = 0.044715;

function geluSlope(input: Tensor): Tensor {
  const density = input
    .mul(input)
    .mul(-0.5)
    .exp()
    .mul(1 / Math.sqrt(2 * Math.PI));
  return normalCdf(input).add(input.mul(density));
}

function normalCdf(input: Tensor): Tensor {
  return input.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
}

function geluTanhSlope(input: Tensor): Tensor {
  const square = input.mul(input);
  const bent = input.mul(square.mul(GELU_KAPPA).add(1)).mul(GELU_BETA).tanh();
  const inner = square.mul(3 * GELU_KAPPA * GELU_BETA).add(GELU_BETA);
  return bent
    .add(1)
    .add(input.mul(bent.mul(bent).rsub(1)).mul(inner))
    .mul(0.5);
}

function requireFloat(input: Tensor, name: string): void {
  if (input.dtype.category !== "float")
    throw new NotImplementedError(`"${name}" not implemented for '${input.dtype.scalarTypeName}'`);
}

/** input · sigmoid(input). Source: torch.nn.functional.silu. */
op("nn.functional.silu(input, inplace = false)", (input, inplace) =>
  inplace ? input._silu_() : input._silu(),
);

/** As `nn.functional.silu`. @internal */
op("Tensor._silu(input)", {
  grad_fn: "SiluBackward0",
  forward: (input) => {
    requireFloat(input, "silu_cpu");
    return map(input, (x) => x / (1 + Math.exp(-x)));
  },
  backward: {
    input: [
      ["input"],
      (grad, input) => {
        const s = input.sigmoid();
        return grad.mul(s.mul(input.mul(s.rsub(1)).add(1)));
      },
      "grad · σ(input) · (1 + input · (1 − σ(input)))",
    ],
  },
  inplace: true,
});

/** input · tanh(softplus(input)). Source: torch.nn.functional.mish. */
op("nn.functional.mish(input, inplace = false)", (input, inplace) =>
  inplace ? input._mish_() : input._mish(),
);

/** As `nn.functional.mish`. @internal */
op("Tensor._mish(input)", {
  grad_fn: "MishBackward0",
  forward: (input) => {
    requireFloat(input, "mish_cpu");
    return map(input, (x) => x * Math.tanh(softplus(x)));
  },
  backward: {
    input: [
      ["input"],
      (grad, input) => {
        const t = torch._softplus(input, 1, 20).tanh();
        return grad.mul(t.add(input.mul(input.sigmoid()).mul(t.mul(t).rsub(1))));
      },
      "grad · (t + input · σ(input) · (1 − t²)), t = tanh(softplus(input))",
    ],
  },
  inplace: true,
});

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** ln(1 + e^(beta · input)) / beta; input itself where beta · input > threshold. Source: torch.nn.functional.softplus. */
op("nn.functional.softplus(input, beta: Number = 1, threshold: Number = 20)", (input, beta, threshold) =>
  torch._softplus(input, beta, threshold),
);

/** As `nn.functional.softplus`. @internal */
op("_softplus(input, beta: Number, threshold: Number)", {
  grad_fn: "SoftplusBackward0",
  forward: (input, beta, threshold) => {
    requireFloat(input, "softplus_cpu");
    return map(input, (x) => (x * beta > threshold ? x : Math.log1p(Math.exp(x * beta)) / beta));
  },
  backward: {
    input: [
      ["input", "beta", "threshold"],
      (grad, input, beta, threshold) => {
        const scaled = input.mul(beta);
        return torch.where(scaled.gt(threshold), grad, grad.mul(scaled.sigmoid()));
      },
      "grad · σ(beta · input)",
    ],
  },
});

/** ln σ(input), without overflow. Source: torch.nn.functional.logsigmoid. */
op("nn.functional.logsigmoid(input)", {
  grad_fn: "LogSigmoidBackward0",
  forward: (input) => {
    requireFloat(input, "log_sigmoid_cpu");
    return map(input, (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))));
  },
  backward: { input: [["input"], (grad, input) => grad.mul(input.neg().sigmoid()), "grad · σ(−input)"] },
});

/** input · min(max(input + 3, 0), 6) / 6. Source: torch.nn.functional.hardswish. */
op("nn.functional.hardswish(input, inplace = false)", (input, inplace) =>
  inplace ? input._hardswish_() : input._hardswish(),
);

/** As `nn.functional.hardswish`. @internal */
op("Tensor._hardswish(input)", {
  grad_fn: "HardswishBackward0",
  forward: (input) => {
    requireFloat(input, "hardswish_cpu");
    return map(input, (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6);
  },
  backward: {
    input: [
      ["input"],
      (grad, input) => {
        const bent = grad.mul(input.div(3).add(0.5));
        return torch.where(input.ge(3), grad, torch.where(input.le(-3), 0, bent));
      },
      "grad · (input / 3 + ½) between −3 and 3, 0 below, grad above",
    ],
  },
  inplace: true,
});

/** min(max(input + 3, 0), 6) / 6. Source: torch.nn.functional.hardsigmoid. */
op("nn.functional.hardsigmoid(input, inplace = false)", (input, inplace) =>
  inplace ? input._hardsigmoid_() : input._hardsigmoid(),
);

/** As `nn.functional.hardsigmoid`. @internal */
op("Tensor._hardsigmoid(input)", {
  grad_fn: "HardsigmoidBackward0",
  forward: (input) => {
    requireFloat(input, "hardsigmoid_cpu");
    return map(input, (x) => Math.min(Math.max(x + 3, 0), 6) / 6);
  },
  backward: {
    input: [
      ["input"],
      (grad, input) => torch.where(strictlyWithin(input, -3, 3), grad.mul(1 / 6), 0),
      "grad / 6 where −3 < input < 3, else 0",
    ],
  },
  inplace: true,
});

/** 0 where |input| ≤ lambd, else input. Source: torch.nn.functional.hardshrink. */
op("hardshrink(input, lambd: Number = 0.5)", {
  grad_fn: "HardshrinkBackward0",
  forward: (input, lambd) => {
    requireFloat(input, "hardshrink_cpu");
    return map(input, (x) => (x >= -lambd && x <= lambd ? 0 : x));
  },
  backward: {
    input: [
      ["input", "lambd"],
      (grad, input, lambd) => outside(grad, input, lambd),
      "grad where |input| > lambd, else 0",
    ],
  },
  alias: ["nn.functional.hardshrink"],
});

/** 0 where |input| ≤ lambd, else input moved by lambd towards 0. Source: torch.nn.functional.softshrink. */
op("nn.functional.softshrink(input, lambd: Number = 0.5)", {
  grad_fn: "SoftshrinkBackward0",
  forward: (input, lambd) => {
    if (lambd < 0)
      throw new RuntimeError(
        `lambda must be in range [0, 3.40282e+38] for input dtype Float, but found ${lambd}`,
      );
    requireFloat(input, "softshrink_cpu");
    return map(input, (x) => (x > lambd ? x - lambd : x < -lambd ? x + lambd : x * 0));
  },
  backward: {
    input: [
      ["input", "lambd"],
      (grad, input, lambd) => outside(grad, input, lambd),
      "grad where |input| > lambd, else 0",
    ],
  },
});

function outside(grad: Tensor, input: Tensor, lambd: number): Tensor {
  return torch.where(
    test(input, (x) => x >= -lambd && x <= lambd),
    0,
    grad,
  );
}

/** input − tanh(input). Source: torch.nn.functional.tanhshrink. */
op("nn.functional.tanhshrink(input)", (input) => input.sub(input.tanh()));

/** input / (1 + |input|). Source: torch.nn.functional.softsign. */
op("nn.functional.softsign(input)", (input) => input.div(input.abs().add(1)));

/** input where above the threshold, else value. Source: torch.threshold. */
op("Tensor._threshold(input, threshold: Number, value: Number)", {
  grad_fn: "ThresholdBackward0",
  alias: ["torch.threshold"],
  forward: overThreshold,
  backward: {
    input: [
      ["input", "threshold"],
      (grad, input, threshold) => torch.where(input.le(threshold), 0, grad),
      "grad where input > threshold, else 0",
    ],
  },
});

/** As `threshold`, in place. */
op("Tensor._threshold(input, threshold: Number, value: Number)", {
  grad_fn: "ThresholdBackward1",
  forward: overThreshold,
  backward: {
    input: [
      ["result", "threshold"],
      (grad, result, threshold) => torch.where(result.le(threshold), 0, grad),
      "grad where result > threshold, else 0",
    ],
  },
  inplace: "only",
});

function overThreshold(input: Tensor, threshold: number, value: number): Tensor {
  return map(input, (x) => (x <= threshold ? value : x));
}

/** input where above the threshold, else value. Source: torch.nn.functional.threshold. */
op(
  "nn.functional.threshold(input, threshold: Number, value: Number, inplace = false)",
  (input, threshold, value, inplace) =>
    inplace ? input._threshold_(threshold, value) : torch.threshold(input, threshold, value),
);

/** input where positive, else weight · input: weight has one element or one per channel. Source: torch.prelu. */
op(
  "prelu(input, weight: Tensor)",
  (input, weight) => {
    if (input.dtype !== weight.dtype)
      throw new RuntimeError(
        `prelu: Type promoting not supported. Got ${input.dtype.scalarTypeName} and ${weight.dtype.scalarTypeName}`,
      );
    if (numel(weight.shape) !== 1) {
      if (input.shape.length === 0) throw new RuntimeError("Not allow zero-dim input tensor.");
      const channels = input.shape.length >= 2 ? input.shape[1] : 1;
      if (channels !== numel(weight.shape))
        throw new RuntimeError(
          `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${numel(weight.shape)} and channel size = ${channels}.`,
        );
    }
    if (weight.shape.length > 1)
      throw new RuntimeError(
        `prelu: Expected \`weight\` to be a scalar or 1D tensor, but got: ndim = ${weight.shape.length}`,
      );
    const shape = input.shape.map((_, d) => (d === 1 ? numel(weight.shape) : 1));
    if (input.shape.length < 2) return torch._prelu_kernel(input, weight.reshape(input.shape.map(() => 1)));
    return torch._prelu_kernel(input, weight.reshape(shape));
  },
  { alias: ["nn.functional.prelu"] },
);

/** input where positive, else weight · input, broadcast. @internal */
op("_prelu_kernel(input, weight: Tensor)", {
  grad_fn: "PreluKernelBackward0",
  forward: (input, weight) => zip(input, weight, (x, w) => (x > 0 ? x : w * x)),
  backward: {
    input: [
      ["input", "weight"],
      (grad, input, weight) => torch.where(input.gt(0), grad, grad.mul(weight)),
      "grad where input > 0, else grad · weight",
    ],
    weight: [
      ["input"],
      (grad, input) => torch.where(input.gt(0), 0, grad.mul(input)),
      "0 where input > 0, else grad · input",
    ],
  },
});

/**
 * Leaky ReLU whose slope is drawn for every element from [lower, upper] in training, and their mean otherwise.
 * Source: torch.rrelu.
 */
op(
  "Tensor._rrelu(input, lower: Number = 0.125, upper: Number = 0.3333333333333333, training = false, *, generator: Generator? = null)",
  (input, lower, upper, training, generator) =>
    input._rrelu_with_noise(input.new_zeros(input.shape), lower, upper, training, { generator }),
  { alias: ["torch.rrelu"] },
);

/**
 * Leaky ReLU whose slope is drawn for every element from [lower, upper] in training, and their mean otherwise.
 * Source: torch.nn.functional.rrelu.
 */
op(
  "nn.functional.rrelu(input, lower: Number = 0.125, upper: Number = 0.3333333333333333, training = false, inplace = false)",
  (input, lower, upper, training, inplace) => {
    const noise = input.new_zeros(input.shape);
    return inplace
      ? input._rrelu_with_noise_(noise, lower, upper, training)
      : input._rrelu_with_noise(noise, lower, upper, training);
  },
);

/** As `rrelu`; writes the slopes into `noise`. @internal */
op(
  "Tensor._rrelu_with_noise(input, noise: Tensor, lower: Number, upper: Number, training: bool, *, generator: Generator? = null)",
  {
    grad_fn: "RreluWithNoiseBackward0",
    forward: randomLeak,
    backward: {
      input: [
        ["input", "noise", "lower", "upper", "training"],
        (grad, input, noise, lower, upper, training) =>
          grad.mul(training ? noise : slopes(input, (lower + upper) / 2)),
        "grad · the element's slope",
      ],
      noise: null,
    },
  },
);

/** As `_rrelu_with_noise`, in place. @internal */
op(
  "Tensor._rrelu_with_noise(input, noise: Tensor, lower: Number, upper: Number, training: bool, *, generator: Generator? = null)",
  {
    grad_fn: "RreluWithNoiseBackward1",
    forward: randomLeak,
    backward: {
      input: [
        ["result", "noise", "lower", "upper", "training"],
        (grad, result, noise, lower, upper, training) =>
          grad.mul(training ? noise : slopes(result, (lower + upper) / 2)),
        "grad · the element's slope",
      ],
      noise: null,
    },
    inplace: "only",
  },
);

function randomLeak(
  input: Tensor,
  noise: Tensor,
  lower: number,
  upper: number,
  training: boolean,
  generator: Generator | null,
): Tensor {
  if (lower > upper) throw new RuntimeError("Lower bound should be less than or equal to the upper bound");
  if (!training) return map(input, (x) => (x > 0 ? x : x * ((lower + upper) / 2)));
  const random = generator ?? defaultGenerator;
  const [from, to] = [lower, upper].map(input.dtype === float32 ? Math.fround : (bound) => bound);
  const x = elements(input);
  const slope = noise.storage.data;
  const out = new input.dtype.ArrayType(x.length);
  for (let i = 0; i < out.length; i++) {
    slope[i] = x[i] <= 0 ? random.uniformDouble() * (to - from) + from : 1;
    out[i] = x[i] * slope[i];
  }
  return fromData(out, input.shape, input.dtype);
}

/** The first half along `dim` times the sigmoid of the second. Throws for an odd size. Source: torch.nn.functional.glu. */
op("nn.functional.glu(input, dim: int = -1)", {
  grad_fn: "GluBackward0",
  forward: (input, dim) => {
    if (input.shape.length === 0)
      throw new RuntimeError("glu does not support scalars because halving size must be even");
    const [a, b] = halves(input, dim);
    return a.mul(b.sigmoid());
  },
  backward: {
    input: [
      ["input", "dim"],
      (grad, input, dim) => {
        const [a, b] = halves(input, dim);
        const gate = b.sigmoid();
        return torch.cat([grad.mul(gate), grad.mul(a).mul(gate.mul(gate.rsub(1)))], dim);
      },
      "grad · σ(b) for the first half a, grad · a · σ′(b) for the second half b",
    ],
  },
});

function halves(input: Tensor, dim: number): [Tensor, Tensor] {
  const at = wrapDim(dim, input.shape.length);
  const size = input.shape[at];
  if (size % 2 !== 0)
    throw new RuntimeError(`Halving dimension must be even, but dimension ${at} is size ${size}`);
  return [input.narrow(at, 0, size / 2), input.narrow(at, size / 2, size / 2)];
}
