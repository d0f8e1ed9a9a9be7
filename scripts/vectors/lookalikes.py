"""Draws test/engine/vectors/lookalikes.json: calls that were once told apart from PyTorch's, result or refusal.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/lookalikes.py

test/engine/lookalikes.test.ts does the same in TypeScript, under the same names.
"""

import json

import torch
import torch.nn.functional as F
from torch import nn, optim

cases = {}


def case(name, function):
    try:
        result = function()
        cases[name] = [str(each) for each in result] if isinstance(result, (tuple, list)) else str(result)
    except Exception as error:
        cases[name] = f"{type(error).__name__}: {error.args[0]}"


x = torch.arange(24.0).view(2, 3, 4)
a = torch.tensor([1.0, 2.0], requires_grad=True)
square = a**2
one = torch.ones(1, 3, 4, 4)


def written():
    y = x.clone()
    y[[[0, 1], [1, 0]]] = 5
    return y


def forked():
    torch.manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        inside = torch.rand(1)
    return [inside, torch.rand(1)]


case("lists in a list are several indices", lambda: x[[[0, 1], [1, 0]]])
case("lists in a list are several indices, written", written)
case("a list is one index", lambda: x[[0, 1]].shape)
case("gradients in batches", lambda: torch.autograd.grad(square, a, torch.eye(2), is_grads_batched=True, retain_graph=True))
case("output_size by name", lambda: nn.ConvTranspose2d(3, 4, 3, stride=2)(one, output_size=(10, 10)).shape)
case("output_size out of range", lambda: nn.ConvTranspose2d(3, 4, 3, stride=2)(one, output_size=(20, 20)))
case("an argument missing", lambda: nn.Linear(1))
case("an argument of a scheduler missing", lambda: optim.lr_scheduler.StepLR(optim.SGD([a], lr=0.1)))
case("bounds the wrong way round", lambda: nn.Hardtanh(1, -1))
case("more padding than dimensions", lambda: nn.ReflectionPad2d(1)(torch.ones(2)))
case("no size of a fractional pool", lambda: nn.FractionalMaxPool2d(2))
case("a norm of a margin loss", lambda: nn.MultiMarginLoss(p=3))
case("a group without parameters", lambda: optim.SGD([{"lr": 0.1}], lr=0.1))
case("an input of another dtype", lambda: nn.Linear(2, 3)(torch.ones(2).double()))
case("integers as input", lambda: nn.Linear(2, 3)(torch.ones(1, 2).long()))
case("padding more than there are dimensions", lambda: F.pad(torch.ones(2), (1, 1, 1, 1)))
case("random numbers beside others", forked)
case("a leaf's step by its full name", lambda: (a * 2).grad_fn.next_functions[0][0].name())

with open("test/engine/vectors/lookalikes.json", "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
