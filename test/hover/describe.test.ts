import assert from "node:assert/strict";
import { describeHover, type Hovered, inspectionOf } from "../../src/hover/describe";
import type { InspectedTensor } from "../../src/trace/queries";

const tensor: InspectedTensor = {
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

function hover(text: string, about: InspectedTensor | null, more: Partial<Hovered> = {}): string {
  return describeHover({
    what: "x",
    inspection: { text, count: 1, tensor: about },
    gradientOf: null,
    places: { textOf: (site) => `site ${site}`, linkTo: (site) => `line ${site}` },
    iteration: null,
    actions: [],
    ...more,
  });
}

describe("a hover", () => {
  it("shows a tensor as PyTorch prints it, how it was made, and its gradient", () => {
    const text = "tensor([2., 3.], grad_fn=<AddBackward0>)";
    assert.equal(
      hover(text, tensor, { inspection: { text, count: 11, tensor }, actions: ["[Copy](command:c)"] }),
      `\`\`\`text
tensor([2., 3.], grad_fn=<AddBackward0>)
\`\`\`

shape \`(2,)\` · \`torch.float32\` · \`requires_grad\`

grad_fn \`AddBackward0\` ← \`MulBackward0\`, \`AccumulateGrad\`, \`None\`

∇ gradient \`tensor([1., 1.])\`

The last of 11 times.

[Copy](command:c)`,
    );
  });

  it("says of a leaf that it is one", () => {
    const leaf = { ...tensor, isLeaf: true, gradFn: null, nextFunctions: [], grad: null };
    assert.equal(
      hover("tensor([2., 3.], requires_grad=True)", leaf),
      "```text\ntensor([2., 3.], requires_grad=True)\n```\n\nshape `(2,)` · `torch.float32` · `requires_grad` · leaf",
    );
  });

  it("tells what many elements are like, and first how many are not numbers", () => {
    const statistics = {
      count: 8,
      nan: 1,
      inf: 2,
      min: -1,
      max: 3,
      mean: 0.5,
      std: 1.25,
      norm: 4,
      histogram: [4, 0, 0, 1],
    };
    assert.match(
      hover("tensor(…)", { ...tensor, statistics }),
      /\*\*1 NaN\*\* · \*\*2 infinite\*\* · min `-1\.` · max `3\.` · mean `0\.5000` · std `1\.2500` · norm `4\.` · `█··▂`/,
    );
  });

  it("shows the ends of a value that is too tall", () => {
    const rows = Array.from({ length: 100 }, (_, i) => `row ${i}`).join("\n");
    const shown = hover(rows, null);
    assert.match(shown, /row 0\n[\s\S]*…\n[\s\S]*row 99\n/);
    assert.ok(shown.split("\n").length < 20);
  });

  it("explains the gradient of which the value is one, and says when there was none yet", () => {
    const why = { shares: [], sum: "tensor(1.)", accumulated: null, isRoot: true, path: [] };
    const gradientOf = { what: "w", tensor: { ...tensor, why } };
    const shown = hover("tensor(1.)", { ...tensor, gradFn: null, grad: null }, { gradientOf });
    assert.match(
      shown,
      /the gradient of `w` · shape[^\n]*\n\n\*\*Why this gradient\*\*\n\n`backward\(\)` began here/,
    );
    assert.equal(
      hover("null", null, { gradientOf: { what: "w", tensor: null } }),
      "```text\nNone\n```\n\n`w` had no gradient when this line ran.",
    );
  });

  it("says which iteration the views are back at", () => {
    assert.match(hover("1", null, { iteration: "epoch 3 of 9" }), /In epoch 3 of 9\.$/);
  });

  it("shows a program's own texts as they are, whatever markup they hold", () => {
    const text = 'a "```\n[link](command:x) <b>\n````"';
    assert.equal(hover(text, null), `\`\`\`\`\`text\n${text}\n\`\`\`\`\``);
    assert.ok(hover("1", { ...tensor, gradFn: "`**x**`" }).includes("grad_fn `` `**x**` `` ←"));
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
    const markdown = hover("", null, { inspection: inspectionOf({ count: 1, value }) });
    assert.match(
      markdown,
      /tensor\(\[2\., 3\.\]\)[\s\S]*grad_fn `AddBackward0`\n\n∇ gradient `tensor\(\[1\., 1\.\]\)`/,
    );
  });
});
