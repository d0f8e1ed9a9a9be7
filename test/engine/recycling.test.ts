import assert from "node:assert/strict";
import torch from "../../engine/torch";

type T = ReturnType<typeof torch.randn>;

/** Large enough for its memory to be given back. */
const SIZE = 96;

const { autograd } = torch;

function numbers(t: T): number[] {
  return t.detach().reshape([-1]).tolist() as unknown as number[];
}

/** Steps whose gradients are shared, summed, broadcast, views of each other and thrown away. */
function network(x: T, w: T, b: T): T {
  const h = x.mm(w).add(b);
  const [left, right] = h.tanh().split(SIZE / 2, 1);
  const joined = torch.cat([right, left], 1).add(h);
  const twice = joined.add(joined).sub(joined.t().t());
  const mixed = twice.mul(h.relu()).softmax(1).mul(x).add(twice.sum(0, true)).sum();
  const classes = torch.arange(SIZE).mul(7).remainder(SIZE);
  return torch.nn.functional.cross_entropy(twice, classes).add(mixed);
}

beforeEach(() => {
  torch.manual_seed(0);
});

describe("Backward passes that give memory back", () => {
  it("leave the gradients that passes leave which keep it", () => {
    for (let round = 0; round < 4; round++) {
      const leaves = [torch.randn(SIZE, SIZE), torch.randn(SIZE, SIZE), torch.randn(SIZE)].map((t) =>
        t.requires_grad_(),
      ) as [T, T, T];
      const expected = autograd.grad(network(...leaves), leaves) as T[];
      network(...leaves).backward();
      for (let i = 0; i < leaves.length; i++)
        assert.deepEqual(numbers(leaves[i].grad as T), numbers(expected[i]), `round ${round}, leaf ${i}`);
      network(...leaves).backward();
      const doubled = expected.map((t) => numbers(t).map((v) => Math.fround(2 * v)));
      for (let i = 0; i < leaves.length; i++)
        assert.deepEqual(numbers(leaves[i].grad as T), doubled[i], `round ${round}, leaf ${i}, accumulated`);
    }
  });

  it("leave alone what hooks, functions and leaves of the program keep", () => {
    const kept: { what: string; tensor: T; was: number[] }[] = [];
    const keep = (what: string, tensor: T) => {
      kept.push({ what, tensor, was: numbers(tensor) });
    };
    class Keeping extends autograd.Function {
      static override forward(_ctx: unknown, x: T) {
        return x.mul(1);
      }
      static override backward(_ctx: unknown, grad: T) {
        keep("a function's gradient", grad);
        const given = grad.mul(2);
        keep("what a function gave", given);
        return given;
      }
    }
    const w = torch.randn(SIZE, SIZE).requires_grad_();
    w.register_hook((grad: T) => keep("a leaf's hook", grad));
    for (let round = 0; round < 4; round++) {
      const h = w.mul(torch.randn(SIZE, SIZE));
      h.register_hook((grad: T) => keep("a tensor's hook", grad));
      const product = h.mm(w).tanh();
      product.retain_grad();
      product.grad_fn!.register_hook((sent, arrived) => {
        for (const grad of [...sent, ...arrived]) keep("a step's hook", grad as T);
      });
      const loss = Keeping.apply(product.exp()).mul(torch.randn(SIZE, SIZE)).sum();
      w.grad = null;
      (loss as T).backward();
      keep("a leaf's gradient", w.grad as unknown as T);
      keep("a retained gradient", product.grad as T);
    }
    assert.equal(kept.length, 4 * 8);
    for (const { what, tensor, was } of kept) assert.deepEqual(numbers(tensor), was, what);
  });
});
