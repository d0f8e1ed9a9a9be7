import assert from "node:assert/strict";
import { pythonStr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/lookalikes.json";

// Drawn from PyTorch by scripts/vectors/lookalikes.py, which has the same calls in Python.

type Tensor = InstanceType<typeof torch.Tensor>;

const { nn, optim } = torch;
const x = torch.arange(24, { dtype: torch.float32 }).view(2, 3, 4);
const a = torch.tensor([1, 2], { requires_grad: true });
const square = a.pow(2);
const one = torch.ones(1, 3, 4, 4);
const crossed = [
  [0, 1],
  [1, 0],
];
const size = (t: Tensor) => t.shape.map(String);
const transposed = () => new nn.ConvTranspose2d(3, 4, 3, { stride: 2 });
// What only Python and JavaScript without types let one write.
const untyped = <T>(value: unknown) => value as T;

const cases: Record<string, () => unknown> = {
  "lists in a list are several indices": () => x.index(crossed),
  "lists in a list are several indices, written": () => {
    const y = x.clone();
    y.__setitem__([crossed], 5);
    return y;
  },
  "a list is one index": () => size(x.index([0, 1])),
  "gradients in batches": () =>
    torch.autograd.grad(square, a, torch.eye(2), { is_grads_batched: true, retain_graph: true }),
  "output_size by name": () => size(transposed().forward(one, { output_size: [10, 10] })),
  "output_size out of range": () => transposed().forward(one, { output_size: [20, 20] }),
  "an argument missing": () => new nn.Linear(1, untyped<number>(undefined)),
  "an argument of a scheduler missing": () =>
    new optim.lr_scheduler.StepLR(new optim.SGD([a], { lr: 0.1 }), untyped<number>(undefined)),
  "bounds the wrong way round": () => new nn.Hardtanh(1, -1),
  "more padding than dimensions": () => new nn.ReflectionPad2d(1).forward(torch.ones(2)),
  "no size of a fractional pool": () => new nn.FractionalMaxPool2d(2),
  "a norm of a margin loss": () => new nn.MultiMarginLoss({ p: 3 }),
  "a group without parameters": () =>
    new optim.SGD([untyped<{ params: Tensor[] }>({ lr: 0.1 })], { lr: 0.1 }),
  "an input of another dtype": () => new nn.Linear(2, 3).forward(torch.ones(2).double()),
  "integers as input": () => new nn.Linear(2, 3).forward(torch.ones(1, 2).long()),
  "padding more than there are dimensions": () => nn.functional.pad(torch.ones(2), [1, 1, 1, 1]),
  "random numbers beside others": () => {
    torch.manual_seed(0);
    const inside = torch.random.fork_rng(() => {
      torch.manual_seed(1);
      return torch.rand(1);
    });
    return [inside, torch.rand(1)];
  },
  "a leaf's step by its full name": () => a.mul(2).grad_fn!.next_functions[0][0]!.name(),
};

function outcome(call: () => unknown): string | string[] {
  try {
    const result = call();
    return Array.isArray(result) ? result.map((each) => pythonStr(each)) : pythonStr(result);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

describe("calls that look alike in PyTorch and here", () => {
  for (const [name, expected] of Object.entries(vectors))
    it(`${name}: end alike`, () => {
      assert.deepEqual(outcome(cases[name]), expected);
    });
});
