"""Draws what PyTorch gives for indexing a tensor in every kind of combination, for test/engine/indexing.test.ts.

usage: python indexing.py > test/engine/vectors/indexing.json

Each case is [shape, indices, value, outcome]. The tensor holds 0, 1, 2, … as floats and requires a gradient.
An index is a number, null, "...", true or false, {"slice": [start, end, step]}, {"long": nested list} or
{"mask": nested list}. `value` is null for reading, else what is assigned: a number or {"float": nested list}.
The outcome is {"error": message}, or {"shape", "data", "grad_fn", "grad"}: for reading of the result and
with the gradient of the sum of squares, for writing of the whole tensor afterwards.
"""

import json
import random
import sys

import torch

random.seed(3)


def long(shape, size, low=None):
    low = -size if low is None else low
    return {"long": torch.tensor([random.randrange(low, size) for _ in range(torch.Size(shape).numel())]).view(shape).tolist()}


def mask(shape):
    return {"mask": torch.tensor([random.random() < 0.5 for _ in range(torch.Size(shape).numel())]).view(shape).tolist()}


def decode(index):
    if index == "...":
        return Ellipsis
    if isinstance(index, dict):
        if "slice" in index:
            return slice(*index["slice"])
        if "mask" in index:
            return torch.tensor(index["mask"], dtype=torch.bool)
        return torch.tensor(index["long"], dtype=torch.long)
    return index


def some_slice(size):
    bound = lambda: random.choice([None, random.randrange(-size - 1, size + 2)])
    return {"slice": [bound(), bound(), random.choice([None, 1, 2, 3])]}


def some_indices(shape):
    indices = []
    dim = 0
    advanced = random.choice([[], [2], [2, 1], [1]])
    ellipsis = False
    while dim < len(shape) and random.random() < 0.85:
        size = shape[dim]
        kind = random.choice(["int", "slice", "slice", "long", "long", "mask", "none", "...", "bool", "scalar"])
        if kind == "...":
            if ellipsis:
                continue
            ellipsis = True
            indices.append("...")
            dim += random.randrange(0, len(shape) - dim + 1)
            continue
        if kind == "none":
            indices.append(None)
            continue
        if kind == "bool":
            indices.append(random.choice([True, True, False]))
            continue
        if kind == "mask" and dim + 1 < len(shape) and random.random() < 0.4:
            indices.append(mask(shape[dim : dim + 2]))
            dim += 2
            continue
        if kind == "int":
            indices.append(random.randrange(-size, size))
        elif kind == "scalar":
            indices.append(long([], size))
        elif kind == "slice":
            indices.append(some_slice(size))
        elif kind == "long":
            indices.append(long(advanced, size))
        else:
            indices.append(mask([size]))
        dim += 1
    return indices


def outcome(shape, indices, value):
    x = torch.arange(float(torch.Size(shape).numel())).view(shape).requires_grad_()
    key = tuple(decode(i) for i in indices)
    key = key[0] if len(key) == 1 else key
    try:
        if value is None:
            result = x[key]
            grad = torch.autograd.grad(result.square().sum(), x)[0]
        else:
            result = x.clone()
            v = torch.tensor(value["float"]) if isinstance(value, dict) else value
            result[key] = v
            grad = torch.autograd.grad(result.square().sum(), x)[0]
    except (IndexError, RuntimeError, ValueError, TypeError) as e:
        return {"error": str(e).split("\n")[0]}
    return {
        "shape": list(result.shape),
        "data": result.detach().flatten().tolist(),
        "grad_fn": type(result.grad_fn).__name__,
        "grad": grad.flatten().tolist(),
    }


def some_value(shape, indices):
    try:
        selected = torch.zeros(shape)[tuple(decode(i) for i in indices)]
    except Exception:
        return 7
    kind = random.choice(["number", "whole", "last", "wrong"])
    if kind == "number" or selected.numel() > 12:
        return 7
    if kind == "whole":
        return {"float": (-1 - torch.arange(float(selected.numel()))).view(selected.shape).tolist()}
    if kind == "last" and selected.dim() > 0:
        return {"float": (-1 - torch.arange(float(selected.shape[-1]))).tolist()}
    return {"float": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]}


cases = []
seen = set()
while len(cases) < 240:
    shape = random.choice([[4], [2, 3], [2, 3], [3, 2, 2], [2, 1, 3]])
    indices = some_indices(shape)
    value = some_value(shape, indices) if len(cases) % 2 else None
    key = json.dumps([shape, indices, value])
    if key in seen or not indices:
        continue
    seen.add(key)
    result = outcome(shape, indices, value)
    cases.append([shape, indices, value, result])

refused = [
    ([2, 3], [5]),
    ([2, 3], [0, 0, 0]),
    ([], [0]),
    ([], [{"slice": [None, None, None]}]),
    ([2, 3], [{"long": [5]}]),
    ([2, 3], [{"long": [0, 1]}, {"long": [0, 1, 2]}]),
    ([2, 3], [{"mask": [True]}]),
    ([2, 3], [{"slice": [None, None, -1]}]),
    ([2, 3], [{"slice": [None, None, 0]}]),
]
for shape, indices in refused:
    cases.append([shape, indices, None, outcome(shape, indices, None)])
sys.stdout.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
