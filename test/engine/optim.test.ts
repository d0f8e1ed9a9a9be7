import assert from "node:assert/strict";
import { pythonRepr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import { refusal } from "./refusal";
import vectors from "./vectors/optim.json";

// Drawn from PyTorch by scripts/vectors/optim.py, which explains the layout.
type Settings = Record<string, unknown>;
type Optimizer = InstanceType<typeof torch.optim.Optimizer>;
type Scheduler = InstanceType<typeof torch.optim.lr_scheduler.LRScheduler>;
type Tensor = InstanceType<typeof torch.Tensor>;

const { optim } = torch;
const { lr_scheduler } = optim;

function make(name: string, params: unknown, settings: Settings): Optimizer {
  const Class = optim[name as "SGD"] as new (...args: unknown[]) => Optimizer;
  return new Class(params, settings);
}

function schedule(name: string, optimizer: Optimizer, settings: Settings): Scheduler {
  const Class = lr_scheduler[name as "StepLR"] as unknown as new (...args: unknown[]) => Scheduler;
  return new Class(optimizer, settings);
}

function problem(dtype = torch.float32) {
  const w = torch.tensor(
    [
      [0.5, -1.2],
      [2.0, 0.3],
      [-0.7, 1.1],
    ],
    { dtype, requires_grad: true },
  );
  const b = torch.tensor([0.1, -0.2], { dtype, requires_grad: true });
  const x = torch.tensor(
    [
      [1.0, 2.0, -1.0],
      [0.5, -1.5, 2.0],
      [-2.0, 0.3, 0.7],
      [1.2, 0.9, -0.4],
    ],
    { dtype },
  );
  const y = torch.tensor(
    [
      [1.0, -1.0],
      [0.5, 2.0],
      [-1.5, 0.0],
      [0.2, 0.8],
    ],
    { dtype },
  );
  const loss = () => x.matmul(w).add(b).sub(y).pow(2).mean().add(w.pow(4).sum().mul(0.1));
  return { params: [w, b], loss };
}

function closureOf(optimizer: Optimizer, loss: () => Tensor) {
  return () => {
    optimizer.zero_grad();
    const value = loss();
    value.backward();
    return value;
  };
}

const values = (params: Tensor[]) => params.flatMap((p) => p.detach().reshape(-1).tolist() as number[]);

function assertClose(actual: number[], expected: number[], tolerance: number, what: string) {
  actual.forEach((value, i) => {
    const off = Math.abs(value - expected[i]);
    assert.ok(off <= tolerance * Math.max(1, Math.abs(expected[i])), `${what}: ${value}, not ${expected[i]}`);
  });
}

describe("optimizers", () => {
  for (const [name, settings, steps, printed, remembered] of vectors.optimizers as [
    ...[string, Settings, number[][], string, string[]],
  ][]) {
    it(`${name} with ${pythonRepr(settings)} takes PyTorch's steps`, () => {
      const { params, loss } = problem(name === "LBFGS" ? torch.float64 : torch.float32);
      const optimizer = make(name, params, settings);
      const closure = closureOf(optimizer, loss);
      steps.forEach((expected, i) => {
        optimizer.step(closure);
        // The closest that steps whose size depends on a chain of powers and roots can be held to.
        assertClose(values(params), expected, 2e-6, `step ${i + 1}`);
      });
      assert.equal(String(optimizer), printed);
      if (name !== "LBFGS")
        assert.deepEqual(Object.keys(optimizer.state_dict().state.get(0) ?? {}), remembered);
    });
  }

  it("go on after load_state_dict as if they had never stopped", () => {
    for (const name of ["SGD", "Adam", "RMSprop", "Adagrad", "NAdam", "ASGD", "LBFGS"]) {
      const settings = name === "SGD" ? { lr: 0.1, momentum: 0.9 } : { lr: 0.1 };
      const one = problem();
      const first = make(name, one.params, settings);
      for (let i = 0; i < 2; i++) first.step(closureOf(first, one.loss));
      const other = problem();
      torch.no_grad(() => {
        other.params.forEach((p, i) => {
          p.copy_(one.params[i]);
        });
      });
      const second = make(name, other.params, {});
      second.load_state_dict(structuredCopy(first.state_dict()));
      first.step(closureOf(first, one.loss));
      second.step(closureOf(second, other.loss));
      assert.deepEqual(values(other.params), values(one.params), name);
    }
  });

  it("print rates that a scheduler computed as floats", () => {
    const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.1 });
    const scheduler = new lr_scheduler.PolynomialLR(optimizer, { total_iters: 1 });
    optimizer.step();
    scheduler.step();
    assert.match(String(optimizer), / lr: 0\.0$/m);
    const adadelta = new optim.Adadelta([torch.zeros(1, { requires_grad: true })]);
    new lr_scheduler.ExponentialLR(adadelta, 0.9);
    assert.match(String(adadelta), /initial_lr: 1\.0$/m);
  });

  it("keep ASGD's step size in single precision where a loaded state has doubles", () => {
    const { params, loss } = problem(torch.float64);
    const first = new optim.ASGD(params, { lr: 0.1, lambd: 0.01 });
    first.step(closureOf(first, loss));
    const second = new optim.ASGD(params, { lr: 0.1, lambd: 0.01 });
    second.load_state_dict(first.state_dict());
    second.step(closureOf(second, loss));
    const eta = second.state_dict().state.get(0)!.eta as Tensor;
    assert.equal(eta.dtype, torch.float64);
    assert.equal(eta.item(), Math.fround(eta.item()));
  });

  it("number parameters through all groups in their state_dict", () => {
    const { params, loss } = problem();
    const [w, b] = params;
    const optimizer = new optim.SGD([{ params: [w] }, { params: b, lr: 0.5 }], { lr: 0.1, momentum: 0.9 });
    optimizer.step(closureOf(optimizer, loss));
    const { state, param_groups } = optimizer.state_dict();
    assert.deepEqual([...state.keys()], [0, 1]);
    assert.deepEqual(
      param_groups.map((group) => [group.params, group.lr]),
      [
        [[0], 0.1],
        [[1], 0.5],
      ],
    );
  });

  it("keep names that parameters came with", () => {
    const optimizer = new optim.SGD(new torch.nn.Linear(2, 1).named_parameters(), { lr: 0.1 });
    assert.deepEqual(optimizer.param_groups[0].param_names, ["weight", "bias"]);
  });

  it("call hooks around each step", () => {
    const { params } = problem();
    const optimizer = new optim.SGD(params, { lr: 0.1 });
    const calls: string[] = [];
    const before = optimizer.register_step_pre_hook(() => void calls.push("before"));
    optimizer.register_step_post_hook(() => void calls.push("after"));
    optimizer.step();
    before.remove();
    optimizer.step();
    assert.deepEqual(calls, ["before", "after", "after"]);
  });

  it("refuse parameters they cannot change", () => {
    const { params } = problem();
    const [w, b] = params;
    const sgd = (given: unknown) => refusal(() => new optim.SGD(given as Tensor[], { lr: 0.1 }));
    assert.equal(
      sgd(w),
      "TypeError: params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor",
    );
    assert.equal(sgd([]), "ValueError: optimizer got an empty parameter list");
    assert.equal(sgd([w.mul(2)]), "ValueError: can't optimize a non-leaf Tensor");
    assert.equal(
      sgd([{ params: [w] }, { params: [w, b] }]),
      "ValueError: some parameters appear in more than one parameter group",
    );
    assert.equal(sgd([1]), "TypeError: optimizer can only optimize Tensors, but one of the params is int");
    const one = new optim.SGD([w], { lr: 0.1 }).state_dict();
    assert.equal(
      refusal(() => new optim.SGD(params, { lr: 0.1 }).load_state_dict(one)),
      "ValueError: loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    );
  });
});

function structuredCopy(dict: ReturnType<Optimizer["state_dict"]>) {
  const copy = (value: unknown): unknown => {
    if (value instanceof torch.Tensor) return value.clone();
    return Array.isArray(value) ? value.map(copy) : value;
  };
  const state = [...dict.state].map(([key, s]): [number, Settings] => [
    key,
    Object.fromEntries(Object.entries(s).map(([k, v]) => [k, copy(v)])),
  ]);
  return { ...dict, state: new Map(state) };
}

function fresh(kind: string): Optimizer {
  const w = torch.zeros(1, { requires_grad: true });
  return kind === "SGD" ? new optim.SGD([w], { lr: 0.1, momentum: 0.9 }) : new optim.Adam([w], { lr: 0.1 });
}

/** The rate and the momentum that the groups have in each epoch. */
function rates(
  optimizer: Optimizer,
  scheduler: Scheduler,
  advance = (s: Scheduler, _epoch: number) => s.step(),
) {
  return Array.from({ length: 14 }, (_, epoch) => {
    const [group] = optimizer.param_groups;
    const rate = [group.lr, group.betas?.[0] ?? group.momentum ?? 0];
    optimizer.step();
    advance(scheduler, epoch);
    return rate;
  }).flat();
}

const CLOSE = 1e-12;

describe("schedulers", () => {
  for (const [name, kind, settings, expected] of vectors.schedulers as [
    ...[string, string, Settings, number[][]],
  ][]) {
    it(`${name} of ${kind} with ${pythonRepr(settings)} sets PyTorch's rates`, () => {
      const optimizer = fresh(kind);
      const scheduler = schedule(name, optimizer, settings);
      const advance =
        name === "ReduceLROnPlateau"
          ? (s: Scheduler, epoch: number) => s.step(vectors.metrics[epoch])
          : undefined;
      assertClose(rates(optimizer, scheduler, advance), expected.flat(), CLOSE, name);
    });
  }

  const makers: Record<string, (o: Optimizer) => Scheduler> = {
    LambdaLR: (o) => new lr_scheduler.LambdaLR(o, (epoch) => 0.95 ** epoch),
    MultiplicativeLR: (o) => new lr_scheduler.MultiplicativeLR(o, (epoch) => 1 / (1 + epoch)),
    SequentialLR: (o) =>
      new lr_scheduler.SequentialLR(
        o,
        [
          new lr_scheduler.ConstantLR(o, 0.1, 2),
          new lr_scheduler.ExponentialLR(o, 0.9),
          new lr_scheduler.CosineAnnealingLR(o, 4),
        ],
        [3, 7],
      ),
    "SequentialLR of a warm-up": (o) =>
      new lr_scheduler.SequentialLR(
        o,
        [new lr_scheduler.LinearLR(o, 0.1, 1, 4), new lr_scheduler.StepLR(o, 3, 0.5)],
        [4],
      ),
    ChainedScheduler: (o) =>
      new lr_scheduler.ChainedScheduler([
        new lr_scheduler.ConstantLR(o, 0.1, 3),
        new lr_scheduler.ExponentialLR(o, 0.9),
      ]),
  };
  for (const [name, expected] of vectors.composed as [string, number[][]][]) {
    if (name === "closed forms") continue;
    it(`${name} sets PyTorch's rates`, () => {
      const optimizer = fresh("SGD");
      assertClose(rates(optimizer, makers[name](optimizer)), expected.flat(), CLOSE, name);
    });
  }

  const closedForms = vectors.composed.at(-1)![1] as unknown as [string, Settings, number][];
  for (const [name, settings, expected] of closedForms) {
    it(`${name} with ${pythonRepr(settings)} goes to a given epoch`, () => {
      const optimizer = fresh("SGD");
      schedule(name, optimizer, settings).step(6);
      assertClose([optimizer.param_groups[0].lr], [expected], CLOSE, name);
    });
  }

  it("go on after load_state_dict where they stopped", () => {
    const optimizer = fresh("SGD");
    const first = new lr_scheduler.StepLR(optimizer, 2, 0.5);
    first.step();
    const second = new lr_scheduler.StepLR(optimizer, 7, 0.9);
    second.load_state_dict(first.state_dict());
    second.step();
    assert.deepEqual(second.get_last_lr(), [0.05]);
  });

  it("are for optimizers only", () => {
    assert.equal(
      refusal(() => new lr_scheduler.StepLR(3 as unknown as Optimizer, 2)),
      "TypeError: int is not an Optimizer",
    );
  });
});

describe("settings of optimizers and schedulers", () => {
  for (const [name, settings, message] of vectors.refusals as [string, Settings, string][]) {
    it(`${name} refuses ${pythonRepr(settings)} in PyTorch's words`, () => {
      const scheduler = name.replace("lr_scheduler.", "");
      const call = () =>
        scheduler === name
          ? make(name, [torch.zeros(1, { requires_grad: true })], settings)
          : schedule(scheduler, fresh("SGD"), settings);
      assert.equal(refusal(call), message);
    });
  }
});
