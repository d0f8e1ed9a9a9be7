"""Draws what PyTorch prints, or refuses, for calls that make, view, join and sample tensors.

usage: python tensor_calls.py > test/engine/vectors/tensor_calls.json

Each case is [expression in TypeScript, what Python prints for it after torch.manual_seed(0)]; an error is its
type and the first line of its message. The calls are written in Python; only literals and keywords differ.
"""

import json
import re
import sys

import torch

CALLS = """
torch.rand(3)
torch.randn(2, 3)
torch.randn(20)
torch.rand(2, dtype=torch.float64)
torch.randint(10, [5])
torch.randint(-3, 10, [5])
torch.randint(3, 1, [2])
torch.randperm(6)
torch.bernoulli(torch.full([6], 0.3))
torch.multinomial(torch.tensor([1., 2., 3.]), 2)
torch.multinomial(torch.tensor([[1., 2., 3.], [3., 1., 0.]]), 4, True)
torch.multinomial(torch.ones(3), 5)
torch.poisson(torch.tensor([0.5, 4., 20.]))
torch.normal(torch.tensor([0., 10.]), 2.)
torch.normal(1., torch.tensor([0.1, 10.]))
torch.normal(torch.zeros(2, 1), torch.ones(3))
torch.normal(2., 3., [4])
torch.rand_like(torch.zeros(3))
torch.randn_like(torch.zeros(3))
torch.randint_like(torch.zeros(4), 10)
torch.randint_like(torch.zeros(4), -5, 5)
torch.zeros(4).uniform_(-1, 1)
torch.zeros(4).normal_(1, 2)
torch.zeros(4).exponential_()
torch.zeros(4).cauchy_()
torch.zeros(4).log_normal_()
torch.zeros(4).geometric_(0.3)
torch.zeros(6).bernoulli_(0.3)
torch.zeros(4).random_(10)
torch.zeros(4).random_(3, 8)
torch.zeros(4).random_()
torch.zeros(2, dtype=torch.int64).uniform_()
torch.zeros(2, dtype=torch.int64).normal_()
torch.zeros(2, dtype=torch.int64).exponential_()
torch.ones(2, requires_grad=True).mul(1).normal_()
torch.bernoulli(torch.full([3], 0.5, requires_grad=True))
torch.zeros(-1)
torch.arange(5)
torch.arange(1, 2.5, 0.5)
torch.arange(5, 1)
torch.arange(1, 5, 0)
torch.linspace(0, 1, 5)
torch.linspace(0, 1, -1)
torch.logspace(0, 2, 3)
torch.eye(2, 3)
torch.eye(-1)
torch.full([2], True)
torch.full([2], 1.5, dtype=torch.int64)
torch.tril_indices(3, 3)
torch.triu_indices(2, 3, 1)
torch.zeros(2, device="cpu").device
torch.zeros(2, device="cuda")
torch.ones(2).to("cpu", torch.float64)
torch.ones(2).cuda()
torch.ones(2).type()
torch.ones(2).type("torch.LongTensor")
torch.tensor([1.5, -1.5]).long()
torch.meshgrid(torch.tensor([1., 2.]), torch.tensor([3., 4., 5.]), indexing="xy")[0]
torch.cartesian_prod(torch.tensor([1., 2.]), torch.tensor([3., 4.]))
torch.combinations(torch.tensor([1., 2., 3.]))
torch.block_diag(torch.ones(2, 2), torch.tensor([5., 6.]))
torch.cat([torch.ones(2), torch.ones(1, 2)])
torch.cat([torch.ones(2), torch.tensor(1.)])
torch.cat([torch.ones(1), torch.ones(1, dtype=torch.float64)]).dtype
torch.stack([torch.ones(2), torch.ones(3)])
torch.hstack([torch.ones(2), torch.zeros(1)])
torch.vstack([torch.ones(2), torch.zeros(2)])
torch.column_stack([torch.ones(2), torch.zeros(2)])
torch.ones(3).narrow(0, 2, 2)
torch.ones(3).split([1, 1])
torch.ones(3).chunk(0)
torch.ones(3).unfold(0, 4, 1)
torch.ones(2, 2).diagonal(0, 1, 1)
torch.ones(2, 2).as_strided([2, 2], [2, 2])
torch.ones(3, requires_grad=True).mul(1).expand(2, 3)
torch.ones(2, 3).expand(2)
torch.ones(2, 3).view(4)
torch.ones(2, 3).t().view(6)
torch.ones(2, 3).unflatten(1, [2, 2])
torch.ones(2, 3).movedim([0, 0], [1, 0])
torch.ones(2).select(0, 2)
torch.ones(2, 2).flip([0, 0])
torch.arange(4.).roll([1, 2])
torch.ones(2, 2).rot90(1, [0, 0])
torch.ones(2, 2).repeat(2)
torch.tensor([1., 2.]).repeat_interleave(2)
torch.tensor([1., 2.]).repeat_interleave(torch.tensor([1, 2], dtype=torch.int64))
torch.ones(2, 2).gather(0, torch.ones(2, 2))
torch.ones(2, 2).gather(0, torch.full([2, 2], 5, dtype=torch.int64))
torch.ones(2, 2).scatter(0, torch.zeros(3, 3, dtype=torch.int64), torch.ones(2, 2))
torch.ones(2, 2).scatter_reduce(0, torch.zeros(2, 2, dtype=torch.int64), torch.ones(2, 2), "most")
torch.ones(2, 2).index_select(0, torch.tensor([2], dtype=torch.int64))
torch.ones(2, 2).index_add(0, torch.tensor([0], dtype=torch.int64), torch.ones(2, 2))
torch.ones(2, 2).masked_fill(torch.ones(2, 2), 1)
torch.ones(2).masked_scatter(torch.full([2], True), torch.ones(1))
torch.ones(2).take(torch.tensor([2], dtype=torch.int64))
torch.tensor([[1., 0.], [0., 2.]]).nonzero()
torch.where(torch.tensor([[1., 0.], [0., 2.]]))[1]
torch.broadcast_shapes([2], [3])
torch.can_cast(torch.float, torch.int)
torch.ones(3).H
torch.ones(3).mT
torch.ones(3).trace()
torch.ones(2, 2, 2).diag()
torch.ones(3).tril()
torch.tensor([[1., 2.], [3.]])
torch.tensor([1.], requires_grad=True).mul(1).zero_()
torch.tensor([1.], requires_grad=True).mul(1).fill_(2.)
torch.tensor([[1., 2.], [3., 4.]], requires_grad=True).diag()
torch.initial_seed()
"""


def in_typescript(call):
    for python, typescript in (("True", "true"), ("False", "false"), ("None", "null")):
        call = re.sub(rf"\b{python}\b", typescript, call)
    keywords = lambda m: "{ " + re.sub(r"\b([a-z_]+)=", r"\1: ", m.group(1)) + " })"
    return re.sub(r"((?:\b[a-z_]+=[^,()]+(?:, )?)+)\)", keywords, call)


def outcome(call):
    torch.manual_seed(0)
    try:
        return str(eval(call))
    except Exception as e:
        return f"{type(e).__name__}: {str(e).splitlines()[0]}"


cases = [[in_typescript(call), outcome(call)] for call in CALLS.strip().split("\n")]
sys.stdout.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
