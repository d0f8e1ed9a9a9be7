import assert from "node:assert/strict";
import torch from "../../engine/torch";
import { refusal } from "./refusal";
import vectors from "./vectors/call_names.json";

// Drawn from PyTorch by scripts/vectors/call_names.py, which explains the layout.
type Callable = ((...args: unknown[]) => unknown) & (new (...args: unknown[]) => unknown);

const { nn, optim } = torch;

function found(path: string): Callable | undefined {
  const at = path
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], torch);
  return typeof at === "function" ? (at as Callable) : undefined;
}

const isClass = (path: string) => /\.[A-Z]\w*$/.test(path);

/** What a call is refused with, but for the names that ours adds of what there is. */
function refused(path: string, args: unknown[]): string {
  const called = found(path)!;
  const message = refusal(() => (isClass(path) ? new called(...args) : called(...args)));
  return message.replace(/ \(its arguments are: .*\)$/, "");
}

describe("calls that do not fit", () => {
  const calls = (vectors as [string, string | null, string][]).filter(([path]) => found(path) !== undefined);

  it("are many", () => {
    assert.ok(calls.length > 180);
  });

  for (const [path, without, unknown] of calls) {
    it(`${path} says in Python's words what is missing and what is unknown`, () => {
      if (without !== null) assert.equal(refused(path, []), `TypeError: ${without}`);
      assert.equal(refused(path, [{ nonsense: 1 }]), `TypeError: ${unknown}`);
    });
  }

  it("say what is given twice, and how many there may be", () => {
    const params = [torch.zeros(1, { requires_grad: true })];
    const sgd = new optim.SGD(params, { lr: 0.1 });
    const step = (...args: unknown[]) => new (optim.lr_scheduler.StepLR as unknown as Callable)(sgd, ...args);
    assert.equal(
      refusal(() => step(3, { step_size: 4 })),
      "TypeError: StepLR.__init__() got multiple values for argument 'step_size'",
    );
    assert.equal(
      refusal(() => step(3, 0.1, -1, 5)),
      "TypeError: StepLR.__init__() takes from 3 to 5 positional arguments but 6 were given",
    );
    assert.equal(
      refusal(() => new (nn.Tanh as unknown as Callable)(3)),
      "TypeError: Tanh.__init__() takes 1 positional argument but 2 were given",
    );
    const x = torch.ones(2);
    const call = (f: unknown, ...args: unknown[]) => refusal(() => (f as Callable).apply(x, args));
    const twice = (name: string) => `got multiple values for argument '${name}'`;
    assert.equal(call(torch.add, x, 1, { input: x }), `TypeError: add() ${twice("input")}`);
    assert.equal(call(torch.sum, x, 0, { dim: 0 }), `TypeError: sum() ${twice("dim")}`);
    assert.equal(call(x.sum, 0, { dim: 0 }), `TypeError: sum() ${twice("dim")}`);
    assert.equal(call(x.expand, 2, { size: [2] }), `TypeError: expand() ${twice("size")}`);
    assert.match(
      call(x.add, 1, { input: x }),
      /^TypeError: add\(\) got an unexpected keyword argument 'input'/,
    );
  });
});

describe("arguments by name", () => {
  const w = () => torch.ones(2, 2, { requires_grad: true });

  it("may be all of them, the first too", () => {
    const params = [w()];
    const sgd = new optim.SGD({ params, lr: 0.5 });
    assert.equal(sgd.param_groups[0].params[0], params[0]);
    const scheduler = new optim.lr_scheduler.StepLR({ optimizer: sgd, step_size: 1 });
    sgd.step();
    scheduler.step();
    assert.deepEqual(scheduler.get_last_lr(), [0.05]);
    assert.deepEqual(nn.init.ones_({ tensor: torch.zeros(2) }).tolist(), [1, 1]);
    params[0].sum().backward();
    assert.equal(nn.utils.clip_grad_norm_({ parameters: params, max_norm: 1 }).item(), 2);
    const loader = new torch.utils.data.DataLoader({ dataset: [1, 2, 3], batch_size: 2 });
    assert.deepEqual(
      [...loader].map((batch) => (batch as InstanceType<typeof torch.Tensor>).tolist()),
      [[1, 2], [3]],
    );
    const parts = torch.utils.data.random_split({ dataset: [1, 2, 3], lengths: [1, 2] });
    assert.deepEqual(
      parts.map((part) => part.length),
      [1, 2],
    );
    assert.equal(torch.manual_seed({ seed: 3 }).initial_seed(), 3);
    const jacobian = torch.autograd.functional.jacobian({
      func: (x: InstanceType<typeof torch.Tensor>) => x.mul(2),
      inputs: torch.ones(1),
    });
    assert.deepEqual(jacobian.tolist(), [[2]]);
  });

  it("may be those of a module's forward, and of one that a program wrote", () => {
    class Net extends nn.Module {
      override forward(x: InstanceType<typeof torch.Tensor>, scale = 2) {
        return x.mul(scale);
      }
    }
    const net = new Net() as unknown as Callable;
    const loss = new nn.MSELoss() as unknown as Callable;
    assert.equal(String(net({ x: torch.ones(1), scale: 5 })), "tensor([5.])");
    assert.equal(String(net({ x: torch.ones(1) })), "tensor([2.])");
    assert.equal(String(loss({ target: torch.zeros(1), input: torch.ones(1) })), "tensor(1.)");
    assert.equal(String(loss(torch.ones(1), { target: torch.zeros(1) })), "tensor(1.)");
  });

  it("are no names where a dict is the argument", () => {
    class Batch extends nn.Module {
      override forward(batch: { x: InstanceType<typeof torch.Tensor> }) {
        return batch.x;
      }
    }
    assert.equal(String(new Batch()({ x: torch.ones(1) })), "tensor([1.])");
    const dict = new nn.ModuleDict({ modules: new nn.ReLU() });
    assert.deepEqual(dict.keys(), ["modules"]);
  });

  it("may say where a module's memory is", () => {
    assert.equal(
      String(new nn.Linear(1, 2, { device: "cpu" })),
      "Linear(in_features=1, out_features=2, bias=True)",
    );
    assert.equal(
      refusal(() => new nn.Conv2d(1, 2, 3, { device: "cuda" })),
      "AssertionError: Torch not compiled with CUDA enabled",
    );
  });
});
