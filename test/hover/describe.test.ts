import assert from "node:assert/strict";
import { describeHover, inspectionOf } from "../../src/hover/describe";

const tensor = {
  shape: [2],
  dtype: "torch.float32",
  requiresGrad: true,
  isLeaf: false,
  gradFn: "AddBackward0",
  nextFunctions: ["MulBackward0", "AccumulateGrad", null],
  grad: "tensor([1., 1.])",
  statistics: null,
  gradStatistics: null,
  why: null,
};

describe("a hover", () => {
  it("shows a tensor as PyTorch prints it, how it was made, and its gradient", () => {
    const text = "tensor([2., 3.], grad_fn=<AddBackward0>)";
    assert.equal(
      describeHover({ text, count: 11, tensor }),
      `\`\`\`text
tensor([2., 3.], grad_fn=<AddBackward0>)
\`\`\`

shape \`(2,)\` · \`torch.float32\` · \`requires_grad\`

grad_fn \`AddBackward0\` ← \`MulBackward0\`, \`AccumulateGrad\`, \`None\`

∇ gradient

\`\`\`text
tensor([1., 1.])
\`\`\`

The last of 11 times.`,
    );
  });

  it("says of a leaf that it is one", () => {
    const leaf = { ...tensor, isLeaf: true, gradFn: null, nextFunctions: [], grad: null };
    assert.equal(
      describeHover({ text: "tensor([2., 3.], requires_grad=True)", count: 1, tensor: leaf }),
      "```text\ntensor([2., 3.], requires_grad=True)\n```\n\nshape `(2,)` · `torch.float32` · `requires_grad` · leaf",
    );
  });

  it("shows a program's own texts as they are, whatever markup they hold", () => {
    const text = 'a "```\n[link](command:x) <b>\n````"';
    assert.equal(describeHover({ text, count: 1, tensor: null }), `\`\`\`\`\`text\n${text}\n\`\`\`\`\``);
    const named = describeHover({ text: "1", count: 1, tensor: { ...tensor, gradFn: "`**x**`" } });
    assert.ok(named.includes("grad_fn `` `**x**` `` ←"));
  });

  it("falls back to the line's value when the whole is gone", () => {
    const { shape, dtype, requiresGrad, gradFn, grad } = tensor;
    const value = {
      kind: "tensor",
      text: "tensor([2., 3.])",
      shape,
      dtype,
      requiresGrad,
      gradFn,
      grad,
    } as const;
    const markdown = describeHover(inspectionOf({ count: 1, value }));
    assert.match(markdown, /tensor\(\[2\., 3\.\]\)[\s\S]*grad_fn `AddBackward0`\n\n∇ gradient/);
  });
});
