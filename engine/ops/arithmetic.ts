import { RuntimeError } from "../errors";
import { add, addScaled, div, mul, sub } from "../kernels/arithmetic";
import { asOperand, map, type Operand, resultType, zip, zip3 } from "../kernels/elementwise";
import { op } from "../op/define";
import { Tensor } from "../tensor";

/** input + alpha · other, broadcast. Source: torch.add. */
op("add(input, other: Tensor | Number, *, alpha: Number = 1)", {
  grad_fn: "AddBackward0",
  forward: (input, other, alpha) => (alpha === 1 ? add(input, other) : addScaled(input, other, alpha)),
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [["alpha"], (grad, alpha) => scaled(grad, alpha), "grad · alpha"],
  },
  inplace: true,
});

/** input − alpha · other, broadcast. Source: torch.sub. */
op("sub(input, other: Tensor | Number, *, alpha: Number = 1)", {
  grad_fn: "SubBackward0",
  forward: (input, other, alpha) => (alpha === 1 ? sub(input, other) : addScaled(input, other, -alpha)),
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [["alpha"], (grad, alpha) => scaled(grad.neg(), alpha), "−grad · alpha"],
  },
  inplace: true,
  alias: ["torch.subtract", "Tensor.subtract"],
});

/** other − alpha · input: subtraction with the operands reversed. Source: torch.rsub. */
op("rsub(input, other: Tensor | Number, *, alpha: Number = 1)", {
  grad_fn: "RsubBackward1",
  forward: (input, other, alpha) => (alpha === 1 ? sub(other, input) : addScaled(other, input, -alpha)),
  backward: {
    input: [["alpha"], (grad, alpha) => scaled(grad.neg(), alpha), "−grad · alpha"],
    other: [[], (grad) => grad, "grad"],
  },
});

/** input · other, broadcast. Source: torch.mul. */
op("mul(input, other: Tensor | Number)", {
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
op("div(input, other: Tensor | Number)", {
  grad_fn: "DivBackward0",
  forward: div,
  backward: {
    input: [["other"], (grad, other) => grad.div(other), "grad / other"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.neg().mul(input.div(other).div(other)),
      "−grad · input / other²",
    ],
  },
  inplace: true,
  alias: ["torch.divide", "Tensor.divide", "torch.true_divide", "Tensor.true_divide"],
});

/** −input. Source: torch.neg. */
op("neg(input)", {
  grad_fn: "NegBackward0",
  forward: (input) => {
    if (input.dtype.name === "bool")
      throw new RuntimeError(
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
      );
    return map(input, (x) => -x);
  },
  backward: { input: [[], (grad) => grad.neg(), "−grad"] },
  inplace: true,
  alias: ["torch.negative", "Tensor.negative"],
});

/** input ** exponent for a number. Source: torch.pow. */
op("pow.Tensor_Scalar(input, exponent: Number)", {
  grad_fn: "PowBackward0",
  forward: (input, exponent) => power(input, exponent),
  backward: {
    input: [
      ["input", "exponent"],
      (grad, input, exponent) =>
        exponent === 0 ? grad.mul(0) : grad.mul(input.pow(exponent - 1).mul(exponent)),
      "grad · exponent · input^(exponent − 1)",
    ],
  },
  inplace: true,
});

/** input ** exponent, broadcast. Source: torch.pow. */
op("pow.Tensor_Tensor(input, exponent: Tensor)", {
  grad_fn: "PowBackward1",
  forward: (input, exponent) => power(input, exponent),
  backward: {
    input: [
      ["input", "exponent"],
      (grad, input, exponent) =>
        exponent.eq(0).where(grad.mul(0), grad.mul(exponent.mul(input.pow(exponent.sub(1))))),
      "grad · exponent · input^(exponent − 1)",
    ],
    exponent: [
      ["input", "exponent", "result"],
      (grad, input, exponent, result) => powerExponentGrad(grad, input, exponent, result),
      "grad · input^exponent · ln input",
    ],
  },
  inplace: true,
});

/** input ** exponent for a number raised to a tensor. Source: torch.pow. */
op("pow.Scalar(base: Number, exponent: Tensor)", {
  grad_fn: "PowBackward2",
  forward: (base, exponent) => power(base, exponent),
  backward: {
    exponent: [
      ["base", "exponent", "result"],
      (grad, base, exponent, result) =>
        base === 0
          ? exponent.ge(0).where(grad.mul(0), grad.mul(result.mul(Math.log(base))))
          : grad.mul(result.mul(Math.log(base))),
      "grad · base^exponent · ln base",
    ],
  },
});

function powerExponentGrad(grad: Tensor, input: Tensor, exponent: Tensor, result: Tensor): Tensor {
  // ln 0 would turn the flat side of 0 ** exponent into a NaN.
  const flat = input.eq(0).logical_and(exponent.ge(0));
  return flat.where(grad.mul(0), grad.mul(result.mul(input.log())));
}

function power(base: Operand, exponent: Operand): Tensor {
  const dtype = resultType(base, exponent);
  if (dtype.category !== "float" && typeof exponent === "number" && exponent < 0)
    throw new RuntimeError("Integers to negative integer powers are not allowed.");
  if (base instanceof Tensor && typeof exponent === "number") {
    const e = asOperand(exponent, dtype);
    if (e === 2) return zip(base, 1, (x) => x * x, dtype);
    if (e === 3) return zip(base, 1, (x) => x * x * x, dtype);
    if (e === 0.5) return zip(base, 1, Math.sqrt, dtype);
    if (e === -1) return zip(base, 1, (x) => 1 / x, dtype);
  }
  return zip(base, exponent, pythonPow, dtype);
}

/** C's pow, which unlike JavaScript's gives 1 for (±1) ** ±inf and 1 ** nan. */
function pythonPow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  return x ** y;
}

function scaled(grad: Tensor, alpha: number): Tensor {
  return alpha === 1 ? grad : grad.mul(alpha);
}

/** 1 / input. Source: torch.reciprocal. */
op("reciprocal(input)", {
  grad_fn: "ReciprocalBackward0",
  forward: (input) => div(1, input),
  backward: { input: [["result"], (grad, result) => grad.neg().mul(result.mul(result)), "−grad · result²"] },
  inplace: true,
});

/** Remainder with the divisor's sign, as Python's `%`. Source: torch.remainder. */
op("remainder(input, other: Tensor | Number)", {
  grad_fn: "RemainderBackward0",
  forward: (input, other) => zip(input, other, pythonModulo),
  backward: {
    input: [[], (grad) => grad, "grad"],
    other: [
      ["input", "other"],
      (grad, input, other) => grad.neg().mul(input.div(other).floor()),
      "−grad · ⌊input / other⌋",
    ],
  },
  inplace: true,
});

function pythonModulo(x: number, y: number): number {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

/** input + value · tensor1 · tensor2, broadcast. Source: torch.addcmul. */
op("addcmul(input, tensor1, tensor2, *, value: Number = 1)", {
  grad_fn: "AddcmulBackward0",
  forward: (input, tensor1, tensor2, value) => {
    const scale = asOperand(value, resultType(input, tensor1, tensor2));
    return zip3(input, tensor1, tensor2, (x, a, b) => x + scale * a * b);
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
op("lerp.Scalar(input, end: Tensor, weight: Number)", {
  grad_fn: "LerpBackward0",
  forward: (input, end, weight) => zip3(input, end, weight, interpolate),
  backward: {
    input: [["weight"], (grad, weight) => grad.mul(1 - weight), "grad · (1 − weight)"],
    end: [["weight"], (grad, weight) => grad.mul(weight), "grad · weight"],
  },
  inplace: true,
});

/** From the nearer end, as PyTorch does, so that weight 1 gives `end` exactly. */
function interpolate(start: number, end: number, weight: number): number {
  return weight < 0.5 ? start + weight * (end - start) : end - (end - start) * (1 - weight);
}
