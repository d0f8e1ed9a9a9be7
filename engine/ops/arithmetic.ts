import { float64 } from "../dtype";
import { cppTypeName, RuntimeError } from "../errors";
import {
  add,
  addScaled,
  div,
  divRounded,
  fmod,
  mul,
  power,
  refuseBoolSubtraction,
  remainder,
  sub,
} from "../kernels/arithmetic";
import {
  asOperand,
  map,
  type Operand,
  refuseBool,
  refuseIntegers,
  resultType,
  zip3,
} from "../kernels/elementwise";
import { op, torch } from "../op/define";
import { noDerivative } from "../op/no_derivative";
import type { Tensor } from "../tensor";

/** input + alpha · other, broadcast. Source: torch.add. */
op("add(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1)", {
  grad_fn: "AddBackward0",
  forward: (input, other, alpha) => (alpha === 1 ? add(input, other) : addScaled(input, other, alpha)),
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [["alpha"], (grad, alpha) => scaled(grad, alpha), "grad · alpha"],
  },
  inplace: true,
});

/** input − alpha · other, broadcast. Source: torch.sub. */
op("sub(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1)", {
  grad_fn: "SubBackward0",
  forward: (input, other, alpha) => subScaled(input, other, alpha),
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [["alpha"], (grad, alpha) => scaled(grad.neg(), alpha), "−grad · alpha"],
  },
  inplace: true,
  alias: ["torch.subtract", "Tensor.subtract"],
});

/** other − alpha · input: subtraction with the operands reversed. Source: torch.rsub. */
op("rsub.Tensor(input, other: Tensor, *, alpha: Number = 1)", {
  grad_fn: "RsubBackward0",
  forward: (input, other, alpha) => subScaled(other, input, alpha),
  backward: {
    input: [["alpha"], (grad, alpha) => scaled(grad.neg(), alpha), "−grad · alpha"],
    other: [[], (grad) => grad, "grad"],
  },
});

/** other − alpha · input for a number: what `1 - x` runs. Source: torch.rsub. */
op("rsub.Scalar(input, other: Number, alpha: Number = 1)", {
  grad_fn: "RsubBackward1",
  forward: (input, other, alpha) => subScaled(other, input, alpha),
  backward: { input: [["alpha"], (grad, alpha) => scaled(grad.neg(), alpha), "−grad · alpha"] },
});

function subScaled(a: Operand, b: Operand, alpha: number): Tensor {
  if (alpha === 1) return sub(a, b);
  refuseBoolSubtraction(a, b);
  return addScaled(a, b, -alpha);
}

function scaled(grad: Tensor, alpha: number): Tensor {
  return alpha === 1 ? grad : grad.mul(alpha);
}

/** input · other, broadcast. Source: torch.mul. */
op("mul(input: Tensor | Number, other: Tensor | Number)", {
  grad_fn: "MulBackward0",
  forward: mul,
  backward: {
    input: [["other"], (grad, other) => grad.mul(other), "grad · other"],
    other: [["input"], (grad, input) => grad.mul(input), "grad · input"],
  },
  inplace: true,
  alias: ["torch.multiply", "Tensor.multiply"],
});

/** input / other, broadcast; integers give float32. Source: torch.div. */
op("div(input: Tensor | Number, other: Tensor | Number)", {
  grad_fn: "DivBackward0",
  forward: div,
  backward: {
    input: [["other"], (grad, other) => grad.div(other), "grad / other"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.neg().mul(torch.div(input, other).div(other)),
      "−grad · input / other²",
    ],
  },
  inplace: true,
  alias: ["torch.divide", "Tensor.divide", "torch.true_divide", "Tensor.true_divide"],
});

/**
 * input / other rounded towards zero ("trunc") or −∞ ("floor"), or not at all (null). Integers stay integers
 * where rounded; they throw ZeroDivisionError where `other` is 0. Source: torch.div.
 */
op("div.Tensor_mode(input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str?)", {
  grad_fn: "DivBackward2",
  forward: (input, other, rounding_mode) => {
    if (rounding_mode === null) return div(input, other);
    if (rounding_mode !== "trunc" && rounding_mode !== "floor")
      throw new RuntimeError(
        `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${rounding_mode}'`,
      );
    return divRounded(input, other, rounding_mode);
  },
  backward: {
    input: [
      ["other", "rounding_mode"],
      (grad, other, rounding_mode) => (rounding_mode === null ? grad.div(other) : torch.zeros_like(grad)),
      "grad / other; 0 where rounded",
    ],
    other: [
      ["input", "other", "rounding_mode"],
      (grad, input, other, rounding_mode) =>
        rounding_mode === null ? grad.neg().mul(torch.div(input, other).div(other)) : torch.zeros_like(grad),
      "−grad · input / other²; 0 where rounded",
    ],
  },
  inplace: true,
  alias: ["torch.divide", "Tensor.divide"],
});

/** ⌊input / other⌋, Python's `//`. No derivative. Source: torch.floor_divide. */
op("floor_divide(input: Tensor | Number, other: Tensor | Number)", {
  grad_fn: "NotImplemented",
  forward: (input, other) => divRounded(input, other, "floor"),
  backward: {
    input: [[], () => noDerivative("floor_divide"), "none"],
    other: [[], () => noDerivative("floor_divide"), "none"],
  },
  inplace: true,
});

/** −input. Source: torch.neg. */
op("neg(input)", {
  grad_fn: "NegBackward0",
  forward: (input) => {
    if (input.dtype.name === "bool")
      throw new RuntimeError(
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
      );
    return map(input, (x) => -x, input.dtype, "neg");
  },
  backward: { input: [[], (grad) => grad.neg(), "−grad"] },
  inplace: true,
  alias: ["torch.neg_", "torch.negative_", "torch.negative", "Tensor.negative"],
});

/** input ** exponent, broadcast. Source: torch.pow. */
op("pow.Tensor_Tensor(input, exponent: Tensor)", {
  grad_fn: "PowBackward1",
  forward: power,
  backward: {
    input: [
      ["input", "exponent"],
      (grad, input, exponent) =>
        torch.where(exponent.eq(0), 0, grad.mul(exponent.mul(input.pow(exponent.sub(1))))),
      "grad · exponent · input^(exponent − 1)",
    ],
    exponent: [
      ["input", "exponent", "result"],
      (grad, input, exponent, result) =>
        // ln 0 would turn the flat side of 0 ** exponent into a NaN.
        torch.where(input.eq(0).logical_and(exponent.ge(0)), 0, grad.mul(result.mul(input.log()))),
      "grad · input^exponent · ln input",
    ],
  },
  inplace: true,
});

/** input ** exponent for a number. Source: torch.pow. */
op("pow.Tensor_Scalar(input, exponent: Number)", {
  grad_fn: "PowBackward0",
  forward: power,
  backward: {
    input: [
      ["input", "exponent"],
      (grad, input, exponent) =>
        exponent === 0 ? torch.zeros_like(grad) : grad.mul(input.pow(exponent - 1).mul(exponent)),
      "grad · exponent · input^(exponent − 1)",
    ],
  },
  inplace: true,
});

/** input ** exponent for a number raised to a tensor. Source: torch.pow. */
op("pow.Scalar(input: Number, exponent: Tensor)", {
  grad_fn: "PowBackward2",
  forward: power,
  backward: {
    exponent: [
      ["input", "exponent", "result"],
      (grad, input, exponent, result) =>
        // 0 ** exponent is 0 or ∞, and its steps would give 0 · ln 0.
        input === 0
          ? grad.mul(torch.where(exponent.ge(0), 0, Number.NEGATIVE_INFINITY))
          : grad.mul(result.mul(Math.log(input))),
      "grad · input^exponent · ln input",
    ],
  },
});

/** input². Source: torch.square. */
op("square(input)", (input) => input.pow(2));

/** input², in place. Source: torch.Tensor.square_. */
op("Tensor.square_(input)", (input) => input.pow_(2));

/** input ** exponent, computed and returned in float64. Source: torch.float_power. */
op(
  "float_power(input: Tensor | Number, exponent: Tensor | Number)",
  (input, exponent) => {
    const base = typeof input === "number" ? input : input.to(float64);
    const by = typeof exponent === "number" ? exponent : exponent.to(float64);
    if (typeof base !== "number") return typeof by === "number" ? base.pow(by) : base.pow(by);
    return torch.pow(base, by as Tensor);
  },
  { alias: ["Tensor.float_power"] },
);
/** As `float_power`, in place; throws for any other dtype than float64. Source: torch.Tensor.float_power_. */
op("Tensor.float_power_(input, exponent: Tensor | Number)", (input, exponent) => {
  if (input.dtype !== float64)
    throw new RuntimeError(
      `the base given to float_power_ has dtype ${input.dtype.scalarTypeName} but the operation's result requires dtype Double`,
    );
  return typeof exponent === "number" ? input.pow_(exponent) : input.pow_(exponent.to(float64));
});

/** 1 / input. Source: torch.reciprocal. */
op("reciprocal(input)", {
  grad_fn: "ReciprocalBackward0",
  forward: (input) => div(1, input),
  backward: { input: [["result"], (grad, result) => grad.neg().mul(result.mul(result)), "−grad · result²"] },
  inplace: true,
  alias: ["torch.reciprocal_"],
});

/** Remainder with the divisor's sign, Python's `%`. Integers throw ZeroDivisionError. Source: torch.remainder. */
op("remainder.Tensor(input, other: Tensor)", {
  grad_fn: "RemainderBackward1",
  forward: remainder,
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.neg().mul(input.div(other, { rounding_mode: "floor" })),
      "−grad · ⌊input / other⌋",
    ],
  },
  inplace: true,
});

/** Remainder of division by a number, with the divisor's sign. Source: torch.remainder. */
op("remainder.Scalar(input, other: Number)", {
  grad_fn: "RemainderBackward0",
  forward: remainder,
  backward: { input: [[], (grad) => grad, "grad"] },
  inplace: true,
});

/** Remainder of a number divided by a tensor. No derivative. Source: torch.remainder. */
op("remainder.Scalar_Tensor(input: Number, other: Tensor)", {
  grad_fn: "NotImplemented",
  forward: remainder,
  backward: { other: [[], () => noDerivative("remainder"), "none"] },
});

/** Remainder with the dividend's sign, C's fmod. Integers throw ZeroDivisionError. Source: torch.fmod. */
op("fmod.Tensor(input, other: Tensor)", {
  grad_fn: "FmodBackward1",
  forward: fmod,
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.neg().mul(input.div(other, { rounding_mode: "trunc" })),
      "−grad · trunc(input / other)",
    ],
  },
  inplace: true,
});

/** Remainder of division by a number, with the dividend's sign. Source: torch.fmod. */
op("fmod.Scalar(input, other: Number)", {
  grad_fn: "FmodBackward0",
  forward: fmod,
  backward: { input: [[], (grad) => grad, "grad"] },
  inplace: true,
});

/** input + value · tensor1 · tensor2, broadcast. Source: torch.addcmul. */
op("addcmul(input, tensor1, tensor2, *, value: Number = 1)", {
  grad_fn: "AddcmulBackward0",
  forward: (input, tensor1, tensor2, value) => {
    const dtype = resultType(input, tensor1, tensor2);
    refuseBool("addcmul_cpu_out", dtype);
    const scale = asOperand(value, dtype);
    return zip3(input, tensor1, tensor2, (x, a, b) => x + scale * a * b, dtype);
  },
  backward: {
    input: [[], (grad) => grad, "grad"],
    tensor1: [
      ["tensor2", "value"],
      (grad, tensor2, value) => grad.mul(tensor2.mul(value)),
      "grad · value · tensor2",
    ],
    tensor2: [
      ["tensor1", "value"],
      (grad, tensor1, value) => grad.mul(tensor1.mul(value)),
      "grad · value · tensor1",
    ],
  },
  inplace: true,
});

/** input + value · tensor1 / tensor2, broadcast. Source: torch.addcdiv. */
op("addcdiv(input, tensor1, tensor2, *, value: Number = 1)", {
  grad_fn: "AddcdivBackward0",
  forward: (input, tensor1, tensor2, value) => {
    if (tensor1.dtype.category !== "float" && tensor2.dtype.category !== "float")
      throw new RuntimeError(
        "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes.",
      );
    const scale = asOperand(value, resultType(input, tensor1, tensor2));
    return zip3(input, tensor1, tensor2, (x, a, b) => x + scale * (a / b));
  },
  backward: {
    input: [[], (grad) => grad, "grad"],
    tensor1: [
      ["tensor2", "value"],
      (grad, tensor2, value) => grad.mul(value).div(tensor2),
      "grad · value / tensor2",
    ],
    tensor2: [
      ["tensor1", "tensor2", "value"],
      (grad, tensor1, tensor2, value) => grad.neg().mul(tensor1.mul(value).div(tensor2.mul(tensor2))),
      "−grad · value · tensor1 / tensor2²",
    ],
  },
  inplace: true,
});

/** input + weight · (end − input): a straight line between two tensors. Source: torch.lerp. */
op("lerp.Tensor(input, end: Tensor, weight: Tensor)", {
  grad_fn: "LerpBackward1",
  forward: (input, end, weight) => {
    refuseMixedTypes(input, end, "end");
    if (weight.shape.length > 0) refuseMixedTypes(input, weight, "weight");
    const dtype = resultType(input, end, weight);
    refuseIntegers("lerp_kernel_tensor", dtype);
    return zip3(input, end, weight, interpolate, dtype);
  },
  backward: {
    input: [["weight"], (grad, weight) => grad.mul(weight.rsub(1)), "grad · (1 − weight)"],
    end: [["weight"], (grad, weight) => grad.mul(weight), "grad · weight"],
    weight: [["input", "end"], (grad, input, end) => grad.mul(end.sub(input)), "grad · (end − input)"],
  },
  inplace: true,
});

/** input + weight · (end − input) with one weight for all. Source: torch.lerp. */
op("lerp.Scalar(input, end: Tensor, weight: Number)", {
  grad_fn: "LerpBackward0",
  forward: (input, end, weight) => {
    refuseMixedTypes(input, end, "end");
    refuseIntegers("lerp_kernel_scalar", input.dtype);
    return zip3(input, end, weight, interpolate, input.dtype);
  },
  backward: {
    input: [["weight"], (grad, weight) => grad.mul(1 - weight), "grad · (1 − weight)"],
    end: [["weight"], (grad, weight) => grad.mul(weight), "grad · weight"],
  },
  inplace: true,
});

function refuseMixedTypes(input: Tensor, other: Tensor, name: string): void {
  if (input.dtype !== other.dtype)
    throw new RuntimeError(
      `expected dtype ${cppTypeName(input.dtype)} for \`${name}\` but got dtype ${cppTypeName(other.dtype)}`,
    );
}

/** From the nearer end, as PyTorch does, so that weight 1 gives `end` exactly. */
function interpolate(start: number, end: number, weight: number): number {
  return Math.abs(weight) < 0.5 ? start + weight * (end - start) : end - (end - start) * (1 - weight);
}

/** The input itself; booleans are refused. Source: torch.positive. */
op("positive(input)", (input) => {
  if (input.dtype.name === "bool")
    throw new RuntimeError("The `+` operator, on a bool tensor is not supported.");
  return input;
});
