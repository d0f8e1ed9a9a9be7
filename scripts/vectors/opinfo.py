"""Draws PyTorch's own operator samples (OpInfo) with what it answers: values, dtypes, the names of the
backward steps, and the gradients for random cotangents. One line of JSON per sample.

usage: python opinfo.py float64 --samples 3 --elements 200 | gzip -9n > test/engine/vectors/opinfo-float64.jsonl.gz

opinfo-float32 was drawn with PyTorch 1.13 (--samples 6 --elements 600), opinfo-float64 with 2.13. PyTorch's
testing package asks for the package `expecttest`; a module of that name that holds a subclass `TestCase` of
unittest's and `ACCEPT = False` will do. `seed` is what torch.manual_seed got before the call; the database's
entries for random operators seed again, with 42.
"""
import argparse
import json
import math
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db

warnings.simplefilter("ignore")
DTYPES = {torch.float32, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool}


class Unwritable(Exception):
    """The sample holds something that the vectors have no form for, or too much of it."""


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return {"$f": "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"}
    return x


def encode(v):
    if isinstance(v, torch.Tensor):
        if v.layout != torch.strided or v.dtype not in DTYPES or v.numel() > options.elements:
            raise Unwritable
        dtype = str(v.dtype).removeprefix("torch.")
        data = [number(x) for x in v.detach().reshape(-1).tolist()]
        return {"$t": {"shape": list(v.shape), "dtype": dtype, "rg": v.requires_grad, "data": data}}
    if isinstance(v, torch.dtype):
        return {"$dtype": str(v).removeprefix("torch.")}
    if isinstance(v, slice):
        return {"$slice": [encode(v.start), encode(v.stop), encode(v.step)]}
    if v is Ellipsis:
        return {"$ellipsis": True}
    if v is None or isinstance(v, (bool, int, float, str)):
        return number(v)
    if isinstance(v, (list, tuple)):
        return [encode(x) for x in v]
    if isinstance(v, dict):
        return {k: encode(x) for k, x in v.items()}
    raise Unwritable


def tensors(v):
    if isinstance(v, torch.Tensor):
        return [v]
    if isinstance(v, dict):
        return tensors(list(v.values()))
    return [t for x in v for t in tensors(x)] if isinstance(v, (list, tuple)) else []


def draw(op, sample, index, generator):
    args = [sample.input, *sample.args]
    seed = options.seed + index
    drawn = {"op": op.name, "variant": op.variant_test_name, "i": index, "args": encode(args)}
    drawn |= {"kwargs": encode(sample.kwargs), "seed": seed}
    torch.manual_seed(seed)
    result = op.op(*args, **sample.kwargs)
    outputs = tensors(result)
    drawn["single"] = isinstance(result, torch.Tensor)
    drawn["out"] = encode(outputs or result)
    drawn["grad_fn"] = [None if o.grad_fn is None else type(o.grad_fn).__name__ for o in outputs]
    differentiable = [o for o in outputs if o.requires_grad]
    leaves = [t for t in tensors([args, sample.kwargs]) if t.requires_grad and t.is_leaf]
    if differentiable and leaves and op.supports_autograd:
        cotangents = [torch.randn(o.shape, generator=generator, dtype=o.dtype) for o in differentiable]
        grads = torch.autograd.grad(differentiable, leaves, cotangents, allow_unused=True)
        drawn["cot"] = encode(cotangents)
        drawn["grads"] = [None if g is None else encode(g.detach()) for g in grads]
    return drawn


def samples(op):
    """The first sample and a seeded pick of the others."""
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    given = list(op.sample_inputs("cpu", dtype, requires_grad=op.supports_autograd))
    order = torch.randperm(len(given), generator=generator).tolist()
    kept = 0
    for index in sorted(order, key=lambda i: i != 0):
        if kept == options.samples:
            return
        try:
            yield draw(op, given[index], index, generator)
        except Exception:
            continue  # what cannot be written, and what this build of PyTorch cannot compute
        kept += 1


parser = argparse.ArgumentParser()
parser.add_argument("dtype")
parser.add_argument("--seed", type=int, default=20)
parser.add_argument("--samples", type=int, default=3)
parser.add_argument("--elements", type=int, default=200)
options = parser.parse_args()
dtype = getattr(torch, options.dtype)
for op in op_db:
    if dtype in op.dtypes:
        try:
            for each in samples(op):
                print(json.dumps(each, separators=(",", ":")))
        except Exception:
            continue  # its samples need a package or a device that is not there
