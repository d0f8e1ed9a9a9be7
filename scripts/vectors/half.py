"""Draws test/engine/vectors/half.json: what PyTorch prints for tensors of half precision.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/half.py

Each case is [expression in TypeScript, what PyTorch prints for it or the error it ends in].
"""

import json

import torch
from calls import in_typescript

VALUES = "torch.tensor([1.0, 2.5, 0.1, 1e-8, 70000.0, -3.14159, 6e-8, 5.97e-8, 65519.0, 65520.0, 3e38, -1e-40])"

CALLS = """
V.half()
V.bfloat16()
V.half().float()
V.bfloat16().double()
V.half().to(torch.bfloat16)
V.half().sum()
torch.float16
torch.half
torch.tensor([1.5, 2.0], dtype=torch.half)
torch.tensor(0.1, dtype=torch.bfloat16)
torch.tensor(0.1, dtype=torch.bfloat16).item()
torch.zeros(0, dtype=torch.half)
torch.full([2], 0.3, dtype=torch.half)
torch.arange(5, dtype=torch.bfloat16)
torch.arange(2000.0).half()
torch.arange(2000.0).bfloat16()
torch.ones(2, dtype=torch.half, requires_grad=True)
torch.tensor([0.1, 1000.0, 2000.3]).half()
torch.finfo(torch.half)
torch.finfo(torch.bfloat16)
torch.ones(2).half().type()
torch.ones(2).type("torch.BFloat16Tensor")
torch.ones(2).half().element_size()
torch.ones(2).half().nbytes
torch.tensor([1.7, -1.7]).half().long()
torch.promote_types(torch.half, torch.bfloat16)
torch.promote_types(torch.half, torch.float32)
torch.can_cast(torch.half, torch.int32)
torch.ones(2).half().add(torch.ones(2).bfloat16())
torch.ones(2).half().add(torch.ones(2))
torch.ones(2).half().add(torch.ones(2).double())
torch.ones(2).half().add(torch.tensor(1.5))
torch.ones(2).half().mul(torch.tensor([2, 3], dtype=torch.int64))
torch.ones(2).half().mul(0.3)
torch.cat([torch.ones(1).half(), torch.ones(1)])
torch.ones(2).half().add_(torch.ones(2))
torch.ones(2).half().sum(dtype=torch.float32)
torch.ones(2).half().fill_(0.1)
torch.ones(2).half().lt(2)
torch.ones(2, 3).half().matmul(torch.ones(3, 2))
torch.nn.functional.linear(torch.ones(2).half(), torch.ones(3, 2))
torch.randn(3, 4).half().matmul(torch.randn(4, 3).half())
torch.randn(3, 4).bfloat16().matmul(torch.randn(4, 3).bfloat16())
torch.randn(4, 5).half().softmax(1)
torch.randn(4, 5).half().exp()
torch.randn(4, 5).bfloat16().sigmoid()
torch.randn(4, 5).half().tanh()
torch.randn(4, 5).half().mean(0)
torch.randn(4, 5).bfloat16().std(1)
torch.randn(4, 5).half().div(3)
torch.randn(4, 5).half().pow(2).sum()
torch.randn(4, 5).half().t().contiguous()
torch.nn.functional.gelu(torch.randn(4, 5).half())
torch.nn.functional.layer_norm(torch.randn(4, 5).half(), [5])
torch.nn.functional.conv1d(torch.randn(1, 2, 6).half(), torch.randn(3, 2, 3).half())
torch.rand(5, dtype=torch.half)
torch.rand(3, dtype=torch.bfloat16)
torch.randn(4, dtype=torch.half)
torch.randn(16, dtype=torch.half)
torch.randn(20, dtype=torch.half)
torch.randn(41, dtype=torch.bfloat16)
torch.empty(3, dtype=torch.half).uniform_(-1, 1)
torch.empty(4, dtype=torch.bfloat16).bernoulli_(0.5)
torch.nn.functional.dropout(torch.ones(5, dtype=torch.half))
"""


def outcome(call):
    torch.manual_seed(0)
    try:
        return str(eval(call))
    except Exception as error:
        return f"{type(error).__name__}: {error}".split("\n")[0]


def gradients(dtype):
    """A loss of two layers' worth of operators and the gradients it leaves. In test/engine/half.test.ts, too."""
    torch.manual_seed(1)
    w = torch.randn(3, 4).to(dtype).requires_grad_()
    x = torch.randn(2, 4).to(dtype)
    (x @ w.t()).tanh().pow(2).mean().backward()
    first = str(w.grad)
    w.grad = None
    loss = torch.nn.functional.cross_entropy((x @ w.t()).relu(), torch.tensor([0, 2]))
    loss.backward()
    v = torch.randn(3, requires_grad=True)
    (v.to(dtype) * 2).sum().backward()
    u = torch.randn(3).to(dtype).requires_grad_()
    (u.float() * 0.1).sum().backward()
    return [first, str(loss), str(w.grad), str(v.grad), str(u.grad)]


calls = [call.replace("V", VALUES) for call in CALLS.strip().split("\n")]
json.dump(
    {
        "calls": [[in_typescript(call), outcome(call)] for call in calls],
        "gradients": {name: gradients(getattr(torch, name)) for name in ("float16", "bfloat16")},
    },
    open("test/engine/vectors/half.json", "w"),
    indent=1,
)
