"""Draws what PyTorch answers where reductions, sorting and statistics are least obvious: which of several
equal elements is picked, empty and 0-dim tensors, NaNs, dtypes, and the messages of what it refuses.

usage: python reductions.py > test/engine/vectors/reductions.json
"""
import json
import math
import warnings

import torch

warnings.simplefilter("ignore")
nan, inf = math.nan, math.inf
cases = []
NAMESPACES = {"linalg": torch.linalg, "nn.functional": torch.nn.functional, "masked": torch.masked}


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return {"$f": "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"}
    return x


def encode(v):
    if isinstance(v, torch.Tensor):
        data = [number(x) for x in v.detach().reshape(-1).tolist()]
        stored = {"shape": list(v.shape), "dtype": str(v.dtype).removeprefix("torch."), "data": data}
        return {"$t": {**stored, "leaf": True} if v.requires_grad and v.is_leaf else stored}
    if isinstance(v, torch.dtype):
        return {"$dtype": str(v).removeprefix("torch.")}
    if isinstance(v, dict):
        return {k: encode(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [encode(x) for x in v]
    return number(v)


def function(name):
    scope, _, short = name.rpartition(".")
    return getattr(NAMESPACES.get(scope, torch), short)


def record(name, *args, **kwargs):
    case = {"op": name, "args": encode(args), "kwargs": encode(kwargs)}
    leaves = [a for a in args if isinstance(a, torch.Tensor) and a.requires_grad]
    try:
        result = function(name)(*args, **kwargs)
        case["out"] = encode(result)
        if leaves:
            results = result if isinstance(result, tuple) else (result,)
            case["grad_fn"] = [o.grad_fn and type(o.grad_fn).__name__ for o in results]
            outputs = [o for o in results if o.requires_grad]
            if outputs:
                total = sum((o * 2).sum() for o in outputs)
                case["grads"] = encode(list(torch.autograd.grad(total, leaves, allow_unused=True)))
    except Exception as error:
        case["error"] = [type(error).__name__, str(error).split("\n")[0]]
    cases.append(json.dumps(case, separators=(",", ":")))


def T(data, dtype=torch.float64, grad=False):
    return torch.tensor(data, dtype=dtype).requires_grad_(grad)


Z, L, B = torch.zeros, torch.int64, torch.bool
ONE, INTS, BOOLS = T(1.5), T([1, 2], L), T([True, False], B)
F64 = torch.float64


def ties(seed):
    """The same rows with several equal elements for everything that has to pick one."""
    g = torch.Generator().manual_seed(seed)
    for n in (1, 5, 9, 17, 70):
        row = torch.randint(0, max(2, n // 4), (n,), generator=g).double()
        if n > 8 and seed % 2:
            row[torch.randint(0, n, (2,), generator=g)] = nan
        k = max(1, n // 2)
        for name in ("median", "nanmedian", "mode", "max", "min", "cummax", "cummin"):
            record(name, row.clone().requires_grad_(), 0)
        record("kthvalue", row, k)
        for largest in (True, False):
            record("topk", row, k, 0, largest)
            record("topk", row, max(1, n // 70), 0, largest)
        record("sort", row, stable=True)
        record("sort", row, stable=True, descending=True)
        for name in ("amax", "amin", "median", "nanmedian"):
            record(name, row.clone().requires_grad_())
        record("aminmax", row.clone().requires_grad_())
        record("unique", row, return_inverse=True, return_counts=True)
        record("unique_consecutive", row, return_inverse=True, return_counts=True)


def empty_and_scalar():
    for name in ("sum", "mean", "prod", "max", "min", "amax", "amin", "argmax", "argmin", "aminmax", "median",
                 "nanmedian", "nansum", "nanmean", "var", "std", "all", "any", "mode", "count_nonzero", "norm"):
        record(name, Z(0, dtype=F64))
        record(name, ONE)
        record(name, T([1.0, nan, 2.0]))
        record(name, INTS)
        record(name, BOOLS)
        record(name, T([3, 200], torch.uint8))
    for name in ("sum", "mean", "prod", "max", "min", "amax", "amin", "argmax", "argmin", "median", "nanmedian",
                 "mode", "logsumexp", "cumsum", "cumprod", "cummax", "cummin", "logcumsumexp", "softmax",
                 "log_softmax", "all", "any", "var", "std"):
        record(name, Z(2, 0, dtype=F64), 1)
        record(name, Z(2, 0, dtype=F64), 0)
        record(name, ONE, 0)
        record(name, ONE, 1)
        record(name, INTS, 0)
        record(name, INTS, -2)
        record(name, BOOLS, 0)
        record(name, T([[0.0, 2.0], [3.0, 0.0]], grad=True), 1)
        record(name, T([[-inf, -inf], [inf, 1.0]]), 1)


def zeros_in_products():
    for row in ([2.0, 0.0, 3.0], [0.0, 2.0, 0.0], [2.0, 3.0, 4.0]):
        record("prod", T(row, grad=True))
        record("prod", T(row, grad=True), 0)
        record("cumprod", T(row, grad=True), 0)


def composed():
    a, b = [[0.5, 2.0, 1.0], [3.0, 0.25, 4.0]], [[1.0, -1.0, 2.0], [0.5, 2.0, -3.0]]
    x, y = (lambda: T(a, grad=True)), (lambda: T(b, grad=True))
    q = T([0.25, 0.8])
    for interpolation in ("linear", "lower", "higher", "midpoint", "nearest"):
        record("quantile", x(), 0.3, interpolation=interpolation)
        record("nanquantile", x(), q, 0, True, interpolation=interpolation)
    for name in ("nanmean", "corrcoef", "cov", "trapezoid", "cumulative_trapezoid", "diff", "nuclear_norm", "msort", "nansum", "linalg.norm", "norm", "nn.functional.pdist"):
        record(name, x())
    for name in ("cdist", "dist", "cross", "linalg.vecdot", "trapezoid", "nn.functional.cosine_similarity",
                 "nn.functional.pairwise_distance"):
        record(name, x(), y())
    for name in ("softmax", "log_softmax", "nn.functional.softmin", "nn.functional.normalize"):
        record(name, x(), dim=1)
    record("gradient", T([1.0, 4.0, 9.0, 16.0], grad=True), edge_order=2)
    record("gradient", T([1.0, 4.0, 9.0, 16.0], grad=True), spacing=(T([0.0, 1.0, 3.0, 4.0]),), edge_order=2)
    for ord in ("fro", "nuc", 1, -1, 2, -2, inf, -inf):
        record("linalg.matrix_norm", x(), ord)
        record("linalg.matrix_norm", x(), ord, keepdim=True)
    for p in (0, 0.5, 1, 1.5, 2, 3, inf, -inf):
        record("linalg.vector_norm", T([[0.0, 0.0], [2.0, -2.0]], grad=True), p, 1)
        record("cdist", x(), y(), float(abs(p)))
    record("frobenius_norm", x())
    record("frobenius_norm", x(), 1)
    record("renorm", x(), 2, 0, 1.5)
    mask = T([[True, False, True], [False, False, False]], B)
    for name in ("sum", "prod", "amax", "amin", "mean", "logsumexp", "norm", "var", "std"):
        record(f"masked.{name}", x(), dim=1, mask=mask)
        record(f"masked.{name}", x())
    for name in ("softmax", "log_softmax", "softmin", "cumsum", "cumprod", "median"):
        record(f"masked.{name}", x(), 1, mask=mask)
    record("masked.normalize", x(), 2.0, 1, mask=mask)
    record("masked.sum", x(), mask=torch.ones(1, 2, 3, dtype=B))
    record("masked.mean", INTS)


def dtypes():
    for dtype in (F64, L, torch.int32, B):
        for name in ("sum", "prod", "mean"):
            record(name, T([0.7, 1.7]), dtype=dtype)
        for name in ("cumsum", "cumprod"):
            record(name, T([0.7, 1.7]), 0, dtype=dtype)
    record("sum", Z(2, 2), (0, 0))
    record("all", T([[1, 0]], L), dim=[])
    record("any", T([[1, 0]], L), dim=[])


def refusals():
    Z2, Z33 = Z(2, dtype=F64), Z(3, 3, dtype=F64)
    record("kthvalue", Z(3), 4)
    record("kthvalue", Z(3), 0)
    record("kthvalue", BOOLS, 1)
    for q in (1.5, Z(2, 2), T([0.5], torch.float64), T([2.0], torch.float32)):
        record("quantile", Z(3), q)
    record("quantile", INTS, 0.5)
    record("quantile", Z(0), 0.5)
    record("quantile", Z(3), 0.5, interpolation="foo")
    record("var_mean", INTS)
    record("topk", Z(3), 4)
    record("topk", BOOLS, 1)
    for case in ((Z(2, 3), Z(3, 3)), (Z33, 1.0), (ONE, Z2)):
        record("searchsorted", *case)
    record("searchsorted", Z(3), Z(3), side="foo")
    record("searchsorted", Z(3), Z(3), side="left", right=True)
    for sorter in (T([0, 1, 2], F64), T([0], L), T([0, 1, 7], L)):
        record("searchsorted", Z(3), Z(3), sorter=sorter)
    record("bucketize", Z(3), Z(2, 2))
    record("unique", Z(2, 0), dim=0)
    record("unique", Z(2), dim=3)
    for args in ((Z(3), 0), (Z(3), 3, 2, 1), (INTS, 2), (T([1.0, inf]), 2), (T([1.0]), 2, 0, inf), (Z(0), 2)):
        record("histc", *args)
    record("histogram", Z(3), 0)
    record("histogram", Z(3), 2, range=(2.0, 1.0))
    record("histogram", Z(3), 2, range=(2.0, 1.0, 3.0))
    record("histogram", INTS, 2)
    record("histogram", Z(3), 2, weight=Z(2))
    record("histogram", Z(3), 2, weight=Z(3, dtype=F64))
    for bins in (Z(2, 2), Z(0), Z(1), Z(3, dtype=F64)):
        record("histogram", Z(3), bins)
    for args in ((Z(3),), (Z(3, 3, dtype=L),), (T([-1], L),), (INTS, Z(3)), (INTS, None, -1), (BOOLS,)):
        record("bincount", *args)
    record("isin", BOOLS, BOOLS)
    record("isin", T([nan, 1.0]), T([nan, 1.0]))
    record("cov", Z(2, 2, 2))
    record("cov", BOOLS)
    for weights in (Z2, T([-1, 1], L), T([1], L), torch.ones(2, 2, dtype=L), T([0, 0], L)):
        record("cov", Z(2, 2), fweights=weights)
    for weights in (INTS, T([1.0, -2.0])):
        record("cov", Z(2, 2), aweights=weights)
    record("corrcoef", Z(2, 2, 2))
    for name in ("cumulative_trapezoid", "trapezoid"):
        for args in ((Z(3), Z(4)), (BOOLS,), (Z(0),), (Z(1),), (INTS,), (Z2, BOOLS)):
            record(name, *args)
    record("trapezoid", T(1.0))
    record("diff", T(1.0))
    record("diff", Z(3), -1)
    record("diff", Z(3), prepend=Z(2, 2))
    record("diff", Z(3, 2), prepend=Z(2, 2))
    record("gradient", Z(1))
    record("gradient", Z(3), edge_order=3)
    record("gradient", Z(2), edge_order=2)
    record("gradient", Z(3, 3), spacing=[1.0])
    record("gradient", Z(3, 3), dim=[0, 0])
    record("gradient", Z(3), spacing=[Z(3, 1)])
    record("gradient", T([1, 2, 4], torch.uint8))
    vector_norm, matrix_norm, norm = "linalg.vector_norm", "linalg.matrix_norm", "linalg.norm"
    for args in ((INTS,), (Z(0), inf), (Z(0), -1), (Z(2, 0), inf, 1)):
        record(vector_norm, *args)
    record(vector_norm, Z2, dtype=torch.float32)
    record(vector_norm, Z2, dtype=L)
    for args in ((Z(3),), (Z33, 3), (Z33, 1, (0, 0)), (Z33, 1, (0,)), (Z33, "foo"), (INTS.view(1, 2),)):
        record(matrix_norm, *args)
    for args in ((Z(2, 2, 2), 2), (Z(2, 2, 2), 2, (0, 1, 2)), (Z(2, 2), "fro", 0), (Z(2), "nuc")):
        record(norm, *args)
    record("dist", INTS, INTS)
    for args in ((Z(3), Z33), (Z(3, 2), Z33), (Z33, Z(3)), (Z(3, 2), Z(3, 2), -1.0), (INTS.view(1, 2), Z(1, 2))):
        record("cdist", *args)
    record("cdist", Z33, Z33, compute_mode="x")
    for args in ((Z(3),), (Z33, -1.0), (INTS.view(2, 1),)):
        record("nn.functional.pdist", *args)
    for args in ((Z(2), Z(2)), (Z(3, 2), Z(3, 2), 1), (Z(3), Z33)):
        record("cross", *args)
    for args in ((Z33, -1, 0, 1), (Z33, 1, 0, -1), (Z(3), 1, 0, 1)):
        record("renorm", *args)
    record("nn.functional.cosine_similarity", INTS, INTS, 0)
    record("nn.functional.normalize", INTS.view(1, 2))
    record("allclose", INTS, Z2)
    record("allclose", Z2, Z2, -1.0)
    record("equal", INTS, T([1.0, 2.0]))


for seed in range(2):
    ties(seed)
empty_and_scalar()
zeros_in_products()
composed()
dtypes()
refusals()
print("[" + ",\n".join(cases) + "]")
