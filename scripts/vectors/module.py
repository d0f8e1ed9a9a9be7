"""Draws test/engine/vectors/module.json: what PyTorch's modules, containers and initialisers do.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/module.py

A case is a name and the lines it shows, the last of which may be the message it ends in.
test/engine/module.test.ts does the same in TypeScript, under the same names.
"""

import json
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")

cases = {}


def case(name):
    def run(body):
        lines = []

        def show(*values):
            lines.append(" ".join(str(value) for value in values))

        torch.manual_seed(0)
        try:
            body(show)
        except Exception as error:
            # The text of a KeyError is the repr of what it was made with.
            text = error.args[0] if isinstance(error, KeyError) else error
            lines.append(f"{type(error).__name__}: {text}")
        cases[name] = lines

    return run


def linear():
    layer = nn.Linear(2, 2)
    nn.init.ones_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


case("state_dict")(lambda show: show(linear().state_dict()))
case("state_dict of nested modules")(
    lambda show: show(list(nn.Sequential(linear(), nn.Sequential(nn.BatchNorm1d(2), linear())).state_dict().keys()))
)
case("load_state_dict")(lambda show: show(linear().load_state_dict(linear().state_dict())))
case("load_state_dict, not strict")(
    lambda show: show(linear().load_state_dict({"weight": torch.ones(2, 2), "more": torch.ones(1)}, strict=False))
)
case("load_state_dict, all wrong")(
    lambda show: linear().load_state_dict({"weight": torch.ones(3, 2), "more": torch.ones(1), "b": torch.ones(1)})
)
case("load_state_dict of a number")(lambda show: linear().load_state_dict(3))
case("load_state_dict of numbers")(lambda show: linear().load_state_dict({"weight": 3, "bias": torch.ones(2)}))


@case("load_state_dict copies")
def _(show):
    a, b = linear(), nn.Linear(2, 2)
    before = b.weight
    b.load_state_dict(a.state_dict())
    a.weight.data.mul_(5)
    show(b.weight is before, b.weight)


@case("buffers")
def _(show):
    m = nn.Module()
    m.register_buffer("a", torch.ones(2))
    m.register_buffer("b", torch.zeros(1), persistent=False)
    m.register_buffer("c", None)
    show([name for name, _ in m.named_buffers()], list(m.state_dict().keys()))
    m.a = m.a * 3
    show(m.state_dict()["a"])
    m.double()
    show(m.a, m.b)


REFUSED = {
    "buffer with a dot": lambda m: m.register_buffer("a.b", None),
    "buffer over a parameter": lambda m: m.register_buffer("weight", None),
    "buffer of a number": lambda m: m.register_buffer("q", 3),
    "parameter of a tensor": lambda m: m.register_parameter("q", torch.ones(2)),
    "module of a number": lambda m: m.add_module("q", 3),
    "module over a parameter": lambda m: m.add_module("weight", nn.ReLU()),
    "module without name": lambda m: m.add_module("", nn.ReLU()),
    "module with a dot": lambda m: m.add_module("a.b", nn.ReLU()),
    "number as a parameter": lambda m: setattr(m, "weight", 3),
    "tensor as a parameter": lambda m: setattr(m, "weight", torch.ones(2, 2)),
    "number as a module": lambda m: setattr(nn.Sequential(m), "0", 3.5),
    "string as a module": lambda m: setattr(nn.Sequential(m), "0", "relu"),
    "list as a buffer": lambda m: setattr(nn.BatchNorm1d(2), "running_mean", [0.0, 0.0]),
    "training mode 3": lambda m: m.train(3),
    "no forward": lambda m: nn.Module()(3),
    "list of numbers": lambda m: nn.ModuleList([1]),
    "list of a number": lambda m: nn.ModuleList(3),
    "sequence of a number": lambda m: nn.Sequential(3),
    "dict of numbers": lambda m: nn.ModuleDict({"a": 3}),
    "to integers": lambda m: m.to(torch.int64),
    "submodule that is not there": lambda m: nn.Sequential(m).get_submodule("5"),
    "submodule that is none": lambda m: nn.Sequential(m).get_submodule("0.weight"),
    "parameter that is not there": lambda m: nn.Sequential(m).get_parameter("0.nope"),
    "parameter that is none": lambda m: nn.Sequential(nn.ReLU()).get_parameter("0.inplace"),
    "buffer that is none": lambda m: m.get_buffer("weight"),
    "index out of range": lambda m: nn.ModuleList([m])[2],
    "insert out of range": lambda m: nn.Sequential(m).insert(9, nn.ReLU()),
    "xavier of a vector": lambda m: nn.init.xavier_uniform_(torch.ones(2)),
    "kaiming by a wrong mode": lambda m: nn.init.kaiming_uniform_(torch.ones(2, 2), mode="x"),
    "gain of nothing known": lambda m: nn.init.calculate_gain("x"),
    "eye of a vector": lambda m: nn.init.eye_(torch.ones(2)),
    "dirac of a matrix": lambda m: nn.init.dirac_(torch.ones(2, 2)),
    "dirac of odd groups": lambda m: nn.init.dirac_(torch.ones(3, 2, 2), groups=2),
    "sparse of a vector": lambda m: nn.init.sparse_(torch.ones(2), 0.1),
    "orthogonal of a vector": lambda m: nn.init.orthogonal_(torch.ones(2)),
}
for name, body in REFUSED.items():
    case(f"refused: {name}")(lambda show: body(linear()))



@case("fields, assigned again")
def _(show):
    m = nn.BatchNorm1d(2)
    m.weight = nn.Parameter(torch.tensor([3.0, 4.0]))
    m.bias = None
    m.running_mean = torch.ones(2)
    show(list(m.state_dict().keys()))
    show(m(torch.tensor([[1.0, 2.0], [3.0, -4.0]])))
    p = nn.ParameterList([torch.ones(2)])
    p[0] = torch.zeros(3)
    show(p)


PRINTED = {
    "list": lambda: nn.ModuleList([nn.Linear(1, 1) for _ in range(3)] + [nn.ReLU(), nn.ReLU(), nn.Tanh()]),
    "empty list": lambda: nn.ModuleList(),
    "list of sequences": lambda: nn.ModuleList([nn.Sequential(nn.Linear(1, 1), nn.ReLU()) for _ in range(2)]),
    "dict": lambda: nn.ModuleDict({"a": nn.ReLU(), "b": nn.Sequential(nn.Tanh())}),
    "parameter list": lambda: nn.ParameterList([torch.ones(2), torch.ones(2, 3), torch.ones([])]),
    "parameter dict": lambda: nn.ParameterDict({"a": torch.ones(2), "b": torch.ones(1, 2)}),
    "empty sequence": lambda: nn.Sequential(),
    "module": lambda: nn.Module(),
    "nested": lambda: nn.Sequential(nn.Sequential(nn.Linear(1, 1), nn.ModuleList([nn.ReLU()])), nn.ReLU(inplace=True)),
}
for name, body in PRINTED.items():
    case(f"printed: {name}")(lambda show: show(body()))


@case("sequence, changed")
def _(show):
    s = nn.Sequential(nn.Linear(1, 1), nn.ReLU())
    s.append(nn.Tanh())
    s.insert(0, nn.Sigmoid())
    show(s, len(s))
    show(s.pop(0), s[-1], s[1:3])
    s.extend([nn.ReLU()])
    show(s)


@case("list, changed")
def _(show):
    s = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    s.insert(1, nn.Linear(1, 1))
    show(s, s[0:2])
    show(s.pop(1), [type(m).__name__ for m in s])


@case("same module twice")
def _(show):
    l = nn.Linear(1, 1)
    s = nn.Sequential(l, l)
    show(len(list(s.parameters())), len(list(s.modules())), len(s), list(s.state_dict().keys()))
    show(s)


@case("named_parameters")
def _(show):
    s = nn.Sequential(linear(), nn.Sequential(linear()))
    show([n for n, _ in s.named_parameters()], [n for n, _ in s.named_parameters(prefix="net", recurse=True)])
    show([n for n, _ in s[0].named_parameters(recurse=False)], [n for n, _ in s.named_modules()])


@case("forward hooks")
def _(show):
    l = linear()
    l.register_forward_pre_hook(lambda m, args: show("before", args[0]))
    l.register_forward_pre_hook(lambda m, args: (args[0] * 2,))
    handle = l.register_forward_hook(lambda m, args, out: show("after", args[0], out))
    l.register_forward_hook(lambda m, args, out: out + 100)
    show(l(torch.ones(1, 2)))
    handle.remove()
    show(l(torch.ones(1, 2)))


@case("backward hooks")
def _(show):
    x = torch.ones(1, 2, requires_grad=True)
    l = linear()
    l.register_full_backward_hook(lambda m, gi, go: show("gradients", gi[0], go[0]))
    l.register_full_backward_pre_hook(lambda m, go: show("results", go[0]))
    y = l(x)
    show(y)
    y.sum().backward()
    show(x.grad, l.weight.grad)


@case("backward hooks replace")
def _(show):
    x = torch.ones(1, 2, requires_grad=True)
    l = linear()
    l.register_full_backward_hook(lambda m, gi, go: (gi[0] * 10,))
    l.register_full_backward_pre_hook(lambda m, go: (go[0] * 3,))
    l(x).sum().backward()
    show(x.grad, l.weight.grad)


@case("backward hooks without input gradients")
def _(show):
    l = linear()
    l.register_full_backward_hook(lambda m, gi, go: show(gi[0], go[0]))
    l(torch.ones(1, 2)).sum().backward()


@case("to another dtype")
def _(show):
    l = linear()
    p = l.weight
    l(torch.ones(1, 2)).sum().backward()
    l.double()
    show(l.weight is p, l.weight, l.weight.grad)
    show(l.to(torch.float32).bias)


@case("apply, train and eval")
def _(show):
    s = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))
    s.apply(lambda m: show(type(m).__name__))
    s.eval()
    show([m.training for m in s.modules()])
    s[1].train()
    show([m.training for m in s.modules()])
    s.requires_grad_(False)
    show([p.requires_grad for p in s.parameters()])


INIT = {
    "uniform_": lambda t: nn.init.uniform_(t, -2, 2),
    "normal_": lambda t: nn.init.normal_(t, 1, 3),
    "trunc_normal_": lambda t: nn.init.trunc_normal_(t),
    "trunc_normal_ narrow": lambda t: nn.init.trunc_normal_(t, std=0.02),
    "trunc_normal_ far out": lambda t: nn.init.trunc_normal_(t, 0.0, 1.0, 1.0, 2.0),
    "constant_": lambda t: nn.init.constant_(t, 0.3),
    "eye_": lambda t: nn.init.eye_(t),
    "xavier_uniform_": lambda t: nn.init.xavier_uniform_(t, gain=nn.init.calculate_gain("relu")),
    "xavier_normal_": lambda t: nn.init.xavier_normal_(t),
    "kaiming_uniform_": lambda t: nn.init.kaiming_uniform_(t, mode="fan_in", nonlinearity="relu"),
    "kaiming_normal_": lambda t: nn.init.kaiming_normal_(t, 0.2, "fan_out"),
    "sparse_": lambda t: nn.init.sparse_(t, sparsity=0.4),
    "orthogonal_": lambda t: nn.init.orthogonal_(t),
    "orthogonal_ wide": lambda t: nn.init.orthogonal_(t.t().contiguous(), 2),
}
for name, body in INIT.items():
    case(f"init: {name}")(lambda show: show(body(torch.empty(5, 3))))
case("init: dirac_")(lambda show: show(nn.init.dirac_(torch.empty(4, 2, 3), 2)))
case("init: gains")(
    lambda show: show([nn.init.calculate_gain(n) for n in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")])
)
case("init: gain of a slope")(lambda show: show(nn.init.calculate_gain("leaky_relu", 0.2)))


NORMALISED = {
    "weight_norm": lambda: nn.utils.weight_norm(nn.Linear(3, 2)),
    "weight_norm of all": lambda: nn.utils.weight_norm(nn.Linear(3, 2), dim=None),
    "weight_norm of columns": lambda: nn.utils.weight_norm(nn.Linear(3, 2), "weight", 1),
    "weight_norm between": lambda: nn.utils.weight_norm(nn.Conv1d(3, 2, 2), "weight", 1),
    "spectral_norm": lambda: nn.utils.spectral_norm(nn.Linear(3, 2)),
    "spectral_norm, three steps": lambda: nn.utils.spectral_norm(nn.Linear(3, 2), n_power_iterations=3, eps=1e-3),
    "spectral_norm transposed": lambda: nn.utils.spectral_norm(nn.ConvTranspose1d(3, 2, 2)),
    "parametrizations.weight_norm": lambda: nn.utils.parametrizations.weight_norm(nn.Linear(3, 2)),
    "parametrizations.spectral_norm": lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(3, 2)),
}


def seen(t):
    return [round(x, 4) for x in t.detach().flatten().tolist()]


def normalised(name, make):
    @case(f"utils: {name}")
    def _(show):
        m = make()
        show(m)
        show(list(m.state_dict().keys()))
        x = torch.randn(2, 3, 2) if "Conv" in type(m).__name__ else torch.randn(2, 3)
        for _ in range(2):
            y = m(x)
            show(type(m.weight.grad_fn).__name__, seen(y))
            y.pow(2).sum().backward()
        show(*(f"{n} {seen(p.grad)}" for n, p in m.named_parameters()))
        show(*(f"{n} {seen(b)}" for n, b in m.named_buffers()))
        m.eval()
        show(seen(m(x)))
        remove = {
            "w": nn.utils.remove_weight_norm,
            "s": nn.utils.remove_spectral_norm,
            "p": lambda m: nn.utils.parametrize.remove_parametrizations(m, "weight"),
        }[name[0]]
        show(remove(m), list(m.state_dict().keys()), seen(m.weight))


for name, make in NORMALISED.items():
    normalised(name, make)


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)

    def right_inverse(self, x):
        return x.triu()


class Doubled(nn.Module):
    def forward(self, x):
        return 2 * x


@case("utils: parametrize")
def _(show):
    parametrize = nn.utils.parametrize
    m = linear()
    parametrize.register_parametrization(m, "weight", Symmetric())
    show(m, m.weight)
    show(parametrize.is_parametrized(m), parametrize.is_parametrized(m, "bias"), [n for n, _ in m.named_parameters()])
    m.weight = torch.tensor([[1.0, 2.0], [2.0, 3.0]])
    show(m.parametrizations.weight.original, m.weight)
    parametrize.register_parametrization(m, "weight", Doubled())
    show(m, m.weight)
    parametrize.remove_parametrizations(m, "weight", leave_parametrized=False)
    show(m, m.weight)


case("refused: weight_norm twice")(lambda show: nn.utils.weight_norm(nn.utils.weight_norm(linear())))
case("refused: remove_weight_norm of none")(lambda show: nn.utils.remove_weight_norm(linear()))
case("refused: spectral_norm without steps")(lambda show: nn.utils.spectral_norm(linear(), n_power_iterations=0))
case("refused: parametrization of nothing")(
    lambda show: nn.utils.parametrize.register_parametrization(linear(), "nope", Doubled())
)
case("refused: parametrization of another shape")(
    lambda show: nn.utils.parametrize.register_parametrization(linear(), "weight", nn.Flatten(0))
)


LAZY = {
    "LazyLinear": (lambda: nn.LazyLinear(3), [2, 4]),
    "LazyLinear without bias": (lambda: nn.LazyLinear(3, bias=False), [2, 4]),
    "LazyConv1d": (lambda: nn.LazyConv1d(2, 2, bias=False), [1, 2, 3]),
    "LazyConv2d": (lambda: nn.LazyConv2d(4, 2, padding=1, groups=2), [1, 2, 2, 2]),
    "LazyConv3d": (lambda: nn.LazyConv3d(2, 1), [1, 2, 1, 1, 2]),
    "LazyBatchNorm1d": (lambda: nn.LazyBatchNorm1d(), [3, 2]),
    "LazyBatchNorm2d": (lambda: nn.LazyBatchNorm2d(momentum=0.5), [2, 2, 1, 2]),
    "LazyBatchNorm3d": (lambda: nn.LazyBatchNorm3d(affine=False), [2, 2, 1, 1, 2]),
}


def lazy(name, make, shape):
    @case(f"lazy: {name}")
    def _(show):
        m = make()
        show(m, list(m.state_dict().keys()), m.weight)
        optimizer = torch.optim.SGD(m.parameters(), lr=0.1) if list(m.parameters()) else None
        y = m(torch.randn(shape))
        show(m, type(m).__name__, seen(y))
        if optimizer:
            y.pow(2).sum().backward()
            optimizer.step()
            show(seen(m.weight))


for name, (make, shape) in LAZY.items():
    lazy(name, make, shape)


@case("utils: pad_sequence")
def _(show):
    rnn = nn.utils.rnn
    a, b = torch.ones(2, requires_grad=True), torch.full((3,), 2.0)
    show(rnn.pad_sequence([a, b]))
    show(rnn.pad_sequence([a, b], batch_first=True, padding_value=-1.0))
    show(rnn.pad_sequence([a, b], True, padding_side="left"))
    show(rnn.pad_sequence([torch.ones(1, 2), torch.zeros(2, 2)]).shape)
    show(*rnn.unpad_sequence(rnn.pad_sequence([a, b]), torch.tensor([2, 3])))


case("refused: pad_sequence of nothing")(lambda show: nn.utils.rnn.pad_sequence([]))
case("refused: pad_sequence on the wrong side")(
    lambda show: nn.utils.rnn.pad_sequence([torch.ones(1)], padding_side="up")
)


@case("adaptive softmax")
def _(show):
    m = nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], div_value=2, head_bias=True)
    show(m)
    show([f"{n} {list(p.shape)}" for n, p in m.named_parameters()])
    x = torch.randn(5, 8, requires_grad=True)
    output, loss = m(x, torch.tensor([0, 4, 9, 2, 7]))
    show(type(output.grad_fn).__name__, seen(output), loss)
    loss.backward()
    show(seen(x.grad), seen(m.head.weight.grad), seen(m.tail[0][1].weight.grad))
    show(seen(m.log_prob(x)), m.predict(x))
    show(m(x[0], torch.tensor(5)).loss)


ADAPTIVE = {
    "no cutoffs": lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, []),
    "cutoffs out of order": lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [6, 3]),
    "cutoff beyond the classes": lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [10]),
    "classes beyond": lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3])(torch.ones(2, 8), torch.tensor([1, 12])),
    "other batch": lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3])(torch.ones(2, 8), torch.tensor([1])),
    "vector for a batch": lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3])(torch.ones(2), torch.tensor([1, 2])),
}
for name, body in ADAPTIVE.items():
    case(f"refused: adaptive softmax, {name}")(lambda show: body())


def graded():
    l = linear()
    (l(torch.tensor([[1.0, -2.0]])) * torch.tensor([3.0, -4.0])).sum().backward()
    return l


def clipped(name, clip):
    @case(f"utils: {name}")
    def _(show):
        l = graded()
        show(clip(l))
        show(l.weight.grad, l.bias.grad)


clipped("clip_grad_norm_", lambda l: nn.utils.clip_grad_norm_(l.parameters(), 1.0))
clipped("clip_grad_norm_ large", lambda l: nn.utils.clip_grad_norm_(l.parameters(), 100.0))
clipped("clip_grad_norm_ infinite", lambda l: nn.utils.clip_grad_norm_(l.parameters(), 1.0, float("inf")))
clipped("clip_grad_norm_ first order", lambda l: nn.utils.clip_grad_norm_(l.parameters(), 1.0, norm_type=1))
clipped("clip_grad_value_", lambda l: nn.utils.clip_grad_value_(l.parameters(), 3.5))


@case("utils: clip_grad_norm_ of infinite gradients")
def _(show):
    l = graded()
    l.bias.grad[0] = float("inf")
    nn.utils.clip_grad_norm_(l.parameters(), 1.0, error_if_nonfinite=True)


@case("utils: parameters as a vector")
def _(show):
    l = linear()
    v = nn.utils.parameters_to_vector(l.parameters())
    show(v)
    nn.utils.vector_to_parameters(torch.arange(6.0), l.parameters())
    show(l.weight, l.bias)


json.dump(cases, open("test/engine/vectors/module.json", "w"), indent=1, ensure_ascii=False)
