import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/indexing.json";

// Drawn from PyTorch by scripts/vectors/indexing.py, which explains the layout.
type Written = number | boolean | null | string | Record<string, unknown>;
type Outcome = { error: string } | { shape: number[]; data: number[]; grad_fn: string; grad: number[] };
type Case = [shape: number[], indices: Written[], value: Written, outcome: Outcome];
type Tensor = InstanceType<typeof torch.Tensor>;
type Index = Parameters<Tensor["index"]>[number];
type Data = Parameters<typeof torch.tensor>[0];

function decode(index: Written): Index {
  if (typeof index !== "object" || index === null) return index;
  if ("slice" in index) return torch.slice(...(index.slice as [number, number, number]));
  return "mask" in index
    ? torch.tensor(index.mask as Data, { dtype: torch.bool })
    : torch.tensor(index.long as Data, { dtype: torch.int64 });
}

function assigned(value: Written): Tensor | number {
  return typeof value === "number" ? value : torch.tensor((value as { float: Data }).float);
}

function outcomeOf(shape: number[], indices: Index[], value: Written): Outcome {
  const count = shape.reduce((n, size) => n * size, 1);
  const x = torch.arange(count, { dtype: torch.float32 }).view(shape).requires_grad_();
  try {
    const result = value === null ? x.index(...indices) : x.clone();
    if (value !== null) result.__setitem__(indices, assigned(value));
    const [grad] = torch.autograd.grad([result.square().sum()], [x]);
    return {
      shape: result.shape,
      data: result.flatten().tolist() as number[],
      grad_fn: result.grad_fn!.typeName,
      grad: grad!.flatten().tolist() as number[],
    };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

describe("indexing", () => {
  for (const [shape, indices, value, expected] of vectors as Case[]) {
    const verb = value === null ? "reads" : `writes ${JSON.stringify(value)} to`;
    it(`${verb} a [${shape}] tensor at ${JSON.stringify(indices)} as PyTorch does`, () => {
      assert.deepEqual(outcomeOf(shape, indices.map(decode), value), expected);
    });
  }

  it("takes ranges as text, lists of places and lists of truth values", () => {
    const x = torch.arange(12).view(3, 4);
    assert.deepEqual(x.index("1:", "::2").tolist(), [
      [4, 6],
      [8, 10],
    ]);
    assert.deepEqual(x.index([2, 0], 1).tolist(), [9, 1]);
    assert.deepEqual(x.index("...", [true, false, false, true]).tolist(), [
      [0, 3],
      [4, 7],
      [8, 11],
    ]);
  });

  it("adds to places named twice with index_put_ and accumulate", () => {
    const x = torch.zeros(3);
    x.index_put_([torch.tensor([0n, 0n, 2n])], torch.tensor([1, 2, 4]), true);
    assert.equal(String(x), "tensor([3., 0., 4.])");
  });
});
