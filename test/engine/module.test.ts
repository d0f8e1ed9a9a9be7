import assert from "node:assert/strict";
import { pythonStr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/module.json";

// Drawn from PyTorch by scripts/vectors/module.py, which has the same cases in Python.

type Tensor = InstanceType<typeof torch.Tensor>;
type Module = InstanceType<typeof torch.nn.Module>;
type Linear = InstanceType<typeof torch.nn.Linear>;
type Show = (...values: unknown[]) => void;
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are given on purpose
type Wrong = any;

const { nn } = torch;
const { init, utils } = nn;

function linear(): Linear {
  const layer = new nn.Linear(2, 2);
  init.ones_(layer.weight);
  init.zeros_(layer.bias!);
  return layer;
}

const kind = (module: Module) => module.constructor.name;
const names = (named: [string, unknown][]) => named.map(([name]) => name);

const refused: Record<string, (m: Linear) => unknown> = {
  "buffer with a dot": (m) => m.register_buffer("a.b", null),
  "buffer over a parameter": (m) => m.register_buffer("weight", null),
  "buffer of a number": (m) => m.register_buffer("q", 3 as Wrong),
  "parameter of a tensor": (m) => m.register_parameter("q", torch.ones(2) as Wrong),
  "module of a number": (m) => m.add_module("q", 3 as Wrong),
  "module over a parameter": (m) => m.add_module("weight", new nn.ReLU()),
  "module without name": (m) => m.add_module("", new nn.ReLU()),
  "module with a dot": (m) => m.add_module("a.b", new nn.ReLU()),
  "number as a parameter": (m) => {
    m.weight = 3 as Wrong;
  },
  "tensor as a parameter": (m) => {
    m.weight = torch.ones(2, 2) as Wrong;
  },
  "number as a module": (m) => {
    new nn.Sequential(m)[0] = 3.5 as Wrong;
  },
  "string as a module": (m) => {
    new nn.Sequential(m)[0] = "relu" as Wrong;
  },
  "list as a buffer": () => {
    new nn.BatchNorm1d(2).running_mean = [0, 0] as Wrong;
  },
  "training mode 3": (m) => m.train(3 as Wrong),
  "no forward": () => new nn.Module()(3 as Wrong),
  "list of numbers": () => new nn.ModuleList([1 as Wrong]),
  "list of a number": () => new nn.ModuleList(3 as Wrong),
  "sequence of a number": () => new nn.Sequential(3 as Wrong),
  "dict of numbers": () => new nn.ModuleDict({ a: 3 as Wrong }),
  "to integers": (m) => m.to(torch.int64),
  "submodule that is not there": (m) => new nn.Sequential(m).get_submodule("5"),
  "submodule that is none": (m) => new nn.Sequential(m).get_submodule("0.weight"),
  "parameter that is not there": (m) => new nn.Sequential(m).get_parameter("0.nope"),
  "parameter that is none": () => new nn.Sequential(new nn.ReLU()).get_parameter("0.inplace"),
  "buffer that is none": (m) => m.get_buffer("weight"),
  "index out of range": (m) => new nn.ModuleList([m]).at(2),
  "insert out of range": (m) => new nn.Sequential(m).insert(9, new nn.ReLU()),
  "xavier of a vector": () => init.xavier_uniform_(torch.ones(2)),
  "kaiming by a wrong mode": () => init.kaiming_uniform_(torch.ones(2, 2), { mode: "x" as Wrong }),
  "gain of nothing known": () => init.calculate_gain("x"),
  "eye of a vector": () => init.eye_(torch.ones(2)),
  "dirac of a matrix": () => init.dirac_(torch.ones(2, 2)),
  "dirac of odd groups": () => init.dirac_(torch.ones(3, 2, 2), { groups: 2 }),
  "sparse of a vector": () => init.sparse_(torch.ones(2), 0.1),
  "orthogonal of a vector": () => init.orthogonal_(torch.ones(2)),
};

const printed: Record<string, () => Module> = {
  list: () =>
    new nn.ModuleList([
      ...[1, 2, 3].map(() => new nn.Linear(1, 1)),
      ...[new nn.ReLU(), new nn.ReLU(), new nn.Tanh()],
    ]),
  "empty list": () => new nn.ModuleList(),
  "list of sequences": () =>
    new nn.ModuleList([1, 2].map(() => new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU()))),
  dict: () => new nn.ModuleDict({ a: new nn.ReLU(), b: new nn.Sequential(new nn.Tanh()) }),
  "parameter list": () => new nn.ParameterList([torch.ones(2), torch.ones(2, 3), torch.ones([])]),
  "parameter dict": () => new nn.ParameterDict({ a: torch.ones(2), b: torch.ones(1, 2) }),
  "empty sequence": () => new nn.Sequential(),
  module: () => new nn.Module(),
  nested: () =>
    new nn.Sequential(
      new nn.Sequential(new nn.Linear(1, 1), new nn.ModuleList([new nn.ReLU()])),
      new nn.ReLU({ inplace: true }),
    ),
};

const initialised: Record<string, (t: Tensor) => Tensor> = {
  uniform_: (t) => init.uniform_(t, -2, 2),
  normal_: (t) => init.normal_(t, 1, 3),
  trunc_normal_: (t) => init.trunc_normal_(t),
  "trunc_normal_ narrow": (t) => init.trunc_normal_(t, { std: 0.02 }),
  "trunc_normal_ far out": (t) => init.trunc_normal_(t, 0, 1, 1, 2),
  constant_: (t) => init.constant_(t, 0.3),
  eye_: (t) => init.eye_(t),
  xavier_uniform_: (t) => init.xavier_uniform_(t, { gain: init.calculate_gain("relu") }),
  xavier_normal_: (t) => init.xavier_normal_(t),
  kaiming_uniform_: (t) => init.kaiming_uniform_(t, { mode: "fan_in", nonlinearity: "relu" }),
  kaiming_normal_: (t) => init.kaiming_normal_(t, 0.2, { mode: "fan_out" }),
  sparse_: (t) => init.sparse_(t, 0.4),
  orthogonal_: (t) => init.orthogonal_(t),
  "orthogonal_ wide": (t) => init.orthogonal_(t.t().contiguous(), 2),
};

const normalised: Record<string, () => Module> = {
  weight_norm: () => utils.weight_norm(new nn.Linear(3, 2)),
  "weight_norm of all": () => utils.weight_norm(new nn.Linear(3, 2), { dim: null }),
  "weight_norm of columns": () => utils.weight_norm(new nn.Linear(3, 2), "weight", 1),
  "weight_norm between": () => utils.weight_norm(new nn.Conv1d(3, 2, 2), "weight", 1),
  spectral_norm: () => utils.spectral_norm(new nn.Linear(3, 2)),
  "spectral_norm, three steps": () =>
    utils.spectral_norm(new nn.Linear(3, 2), { n_power_iterations: 3, eps: 1e-3 }),
  "spectral_norm transposed": () => utils.spectral_norm(new nn.ConvTranspose1d(3, 2, 2)),
  "parametrizations.weight_norm": () => utils.parametrizations.weight_norm(new nn.Linear(3, 2)),
  "parametrizations.spectral_norm": () => utils.parametrizations.spectral_norm(new nn.Linear(3, 2)),
};

const removal: Record<string, (m: Module) => Module> = {
  w: (m) => utils.remove_weight_norm(m),
  s: (m) => utils.remove_spectral_norm(m),
  p: (m) => utils.parametrize.remove_parametrizations(m, "weight"),
};

/** The elements in four digits, as Python shows floats. */
function seen(t: Tensor): string {
  const values = t.detach().flatten().tolist() as number[];
  return `[${values.map((x) => pythonFloat(Number(x.toFixed(4)))).join(", ")}]`;
}

function pythonFloat(x: number): string {
  if (Object.is(x, -0)) return "-0.0";
  return Number.isInteger(x) ? `${x}.0` : String(x);
}

function showNormalised(name: string, m: Module, show: Show): void {
  show(m);
  show([...m.state_dict().keys()]);
  const x = kind(m).includes("Conv") ? torch.randn(2, 3, 2) : torch.randn(2, 3);
  for (let i = 0; i < 2; i++) {
    const y: Tensor = m(x);
    show(weightOf(m).grad_fn!.name(), seen(y));
    y.pow(2).sum().backward();
  }
  show(...m.named_parameters().map(([path, p]) => `${path} ${seen(p.grad!)}`));
  show(...m.named_buffers().map(([path, b]) => `${path} ${seen(b)}`));
  m.eval();
  show(seen(m(x)));
  const plain = removal[name[0]](m);
  show(plain, [...m.state_dict().keys()], seen(weightOf(m)));
}

const weightOf = (m: Module) => (m as Linear).weight as Tensor;

const lazy: Record<string, [make: () => Module, shape: number[]]> = {
  LazyLinear: [() => new nn.LazyLinear(3), [2, 4]],
  "LazyLinear without bias": [() => new nn.LazyLinear(3, { bias: false }), [2, 4]],
  LazyConv1d: [() => new nn.LazyConv1d(2, 2, { bias: false }), [1, 2, 3]],
  LazyConv2d: [() => new nn.LazyConv2d(4, 2, { padding: 1, groups: 2 }), [1, 2, 2, 2]],
  LazyConv3d: [() => new nn.LazyConv3d(2, 1), [1, 2, 1, 1, 2]],
  LazyBatchNorm1d: [() => new nn.LazyBatchNorm1d(), [3, 2]],
  LazyBatchNorm2d: [() => new nn.LazyBatchNorm2d({ momentum: 0.5 }), [2, 2, 1, 2]],
  LazyBatchNorm3d: [() => new nn.LazyBatchNorm3d({ affine: false }), [2, 2, 1, 1, 2]],
};

function showLazy(m: Module, shape: number[], show: Show): void {
  show(m, [...m.state_dict().keys()], weightOf(m));
  const optimizer = m.parameters().length > 0 ? new torch.optim.SGD(m.parameters(), { lr: 0.1 }) : null;
  const y: Tensor = m(torch.randn(shape));
  show(m, kind(m), seen(y));
  if (optimizer === null) return;
  y.pow(2).sum().backward();
  optimizer.step();
  show(seen(weightOf(m)));
}

class Symmetric extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).transpose(-1, -2));
  }

  right_inverse(x: Tensor): Tensor {
    return x.triu();
  }
}

class Doubled extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

const { AdaptiveLogSoftmaxWithLoss } = nn;
const classes = (...ids: number[]) => torch.tensor(ids, { dtype: torch.int64 });
const adaptive: Record<string, () => unknown> = {
  "no cutoffs": () => new AdaptiveLogSoftmaxWithLoss(8, 10, []),
  "cutoffs out of order": () => new AdaptiveLogSoftmaxWithLoss(8, 10, [6, 3]),
  "cutoff beyond the classes": () => new AdaptiveLogSoftmaxWithLoss(8, 10, [10]),
  "classes beyond": () => new AdaptiveLogSoftmaxWithLoss(8, 10, [3])(torch.ones(2, 8), classes(1, 12)),
  "other batch": () => new AdaptiveLogSoftmaxWithLoss(8, 10, [3])(torch.ones(2, 8), classes(1)),
  "vector for a batch": () => new AdaptiveLogSoftmaxWithLoss(8, 10, [3])(torch.ones(2), classes(1, 2)),
};

function graded(): Linear {
  const layer = linear();
  layer(torch.tensor([[1, -2]]))
    .mul(torch.tensor([3, -4]))
    .sum()
    .backward();
  return layer;
}

const clipped: Record<string, (l: Linear) => unknown> = {
  clip_grad_norm_: (l) => utils.clip_grad_norm_(l.parameters(), 1),
  "clip_grad_norm_ large": (l) => utils.clip_grad_norm_(l.parameters(), 100),
  "clip_grad_norm_ infinite": (l) => utils.clip_grad_norm_(l.parameters(), 1, Number.POSITIVE_INFINITY),
  "clip_grad_norm_ first order": (l) => utils.clip_grad_norm_(l.parameters(), 1, { norm_type: 1 }),
  clip_grad_value_: (l) => utils.clip_grad_value_(l.parameters(), 3.5),
};

const cases: Record<string, (show: Show) => void> = {
  state_dict: (show) => show(linear().state_dict()),
  "state_dict of nested modules": (show) => {
    const inner = new nn.Sequential(new nn.BatchNorm1d(2), linear());
    show([...new nn.Sequential(linear(), inner).state_dict().keys()]);
  },
  load_state_dict: (show) => show(linear().load_state_dict(linear().state_dict())),
  "load_state_dict, not strict": (show) =>
    show(linear().load_state_dict({ weight: torch.ones(2, 2), more: torch.ones(1) }, { strict: false })),
  "load_state_dict, all wrong": () => {
    linear().load_state_dict({ weight: torch.ones(3, 2), more: torch.ones(1), b: torch.ones(1) });
  },
  "load_state_dict of a number": () => void linear().load_state_dict(3 as Wrong),
  "load_state_dict of numbers": () =>
    void linear().load_state_dict({ weight: 3 as Wrong, bias: torch.ones(2) }),
  "load_state_dict copies": (show) => {
    const [a, b] = [linear(), new nn.Linear(2, 2)];
    const before = b.weight;
    b.load_state_dict(a.state_dict());
    a.weight.data.mul_(5);
    show(b.weight === before, b.weight);
  },
  buffers: (show) => {
    const m = new nn.Module() as Module & { a: Tensor; b: Tensor };
    m.register_buffer("a", torch.ones(2));
    m.register_buffer("b", torch.zeros(1), { persistent: false });
    m.register_buffer("c", null);
    show(names(m.named_buffers()), [...m.state_dict().keys()]);
    m.a = m.a.mul(3);
    show(m.state_dict().get("a"));
    m.double();
    show(m.a, m.b);
  },
  "sequence, changed": (show) => {
    const s = new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU());
    s.append(new nn.Tanh());
    s.insert(0, new nn.Sigmoid());
    show(s, s.length);
    show(s.pop(0), s.at(-1), s.slice(1, 3));
    s.extend([new nn.ReLU()]);
    show(s);
  },
  "list, changed": (show) => {
    const s = new nn.ModuleList([new nn.ReLU(), new nn.Tanh()]);
    s.insert(1, new nn.Linear(1, 1));
    show(s, s.slice(0, 2));
    show(s.pop(1), [...s].map(kind));
  },
  "same module twice": (show) => {
    const l = new nn.Linear(1, 1);
    const s = new nn.Sequential(l, l);
    show(s.parameters().length, s.modules().length, s.length, [...s.state_dict().keys()]);
    show(s);
  },
  named_parameters: (show) => {
    const s = new nn.Sequential(linear(), new nn.Sequential(linear()));
    show(names(s.named_parameters()), names(s.named_parameters({ prefix: "net", recurse: true })));
    show(names(s[0].named_parameters({ recurse: false })), names(s.named_modules()));
  },
  "forward hooks": (show) => {
    const l = linear();
    l.register_forward_pre_hook((_m, args) => show("before", args[0]));
    l.register_forward_pre_hook((_m, args) => [args[0].mul(2)]);
    const handle = l.register_forward_hook((_m, args, out) => show("after", args[0], out));
    l.register_forward_hook((_m, _args, out) => out.add(100));
    show(l(torch.ones(1, 2)));
    handle.remove();
    show(l(torch.ones(1, 2)));
  },
  "backward hooks": (show) => {
    const x = torch.ones(1, 2, { requires_grad: true });
    const l = linear();
    l.register_full_backward_hook((_m, inputs, outputs) => show("gradients", inputs[0], outputs[0]));
    l.register_full_backward_pre_hook((_m, outputs) => show("results", outputs[0]));
    const y = l(x);
    show(y);
    y.sum().backward();
    show(x.grad, l.weight.grad);
  },
  "backward hooks replace": (show) => {
    const x = torch.ones(1, 2, { requires_grad: true });
    const l = linear();
    l.register_full_backward_hook((_m, inputs) => [inputs[0]!.mul(10)]);
    l.register_full_backward_pre_hook((_m, outputs) => [outputs[0]!.mul(3)]);
    l(x).sum().backward();
    show(x.grad, l.weight.grad);
  },
  "backward hooks without input gradients": (show) => {
    const l = linear();
    l.register_full_backward_hook((_m, inputs, outputs) => show(inputs[0], outputs[0]));
    l(torch.ones(1, 2)).sum().backward();
  },
  "to another dtype": (show) => {
    const l = linear();
    const p = l.weight;
    l(torch.ones(1, 2)).sum().backward();
    l.double();
    show(l.weight === p, l.weight, l.weight.grad);
    show(l.to(torch.float32).bias);
  },
  "apply, train and eval": (show) => {
    const s = new nn.Sequential(new nn.Linear(1, 1), new nn.Sequential(new nn.ReLU()));
    s.apply((m) => show(kind(m)));
    s.eval();
    show(s.modules().map((m) => m.training));
    s[1].train();
    show(s.modules().map((m) => m.training));
    s.requires_grad_(false);
    show(s.parameters().map((p) => p.requires_grad));
  },
  "fields, assigned again": (show) => {
    const m = new nn.BatchNorm1d(2);
    m.weight = new nn.Parameter(torch.tensor([3, 4]));
    m.bias = null;
    m.running_mean = torch.ones(2);
    show([...m.state_dict().keys()]);
    show(
      m(
        torch.tensor([
          [1, 2],
          [3, -4],
        ]),
      ),
    );
    const p = new nn.ParameterList([torch.ones(2)]);
    p[0] = torch.zeros(3) as Wrong;
    show(p);
  },
  "utils: parametrize": (show) => {
    const { register_parametrization, is_parametrized, remove_parametrizations } = utils.parametrize;
    const m = linear() as Linear & { parametrizations: Wrong };
    register_parametrization(m, "weight", new Symmetric());
    show(m, m.weight);
    show(is_parametrized(m), is_parametrized(m, "bias"), names(m.named_parameters()));
    m.weight = torch.tensor([
      [1, 2],
      [2, 3],
    ]) as Wrong;
    show(m.parametrizations.weight.original, m.weight);
    register_parametrization(m, "weight", new Doubled());
    show(m, m.weight);
    remove_parametrizations(m, "weight", { leave_parametrized: false });
    show(m, m.weight);
  },
  "refused: weight_norm twice": () => void utils.weight_norm(utils.weight_norm(linear())),
  "refused: remove_weight_norm of none": () => void utils.remove_weight_norm(linear()),
  "refused: spectral_norm without steps": () => void utils.spectral_norm(linear(), { n_power_iterations: 0 }),
  "refused: parametrization of nothing": () =>
    void utils.parametrize.register_parametrization(linear(), "nope", new Doubled()),
  "refused: parametrization of another shape": () =>
    void utils.parametrize.register_parametrization(linear(), "weight", new nn.Flatten(0)),
  "utils: pad_sequence": (show) => {
    const { pad_sequence, unpad_sequence } = utils.rnn;
    const [a, b] = [torch.ones(2, { requires_grad: true }), torch.full([3], 2)];
    show(pad_sequence([a, b]));
    show(pad_sequence([a, b], { batch_first: true, padding_value: -1 }));
    show(pad_sequence([a, b], true, { padding_side: "left" }));
    show(`torch.Size(${pythonStr(pad_sequence([torch.ones(1, 2), torch.zeros(2, 2)]).shape)})`);
    show(...unpad_sequence(pad_sequence([a, b]), classes(2, 3)));
  },
  "refused: pad_sequence of nothing": () => void utils.rnn.pad_sequence([]),
  "refused: pad_sequence on the wrong side": () =>
    void utils.rnn.pad_sequence([torch.ones(1)], { padding_side: "up" as Wrong }),
  "adaptive softmax": (show) => {
    const m = new AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], { div_value: 2, head_bias: true });
    show(m);
    show(m.named_parameters().map(([path, p]) => `${path} ${pythonStr(p.shape)}`));
    const x = torch.randn(5, 8, { requires_grad: true });
    const [output, loss] = m(x, classes(0, 4, 9, 2, 7));
    show(output.grad_fn!.name(), seen(output), loss);
    loss.backward();
    const tail = m.tail.at(0) as Wrong;
    show(seen(x.grad!), seen(m.head.weight.grad!), seen(tail[1].weight.grad));
    show(seen(m.log_prob(x)), m.predict(x));
    show(m(x.select(0, 0), torch.tensor(5n)).loss);
  },
  "init: dirac_": (show) => show(init.dirac_(torch.empty(4, 2, 3), 2)),
  "init: gains": (show) =>
    show(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"].map((n) => init.calculate_gain(n))),
  "init: gain of a slope": (show) => show(init.calculate_gain("leaky_relu", 0.2)),
  "utils: clip_grad_norm_ of infinite gradients": () => {
    const l = graded();
    l.bias!.grad!.__setitem__([0], Number.POSITIVE_INFINITY);
    utils.clip_grad_norm_(l.parameters(), 1, { error_if_nonfinite: true });
  },
  "utils: parameters as a vector": (show) => {
    const l = linear();
    show(utils.parameters_to_vector(l.parameters()));
    utils.vector_to_parameters(torch.arange(6).to(torch.float32), l.parameters());
    show(l.weight, l.bias);
  },
};
for (const [name, body] of Object.entries(refused)) cases[`refused: ${name}`] = () => void body(linear());
for (const [name, make] of Object.entries(printed))
  cases[`printed: ${name}`] = (show) => show(make().toString());
for (const [name, make] of Object.entries(normalised))
  cases[`utils: ${name}`] = (show) => showNormalised(name, make(), show);
for (const [name, [make, shape]] of Object.entries(lazy))
  cases[`lazy: ${name}`] = (show) => showLazy(make(), shape, show);
for (const [name, body] of Object.entries(adaptive))
  cases[`refused: adaptive softmax, ${name}`] = () => void body();
for (const [name, fill] of Object.entries(initialised))
  cases[`init: ${name}`] = (show) => show(fill(torch.empty(5, 3)));
for (const [name, clip] of Object.entries(clipped))
  cases[`utils: ${name}`] = (show) => {
    const l = graded();
    show(clip(l));
    show(l.weight.grad, l.bias!.grad);
  };

const shown = (value: unknown) => (value instanceof nn.Module ? value.toString() : pythonStr(value));

describe("modules", () => {
  for (const [name, expected] of Object.entries(vectors)) {
    it(`${name}: as in PyTorch`, () => {
      torch.manual_seed(0);
      const lines: string[] = [];
      try {
        cases[name]((...values) => void lines.push(values.map(shown).join(" ")));
      } catch (error) {
        lines.push(`${(error as Error).name}: ${(error as Error).message}`);
      }
      assert.deepEqual(lines, expected);
    });
  }

  it("take whether a parameter asks for a gradient by name", () => {
    assert.equal(new nn.Parameter(torch.ones(2), { requires_grad: false }).requires_grad, false);
    assert.equal(new nn.Parameter(torch.ones(2), { requires_grad: true }).requires_grad, true);
    assert.equal(new nn.Parameter(torch.ones(2), {}).requires_grad, true);
  });

  it("take what stands alone by its name too", () => {
    const m = new nn.Sequential(linear(), new nn.ReLU());
    assert.equal(m.train({ mode: false }).training, false);
    assert.equal(m.requires_grad_({ requires_grad: false }).parameters()[0].requires_grad, false);
    assert.equal(torch.ones(1).requires_grad_({ requires_grad: false }).requires_grad, false);
    assert.deepEqual(names(m.named_modules({ prefix: "p" })), ["p", "p.0", "p.1"]);
    assert.equal(torch.ones(2, 3).size({ dim: 1 }), 3);
    assert.equal(torch.ones(2, 3).stride({ dim: 0 }), 3);
    assert.equal(init.calculate_gain("leaky_relu", { param: 0.5 }), init.calculate_gain("leaky_relu", 0.5));
    assert.equal(
      torch.set_grad_enabled({ mode: false }, () => torch.is_grad_enabled()),
      false,
    );
    assert.equal(
      torch.inference_mode({ mode: false }, () => torch.is_inference_mode_enabled()),
      false,
    );
    const guard = torch.autograd.set_detect_anomaly({ mode: false });
    assert.equal(torch.is_anomaly_enabled(), false);
    guard[Symbol.dispose]();
  });

  it("name what is met twice as often where that is asked for", () => {
    const shared = linear();
    const m = new nn.Sequential(shared, shared);
    assert.deepEqual(names(m.named_modules({ remove_duplicate: false })), ["", "0", "1"]);
    assert.deepEqual(names(m.named_parameters({ remove_duplicate: false })), [
      "0.weight",
      "0.bias",
      "1.weight",
      "1.bias",
    ]);
  });

  it("are converted by device and dtype, and by type", () => {
    assert.equal(linear().to("cpu", torch.float64).weight.dtype, torch.float64);
    assert.equal(linear().to("cpu", { dtype: torch.float64 }).weight.dtype, torch.float64);
    assert.equal(linear().type(torch.float64).cpu().weight.dtype, torch.float64);
  });

  it("leave gradients that are asked for by name", () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    const double = () => x.mul(2).sum();
    const ofAll = torch.autograd.grad({ outputs: double(), inputs: x });
    const [grad] = torch.autograd.grad(double(), { inputs: [x], create_graph: true });
    assert.equal(String(ofAll[0]), "tensor([2., 2.])");
    assert.equal(String(grad), "tensor([2., 2.])");
    torch.autograd.backward({ tensors: double() });
    assert.equal(String(x.grad), "tensor([2., 2.])");
    assert.throws(() => torch.autograd.grad({ outputs: double() } as Wrong), {
      message: "grad() missing 1 required positional argument: 'inputs'",
    });
  });

  it("refuse the size of a projection for layers that have none", () => {
    for (const Layer of [nn.RNN, nn.GRU] as Wrong[])
      assert.throws(() => new Layer(2, 3, { proj_size: 1 }), {
        name: "ValueError",
        message: "proj_size argument is only supported for LSTM, not RNN or GRU",
      });
  });

  it("hold the members of a dict as properties, and iterate over their names", () => {
    const dict = new nn.ModuleDict({ first: new nn.ReLU() });
    dict.update({ second: new nn.Tanh() });
    assert.deepEqual([...dict], ["first", "second"]);
    assert.ok(dict.second instanceof nn.Tanh);
    assert.ok(dict.pop("first") instanceof nn.ReLU);
    assert.equal(dict.length, 1);
  });
});
