"""Draws test/engine/vectors/views.json: what PyTorch does where memory is shared and changed in place.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/views.py

A case is a name and the lines it shows; `attempts` are shown one by one, each its result or its refusal.
test/engine/view_rules.test.ts does the same in TypeScript, under the same names.
"""

import json
import warnings

import torch
from torch.autograd import Function
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.checkpoint import checkpoint

warnings.simplefilter("ignore")
cases = {}


def shown(value):
    if isinstance(value, (tuple, list)):
        return str([str(each) for each in value]) if value and isinstance(value[0], torch.Tensor) else str(list(value))
    return str(value)


def attempts(*functions):
    lines = []
    for function in functions:
        try:
            lines.append(shown(function()))
        except Exception as error:
            lines.append(f"{type(error).__name__}: {error}")
    return lines


def name_of(tensor):
    return None if tensor.grad_fn is None else tensor.grad_fn.name()


def ones(*size):
    return torch.ones(*size, requires_grad=True)


# Several views made at once, used after their memory changed.
parts = {
    "split": lambda t: t.split(2),
    "chunk": lambda t: t.chunk(2),
    "split of sizes": lambda t: t.split([1, 3]),
    "tensor_split": lambda t: t.tensor_split(2),
    "unbind": lambda t: t.unbind(),
}
for name, divide in parts.items():
    base = ones(4) * 2
    part = divide(base)[0]
    base.mul_(3)
    lines = attempts(lambda: part, lambda: part.requires_grad, lambda: name_of(part), lambda: part.sum())
    base = ones(4) * 2
    part = divide(base)[0]
    lines += attempts(lambda: part.mul_(2), lambda: name_of(part), lambda: name_of(base))
    cases[f"part of {name}"] = lines

base = ones(4) * 2
view = base.split(2)[0].view(2, 1)
lines = attempts(lambda: view.mul_(2))
base.mul_(2)
cases["view of a part"] = lines + attempts(lambda: view.sum(), lambda: name_of(view))

leaf = ones(2, 2)
row = leaf[0]
part = leaf.unbind()[0]
lines = attempts(lambda: row.mul_(2), lambda: part.mul_(2))
with torch.no_grad():
    leaf.sub_(0.5)
lines += attempts(lambda: row, lambda: part.sum())
(row * 3).sum().backward()
cases["views of a leaf after a step"] = lines + attempts(lambda: leaf.grad)

leaf = ones(2, 2)
base = leaf * 1
view = base[0]
base.mul_(torch.tensor([2.0, 3.0]))
lines = attempts(lambda: view)
view.sum().backward()
cases["view after its base changed"] = lines + attempts(lambda: leaf.grad)

leaf = ones(2, 2)
with torch.no_grad():
    view = leaf[0]
lines = attempts(lambda: view, lambda: view.requires_grad, lambda: view.is_leaf, lambda: (view * 2).sum())
base = leaf * 2
with torch.no_grad():
    view = base[0]
base.mul_(2)
cases["view made without recording"] = lines + attempts(
    lambda: view.requires_grad, lambda: view, lambda: view.sum(), lambda: view.mul_(2)
)

leaf = ones(2, 2)
base = leaf * 2
with torch.inference_mode():
    view = base[0]
cases["view made in inference mode"] = attempts(lambda: view.add_(1), lambda: view.is_inference())

# Names of steps in place.
steps = {}
for name, args in [("unsqueeze_", [0]), ("squeeze_", []), ("squeeze_", [0]), ("t_", []), ("transpose_", [0, 1])]:
    steps[f"{name} {args}"] = attempts(lambda: name_of(getattr(ones(2, 3) * 2, name)(*args)))
for name in ["eq_", "ne_", "lt_", "le_", "gt_", "ge_", "less_", "greater_equal_"]:
    steps[f"{name} tensor"] = attempts(lambda: name_of(getattr(ones(2) * 2, name)(torch.ones(2))))
    steps[f"{name} number"] = attempts(lambda: name_of(getattr(ones(2) * 2, name)(1)))
cases["steps in place"] = [f"{name}: {line}" for name, lines in steps.items() for line in lines]
leaf = ones(2)
(leaf * 2).lt_(leaf).sum().backward()
cases["gradient of a comparison in place"] = attempts(lambda: leaf.grad, lambda: leaf.lt_(1))

# Elements that share memory.
expanded = torch.zeros(3).expand(2, 3)
cases["writing to expanded elements"] = attempts(
    lambda: expanded.add_(1),
    lambda: expanded.copy_(torch.ones(2, 3)),
    lambda: expanded.relu_(),
    lambda: expanded.fill_(2),
    lambda: expanded.zero_(),
)
line = torch.arange(6.0)
cases["writing to what is read"] = attempts(
    lambda: line[1:].copy_(line[:-1]),
    lambda: line[1:].add_(line[:-1]),
    lambda: line[3:].add_(line[:3]),
    lambda: line.add_(line),
)

# Gradients lie in memory as their leaves do.
leaves = {
    "transposed": lambda: torch.ones(2, 3).t(),
    "permuted": lambda: torch.ones(2, 3, 4).permute(2, 0, 1),
    "expanded": lambda: torch.ones(3).expand(2, 3),
    "strided": lambda: torch.ones(6)[::2],
    "row-major": lambda: torch.ones(2, 3),
}
for name, make in leaves.items():
    leaf = make().detach().requires_grad_()
    (leaf * 2).sum().backward()
    once = leaf.grad.stride()
    leaf.sum().backward()
    cases[f"gradient of a leaf: {name}"] = attempts(lambda: once, lambda: leaf.grad.stride())

# So do results that are computed element by element.
transposed = torch.ones(2, 3).t()
image = torch.ones(2, 3, 4, 5)
results = {
    "sum": lambda: transposed + 1,
    "product with a row-major one": lambda: torch.ones(3, 2) * transposed,
    "exp": lambda: transposed.exp(),
    "comparison": lambda: transposed > 0,
    "where": lambda: torch.where(transposed > 0, transposed, 0.0),
    "clone": lambda: transposed.clone(),
    "contiguous": lambda: transposed.contiguous(),
    "double": lambda: transposed.double(),
    "zeros_like": lambda: torch.zeros_like(transposed),
    "broadcast": lambda: image.permute(0, 3, 1, 2) + torch.ones(5, 1, 1),
    "unsqueezed": lambda: transposed.unsqueeze(0) + 1,
    "expanded": lambda: torch.ones(3).expand(2, 3) + 1,
    "every other column": lambda: torch.ones(4, 4)[:, ::2] + 1,
    "channels last": lambda: image.contiguous(memory_format=torch.channels_last),
    "to channels last": lambda: image.to(memory_format=torch.channels_last) * 2,
    "back": lambda: image.to(memory_format=torch.channels_last).contiguous(),
}
for name, make in results.items():
    cases[f"strides of a result: {name}"] = attempts(lambda: make().stride(), lambda: make().is_contiguous())
cases["strides of a result: viewed"] = attempts(
    lambda: (transposed + 1).view(-1),
    lambda: (transposed + 1).reshape(-1),
    lambda: torch.ones(1, 3).t().is_contiguous(),
    lambda: image.contiguous(memory_format=torch.channels_last).is_contiguous(memory_format=torch.channels_last),
    lambda: transposed.contiguous(memory_format=torch.channels_last),
)


# Views that custom functions give.
class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, grad):
        return grad * 10


class Flat(Function):
    @staticmethod
    def forward(ctx, x):
        return x.view(-1)

    @staticmethod
    def backward(ctx, grad):
        return grad.view(2, 2) * 10


class Two(Function):
    @staticmethod
    def forward(ctx, x):
        return x.view(-1), x[0]

    @staticmethod
    def backward(ctx, grad, other):
        return grad.view(2, 2) * 10


class Detached(Function):
    @staticmethod
    def forward(ctx, x):
        return x.detach()

    @staticmethod
    def backward(ctx, grad):
        return grad * 7


for function in [Same, Flat, Two, Detached]:
    first = lambda x: (lambda y: y[0] if isinstance(y, tuple) else y)(function.apply(x))
    leaf = ones(2, 2)
    base = leaf * 1
    view = first(base)
    lines = attempts(lambda: view._is_view(), lambda: view is base, lambda: view._base is base, lambda: view.mul_(2))
    base = leaf * 1
    view = first(base)
    base.mul_(2)
    lines += attempts(lambda: view, lambda: view.sum())
    first(leaf * 1).sum().backward()
    plain = torch.ones(2, 2)
    given = first(plain)
    lines += attempts(lambda: leaf.grad, lambda: given is plain, lambda: given.requires_grad, lambda: given.add_(1))
    cases[f"view of a custom function: {function.__name__}"] = lines


class Triple(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(3)

    @staticmethod
    def backward(ctx, grad):
        return grad * 3


class Both(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        x.add_(1)
        return x, x * 2

    @staticmethod
    def backward(ctx, grad, other):
        return grad + other * 2


leaf = ones(2, 2)
base = leaf * 1
view = base[0]
changed = Triple.apply(view)
lines = attempts(lambda: changed is view, lambda: name_of(view), lambda: name_of(base))
(base.sum() + changed.sum()).backward()
cases["custom function that changes a view"] = lines + attempts(
    lambda: leaf.grad,
    lambda: Triple.apply(leaf[0]),
    lambda: Triple.apply((leaf * 1).unbind()[0]),
    lambda: Both.apply((leaf * 1)[0]),
    lambda: Both.apply(leaf * 1),
)


# Checkpoints.
def run_of(lines):
    def run(x):
        lines.append(f"run, recording: {torch.is_grad_enabled()}")
        y = x * 2
        z = y.exp()
        lines.append("end")
        return z * y

    return run


for name, keywords in {
    "default": {},
    "reentrant": {"use_reentrant": True},
    "not reentrant": {"use_reentrant": False},
    "to the end": {"use_reentrant": False, "early_stop": False},
}.items():
    lines = []
    run = run_of(lines)
    leaf = ones(2)
    y = checkpoint(run, leaf, **keywords)
    lines += attempts(lambda: y, lambda: y.sum().backward(), lambda: leaf.grad, lambda: y.sum().backward())
    y = checkpoint(run, leaf, **keywords)
    lines += attempts(lambda: torch.autograd.grad(y.sum(), leaf))
    y = checkpoint(run, leaf, **keywords)
    lines += attempts(lambda: y.sum().backward(inputs=[leaf]))
    y = checkpoint(run, leaf, **keywords)
    lines += attempts(lambda: y.sum().backward(retain_graph=True), lambda: y.sum().backward(), lambda: leaf.grad)
    cases[f"checkpoint, {name}"] = lines

calls = []
leaf = ones(2)
def fewer(x):
    calls.append(x)
    return x.sin() if len(calls) > 1 else x.sin().exp()
y = checkpoint(fewer, leaf, use_reentrant=False).sum()
cases["checkpoint that saves less the second time"] = attempts(lambda: y.backward())[0].split("\n")[:3]

# Hooks for saved tensors.
lines = []
a = ones(2)
b = a * 2
def pack(tensor):
    lines.append(f"pack {tensor}")
    return [tensor]
def unpack(packed):
    lines.append(f"unpack {packed[0]}")
    return packed[0]
with saved_tensors_hooks(pack, unpack):
    y = (a * b).exp().sum()
y.backward()
with saved_tensors_hooks(lambda tensor: tensor, lambda packed: 3):
    y = (a * a).sum()
cases["hooks for saved tensors"] = lines + attempts(lambda: a.grad, lambda: y.backward())

with open("test/engine/vectors/views.json", "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
