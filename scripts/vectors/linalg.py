"""Draws test/engine/vectors/linalg.json: what PyTorch's linear algebra computes, and what it refuses to.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/linalg.py

A value is [function, arguments, keywords, results]; its tensors are drawn in order by torch.randn in float64
under seed 7, {"randn": shape}, and with "positive" multiplied by their transposes and the identity added. A refusal is
[function, arguments, keywords, error]; its tensors are {"shape", "dtype", "fill"}, of ones unless "fill" says.
"""

import json
import math
import warnings

import torch

warnings.filterwarnings("ignore")
values = []
refusals = []


def function(name):
    scope = torch
    for part in name.split("."):
        scope = getattr(scope, part)
    return scope


def each(spec, make):
    if isinstance(spec, dict):
        return make(spec)
    return [each(element, make) for element in spec] if isinstance(spec, list) else spec


def drawn(spec):
    tensor = torch.randn(spec["randn"], dtype=torch.float64)
    if "positive" in spec:
        tensor = tensor @ tensor.mT + torch.eye(spec["randn"][-1], dtype=torch.float64)
    return tensor


def flat(result):
    return [result] if isinstance(result, torch.Tensor) else list(result)


def value(name, *args, **keywords):
    torch.manual_seed(7)
    results = flat(function(name)(*each(list(args), drawn), **keywords))
    stored = [[list(r.shape), [float(f"{x:.12g}") for x in r.double().reshape(-1).tolist()]] for r in results]
    values.append([name, list(args), keywords, stored])


def filled(spec):
    fill = math.nan if spec.get("fill") == "nan" else spec.get("fill", 1)
    return torch.full(spec["shape"], fill, dtype=getattr(torch, spec["dtype"]))


def refuse(name, *args, **keywords):
    try:
        function(name)(*each(list(args), filled), **{key: each(arg, filled) for key, arg in keywords.items()})
        error = None
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
    refusals.append([name, list(args), keywords, error])


def R(*shape):
    return {"randn": list(shape)}


def P(*shape):
    return {"randn": list(shape), "positive": True}


def kind(dtype):
    return lambda *shape, **fill: {"shape": list(shape), "dtype": dtype, **fill}


T, T64, Ti, Tb, Ti32 = map(kind, ("float32", "float64", "int64", "bool", "int32"))

for shape in ([1, 1], [2, 2], [3, 3], [6, 6], [2, 3, 3]):
    for name in ("det", "slogdet", "inv_ex", "eigvalsh", "svdvals", "matrix_exp", "lu", "lu_factor"):
        value(f"linalg.{name}", R(*shape))
    value("linalg.eigh", R(*shape))
    value("linalg.eigh", R(*shape), "U")
    value("linalg.cholesky", P(*shape))
    value("linalg.cholesky", P(*shape), upper=True)
    value("cholesky_inverse", P(*shape))
    value("logdet", P(*shape))
    for power in (-2, 0, 1, 2, 3, 6):
        value("linalg.matrix_power", R(*shape), power)
    for p in (1, -1, 2, -2, "fro", "nuc"):
        value("linalg.cond", R(*shape), p)
for shape in ([3, 3], [4, 2], [2, 4], [3, 4], [7, 3], [2, 3, 2], [20, 12], [12, 20]):
    value("linalg.svd", R(*shape))
    value("linalg.svd", R(*shape), False)
    value("svd", R(*shape))
    for mode in ("reduced", "complete", "r"):
        value("linalg.qr", R(*shape), mode)
    value("linalg.pinv", R(*shape))
    value("linalg.matrix_rank", R(*shape))
    value("linalg.lu", R(*shape))
    value("geqrf", R(*shape))
value("linalg.solve", R(3, 3), R(3))
value("linalg.solve", R(3, 3), R(3, 2))
value("linalg.solve", R(3, 3), R(2, 3), left=False)
value("linalg.solve", R(2, 3, 3), R(2, 3))
value("linalg.solve", R(2, 3, 3), R(3, 2))
for upper in (True, False):
    value("linalg.solve_triangular", R(3, 3), R(3, 2), upper=upper)
    value("linalg.solve_triangular", R(3, 3), R(2, 3), upper=upper, left=False)
    value("linalg.solve_triangular", R(3, 3), R(3, 2), upper=upper, unitriangular=True)
    value("cholesky_solve", R(3, 2), P(3, 3), upper)
    for transpose in (True, False):
        value("triangular_solve", R(3, 2), R(3, 3), upper, transpose)
for driver in ("gels", "gelsy", "gelsd", "gelss"):
    value("linalg.lstsq", R(4, 2), R(4, 3), driver=driver)
    value("linalg.lstsq", R(2, 4), R(2), driver=driver)
value("linalg.householder_product", R(4, 3), R(2))
value("ormqr", R(4, 2), R(2), R(4, 3))
value("ormqr", R(4, 2), R(2), R(3, 4), False, True)
value("linalg.tensorinv", R(2, 3, 6), 2)
value("linalg.tensorsolve", R(2, 3, 6), R(2, 3))
value("linalg.tensorsolve", R(2, 6, 3), R(2, 3), [1])
value("linalg.vander", R(4))
value("linalg.multi_dot", [R(3), R(3, 4), R(4, 2), R(2)])
value("linalg.pinv", P(3, 3), hermitian=True)
for equation, shapes in {
    "ij,jk": [[2, 3], [3, 2]],
    "bij,bjk->ki": [[2, 2, 3], [2, 3, 2]],
    "...ij,...kj->...ik": [[2, 2, 3], [4, 3]],
    "ii": [[3, 3]],
    "iij->j": [[2, 2, 3]],
    "i,j,k->kji": [[2], [3], [2]],
    "ij,j,k->": [[2, 3], [3], [2]],
    "...": [[2, 3]],
    "a...b,b...->...a": [[2, 3, 4], [4, 3]],
}.items():
    value("einsum", equation, *[R(*shape) for shape in shapes])

refuse("mm", T(2), T(2, 3))
refuse("mm", T(2, 3), T(2))
refuse("mm", T(2, 3), T64(3, 2))
refuse("mm", Tb(2, 3), Tb(3, 2))
refuse("bmm", T(2, 3), T(2, 3, 3))
refuse("bmm", T(2, 3, 4), T(2, 3))
refuse("bmm", T(2, 3, 4), T(2, 3, 4))
refuse("bmm", T(2, 3, 4), T64(2, 4, 4))
refuse("bmm", Tb(2, 3, 4), Tb(2, 4, 4))
refuse("mv", T(2, 3), T(4))
refuse("mv", T(2, 3, 1), T(4))
refuse("mv", T(2, 3), T64(3))
refuse("mv", Tb(2, 3), Tb(3))
refuse("dot", T(2, 3), T(3))
refuse("dot", T(3), T(4))
refuse("dot", T(3), T64(3))
refuse("dot", Tb(3), Tb(3))
refuse("vdot", T(3), T64(3))
refuse("vdot", T(3), T(4))
refuse("outer", T(3, 1), T(4))
refuse("outer", T(3), T(4, 1))
refuse("ger", T(3, 1), T(4))
refuse("addmm", T(5), T(2, 3), T(3, 4))
refuse("addmm", T(1, 2, 4), T(2, 3), T(3, 4))
refuse("addmm", T(4), T(2, 3), T(2, 4))
refuse("addmm", T(4), T(2, 3, 1), T(2, 4))
refuse("addmm", T(4), T(2, 3), T(2, 4, 1))
refuse("addmm", T64(4), T(2, 3), T(3, 4))
refuse("addmm", T(4), T(2, 3), T64(3, 4))
refuse("addmm", Ti(4), Ti(2, 3), Ti(3, 4), beta=0.5)
refuse("addmm", Ti(4), Ti(2, 3), Ti(3, 4), alpha=0.5)
refuse("addmv", T(2), T(2, 3), T(4))
refuse("addmv", T(3), T(2, 3), T(3))
refuse("addmv", T(2), T(2, 3), T(3, 1))
refuse("addmv", T64(2), T(2, 3), T(3))
refuse("addmv", Ti(2), Ti(2, 3), Ti(3), alpha=0.5)
refuse("addr", T(2), T(2), T(3))
refuse("addr", T(2, 3), T(2, 1), T(3))
refuse("addr", T(2, 3), T(2), T(3, 1))
refuse("addr", Ti(2, 3), Ti(2), Ti(3), beta=0.5)
refuse("addr", Ti(2, 3), Ti(2), Ti(3), alpha=0.5)
refuse("addbmm", T(2, 3), T(2, 2, 3), T(3, 2, 3))
refuse("addbmm", T(2, 3), T(2, 2, 3), T(2, 2, 3))
refuse("addbmm", T(2, 4), T(2, 2, 3), T(2, 3, 3))
refuse("addbmm", T64(2, 3), T(2, 2, 3), T(2, 3, 3))
refuse("baddbmm", T(2, 3), T(2, 2, 3), T(3, 2, 3))
refuse("baddbmm", T(2, 3), T(2, 2, 3), T(2, 2, 3))
refuse("baddbmm", T(2, 4), T(2, 2, 3), T(2, 3, 3))
refuse("baddbmm", T64(2, 3), T(2, 2, 3), T(2, 3, 3))
refuse("baddbmm", T(2, 3), T(2, 2, 3), T64(2, 3, 3))
refuse("matmul", T(), T(2))
refuse("matmul", T(2, 3), T(2))
refuse("matmul", T(3), T(2, 3))
refuse("matmul", T(2, 3, 4), T(3, 4))
refuse("matmul", T(2, 3, 4), T(3))
refuse("matmul", T(2, 3, 4), T(2, 3, 4))
refuse("matmul", T(2, 3, 4), T(3, 4, 4))
refuse("matmul", T(2, 2, 3, 4), T(3, 4, 4))
refuse("matmul", T(3), T(2, 4, 4))
refuse("matmul", T(2, 3, 4), T64(4, 4))
refuse("matmul", T(2, 3, 4), T64(2, 4, 4))
refuse("inner", T(3), T(2, 4))
refuse("tensordot", T(2, 3), T(2, 3), dims=1)
refuse("tensordot", T(2, 3), T(2, 3), dims=3)
refuse("tensordot", T(2, 3), T(2, 3), dims=-1)
refuse("tensordot", T(2, 3), T(2, 3), dims=[[0], [0, 1]])
refuse("tensordot", T(2, 3), T(2, 3), dims=[[0, 0], [0, 1]])
refuse("tensordot", T(2, 3), T(2, 3), dims=[[0, 2], [0, 1]])
refuse("tensordot", T(2, 3), T64(2, 3), dims=[[0], [0]])
refuse("chain_matmul", T(2, 3), T(2, 3))
refuse("linalg.multi_dot", [T(2, 3)])
refuse("linalg.multi_dot", [])
refuse("linalg.multi_dot", [T(2, 3), T(2, 3)])
refuse("linalg.multi_dot", [T(2, 3), T(3, 3), T(2, 3)])
refuse("linalg.multi_dot", [T(2, 3, 1), T(3, 3), T(2, 3)])
refuse("linalg.multi_dot", [T(2, 3), T(3, 3, 1), T(2, 3)])
refuse("linalg.multi_dot", [T(2, 3), T(3, 3), T(2, 3, 1)])
refuse("linalg.multi_dot", [T(2, 3), T64(3, 3)])
refuse("einsum", "ij,jk->ik", T(2, 3))
refuse("einsum", "ij->ik", T(2, 3))
refuse("einsum", "ij", T(2, 3, 1))
refuse("einsum", "ijk", T(2, 3))
refuse("einsum", "ij,jk", T(2, 3), T(4, 2))
refuse("einsum", "i1", T(2, 3))
refuse("einsum", "ij->ii", T(2, 3))
refuse("einsum", "i..", T(2, 3))
refuse("einsum", "...i...", T(2, 3))
refuse("einsum", "ij->i-", T(2, 3))
refuse("einsum", "ij->...i.", T(2, 3))
refuse("einsum", "i,j", T(2))
refuse("einsum", "i", T(2), T(2))
refuse("einsum", "ij", [T(2)])
refuse("einsum", "...,...", T(2), T(3))
refuse("einsum", "ii", T(2, 3))
refuse("einsum", "ij->i->", T(2, 3))
refuse("linalg.inv", T(2, 3))
refuse("linalg.inv", T(2))
refuse("linalg.inv", Ti(2, 2))
refuse("linalg.inv", T(2, 2))
refuse("linalg.inv", T(3, 2, 2))
refuse("linalg.inv_ex", T(2, 2), check_errors=True)
refuse("linalg.det", T(2, 3))
refuse("linalg.det", T(2))
refuse("linalg.slogdet", T(2, 3))
refuse("linalg.solve", T(2, 2), T(2))
refuse("linalg.solve", T(3, 2, 2), T(2))
refuse("linalg.solve", T(2, 2), T(3))
refuse("linalg.solve", T(2, 2), T(3, 1))
refuse("linalg.solve", T(2, 3), T(3, 1))
refuse("linalg.solve", T(2), T(3, 1))
refuse("linalg.solve", T(2, 2), T64(2))
refuse("linalg.solve", T(2, 2), T())
refuse("linalg.solve", T(2, 2), T(2), left=False)
refuse("linalg.solve", T(2, 2, 2), T(3, 2, 2))
refuse("linalg.solve_triangular", T(2, 2), T(2), upper=True)
refuse("linalg.solve_triangular", T(2, 2), T(3, 2), upper=True)
refuse("linalg.solve_triangular", T(2, 3), T(3, 2), upper=True)
refuse("linalg.cholesky", T(2, 2, fill=-1))
refuse("linalg.cholesky", T(2, 3))
refuse("linalg.cholesky", T(3, 2, 2, fill=-1))
refuse("linalg.cholesky", Ti(2, 2))
refuse("linalg.cholesky_ex", T(2, 2, fill=-1), check_errors=True)
refuse("cholesky", T(2, 2, fill=-1))
refuse("cholesky", T(3, 2, 2, fill=-1))
refuse("cholesky", T(2, 3))
refuse("cholesky_inverse", T(2, 3))
refuse("cholesky_solve", T(2), T(2, 2))
refuse("cholesky_solve", T(2, 2), T(2, 3))
refuse("cholesky_solve", T(3, 2), T(2, 2))
refuse("linalg.qr", T(2))
refuse("linalg.qr", T(2, 2), mode="x")
refuse("linalg.qr", Ti(2, 2))
refuse("linalg.svd", T(2))
refuse("linalg.svd", Ti(2, 2))
refuse("linalg.svd", T(2, 2, fill="nan"))
refuse("linalg.eigh", T(2, 3))
refuse("linalg.eigh", T(2))
refuse("linalg.eigh", T(2, 2), UPLO="X")
refuse("linalg.eigh", Ti(2, 2))
refuse("linalg.eigh", T(2, 2, fill="nan"))
refuse("linalg.eigvalsh", T(2, 3))
refuse("linalg.lstsq", T(2), T(2))
refuse("linalg.lstsq", T(2, 2), T(3))
refuse("linalg.lstsq", T(2, 2), T(3, 2))
refuse("linalg.lstsq", T(2, 2), T64(2, 2))
refuse("linalg.lstsq", T(2, 2), T(2, 2), driver="x")
refuse("linalg.lstsq", Ti(2, 2), Ti(2, 2))
refuse("linalg.lstsq", T(2, 2), T())
refuse("linalg.pinv", T(2))
refuse("linalg.pinv", Ti(2, 2))
refuse("linalg.pinv", T(2, 3), hermitian=True)
refuse("linalg.matrix_rank", T(2))
refuse("linalg.matrix_rank", Ti(2, 2))
refuse("linalg.matrix_power", T(2, 3), 2)
refuse("linalg.matrix_power", T(2), 2)
refuse("linalg.matrix_power", T(2, 2), -1)
refuse("linalg.vecdot", T(2), T(3))
refuse("linalg.vecdot", T(2), T(2), dim=1)
refuse("linalg.cross", T(2), T(2))
refuse("linalg.cross", T(3), T(1, 3))
refuse("linalg.cross", T(2, 3), T(4, 3))
refuse("cross", T(2, 2), T(2, 2))
refuse("cross", T(2, 3), T(3))
refuse("linalg.cond", T(2))
refuse("linalg.cond", T(2, 3), p=1)
refuse("linalg.cond", T(2, 2), p=3)
refuse("linalg.cond", T(2, 2), p="x")
refuse("linalg.cond", Ti(2, 2))
refuse("linalg.matrix_exp", T(2, 3))
refuse("linalg.matrix_exp", Ti(2, 2))
refuse("linalg.lu", T(2))
refuse("linalg.lu_factor", T(2))
refuse("linalg.lu_factor", T(2, 2))
refuse("linalg.lu", Ti(2, 2))
refuse("linalg.lu_solve", T(2, 2), Ti32(2), T(2))
refuse("linalg.lu_solve", T(2, 2), Ti(2), T(2, 2))
refuse("linalg.lu_solve", T(2, 2), Ti32(3), T(2, 2))
refuse("linalg.lu_solve", T(2, 3), Ti32(3), T(2, 2))
refuse("linalg.lu_solve", T(2, 2), Ti32(2), T(3, 2))
refuse("linalg.tensorinv", T(2, 3, 4))
refuse("linalg.tensorinv", T(2, 3, 4), ind=0)
refuse("linalg.tensorsolve", T(2, 3), T(4))
refuse("linalg.tensorsolve", T(2, 3), T(2))
refuse("linalg.vander", T(), N=1)
refuse("linalg.vander", T(2), N=0)
refuse("linalg.householder_product", T(2), T(2))
refuse("linalg.householder_product", T(2, 3), T(2))
refuse("linalg.householder_product", T(3, 2), T(3))
refuse("linalg.householder_product", T(3, 2), T(2, 2))
refuse("linalg.householder_product", T(3, 2), T64(2))
refuse("logdet", T(2, 3))
refuse("det", T(2, 3))
refuse("inverse", T(2, 3))
refuse("pinverse", T(2))
refuse("qr", T(2))
refuse("svd", T(2))
refuse("triangular_solve", T(2), T(2, 2))
refuse("triangular_solve", T(3, 2), T(2, 2))
refuse("triangular_solve", T(2, 2), T(2, 3))
refuse("triangular_solve", T64(2, 2), T(2, 2))
refuse("lu_solve", T(2), T(2, 2), Ti32(2))
refuse("lu_unpack", T(2), Ti32(2))
refuse("lu_unpack", T(2, 2), Ti(2))
refuse("trace", T(2))
refuse("linalg.diagonal", T(2))
refuse("nn.functional.linear", T(), T(2, 2))
refuse("nn.functional.linear", T(3), T(2, 2))
refuse("nn.functional.linear", T(2, 3), T(2, 2))
refuse("nn.functional.linear", T(2, 3), T(2, 3), T(3))
refuse("nn.functional.linear", T(2, 2, 3), T(2, 3), T(3))
refuse("nn.functional.linear", T(2, 2, 2, 3), T(2, 3), T(3))
refuse("nn.functional.linear", T(2, 2, 3), T(2, 2), T(2))
refuse("nn.functional.linear", T(2, 3), T(2, 3), T64(2))
refuse("nn.functional.linear", T(2, 3), T64(2, 3), T(2))

with open("test/engine/vectors/linalg.json", "w") as file:
    parts = [
        f'"{key}":[\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]"
        for key, rows in (("values", values), ("refusals", refusals))
    ]
    file.write("{" + ",\n".join(parts) + "}\n")
