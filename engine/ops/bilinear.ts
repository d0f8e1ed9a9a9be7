import { IndexError, RuntimeError } from "../errors";
import { op, torch } from "../op/define";
import { numel, showShape } from "../shape";
import type { Tensor } from "../tensor";

/**
 * Σ input1ᵢ · weightₖᵢⱼ · input2ⱼ + biasₖ: (…, I), (…, J), weight (K, I, J) → (…, K).
 * Source: torch.nn.functional.bilinear.
 */
op(
  "bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor? = null)",
  (input1, input2, weight, bias) => {
    checkBilinear(input1, input2, weight, bias);
    const lead = input1.shape.slice(0, -1);
    const a = input1.reshape([numel(lead), input1.shape.at(-1)!]);
    const b = input2.reshape([numel(lead), input2.shape.at(-1)!]);
    const result = torch._trilinear(a, weight, b).reshape([...lead, weight.shape[0]]);
    return bias === null ? result : result.add(bias);
  },
  { alias: ["nn.functional.bilinear"] },
);

function checkBilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null): void {
  const dims = input1.shape.length;
  if (dims !== input2.shape.length)
    throw new RuntimeError(
      `bilinear(): input dimensions do not match: got ${dims} and ${input2.shape.length}`,
    );
  if (dims === 0) throw new IndexError("Dimension specified as -1 but tensor has no dimensions");
  for (let d = 0; d < dims - 1; d++)
    if (input1.shape[d] !== input2.shape[d])
      throw new RuntimeError(
        `bilinear(): input batch dimensions do not match at dim ${d}: got ${input1.shape[d]} and ${input2.shape[d]}`,
      );
  if (weight.shape.length !== 3)
    throw new RuntimeError(
      `bilinear(): expected weight (out, in1, in2), but got weight of size ${showShape(weight.shape)}`,
    );
  if (input1.shape.at(-1) !== weight.shape[1])
    throw new RuntimeError(
      `bilinear(): input1 size does not match weight size: got ${input1.shape.at(-1)} but expected ${weight.shape[1]}`,
    );
  if (input2.shape.at(-1) !== weight.shape[2])
    throw new RuntimeError(
      `bilinear(): input2 size does not match weight size: got ${input2.shape.at(-1)} but expected ${weight.shape[2]}`,
    );
  if (bias !== null && bias.shape[0] !== weight.shape[0])
    throw new RuntimeError(
      `bilinear(): bias size does not match weight size: got ${bias.shape[0]} but expected ${weight.shape[0]}`,
    );
}

/** Σ aᵢ · wₖᵢⱼ · bⱼ: (n, I), (K, I, J), (n, J) → (n, K). @internal */
op("_trilinear(input, weight: Tensor, other: Tensor)", {
  grad_fn: "TrilinearBackward0",
  forward: trilinear,
  backward: {
    input: [
      ["weight", "other"],
      (grad, weight, other) => torch._trilinear(grad, weight.permute(1, 0, 2), other),
      "Σ gradₖ · weightₖᵢⱼ · otherⱼ",
    ],
    weight: [
      ["input", "other"],
      (grad, input, other) => {
        const products = input.unsqueeze(2).mul(other.unsqueeze(1)).flatten(1);
        return grad.t().mm(products).reshape([grad.shape[1], input.shape[1], other.shape[1]]);
      },
      "Σ gradₖ · inputᵢ · otherⱼ",
    ],
    other: [
      ["input", "weight"],
      (grad, input, weight) => torch._trilinear(grad, weight.permute(2, 0, 1), input),
      "Σ gradₖ · weightₖᵢⱼ · inputᵢ",
    ],
  },
});

function trilinear(input: Tensor, weight: Tensor, other: Tensor): Tensor {
  const products = input.unsqueeze(2).mul(other.unsqueeze(1)).flatten(1);
  return products.mm(weight.reshape([weight.shape[0], weight.shape[1] * weight.shape[2]]).t());
}
