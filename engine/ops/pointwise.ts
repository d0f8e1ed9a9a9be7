import { dtypeOfNumber, promoteTypes } from "../dtype";
import { map, mapFloat, zip3 } from "../kernels/elementwise";
import { op } from "../op/define";
import type { Tensor } from "../tensor";

/** e ** input. Source: torch.exp. */
op("exp(input)", {
  grad_fn: "ExpBackward0",
  forward: (input) => mapFloat(input, Math.exp),
  backward: { input: [["result"], (grad, result) => grad.mul(result), "grad · result"] },
  inplace: true,
});

/** Natural logarithm. Source: torch.log. */
op("log(input)", {
  grad_fn: "LogBackward0",
  forward: (input) => mapFloat(input, Math.log),
  backward: { input: [["input"], (grad, input) => grad.div(input), "grad / input"] },
  inplace: true,
});

/** ln(1 + input), exact near 0. Source: torch.log1p. */
op("log1p(input)", {
  grad_fn: "Log1PBackward0",
  forward: (input) => mapFloat(input, Math.log1p),
  backward: { input: [["input"], (grad, input) => grad.div(input.add(1)), "grad / (1 + input)"] },
  inplace: true,
});

/** √input. Source: torch.sqrt. */
op("sqrt(input)", {
  grad_fn: "SqrtBackward0",
  forward: (input) => mapFloat(input, Math.sqrt),
  backward: { input: [["result"], (grad, result) => grad.div(result.mul(2)), "grad / (2 · result)"] },
  inplace: true,
});

/** |input|; the derivative at 0 is 0. Source: torch.abs. */
op("abs(input)", {
  grad_fn: "AbsBackward0",
  forward: (input) => map(input, Math.abs),
  backward: { input: [["input"], (grad, input) => grad.mul(input.sgn()), "grad · sign(input)"] },
  inplace: true,
  alias: ["torch.absolute", "Tensor.absolute"],
});

/** −1, 0 or 1. Source: torch.sgn. */
op("sgn(input)", {
  grad_fn: "SgnBackward0",
  forward: (input) => map(input, signOrNaN),
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: true,
});

/** −1, 0 or 1. Source: torch.sign. */
op("sign(input)", {
  grad_fn: "SignBackward0",
  forward: (input) => map(input, signOrNaN),
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: true,
});

/** PyTorch's sign of a NaN is 0. */
function signOrNaN(x: number): number {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

/** Source: torch.sin. */
op("sin(input)", {
  grad_fn: "SinBackward0",
  forward: (input) => mapFloat(input, Math.sin),
  backward: { input: [["input"], (grad, input) => grad.mul(input.cos()), "grad · cos(input)"] },
  inplace: true,
});

/** Source: torch.cos. */
op("cos(input)", {
  grad_fn: "CosBackward0",
  forward: (input) => mapFloat(input, Math.cos),
  backward: { input: [["input"], (grad, input) => grad.mul(input.sin().neg()), "−grad · sin(input)"] },
  inplace: true,
});

/** Hyperbolic tangent. Source: torch.tanh. */
op("tanh(input)", {
  grad_fn: "TanhBackward0",
  forward: (input) => mapFloat(input, Math.tanh),
  backward: {
    input: [["result"], (grad, result) => grad.mul(result.mul(result).rsub(1)), "grad · (1 − result²)"],
  },
  inplace: true,
  alias: ["nn.functional.tanh"],
});

/** 1 / (1 + e^−input). Source: torch.sigmoid. */
op("sigmoid(input)", {
  grad_fn: "SigmoidBackward0",
  forward: (input) => mapFloat(input, (x) => 1 / (1 + Math.exp(-x))),
  backward: {
    input: [
      ["result"],
      (grad, result) => grad.mul(result.mul(result.rsub(1))),
      "grad · result · (1 − result)",
    ],
  },
  inplace: true,
  alias: ["nn.functional.sigmoid"],
});

/** max(input, 0); the derivative at 0 is 0. Source: torch.relu, torch.nn.functional.relu. */
op("relu(input)", {
  grad_fn: "ReluBackward0",
  forward: (input) => map(input, (x) => Math.max(x, 0)),
  backward: { input: [["result"], (grad, result) => grad.mul(result.gt(0)), "grad where input > 0, else 0"] },
  inplace: true,
});

/** max(input, 0). Source: torch.nn.functional.relu. */
op("nn.functional.relu(input, inplace = false)", (input, inplace) =>
  inplace ? input.relu_() : input.relu(),
);

/** ⌊input⌋. Source: torch.floor. */
op("floor(input)", {
  grad_fn: "FloorBackward0",
  forward: (input) => map(input, Math.floor),
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: true,
});

/** Source: torch.ceil. */
op("ceil(input)", {
  grad_fn: "CeilBackward0",
  forward: (input) => map(input, Math.ceil),
  backward: { input: [[], (grad) => grad.mul(0), "0"] },
  inplace: true,
});

/** input². Source: torch.square. */
op("square(input)", (input) => input.pow(2));

/** Limits elements to [min, max]; a limit that is null does not hold. Source: torch.clamp. */
op("clamp(input, min: Number? = null, max: Number? = null)", {
  grad_fn: "ClampBackward1",
  forward: (input, min, max) => {
    if (min === null && max === null)
      throw new Error("torch.clamp: At least one of 'min' or 'max' must not be None");
    const low = min ?? Number.NEGATIVE_INFINITY;
    const high = max ?? Number.POSITIVE_INFINITY;
    const dtype = [min, max].reduce<typeof input.dtype>(
      (d, limit) =>
        limit !== null && dtypeOfNumber(limit).category === "float" && d.category !== "float"
          ? promoteTypes(d, dtypeOfNumber(limit))
          : d,
      input.dtype,
    );
    return map(input, (x) => Math.min(Math.max(x, low), high), dtype);
  },
  backward: {
    input: [
      ["input", "min", "max"],
      (grad, input, min, max) => grad.mul(within(input, min, max)),
      "grad where min ≤ input ≤ max, else 0",
    ],
  },
  inplace: true,
  alias: ["torch.clip", "Tensor.clip"],
});

function within(input: Tensor, min: number | null, max: number | null): Tensor {
  if (min === null) return input.le(max!);
  if (max === null) return input.ge(min);
  return input.ge(min).logical_and(input.le(max));
}

/** Elements of `input` where `condition` holds, of `other` elsewhere. Source: torch.where. */
op("where(condition: Tensor, input: Tensor | Number, other: Tensor | Number)", {
  grad_fn: "WhereBackward0",
  forward: (condition, input, other) => choose(condition, input, other),
  backward: {
    condition: null,
    input: [["condition"], (grad, condition) => condition.where(grad, 0), "grad where condition, else 0"],
    other: [["condition"], (grad, condition) => condition.where(0, grad), "0 where condition, else grad"],
  },
  alias: ["Tensor.where"],
});

function choose(condition: Tensor, input: Tensor | number, other: Tensor | number): Tensor {
  if (condition.dtype.name !== "bool")
    throw new Error(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${condition.dtype.tensorTypeName}`,
    );
  return zip3(input, other, condition, (x, y, c) => (c ? x : y), chooseType(input, other));
}

function chooseType(input: Tensor | number, other: Tensor | number) {
  const types = [input, other].map((t) => (typeof t === "number" ? dtypeOfNumber(t) : t.dtype));
  if (typeof input === "number" && typeof other !== "number")
    return types[1].category === "float" ? types[1] : promoteTypes(types[0], types[1]);
  if (typeof other === "number" && typeof input !== "number")
    return types[0].category === "float" ? types[0] : promoteTypes(types[0], types[1]);
  return promoteTypes(types[0], types[1]);
}
