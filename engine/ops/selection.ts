import { float32 } from "../dtype";
import { RuntimeError } from "../errors";
import {
  asOperand,
  map,
  type Operand,
  pairType,
  resultType,
  select,
  zip,
  zip3,
  zipFloat,
} from "../kernels/elementwise";
import { op, torch } from "../op/define";
import { noDerivative } from "../op/no_derivative";
import type { Tensor } from "../tensor";

/** Elements of `input` where `condition` holds, of `other` elsewhere: `torch.where` once the mask is found. */
op("Tensor._where(condition: Tensor, input: Tensor | Number, other: Tensor | Number)", {
  grad_fn: "WhereBackward0",
  forward: (condition, input, other) => {
    if (!isMask(condition))
      throw new RuntimeError(
        `where expected condition to be a boolean tensor, but got a tensor with dtype ${condition.dtype.scalarTypeName}`,
      );
    return select(condition, input, other, resultType(input, other));
  },
  backward: {
    condition: null,
    input: [["condition"], (grad, condition) => condition._where(grad, 0), "grad where condition, else 0"],
    other: [["condition"], (grad, condition) => condition._where(0, grad), "0 where condition, else grad"],
  },
});

/** One truth value where `condition` holds, another elsewhere: bool. Source: torch.where. */
op("where.bools(condition: Tensor, input: bool, other: bool)", (condition, input, other) =>
  condition._where(torch.full([], input), torch.full([], other)),
);

/** One bigint where `condition` holds, another elsewhere: int64. Source: torch.where. */
op("where.bigints(condition: Tensor, input: bigint, other: bigint)", (condition, input, other) =>
  condition._where(input, other),
);

/**
 * Elements of `input` where `condition` holds, of `other` elsewhere, broadcast. The order of the method,
 * `where(input, condition, other)`, is understood too if only the second argument is a mask.
 * Source: torch.where.
 * @differs torch.where, torch.full: numbers alone are floats; bigints (`1n`, `0n`) give int64.
 */
op("where(condition: Tensor, input: Tensor | Number, other: Tensor | Number)", (condition, input, other) => {
  if (!isMask(condition) && isMask(input)) return (input as Tensor)._where(condition, other);
  const areNumbers = typeof input === "number" && typeof other === "number";
  return condition._where(areNumbers ? torch.scalar_tensor(input) : input, other);
});

/** This tensor's elements where `condition` holds, those of `other` elsewhere. Source: torch.Tensor.where. */
op("Tensor.where(input, condition: Tensor, other: Tensor | Number)", (input, condition, other) =>
  condition._where(input, other),
);

/** A byte tensor was a mask before there were booleans, and still is. */
function isMask(value: Operand): boolean {
  return typeof value !== "number" && (value.dtype.name === "bool" || value.dtype.name === "uint8");
}

/** The larger of two, a NaN if either is; of equal ones the first, so that −0 keeps its sign. */
function larger(x: number, y: number): number {
  return y > x || Number.isNaN(y) ? y : x;
}

function smaller(x: number, y: number): number {
  return y < x || Number.isNaN(y) ? y : x;
}

/** Limits elements to [min, max], elementwise; either may be left out. Source: torch.clamp. */
op("clamp.Tensor(input, min: Tensor? = null, max: Tensor? = null)", {
  grad_fn: "ClampBackward0",
  forward: (input, min, max) => {
    refuseNoLimits(min, max);
    if (min === null) return zip(input, max!, smaller);
    if (max === null) return zip(input, min, larger);
    return zip3(input, min, max, (x, low, high) => smaller(larger(x, low), high));
  },
  backward: {
    input: [
      ["input", "min", "max"],
      (grad, input, min, max) => torch.where(within(input, min, max), grad, 0),
      "grad where min ≤ input ≤ max, else 0",
    ],
    min: [
      ["input", "min", "max"],
      (grad, input, min, max) => {
        const below = input.lt(min!);
        return torch.where(max === null ? below : below.logical_and(min!.lt(max)), grad, 0);
      },
      "grad where input < min, else 0",
    ],
    max: [
      ["input", "min", "max"],
      (grad, input, min, max) => {
        const above = input.gt(max!);
        return torch.where(min === null ? above : above.logical_or(max!.lt(min)), grad, 0);
      },
      "grad where input > max, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clamp_", "torch.clip_", "torch.clip", "Tensor.clip"],
});

/** Limits elements to [min, max]; a limit that is null does not hold. Source: torch.clamp. */
op("clamp(input, min: Number? = null, max: Number? = null)", {
  grad_fn: "ClampBackward1",
  forward: (input, min, max) => {
    refuseNoLimits(min, max);
    if (min === null) return zip(input, max!, smaller);
    if (max === null) return zip(input, min, larger);
    const dtype = input.dtype.category === "float" ? input.dtype : resultType(input, min, max);
    const low = asOperand(min, dtype);
    const high = asOperand(max, dtype);
    return map(input, (x) => smaller(larger(x, low), high), dtype);
  },
  backward: {
    input: [
      ["input", "min", "max"],
      (grad, input, min, max) => torch.where(within(input, min, max), grad, 0),
      "grad where min ≤ input ≤ max, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clamp_", "torch.clip_", "torch.clip", "Tensor.clip"],
});

function refuseNoLimits(min: Operand | null, max: Operand | null): void {
  if (min === null && max === null)
    throw new RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None");
}

function within(input: Tensor, min: Operand | null, max: Operand | null): Tensor {
  if (min === null) return input.le(max!);
  if (max === null) return input.ge(min);
  return input.ge(min).logical_and(input.le(max));
}

/** max(input, min), elementwise. Source: torch.clamp_min. */
op("clamp_min.Tensor(input, min: Tensor)", {
  grad_fn: "ClampMinBackward1",
  forward: (input, min) => zip(input, min, larger),
  backward: {
    input: [
      ["input", "min"],
      (grad, input, min) => torch.where(input.ge(min), grad, 0),
      "grad where input ≥ min, else 0",
    ],
    min: [
      ["input", "min"],
      (grad, input, min) => torch.where(input.lt(min), grad, 0),
      "grad where input < min, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clamp_min_"],
});

/** max(input, min). Source: torch.clamp_min. */
op("clamp_min(input, min: Number)", {
  grad_fn: "ClampMinBackward0",
  forward: (input, min) => zip(input, min, larger),
  backward: {
    input: [
      ["input", "min"],
      (grad, input, min) => torch.where(input.ge(min), grad, 0),
      "grad where input ≥ min, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clamp_min_"],
});

/** min(input, max), elementwise. Source: torch.clamp_max. */
op("clamp_max.Tensor(input, max: Tensor)", {
  grad_fn: "ClampMaxBackward1",
  forward: (input, max) => zip(input, max, smaller),
  backward: {
    input: [
      ["input", "max"],
      (grad, input, max) => torch.where(input.le(max), grad, 0),
      "grad where input ≤ max, else 0",
    ],
    max: [
      ["input", "max"],
      (grad, input, max) => torch.where(input.gt(max), grad, 0),
      "grad where input > max, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clamp_max_"],
});

/** min(input, max). Source: torch.clamp_max. */
op("clamp_max(input, max: Number)", {
  grad_fn: "ClampMaxBackward0",
  forward: (input, max) => zip(input, max, smaller),
  backward: {
    input: [
      ["input", "max"],
      (grad, input, max) => torch.where(input.le(max), grad, 0),
      "grad where input ≤ max, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clamp_max_"],
});

/** The larger of two, broadcast; NaN where either is. Equal ones share the gradient. Source: torch.maximum. */
op("maximum(input, other: Tensor)", {
  grad_fn: "MaximumBackward0",
  forward: (input, other) => zip(input, other, larger),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => halfIfEqual(grad, input, other).masked_fill(input.lt(other), 0),
      "grad where input > other, half where equal",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => halfIfEqual(grad, input, other).masked_fill(input.gt(other), 0),
      "grad where other > input, half where equal",
    ],
  },
});

/** The smaller of two, broadcast; NaN where either is. Equal ones share the gradient. Source: torch.minimum. */
op("minimum(input, other: Tensor)", {
  grad_fn: "MinimumBackward0",
  forward: (input, other) => zip(input, other, smaller),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => halfIfEqual(grad, input, other).masked_fill(input.gt(other), 0),
      "grad where input < other, half where equal",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => halfIfEqual(grad, input, other).masked_fill(input.lt(other), 0),
      "grad where other < input, half where equal",
    ],
  },
});

function halfIfEqual(grad: Tensor, input: Tensor, other: Tensor): Tensor {
  return torch.where(input.eq(other), grad.div(2), grad);
}

/** The larger of two, broadcast: `maximum`. Source: torch.max. */
op("max.other(input, other: Tensor)", (input, other) => input.maximum(other));

/** The smaller of two, broadcast: `minimum`. Source: torch.min. */
op("min.other(input, other: Tensor)", (input, other) => input.minimum(other));

/** The larger of two, broadcast; where one is NaN, the other. Source: torch.fmax. */
op("fmax(input, other: Tensor)", {
  grad_fn: "FmaxBackward0",
  forward: (input, other) => zip(input, other, (x, y) => (x >= y || Number.isNaN(y) ? x : y)),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => torch.where(input.ge(other).logical_or(other.isnan()), grad, 0),
      "grad where input ≥ other, else 0",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => torch.where(input.ge(other).logical_or(other.isnan()), 0, grad),
      "grad where other > input, else 0",
    ],
  },
});

/** The smaller of two, broadcast; where one is NaN, the other. Source: torch.fmin. */
op("fmin(input, other: Tensor)", {
  grad_fn: "FminBackward0",
  forward: (input, other) => zip(input, other, (x, y) => (x <= y || Number.isNaN(y) ? x : y)),
  backward: {
    input: [
      ["input", "other"],
      (grad, input, other) => torch.where(input.le(other).logical_or(other.isnan()), grad, 0),
      "grad where input ≤ other, else 0",
    ],
    other: [
      ["input", "other"],
      (grad, input, other) => torch.where(input.le(other).logical_or(other.isnan()), 0, grad),
      "grad where other < input, else 0",
    ],
  },
});

/**
 * Replaces NaN by `nan` (0), ∞ and −∞ by `posinf` and `neginf` (the largest and smallest number of the
 * dtype). Source: torch.nan_to_num.
 */
op("nan_to_num(input, nan: float? = null, posinf: float? = null, neginf: float? = null)", {
  grad_fn: "NanToNumBackward0",
  forward: (input, nan, posinf, neginf) => {
    const largest = input.dtype === float32 ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE;
    const high = posinf ?? largest;
    const low = neginf ?? -largest;
    return map(input, (x) => {
      if (Number.isNaN(x)) return nan ?? 0;
      return x === Number.POSITIVE_INFINITY ? high : x === Number.NEGATIVE_INFINITY ? low : x;
    });
  },
  backward: {
    input: [["input"], (grad, input) => grad.mul(input.isfinite()), "grad where input is finite, else 0"],
  },
  inplace: true,
  alias: ["torch.nan_to_num_"],
});

/** |input| with the sign of `other`, −0 included. Source: torch.copysign. */
op("copysign.Tensor(input, other: Tensor)", {
  grad_fn: "CopysignBackward0",
  forward: (input, other) => zipFloat(input, other, copySign),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => copySignGrad(grad, input, result),
      "grad · sign(input) · sign(other)",
    ],
    other: [[], (grad) => torch.zeros_like(grad), "0"],
  },
  inplace: true,
});

/** |input| with the sign of a number. Source: torch.copysign. */
op("copysign.Scalar(input, other: Number)", {
  grad_fn: "CopysignBackward1",
  forward: (input, other) => zipFloat(input, other, copySign),
  backward: {
    input: [
      ["input", "result"],
      (grad, input, result) => copySignGrad(grad, input, result),
      "grad · sign(input) · sign(other)",
    ],
  },
  inplace: true,
});

function copySignGrad(grad: Tensor, input: Tensor, result: Tensor): Tensor {
  return torch.where(input.eq(0), 0, grad.mul(result.div(input)));
}

function copySign(x: number, y: number): number {
  const negative = y < 0 || Object.is(y, -0);
  return negative ? -Math.abs(x) : Math.abs(x);
}

/** 0 below zero, 1 above, `values` at zero. Both of one dtype; no derivative. Source: torch.heaviside. */
op("heaviside(input, values: Tensor)", {
  grad_fn: "NotImplemented",
  forward: (input, values) => {
    if (input.dtype !== values.dtype)
      throw new RuntimeError("heaviside is not yet implemented for tensors with different dtypes.");
    return zip(input, values, (x, y) => (x === 0 ? y : x > 0 ? 1 : 0), pairType(input, values));
  },
  backward: {
    input: [[], () => noDerivative("heaviside"), "none"],
    values: [[], () => noDerivative("heaviside"), "none"],
  },
  inplace: true,
});
