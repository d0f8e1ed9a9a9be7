"""Draws test/engine/vectors/autograd.json: what PyTorch does in each case of autograd's rules.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/autograd.py

A case is a name and the lines it shows, the last of which may be the message it ends in.
test/engine/autograd_rules.test.ts does the same in TypeScript, under the same names.
"""

import json
import warnings

import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import checkpoint

warnings.simplefilter("ignore")
cases = {}


def case(name):
    def run(body):
        lines = []

        def show(*values):
            lines.append(" ".join(str(value) for value in values))

        try:
            body(show)
        except Exception as error:
            lines.append(f"{type(error).__name__}: {error}")
        cases[name] = lines

    return run


def name_of(tensor):
    return None if tensor.grad_fn is None else tensor.grad_fn.name()


def leaf(*data):
    return torch.tensor(data, requires_grad=True)


class Scale(Function):
    @staticmethod
    def forward(ctx, x, n):
        ctx.n = n
        return x * n

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.n, None


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * 2 * x


@case("custom function")
def _(show):
    x = leaf(1.0, 2.0)
    y = Scale.apply(x, 3)
    show(y, y.grad_fn.name(), len(y.grad_fn.next_functions))
    y.sum().backward()
    show(x.grad)


@case("custom function, second derivative")
def _(show):
    x = leaf(1.0, 2.0)
    (first,) = torch.autograd.grad(Square.apply(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    show(first, second)


@case("custom function, no gradient needed")
def _(show):
    show(Square.apply(torch.tensor([3.0])))
    with torch.no_grad():
        show(Square.apply(leaf(3.0)))


def gradients(count):
    class Returns(Scale):
        @staticmethod
        def backward(ctx, grad):
            return count(grad)

    return lambda show: Returns.apply(leaf(1.0, 2.0), 3).sum().backward()


case("custom function, too few gradients")(gradients(lambda g: g))
case("custom function, too many gradients")(gradients(lambda g: (g, None, g)))
case("custom function, more nulls than arguments")(gradients(lambda g: (g, None, None)))
case("custom function, gradient for a number")(gradients(lambda g: (g, g)))
case("custom function, gradient of a wrong shape")(gradients(lambda g: (torch.ones(3), None)))
case("custom function, gradient that is no tensor")(gradients(lambda g: (3, None)))


@case("custom function without backward")
def _(show):
    class Half(Function):
        @staticmethod
        def forward(ctx, x):
            return x / 2

    Half.apply(leaf(1.0)).backward()


@case("custom function without forward")
def _(show):
    class Nothing(Function):
        pass

    Nothing.apply(leaf(1.0))


@case("custom function saving a number")
def _(show):
    class Saves(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(3)
            return x * 1

    Saves.apply(leaf(1.0))


@case("custom function, second walk")
def _(show):
    y = Square.apply(leaf(1.0)).sum()
    y.backward()
    y.backward()


@case("custom function without saved tensors, second walk")
def _(show):
    x = leaf(1.0)
    y = Scale.apply(x, 2).sum()
    y.backward()
    y.backward()
    show(x.grad)


@case("custom function, saved result changed")
def _(show):
    class Exp(Function):
        @staticmethod
        def forward(ctx, x):
            y = x.exp()
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, grad):
            (y,) = ctx.saved_tensors
            return grad * y

    y = Exp.apply(leaf(0.0))
    y.add_(1)
    y.sum().backward()


@case("custom function giving back its argument")
def _(show):
    class Same(Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 5

    x = leaf(1.0)
    y = Same.apply(x)
    show(y is x, y)
    y.backward()
    show(x.grad)


class Double_(Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


@case("mark_dirty")
def _(show):
    x = leaf(1.0, 2.0)
    y = x * 1
    z = Double_.apply(y)
    show(z is y, y)
    y.sum().backward()
    show(x.grad)


@case("mark_dirty of a leaf")
def _(show):
    Double_.apply(leaf(1.0))


@case("mark_dirty of what is not returned")
def _(show):
    class Keeps(Double_):
        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x * 1

    Keeps.apply(leaf(1.0) * 1)


@case("mark_non_differentiable and several results")
def _(show):
    class Sort(Function):
        @staticmethod
        def forward(ctx, x):
            values, places = x.sort()
            ctx.mark_non_differentiable(places)
            ctx.save_for_backward(places)
            return values, places, x * 2

        @staticmethod
        def backward(ctx, grad, _, other):
            (places,) = ctx.saved_tensors
            show(_, other)
            return torch.zeros(3).index_add(0, places, grad) + 2 * other

    x = leaf(3.0, 1.0, 2.0)
    values, places, double = Sort.apply(x)
    show(values, places, double)
    (values * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
    show(x.grad)


@case("set_materialize_grads")
def _(show):
    class Two(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x * 3

        @staticmethod
        def backward(ctx, a, b):
            show(a, b)
            return b * 3

    Two.apply(leaf(1.0))[1].backward()


@case("needs_input_grad")
def _(show):
    class Add(Function):
        @staticmethod
        def forward(ctx, a, b, c):
            show([bool(n) for n in ctx.needs_input_grad])
            return a + b

        @staticmethod
        def backward(ctx, grad):
            show([bool(n) for n in ctx.needs_input_grad])
            return grad, None, None

    Add.apply(leaf(1.0), torch.ones(1), 3).backward()


@case("once_differentiable")
def _(show):
    class Once(Square):
        @staticmethod
        @once_differentiable
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 2 * x

    x = leaf(3.0)
    (y,) = torch.autograd.grad(Once.apply(x), x)
    show(y)
    start = torch.ones(1, requires_grad=True)
    (y,) = torch.autograd.grad(Once.apply(x), x, start, create_graph=True)
    y.backward()


@case("setup_context")
def _(show):
    class Power(Function):
        @staticmethod
        def forward(x, n):
            return x**n

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, n = inputs
            ctx.save_for_backward(x)
            ctx.n = n

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * ctx.n * x ** (ctx.n - 1), None

    x = leaf(3.0)
    Power.apply(x, 3).backward()
    show(x.grad)


@case("hooks run in order: tensor's, retained gradient, node's")
def _(show):
    x = leaf(1.0, 1.0)
    y = x * 2
    y.retain_grad()

    def tensor_hook(grad):
        show("tensor", grad)
        return grad * 10

    y.register_hook(tensor_hook)
    y.grad_fn.register_hook(lambda sent, got: show("after", sent[0], got[0]))
    y.grad_fn.register_prehook(lambda got: show("before", got[0]))
    y.sum().backward()
    show(y.grad, x.grad, y.retains_grad)


@case("a node's hooks replace gradients")
def _(show):
    x = leaf(1.0)
    y = x * 2
    y.grad_fn.register_prehook(lambda got: (got[0] + 1,))
    y.grad_fn.register_hook(lambda sent, got: (sent[0] * 100, None))
    y.backward()
    show(x.grad)


@case("post accumulate grad hook")
def _(show):
    x = leaf(1.0)
    handle = x.register_post_accumulate_grad_hook(lambda p: show("accumulated", p.grad))
    (x * 2).backward()
    (x * 3).backward()
    handle.remove()
    (x * 4).backward()
    show(x.grad)


@case("post accumulate grad hook on a non-leaf")
def _(show):
    (leaf(1.0) * 2).register_post_accumulate_grad_hook(lambda p: None)


@case("hook on a tensor without gradient")
def _(show):
    torch.ones(1).register_hook(lambda g: g)


@case("hook that changes the size")
def _(show):
    y = leaf(1.0) * 2
    y.register_hook(lambda g: torch.ones(5))
    y.backward()


@case("hook that returns a number")
def _(show):
    y = leaf(1.0) * 2
    y.register_hook(lambda g: 3)
    y.backward()


@case("retain_grad without gradient")
def _(show):
    torch.ones(1).retain_grad()


@case("backward with inputs")
def _(show):
    a, b = leaf(1.0, 1.0), leaf(2.0, 2.0)
    c = a * b
    (c * 3).sum().backward(inputs=[a, c])
    show(a.grad, b.grad, c.grad)


@case("backward with no inputs")
def _(show):
    leaf(1.0).sum().backward(inputs=[])


@case("backward with inputs without gradient")
def _(show):
    leaf(1.0).sum().backward(inputs=[torch.ones(1)])


@case("backward of several roots")
def _(show):
    x = leaf(1.0, 2.0)
    torch.autograd.backward([x.sum(), x * 3], [None, torch.tensor([1.0, 10.0])])
    show(x.grad)


@case("grad with an unused input")
def _(show):
    x, other = leaf(1.0), leaf(2.0)
    show(torch.autograd.grad((x * 2).sum(), [x, other], materialize_grads=True)[1])
    torch.autograd.grad((x * 2).sum(), [x, other])


@case("grad with contradicting settings")
def _(show):
    x = leaf(1.0)
    torch.autograd.grad((x * 2).sum(), x, allow_unused=False, materialize_grads=True)


@case("grad of what needs none")
def _(show):
    torch.autograd.grad(torch.ones(1), leaf(1.0))


@case("grad by what needs none")
def _(show):
    torch.autograd.grad(leaf(1.0).sum(), torch.ones(1))


def assigns(value):
    def body(show):
        x = leaf(1.0, 2.0)
        x.grad = value
        show(x.grad)

    return body


case("grad assigned")(assigns(torch.tensor([5.0, 6.0])))
case("grad assigned, wrong shape")(assigns(torch.ones(3)))
case("grad assigned, wrong dtype")(assigns(torch.ones(2, dtype=torch.int64)))
case("grad assigned, a number")(assigns(3))
case("grad assigned, None")(assigns(None))


@case("grad assigned, itself")
def _(show):
    x = leaf(1.0)
    x.grad = x


@case("data assigned")
def _(show):
    x = leaf(1.0, 2.0)
    x.data = torch.tensor([5.0, 6.0, 7.0])
    show(x, x.is_leaf)
    x.data.mul_(2)
    show(x)
    (x * x).sum().backward()
    show(x.grad)


@case("data assigned, integers")
def _(show):
    leaf(1.0).data = torch.ones(1, dtype=torch.int64)


@case("data assigned, a number")
def _(show):
    leaf(1.0).data = 3


@case("detach_ of a view")
def _(show):
    leaf(1.0, 2.0).view(2).detach_()


@case("detach_")
def _(show):
    y = leaf(1.0) * 2
    y.detach_()
    show(y, y.requires_grad, y.is_leaf)


@case("requires_grad of a computed tensor")
def _(show):
    y = leaf(1.0) * 2
    y.requires_grad = True


@case("requires_grad of a computed tensor switched off")
def _(show):
    (leaf(1.0) * 2).requires_grad_(False)


@case("leaf or not")
def _(show):
    x = leaf(1.0)
    y = x * 2
    show(x.is_leaf, y.is_leaf, y.detach().is_leaf, torch.ones(1).is_leaf, (torch.ones(1) * 2).is_leaf)
    show(y.grad, y.retains_grad, y.requires_grad, y.detach().requires_grad)


@case("inference mode")
def _(show):
    x = leaf(1.0)
    with torch.inference_mode():
        t = torch.ones(1)
        show(t.is_inference(), (x * 2).requires_grad, x.view(1).is_inference(), torch.is_inference_mode_enabled())
        with torch.enable_grad():
            show((x * 2).requires_grad)
        with torch.inference_mode(False):
            show((x * 2).requires_grad, torch.ones(1).is_inference())
        t.add_(1)
    show(t, t.is_inference(), t.view(1).is_inference(), (t * 2).is_inference(), torch.is_inference_mode_enabled())
    show(t + x)


@case("inference tensor changed outside")
def _(show):
    with torch.inference_mode():
        t = torch.ones(1)
    t.add_(1)


@case("inference tensor saved for backward")
def _(show):
    with torch.inference_mode():
        t = torch.ones(1)
    t * leaf(1.0)


@case("inference tensor asked for a gradient")
def _(show):
    with torch.inference_mode():
        t = torch.ones(1)
    t.requires_grad_()


@case("inference tensor's version")
def _(show):
    with torch.inference_mode():
        t = torch.ones(1)
    t._version


@case("versions")
def _(show):
    x = torch.ones(2)
    show(x._version)
    x.add_(1)
    x[0] = 5
    show(x._version, x.view(2)._version, x.detach()._version, x.clone()._version)


@case("retain_grad before an in-place change")
def _(show):
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    (y * 5).sum().backward()
    show(y.grad, x.grad, name_of(y))


@case("retain_grad twice and on a leaf")
def _(show):
    x = leaf(1.0, 2.0)
    x.retain_grad()
    show(x.retains_grad)
    y = x * 2
    y.retain_grad()
    y.retain_grad()
    y.sum().backward()
    show(y.grad, y.retains_grad)


@case("unbind changed in place")
def _(show):
    x = leaf(1.0, 2.0)
    y = x * 1
    a, b = y.unbind(0)
    a.mul_(2)


@case("detach_ on a base with views")
def _(show):
    x = leaf(1.0, 2.0)
    y = x * 1
    v = y[0]
    y.detach_()
    show(y.requires_grad, v.requires_grad, name_of(v))
    v.backward()
    show(x.grad)


@case("requires_grad_ on a view of plain")
def _(show):
    b = torch.zeros(3)
    v = b[1:]
    v.requires_grad_()
    show(v.is_leaf, b.requires_grad)
    v.mul_(2)


@case("saved int index changed")
def _(show):
    x = leaf(1.0, 2.0)
    i = torch.tensor([0, 1])
    z = x[i]
    i.add_(0)
    z.sum().backward()


@case("saved mask changed")
def _(show):
    x = leaf(1.0, 2.0)
    m = x > 1
    z = torch.where(m, x, 0.0)
    m.logical_not_()
    z.sum().backward()


@case("backward with inputs: hooks of a non-leaf")
def _(show):
    x = leaf(1.0, 2.0)
    y = x * 2
    y.register_hook(lambda g: show("hook", g) or g * 2)
    z = (y * y).sum()
    z.backward(inputs=[y], retain_graph=True)
    show(y.grad, x.grad)
    z.backward(inputs=(x,))
    show(y.grad, x.grad)


@case("grad non-scalar without grad")
def _(show):
    torch.autograd.grad(torch.ones(2), torch.ones(1))


@case("grad wrong count of grad_outputs")
def _(show):
    x = leaf(1.0, 2.0)
    torch.autograd.grad([x * 2, x * 3], x, [torch.ones(2)])


@case("grad of no inputs")
def _(show):
    x = leaf(1.0, 2.0)
    show(torch.autograd.grad((x * 2).sum(), []))


@case("jacobian strict and vectorize")
def _(show):
    torch.autograd.functional.jacobian(lambda a: a**2, leaf(1.0, 2.0), vectorize=True, strict=True)


@case("hessian strict of a linear function")
def _(show):
    torch.autograd.functional.hessian(lambda t: t.sum(), leaf(1.0, 2.0), strict=True)


@case("hessian strict of two inputs")
def _(show):
    torch.autograd.functional.hessian(lambda a, b: (a * a).sum() + b.sum() * 0, (leaf(1.0, 2.0), leaf(1.0)), strict=True)


@case("hvp strict")
def _(show):
    torch.autograd.functional.hvp(lambda a: a.sum(), leaf(1.0, 2.0), torch.ones(2), strict=True)


@case("vhp strict")
def _(show):
    torch.autograd.functional.vhp(lambda a: a.sum(), leaf(1.0, 2.0), torch.ones(2), strict=True)


@case("retain_grad over two walks")
def _(show):
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    z = y.sum()
    z.backward(retain_graph=True)
    z.backward()
    show(y.grad)


@case("checkpoint, reentrant, keeps random numbers")
def _(show):
    torch.manual_seed(0)
    x = torch.ones(8, requires_grad=True)
    y = checkpoint(lambda a: torch.dropout(a, 0.5, True), x, use_reentrant=True)
    show(y)
    torch.rand(3)
    y.sum().backward()
    show(x.grad, torch.rand(2))


@case("checkpoint, reentrant, second backward")
def _(show):
    x = leaf(1.0, 2.0)
    y = checkpoint(lambda a: (a * a).sin(), x, use_reentrant=True).sum()
    y.backward()
    y.backward()


def anomaly(data, function):
    def body(show):
        with torch.autograd.detect_anomaly():
            function(torch.tensor(data, requires_grad=True)).sum().backward()

    return body


case("anomaly of a root")(anomaly([-1.0, 4.0], lambda x: x.sqrt()))
case("anomaly of a quotient")(anomaly([1.0, 0.0], lambda x: x / x))
case("anomaly of a product")(anomaly([0.0], lambda x: x.sqrt() * 0))

F = torch.autograd.functional
ONE = torch.tensor([1.0, 2.0])
TWO = torch.tensor([3.0, 5.0])


def cubes(x):
    return x.pow(3).sum()


FUNCTIONAL = {
    "jacobian": lambda: F.jacobian(lambda x: x.pow(2), ONE),
    "jacobian of several": lambda: F.jacobian(lambda a, b: (a * b, a.sum()), (ONE, TWO)),
    "jacobian that can be differentiated": lambda: F.jacobian(lambda x: x.pow(2), leaf(1.0, 2.0), create_graph=True),
    "jacobian of a constant": lambda: F.jacobian(lambda x: torch.ones(2), ONE),
    "jacobian of a constant, strict": lambda: F.jacobian(lambda x: torch.ones(2), ONE, strict=True),
    "jacobian of a number": lambda: F.jacobian(lambda x: 3, ONE),
    "jacobian at a number": lambda: F.jacobian(lambda x: x, 3),
    "hessian": lambda: F.hessian(cubes, ONE),
    "hessian of several": lambda: F.hessian(lambda a, b: (a * b * b).sum(), (ONE, TWO)),
    "hessian of a vector": lambda: F.hessian(lambda x: x.pow(2), ONE),
    "vjp": lambda: F.vjp(lambda x: x.pow(2), ONE, TWO),
    "vjp of a scalar": lambda: F.vjp(cubes, ONE),
    "vjp without a vector": lambda: F.vjp(lambda x: x.pow(2), ONE),
    "vjp with a wrong vector": lambda: F.vjp(lambda x: x.pow(2), ONE, torch.ones(3)),
    "jvp": lambda: F.jvp(lambda x: x.pow(2), ONE, TWO),
    "jvp without a vector": lambda: F.jvp(lambda x: x.pow(2), ONE),
    "jvp of a constant": lambda: F.jvp(lambda x: torch.ones(2), ONE, TWO),
    "hvp": lambda: F.hvp(cubes, ONE, TWO),
    "hvp of a linear function": lambda: F.hvp(lambda x: x.sum(), ONE, TWO),
    "vhp": lambda: F.vhp(cubes, ONE, TWO),
}


def flat(value):
    if isinstance(value, tuple):
        return [one for part in value for one in flat(part)]
    return [value]


for name, call in FUNCTIONAL.items():
    case(f"functional: {name}")(lambda show: [show(value) for value in flat(call())])

SUBGRADIENTS = {
    "abs at 0": lambda: leaf(0.0, -0.0).abs(),
    "relu at 0": lambda: leaf(0.0).relu(),
    "max of ties": lambda: leaf(2.0, 2.0, 1.0).max(),
    "max by dim of ties": lambda: leaf(2.0, 2.0, 1.0).max(0).values,
    "min of ties": lambda: leaf(1.0, 1.0, 1.0).min(),
    "maximum of ties": lambda: torch.maximum(leaf(1.0, 2.0), torch.tensor([1.0, 1.0])),
    "clamp at its bounds": lambda: leaf(-1.0, 0.0, 1.0, 2.0).clamp(-1, 1),
    "sqrt at 0": lambda: leaf(0.0).sqrt(),
    "norm at 0": lambda: leaf(0.0, 0.0).norm(),
    "sign": lambda: leaf(2.0).sign(),
    "pow 0 at 0": lambda: leaf(0.0).pow(0),
    "prod with a zero": lambda: leaf(0.0, 2.0, 3.0).prod(),
    "prod with two zeros": lambda: leaf(0.0, 0.0, 3.0).prod(),
    "where": lambda: torch.where(leaf(1.0) > 0, leaf(1.0) * 3, leaf(1.0)),
}


def leaf_of(t):
    node = t.grad_fn
    while node.name() != "torch::autograd::AccumulateGrad" and node.name() != "AccumulateGrad":
        node = next(n for n, _ in node.next_functions if n is not None)
    return node.variable


for name, call in SUBGRADIENTS.items():

    @case(f"sub-gradient: {name}")
    def _(show):
        y = call()
        y.sum().backward()
        show(leaf_of(y).grad)


json.dump(cases, open("test/engine/vectors/autograd.json", "w"), indent=1, ensure_ascii=False)
