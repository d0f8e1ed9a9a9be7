import { gradMode } from "../autograd/grad_mode";
import { tanhGrad } from "../kernels/backward";
import { floating, mapFloat, zipFloat } from "../kernels/elementwise";
import { op, torch } from "../op/define";

// Angles are in radians. Integers become float32 first.

/** Source: torch.sin. */
op("sin(input)", {
  grad_fn: "SinBackward0",
  forward: (input) => mapFloat(input, Math.sin),
  backward: { input: [["input"], (grad, input) => grad.mul(input.cos()), "grad · cos(input)"] },
  inplace: true,
  alias: ["torch.sin_"],
});

/** Source: torch.cos. */
op("cos(input)", {
  grad_fn: "CosBackward0",
  forward: (input) => mapFloat(input, Math.cos),
  backward: { input: [["input"], (grad, input) => grad.mul(input.sin().neg()), "−grad · sin(input)"] },
  inplace: true,
  alias: ["torch.cos_"],
});

/** Source: torch.tan. */
op("tan(input)", {
  grad_fn: "TanBackward0",
  forward: (input) => mapFloat(input, Math.tan),
  backward: {
    input: [["result"], (grad, result) => grad.mul(result.pow(2).add(1)), "grad · (1 + result²)"],
  },
  inplace: true,
  alias: ["torch.tan_"],
});

/** Inverse sine in [−π/2, π/2]; NaN outside [−1, 1]. Source: torch.asin. */
op("asin(input)", {
  grad_fn: "AsinBackward0",
  forward: (input) => mapFloat(input, Math.asin),
  backward: {
    input: [["input"], (grad, input) => grad.mul(input.mul(input).rsub(1).rsqrt()), "grad / √(1 − input²)"],
  },
  inplace: true,
  alias: ["torch.arcsin_", "torch.asin_", "torch.arcsin", "Tensor.arcsin"],
});

/** Inverse cosine in [0, π]; NaN outside [−1, 1]. Source: torch.acos. */
op("acos(input)", {
  grad_fn: "AcosBackward0",
  forward: (input) => mapFloat(input, Math.acos),
  backward: {
    input: [
      ["input"],
      (grad, input) => grad.mul(input.mul(input).rsub(1).rsqrt().neg()),
      "−grad / √(1 − input²)",
    ],
  },
  inplace: true,
  alias: ["torch.acos_", "torch.arccos_", "torch.arccos", "Tensor.arccos"],
});

/** Inverse tangent in [−π/2, π/2]. Source: torch.atan. */
op("atan(input)", {
  grad_fn: "AtanBackward0",
  forward: (input) => mapFloat(input, Math.atan),
  backward: {
    input: [["input"], (grad, input) => grad.div(input.mul(input).add(1)), "grad / (1 + input²)"],
  },
  inplace: true,
  alias: ["torch.arctan_", "torch.atan_", "torch.arctan", "Tensor.arctan"],
});

/** Angle of the point (other, input) in [−π, π]. The derivative at the origin is 0. Source: torch.atan2. */
op("atan2(input, other: Tensor)", {
  grad_fn: "Atan2Backward0",
  forward: (input, other) => zipFloat(input, other, Math.atan2),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => {
        const square = input.mul(input).add(other.mul(other));
        return grad.mul(other.mul(torch.where(square.eq(0), 0, square.reciprocal())));
      },
      "grad · other / (input² + other²)",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => {
        const square = input.mul(input).add(other.mul(other));
        return grad.mul(input.neg().mul(torch.where(square.eq(0), 0, square.reciprocal())));
      },
      "−grad · input / (input² + other²)",
    ],
  },
  inplace: true,
  alias: ["torch.arctan2", "Tensor.arctan2"],
});

/** Hyperbolic sine. Source: torch.sinh. */
op("sinh(input)", {
  grad_fn: "SinhBackward0",
  forward: (input) => mapFloat(input, Math.sinh),
  backward: { input: [["input"], (grad, input) => grad.mul(input.cosh()), "grad · cosh(input)"] },
  inplace: true,
  alias: ["torch.sinh_"],
});

/** Hyperbolic cosine. Source: torch.cosh. */
op("cosh(input)", {
  grad_fn: "CoshBackward0",
  forward: (input) => mapFloat(input, Math.cosh),
  backward: { input: [["input"], (grad, input) => grad.mul(input.sinh()), "grad · sinh(input)"] },
  inplace: true,
  alias: ["torch.cosh_"],
});

/** Hyperbolic tangent. Source: torch.tanh. */
op("tanh(input)", {
  grad_fn: "TanhBackward0",
  forward: (input) => mapFloat(input, Math.tanh, "tanh"),
  backward: {
    input: [
      ["result"],
      (grad, result) => (gradMode.enabled ? grad.mul(result.mul(result).rsub(1)) : tanhGrad(grad, result)),
      "grad · (1 − result²)",
    ],
  },
  inplace: true,
  alias: ["torch.tanh_", "nn.functional.tanh"],
});

/** Inverse hyperbolic sine. Source: torch.asinh. */
op("asinh(input)", {
  grad_fn: "AsinhBackward0",
  forward: (input) => mapFloat(input, Math.asinh),
  backward: {
    input: [["input"], (grad, input) => grad.mul(input.pow(2).add(1).rsqrt()), "grad / √(input² + 1)"],
  },
  inplace: true,
  alias: ["torch.arcsinh_", "torch.asinh_", "torch.arcsinh", "Tensor.arcsinh"],
});

/** Inverse hyperbolic cosine; NaN below 1. Source: torch.acosh. */
op("acosh(input)", {
  grad_fn: "AcoshBackward0",
  forward: (input) => mapFloat(input, Math.acosh),
  backward: {
    input: [["input"], (grad, input) => grad.mul(input.mul(input).sub(1).rsqrt()), "grad / √(input² − 1)"],
  },
  inplace: true,
  alias: ["torch.acosh_", "torch.arccosh_", "torch.arccosh", "Tensor.arccosh"],
});

/** Inverse hyperbolic tangent; NaN outside [−1, 1]. Source: torch.atanh. */
op("atanh(input)", {
  grad_fn: "AtanhBackward0",
  forward: (input) => mapFloat(input, Math.atanh),
  backward: { input: [["input"], (grad, input) => grad.div(input.pow(2).rsub(1)), "grad / (1 − input²)"] },
  inplace: true,
  alias: ["torch.arctanh_", "torch.atanh_", "torch.arctanh", "Tensor.arctanh"],
});

/** sin(π·input) / (π·input), 1 at 0. Source: torch.sinc. */
op("sinc(input)", {
  grad_fn: "SincBackward0",
  forward: (input) => {
    // In the tensor's own precision, as PyTorch: at whole numbers the angle's rounding is all there is.
    const rounded = floating(input.dtype).itemsize === 8 ? (x: number) => x : Math.fround;
    const pi = rounded(Math.PI);
    return mapFloat(input, (x) => {
      const angle = rounded(pi * x);
      return x === 0 ? 1 : Math.sin(angle) / angle;
    });
  },
  backward: {
    input: [
      ["input"],
      (grad, input) => {
        const angle = input.mul(Math.PI);
        const slope = angle.mul(angle.cos()).sub(angle.sin()).div(angle.mul(input));
        return torch.where(input.eq(0), 0, grad.mul(slope));
      },
      "grad · (cos(π·input) − result) / input",
    ],
  },
  inplace: true,
  alias: ["torch.sinc_", "special.sinc"],
});
