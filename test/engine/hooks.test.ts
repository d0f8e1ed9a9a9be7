import assert from "node:assert/strict";
import { pythonStr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/hooks.json";

// Drawn from PyTorch by scripts/vectors/hooks.py, which has the same cases in Python.

const { nn, optim } = torch;
const { lr_scheduler } = optim;

type Show = (...values: unknown[]) => void;
type Attempt = (...calls: (() => unknown)[]) => void;
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are given on purpose
type Wrong = any;

function layer(value = 2) {
  const made = new nn.Linear(1, 1);
  nn.init.constant_(made.weight, value);
  nn.init.zeros_(made.bias!);
  return made;
}

const one = () => torch.ones(1, 1, { requires_grad: true });
const sgd = () => new optim.SGD([new nn.Parameter(torch.ones(1))], { lr: 0.5, momentum: 0.5 });

class Scaled extends nn.Module {
  override forward(x: Wrong, { factor = 1 } = {}) {
    return x.mul(factor);
  }
}

class Failing extends nn.Module {
  override forward(_x: Wrong): never {
    const error = new Error("no");
    error.name = "ValueError";
    throw error;
  }
}

const cases: Record<string, (show: Show, attempt: Attempt) => void> = {
  "forward hooks in their order": (show) => {
    const m = layer();
    const log: number[] = [];
    m.register_forward_hook(() => void log.push(1));
    m.register_forward_hook(() => void log.push(2), { prepend: true });
    m.register_forward_pre_hook(() => void log.push(3));
    m.register_forward_pre_hook(() => void log.push(4), { prepend: true });
    m.register_full_backward_hook(() => void log.push(5));
    m.register_full_backward_hook(() => void log.push(6), { prepend: true });
    m.register_full_backward_pre_hook(() => void log.push(7));
    m.register_full_backward_pre_hook(() => void log.push(8), { prepend: true });
    m(one()).sum().backward();
    show(log);
  },
  "forward hooks with keywords": (show, attempt) => {
    const m = new Scaled();
    const keywords = { with_kwargs: true };
    m.register_forward_pre_hook((_m, args, kwargs) => show(args.length, kwargs), keywords);
    m.register_forward_hook((_m, args, kwargs, out) => show(args.length, kwargs, out), keywords);
    m.register_forward_pre_hook((_m, args) => show(args.length));
    m.register_forward_hook((_m, args, out) => show(args.length, out));
    show(m(torch.ones(1), { factor: 3 }));
    show(m(torch.ones(1)));
    m.register_forward_pre_hook((_m, args) => [[args[0].add(1)], { factor: 10 }], keywords);
    show(m(torch.ones(1), { factor: 3 }));
    m.register_forward_pre_hook(() => 5, keywords);
    attempt(() => m(torch.ones(1)));
  },
  "a forward hook that is always called": (show, attempt) => {
    const m = new Failing();
    m.register_forward_hook(() => show("sometimes"));
    m.register_forward_hook((_m, _args, out) => show("always", out), { always_call: true });
    attempt(() => m(torch.ones(1)));
  },
  "backward hooks that return what they may not": (_show, attempt) => {
    let m = layer();
    m.register_full_backward_hook(() => [null, null]);
    attempt(() => m(one()).sum().backward());
    m = layer();
    m.register_full_backward_pre_hook(() => [null, null]);
    attempt(() => m(one()).sum().backward());
    const a = torch.ones(2, { requires_grad: true });
    a.register_hook((g) => g.double());
    attempt(() => a.mul(2).sum().backward());
  },
  "backward hooks of the older kind": (show, attempt) => {
    let m = layer();
    m.register_backward_hook((_m, sent, got) => show(sent.length, got[0]));
    m(one()).sum().backward();
    attempt(() => m.register_full_backward_hook(() => null));
    m = layer();
    m.register_full_backward_hook(() => null);
    attempt(() => m.register_backward_hook(() => null));
  },
  "backward hooks under no_grad": (show) => {
    const m = layer();
    m.register_full_backward_hook(() => null);
    torch.no_grad(() => show(m(one())));
  },
  "hooks of a module's state": (show) => {
    const m = layer();
    const s = new nn.Sequential(m);
    const handles = [
      m.register_state_dict_pre_hook((_m, prefix, keep_vars) => show("save", prefix, keep_vars)),
      m.register_state_dict_post_hook((_m, state, prefix) => show("saved", [...state.keys()], prefix)),
      m.register_load_state_dict_pre_hook((_m, _state, prefix, _meta, strict, missing, unexpected, errors) =>
        show("load", prefix, strict, missing, unexpected, errors),
      ),
      m.register_load_state_dict_post_hook((_m, keys) => show("loaded", keys)),
    ];
    const state = s.state_dict();
    show(s.load_state_dict(state));
    show(s.load_state_dict({ x: torch.ones(1) }, { strict: false }));
    for (const handle of handles) handle.remove();
    show(s.load_state_dict(s.state_dict()));
    m.register_load_state_dict_post_hook((_m, keys) => void keys.missing_keys.splice(0));
    show(s.load_state_dict({}));
  },
  "states that are older, assigned or none": (show, attempt) => {
    const m = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
    attempt(
      () => m.load_state_dict({}),
      () => m.load_state_dict({ "0.weight": torch.ones(2), "q.r": torch.ones(1), z: torch.ones(1) }),
      () => m.load_state_dict([] as Wrong),
      () => m.load_state_dict({ "1.num_batches_tracked": torch.ones(1) }, { strict: false }),
    );
    const state = { "0.weight": torch.ones(3, 2, { dtype: torch.float64 }) };
    m.load_state_dict(state, { strict: false });
    show((m[0] as Wrong).weight.dtype);
    m.load_state_dict(state, { strict: false, assign: true });
    show((m[0] as Wrong).weight);
  },
  "lists of modules": (_show, attempt) => {
    const s = new nn.Sequential(new nn.ReLU(), new nn.Tanh());
    const modules = new nn.ModuleList([new nn.ReLU()]);
    attempt(
      () => s.insert(1, 3 as Wrong),
      () => s.insert(9, new nn.ReLU()),
      () => s.insert(-1, new nn.Sigmoid()),
      () => s.__add__(new nn.Sequential(new nn.ReLU())),
      () => s.__mul__(2),
      () => s.__mul__(0),
      () => s.__add__(3 as Wrong),
      () => modules.insert(0, new nn.Tanh()),
      () => modules.__add__([new nn.Sigmoid()]),
      () => modules,
    );
  },
  "dicts of modules": (_show, attempt) => {
    const d = new nn.ModuleDict();
    const update = (given: Wrong) => () => d.update(given);
    attempt(update(3), update([3]), update([["a"]]), update([["a", 3]]));
  },
  "lists of parameters": (_show, attempt) => {
    const p = new nn.ParameterList([torch.ones(2), 1, "x"]);
    attempt(
      () => p,
      () => [...p.state_dict().keys()],
      () => p.parameters().length,
      () => p(1),
    );
  },
  "dicts of parameters": (_show, attempt) => {
    const d: Wrong = new nn.ParameterDict({ b: torch.ones(2), a: torch.zeros(1, 2) });
    attempt(
      () => d,
      () => d.get("q"),
      () => d.get("q", 3),
      () => d.setdefault("z", torch.zeros(1)),
      () => d.setdefault("z"),
      () => d.popitem()[0],
      () => d.copy(),
      () => d.fromkeys(["x", "y"], torch.ones(1)),
      () => d.update({ i: 3 }),
      () => d,
      () => d.update(3),
      () => d.update([3]),
      () => d.pop("q"),
      () => d(1),
    );
  },
  "hooks of an optimizer": (show, attempt) => {
    const o = new optim.SGD([new nn.Parameter(torch.ones(2))], { lr: 0.1 });
    const handles = [
      o.register_step_pre_hook((_o, args, kwargs) => show("before", args.length, kwargs)),
      o.register_step_post_hook((_o, args, kwargs) => show("after", args.length, kwargs)),
      o.register_state_dict_pre_hook(() => show("save")),
      o.register_state_dict_post_hook((_o, state) => show("saved", Object.keys(state))),
      o.register_load_state_dict_pre_hook((_o, state) => show("load", Object.keys(state))),
      o.register_load_state_dict_post_hook(() => show("loaded")),
    ];
    o.step();
    o.step(() => 1);
    o.load_state_dict(o.state_dict());
    for (const handle of handles) handle.remove();
    o.step();
    o.load_state_dict(o.state_dict());
    attempt(() => o.load_state_dict({} as Wrong));
  },
  "states of schedulers": (show, attempt) => {
    show(new lr_scheduler.LambdaLR(sgd(), () => 0.5).state_dict());
    show(new lr_scheduler.ReduceLROnPlateau(sgd()).state_dict());
    show(new lr_scheduler.ExponentialLR(sgd(), 0.5).state_dict());
    const oneCycle = new lr_scheduler.OneCycleLR(sgd(), 0.5, { total_steps: 4, three_phase: true });
    show(Object.keys(oneCycle.state_dict()));
    show(Object.keys(new lr_scheduler.CyclicLR(sgd(), 0.5, 1.5).state_dict()));
    const o = sgd();
    const chained = new lr_scheduler.ChainedScheduler([
      new lr_scheduler.ConstantLR(o, 0.5),
      new lr_scheduler.ExponentialLR(o, 0.5),
    ]);
    show(Object.keys(chained.state_dict()));
    attempt(() => new lr_scheduler.LambdaLR(sgd(), () => 1).load_state_dict({ last_epoch: 1 }));
  },
};

const shown = (value: unknown) => (value instanceof nn.Module ? value.toString() : pythonStr(value));

describe("hooks, states and containers", () => {
  for (const [name, expected] of Object.entries(vectors))
    it(`${name}: as in PyTorch`, () => {
      const lines: string[] = [];
      const show: Show = (...values) => void lines.push(values.map(shown).join(" "));
      const attempt: Attempt = (...calls) => {
        for (const call of calls)
          try {
            show(call() ?? null);
          } catch (error) {
            show(`${(error as Error).name}: ${(error as Error).message}`);
          }
      };
      cases[name](show, attempt);
      assert.deepEqual(lines, expected);
    });
});
