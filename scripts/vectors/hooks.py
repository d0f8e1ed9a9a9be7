"""Draws test/engine/vectors/hooks.json: hooks of modules and optimizers, their states, and what containers refuse.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/hooks.py

A case is a name and the lines it shows. test/engine/hooks.test.ts does the same in TypeScript, under the same names.
"""

import json
import warnings

import torch
from torch import nn, optim
from torch.optim import lr_scheduler

warnings.filterwarnings("ignore")

cases = {}


def case(name):
    def run(body):
        lines = []

        def show(*values):
            lines.append(" ".join(str(value) for value in values))

        def attempt(*calls):
            for call in calls:
                try:
                    show(call())
                except Exception as error:
                    show(f"{type(error).__name__}: {error}")

        body(show, attempt)
        cases[name] = lines

    return run


def layer(value=2.0):
    made = nn.Linear(1, 1)
    nn.init.constant_(made.weight, value)
    nn.init.zeros_(made.bias)
    return made


def one():
    return torch.ones(1, 1, requires_grad=True)


@case("forward hooks in their order")
def _(show, attempt):
    m, log = layer(), []
    m.register_forward_hook(lambda *args: log.append(1))
    m.register_forward_hook(lambda *args: log.append(2), prepend=True)
    m.register_forward_pre_hook(lambda *args: log.append(3))
    m.register_forward_pre_hook(lambda *args: log.append(4), prepend=True)
    m.register_full_backward_hook(lambda *args: log.append(5))
    m.register_full_backward_hook(lambda *args: log.append(6), prepend=True)
    m.register_full_backward_pre_hook(lambda *args: log.append(7))
    m.register_full_backward_pre_hook(lambda *args: log.append(8), prepend=True)
    m(one()).sum().backward()
    show(log)


class Scaled(nn.Module):
    def forward(self, x, factor=1.0):
        return x * factor


@case("forward hooks with keywords")
def _(show, attempt):
    m = Scaled()
    m.register_forward_pre_hook(lambda module, args, kwargs: show(len(args), kwargs), with_kwargs=True)
    m.register_forward_hook(lambda module, args, kwargs, out: show(len(args), kwargs, out), with_kwargs=True)
    m.register_forward_pre_hook(lambda module, args: show(len(args)))
    m.register_forward_hook(lambda module, args, out: show(len(args), out))
    show(m(torch.ones(1), factor=3))
    show(m(torch.ones(1)))
    m.register_forward_pre_hook(lambda module, args, kwargs: ((args[0] + 1,), {"factor": 10}), with_kwargs=True)
    show(m(torch.ones(1), factor=3))
    m.register_forward_pre_hook(lambda module, args, kwargs: 5, with_kwargs=True)
    attempt(lambda: m(torch.ones(1)))


class Failing(nn.Module):
    def forward(self, x):
        raise ValueError("no")


@case("a forward hook that is always called")
def _(show, attempt):
    m = Failing()
    m.register_forward_hook(lambda module, args, out: show("sometimes"))
    m.register_forward_hook(lambda module, args, out: show("always", out), always_call=True)
    attempt(lambda: m(torch.ones(1)))


@case("backward hooks that return what they may not")
def _(show, attempt):
    m = layer()
    m.register_full_backward_hook(lambda *args: (None, None))
    attempt(lambda: m(one()).sum().backward())
    m = layer()
    m.register_full_backward_pre_hook(lambda *args: (None, None))
    attempt(lambda: m(one()).sum().backward())
    a = torch.ones(2, requires_grad=True)
    a.register_hook(lambda g: g.double())
    attempt(lambda: (a * 2).sum().backward())


@case("backward hooks of the older kind")
def _(show, attempt):
    m = layer()
    m.register_backward_hook(lambda module, sent, got: show(len(sent), got[0]))
    m(one()).sum().backward()
    attempt(lambda: m.register_full_backward_hook(lambda *args: None))
    m = layer()
    m.register_full_backward_hook(lambda *args: None)
    attempt(lambda: m.register_backward_hook(lambda *args: None))


@case("backward hooks under no_grad")
def _(show, attempt):
    m = layer()
    m.register_full_backward_hook(lambda *args: None)
    with torch.no_grad():
        show(m(one()))


@case("hooks of a module's state")
def _(show, attempt):
    m = layer()
    s = nn.Sequential(m)
    handles = [
        m.register_state_dict_pre_hook(lambda module, prefix, keep_vars: show("save", prefix, keep_vars)),
        m.register_state_dict_post_hook(lambda module, state, prefix, meta: show("saved", list(state), prefix)),
        m.register_load_state_dict_pre_hook(
            lambda module, state, prefix, meta, strict, missing, unexpected, errors: show(
                "load", prefix, strict, missing, unexpected, errors
            )
        ),
        m.register_load_state_dict_post_hook(lambda module, keys: show("loaded", keys)),
    ]
    state = s.state_dict()
    show(s.load_state_dict(state))
    show(s.load_state_dict({"x": torch.ones(1)}, strict=False))
    for handle in handles:
        handle.remove()
    show(s.load_state_dict(s.state_dict()))
    m.register_load_state_dict_post_hook(lambda module, keys: keys.missing_keys.clear())
    show(s.load_state_dict({}))


@case("states that are older, assigned or none")
def _(show, attempt):
    m = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    attempt(
        lambda: m.load_state_dict({}),
        lambda: m.load_state_dict({"0.weight": torch.ones(2), "q.r": torch.ones(1), "z": torch.ones(1)}),
        lambda: m.load_state_dict([]),
        lambda: m.load_state_dict({"1.num_batches_tracked": torch.ones(1)}, strict=False),
    )
    state = {"0.weight": torch.ones(3, 2, dtype=torch.float64)}
    m.load_state_dict(state, strict=False)
    show(m[0].weight.dtype)
    m.load_state_dict(state, strict=False, assign=True)
    show(m[0].weight)


@case("lists of modules")
def _(show, attempt):
    s = nn.Sequential(nn.ReLU(), nn.Tanh())
    modules = nn.ModuleList([nn.ReLU()])
    attempt(
        lambda: s.insert(1, 3),
        lambda: s.insert(9, nn.ReLU()),
        lambda: s.insert(-1, nn.Sigmoid()),
        lambda: s + nn.Sequential(nn.ReLU()),
        lambda: s * 2,
        lambda: s * 0,
        lambda: s + 3,
        lambda: modules.insert(0, nn.Tanh()),
        lambda: modules + [nn.Sigmoid()],
        lambda: modules,
    )


@case("dicts of modules")
def _(show, attempt):
    d = nn.ModuleDict()
    attempt(lambda: d.update(3), lambda: d.update([3]), lambda: d.update([["a"]]), lambda: d.update([["a", 3]]))


@case("lists of parameters")
def _(show, attempt):
    p = nn.ParameterList([torch.ones(2), 1, "x"])
    attempt(lambda: p, lambda: list(p.state_dict()), lambda: len(list(p.parameters())), lambda: p(1))


@case("dicts of parameters")
def _(show, attempt):
    d = nn.ParameterDict({"b": torch.ones(2), "a": torch.zeros(1, 2)})
    attempt(
        lambda: d,
        lambda: d.get("q"),
        lambda: d.get("q", 3),
        lambda: d.setdefault("z", torch.zeros(1)),
        lambda: d.setdefault("z"),
        lambda: d.popitem()[0],
        lambda: d.copy(),
        lambda: d.fromkeys(["x", "y"], torch.ones(1)),
        lambda: d.update({"i": 3}),
        lambda: d,
        lambda: d.update(3),
        lambda: d.update([3]),
        lambda: d.pop("q"),
        lambda: d(1),
    )


@case("hooks of an optimizer")
def _(show, attempt):
    w = nn.Parameter(torch.ones(2))
    o = optim.SGD([w], lr=0.1)
    handles = [
        o.register_step_pre_hook(lambda opt, args, kwargs: show("before", len(args), kwargs)),
        o.register_step_post_hook(lambda opt, args, kwargs: show("after", len(args), kwargs)),
        o.register_state_dict_pre_hook(lambda opt: show("save")),
        o.register_state_dict_post_hook(lambda opt, state: show("saved", list(state))),
        o.register_load_state_dict_pre_hook(lambda opt, state: show("load", list(state))),
        o.register_load_state_dict_post_hook(lambda opt: show("loaded")),
    ]
    o.step()
    o.step(lambda: 1)
    o.load_state_dict(o.state_dict())
    for handle in handles:
        handle.remove()
    o.step()
    o.load_state_dict(o.state_dict())
    attempt(lambda: o.load_state_dict({}))


@case("states of schedulers")
def _(show, attempt):
    def sgd():
        return optim.SGD([nn.Parameter(torch.ones(1))], lr=0.5, momentum=0.5)

    show(lr_scheduler.LambdaLR(sgd(), lambda epoch: 0.5).state_dict())
    show(lr_scheduler.ReduceLROnPlateau(sgd()).state_dict())
    show(lr_scheduler.ExponentialLR(sgd(), 0.5).state_dict())
    show(list(lr_scheduler.OneCycleLR(sgd(), 0.5, total_steps=4, three_phase=True).state_dict()))
    show(list(lr_scheduler.CyclicLR(sgd(), 0.5, 1.5).state_dict()))
    o = sgd()
    s = lr_scheduler.ChainedScheduler([lr_scheduler.ConstantLR(o, 0.5), lr_scheduler.ExponentialLR(o, 0.5)])
    show(list(s.state_dict()))
    attempt(lambda: lr_scheduler.LambdaLR(sgd(), lambda epoch: 1).load_state_dict({"last_epoch": 1}))


json.dump(cases, open("test/engine/vectors/hooks.json", "w"), indent=1, ensure_ascii=False)
