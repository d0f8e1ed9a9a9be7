import assert from "node:assert/strict";
import torch, { type Tensor } from "../../engine/torch";

const a = torch.tensor([true, false, true]);
const b = torch.tensor([true, true, false]);
const n = torch.tensor([1, -2, 3], { dtype: torch.int64 });

// What PyTorch 2.13 prints for the expressions.
const expected: [expression: string, result: () => Tensor, printed: string][] = [
  ["a & b", () => a.__and__(b), "tensor([ True, False, False])"],
  ["a | b", () => a.__or__(b), "tensor([True, True, True])"],
  ["a ^ b", () => a.__xor__(b), "tensor([False,  True,  True])"],
  ["~a", () => a.__invert__(), "tensor([False,  True, False])"],
  ["~n", () => n.__invert__(), "tensor([-2,  1, -4])"],
  ["a & True", () => a.__and__(true), "tensor([ True, False,  True])"],
  ["False | a", () => a.__ror__(false), "tensor([ True, False,  True])"],
  ["a & 1", () => a.__and__(1), "tensor([1, 0, 1])"],
  ["n & 3", () => n.__and__(3), "tensor([1, 2, 3])"],
  ["6 ^ n", () => n.__rxor__(6), "tensor([ 7, -8,  5])"],
  ["n & True", () => n.__and__(true), "tensor([1, 0, 1])"],
];

describe("operators on bits", () => {
  for (const [expression, result, printed] of expected)
    it(expression, () => assert.equal(String(result()), printed));

  it("write into the mask that is assigned", () => {
    const mask = a.clone();
    assert.equal(mask.__iand__(b), mask);
    assert.equal(String(mask), "tensor([ True, False, False])");
  });

  it("refuse floats in PyTorch's words", () => {
    const x = torch.ones(2);
    assert.throws(() => x.__and__(1), { message: `"bitwise_and_cpu" not implemented for 'Float'` });
    assert.throws(() => x.__invert__(), {
      name: "TypeError",
      message: "~ (operator.invert) is only implemented on integer and Boolean-type tensors",
    });
  });
});
