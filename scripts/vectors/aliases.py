"""Draws test/engine/vectors/aliases.json: which calls take NumPy's names for keywords, and what they give.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/aliases.py

A case is a method, its arguments, its keywords, and the result as nested lists or null where the call is refused.
"""

import json

import torch

x = torch.tensor([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
REDUCTIONS = "sum mean prod std var amax amin argmax argmin any all logsumexp nansum nanmean".split()
PAIRS = "max min median mode aminmax kthvalue".split()
OTHERS = "softmax log_softmax cumsum cumprod logcumsumexp unsqueeze squeeze unbind count_nonzero diff argsort".split()
calls = []
for name in REDUCTIONS + PAIRS:
    first = [1] if name == "kthvalue" else []
    for keywords in [{"axis": 1}, {"axis": 0, "keepdims": True}, {"dim": 1, "keepdims": True}, {"dim": 1, "axis": 0}]:
        calls.append((name, first, keywords))
for name in OTHERS:
    calls.append((name, [], {"axis": 0}))
for name, first in [("chunk", [3]), ("topk", [1]), ("repeat_interleave", [2]), ("quantile", [0.5]), ("split", [1]), ("norm", [2])]:
    calls.append((name, first, {"axis": 1}))
calls += [("flip", [], {"axis": [0]}), ("roll", [1], {"axis": 0}), ("sum", [], {"axes": 0})]


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.tolist()
    return [plain(each) for each in value]


cases = []
for name, args, keywords in calls:
    try:
        result = plain(getattr(x, name)(*args, **keywords))
    except (TypeError, RuntimeError):
        result = None
    cases.append({"method": name, "args": args, "keywords": keywords, "result": result})
with open("test/engine/vectors/aliases.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
