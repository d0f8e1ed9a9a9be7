import assert from "node:assert/strict";
import torch from "../../engine/torch";

type T = ReturnType<typeof torch.randn>;
type Ctx = { save_for_backward(...tensors: T[]): void; readonly saved_tensors: readonly T[] };

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

  it("train alike whether or not the program looks at the gradients of leaves", () => {
    for (const kind of [torch.optim.SGD, torch.optim.Adam] as (typeof torch.optim.SGD)[]) {
      const [unseen, seen] = [false, true].map((looks) => trained(kind, looks));
      assert.deepEqual(unseen, seen, kind.name);
    }
  });

  it("give leaves that get the same gradient one each", () => {
    const [a, b] = [torch.randn(SIZE, SIZE).requires_grad_(), torch.randn(SIZE, SIZE).requires_grad_()];
    a.add(b).mm(torch.randn(SIZE, SIZE)).tanh().sum().backward();
    const was = numbers(b.grad as unknown as T);
    (a.grad as unknown as T).zero_();
    assert.deepEqual(numbers(b.grad as unknown as T), was);
  });

  it("leave the gradients alone that an optimizer of the program keeps", () => {
    const kept: { tensor: T; was: number[] }[] = [];
    class Keeping extends torch.optim.SGD {
      protected override update(param: T, grad: T, group: never) {
        kept.push({ tensor: grad, was: numbers(grad) });
        super.update(param, grad, group);
      }
    }
    const w = torch.randn(SIZE, SIZE).requires_grad_();
    const optimizer = new Keeping([w], { lr: 0.1 });
    for (let round = 0; round < 4; round++) step(optimizer, w);
    for (const { tensor, was } of kept) assert.deepEqual(numbers(tensor), was);
  });

  it("leave a leaf's gradient alone when what a hook unpacked for it loses its own", () => {
    const unpacked: T[] = [];
    class Unpacking extends autograd.Function {
      static override forward(ctx: Ctx, x: T) {
        ctx.save_for_backward(x);
        return x.mul(1);
      }
      static override backward(ctx: Ctx, grad: T) {
        unpacked.push(...ctx.saved_tensors);
        return grad.mul(1);
      }
    }
    const w = torch.randn(SIZE, SIZE).requires_grad_();
    const same = (tensor: T) => tensor;
    autograd.graph
      .saved_tensors_hooks(same, same, () => Unpacking.apply(w) as T)
      .sum()
      .backward();
    w.grad = null;
    w.mm(w).sum().backward();
    for (const other of unpacked) other.grad = null;
    const other = torch.randn(SIZE, SIZE).requires_grad_();
    other.mm(other).sum().backward();
    assert.deepEqual(numbers(w.grad as unknown as T), numbers((autograd.grad(w.mm(w).sum(), [w]) as T[])[0]));
  });
});

/** A step on the sum of a product and its derivative's. */
function step(optimizer: InstanceType<typeof torch.optim.SGD>, w: T): void {
  optimizer.zero_grad();
  w.mm(w).tanh().sum().backward();
  optimizer.step();
}

/** The parameter after some steps, with every gradient looked at or none. */
function trained(kind: typeof torch.optim.SGD, looks: boolean): number[] {
  torch.manual_seed(1);
  const w = torch.randn(SIZE, SIZE).requires_grad_();
  const optimizer = new kind([w], { lr: 0.01 });
  const seen: (T | null)[] = [];
  for (let round = 0; round < 5; round++) {
    step(optimizer, w);
    if (looks) seen.push(w.grad);
  }
  return numbers(w);
}
