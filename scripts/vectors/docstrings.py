"""Draws test/engine/vectors/docstrings.json: what examples like those of PyTorch's docstrings print.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/docstrings.py

A case is an expression in Python's and in TypeScript's words, and what Python prints for it, or the first line of the
error that it ends in. Where the two read alike it is written once.
"""

import json
import warnings

import torch
import torch.nn.functional as F

warnings.simplefilter("ignore")

SETUP = {
    "a": torch.tensor([1.5, 2.5]),
    "i": torch.tensor([1, 2]),
    "mask": torch.tensor([True, False]),
    "m": torch.tensor([[3.0, 1.0], [1.0, 2.0]]),
}


def same(*codes):
    return [(code, code) for code in codes]


TENSOR = "torch.zeros({0}, dtype=torch.{1})", "torch.zeros({0}, {{ dtype: torch.{1} }})"


def written(call, *outs):
    """A call with `out`; what it writes into has these shapes and dtypes."""
    pair = []
    for template, form, several in [(TENSOR[0], "{}, out={})", "({})"), (TENSOR[1], "{}, {{ out: {} }})", "[{}]")]:
        made = [template.format(shape, dtype) for shape, dtype in outs]
        pair.append(form.format(call, several.format(", ".join(made)) if len(made) > 1 else made[0]))
    return tuple(pair)


CASES = [
    # Named tuples.
    ("m.max(dim=1)", "m.max({ dim: 1 })"),
    ("[a.sort(descending=True)]", "[a.sort({ descending: true })]"),
    *same("torch.topk(a, 1)", "torch.aminmax(a)", "torch.median(a, 0)", "torch.mode(i)", "torch.cummax(a, 0)"),
    *same("torch.kthvalue(a, 2)", "torch.frexp(a)", "torch.linalg.slogdet(m)", "torch.linalg.lu_factor_ex(m)"),
    *same("torch.linalg.lstsq(m, m).rank", "torch.linalg.eigh(torch.eye(2))"),
    # Results written into given tensors.
    written("torch.add(a, a", ([2], "float32")),
    written("torch.add(a, 1", ([2], "float64")),
    written("torch.add(a, a", ([3], "float32")),
    written("torch.add(a, a", ([0], "float32")),
    written("torch.add(a, a", ([2], "int64")),
    written("torch.mm(m, m", ([2, 2], "float32")),
    written("torch.mm(m, m", ([2, 2], "int64")),
    written("torch.sum(i, 0", ([1], "float32")),
    written("torch.sum(a, 0", ([1], "int64")),
    written("torch.mean(a, 0", ([1], "float64")),
    written("torch.eq(a, a", ([2], "float32")),
    written("torch.logical_not(a", ([2], "int16")),
    written("torch.cat([a, a]", ([4], "float64")),
    written("torch.stack([a, a]", ([0], "float32")),
    written("torch.arange(3", ([3], "float32")),
    written("torch.eye(2", ([4], "float32")),
    written("torch.argmax(a", ([1], "float32")),
    written("torch.linalg.inv(m", ([2, 2], "float32")),
    written("torch.linalg.inv(m", ([2, 2], "float64")),
    written("torch.special.expit(a", ([2], "float32")),
    ("torch.add(a, a, out=None)", "torch.add(a, a, { out: null })"),
    ("torch.add(a.clone().requires_grad_(), a, out=a.clone())", "torch.add(a.clone().requires_grad_(), a, { out: a.clone() })"),
    # Forms of calls.
    ("torch.einsum(m, [..., 0, 1], a, [..., 1], [..., 0])", "torch.einsum(m, ['...', 0, 1], a, ['...', 1], ['...', 0])"),
    *same("torch.atleast_1d()", "a.real"),
    ("torch.amax(a, None)", "torch.amax(a, null)"),
    ("torch.asarray(a.clone().requires_grad_())", "torch.asarray(a.clone().requires_grad_())"),
    (
        "torch.asarray(a.clone().requires_grad_().mul(2), requires_grad=False)",
        "torch.asarray(a.clone().requires_grad_().mul(2), { requires_grad: false })",
    ),
    # Names of arguments.
    ("a.split(split_size=1)", "a.split({ split_size: 1 })"),
    ("torch.split(tensor=a, split_size_or_sections=1)", "torch.split({ tensor: a, split_size_or_sections: 1 })"),
    ("torch.tensor_split(a, sections=2)", "torch.tensor_split(a, { sections: 2 })"),
    ("a.tensor_split(indices=[1])", "a.tensor_split({ indices: [1] })"),
    ("torch.hsplit(a, sections=2)", "torch.hsplit(a, { sections: 2 })"),
    ("torch.swapaxes(m, axis0=0, axis1=1)", "torch.swapaxes(m, { axis0: 0, axis1: 1 })"),
    ("torch.linalg.cholesky(input=m)", "torch.linalg.cholesky({ input: m })"),
    ("torch.linalg.norm(input=m)", "torch.linalg.norm({ input: m })"),
    ("torch.linalg.vector_norm(input=m)", "torch.linalg.vector_norm({ input: m })"),
    # Values.
    ("torch.linalg.lstsq(m[None], torch.ones(2, 2, 1))", "torch.linalg.lstsq(m.unsqueeze(0), torch.ones(2, 2, 1))"),
    ("str(torch.Generator().device)", "String(new torch.Generator().device)"),
    *same("torch.sinc(i)", "torch.special.sinc(i.double())"),
    ("torch.linalg.det(torch.tensor([[1.0, float('nan')], [0.0, 1.0]]))", "torch.linalg.det(torch.tensor([[1, NaN], [0, 1]]))"),
    ("torch.linalg.inv(torch.tensor([[1.0, float('nan')], [0.0, 1.0]]))", "torch.linalg.inv(torch.tensor([[1, NaN], [0, 1]]))"),
    *same("F.huber_loss(a, a.double())", "F.soft_margin_loss(a, a.double())"),
    *same("F.binary_cross_entropy_with_logits(a.double(), a)"),
    # Refusals.
    *same("F.binary_cross_entropy_with_logits(a, i)", "F.binary_cross_entropy_with_logits(a, mask)"),
    *same("F.binary_cross_entropy_with_logits(i, a)", "F.kl_div(a, i)", "F.kl_div(i, a)", "F.smooth_l1_loss(i, i)"),
    *same("F.huber_loss(i, i)", "F.huber_loss(i, a)", "F.soft_margin_loss(i, i)", "F.celu(i)", "F.hardshrink(i)"),
    ("torch.linalg.lu(m, pivot=False)", "torch.linalg.lu(m, { pivot: false })"),
    *same("torch.linalg.det()", "torch.linalg.solve(m, 2)", "torch.linalg.matrix_power(m, 1.5)", "a.logical_and_(2)"),
    *same("torch.unbind(m, 0, 1)", "torch.transpose(m)", "torch.row_stack(1)", "torch.special.expit()"),
    ("torch.sum(a, foo=1)", "torch.sum(a, { foo: 1 })"),
    ("torch.var(a, dtype=torch.float64)", "torch.var(a, { dtype: torch.float64 })"),
    *same("F.relu()", "F.mse_loss(a)", "F.cross_entropy()", "F.layer_norm(a)", "F.linear(a)", "F.softmax(a, 0, 3, i, i)"),
    ("F.dropout(a, input=a)", "F.dropout(a, { input: a })"),
    # Numbers, truth values and whole numbers.
    ("torch.where(mask, 1.0, 0.0)", "torch.where(mask, 1, 0)"),
    ("torch.where(mask, 1, 0)", "torch.where(mask, 1n, 0n)"),
    ("torch.where(mask, True, False)", "torch.where(mask, true, false)"),
    *same("torch.where(mask, a, 0)", "torch.where(mask, i, 7)", "torch.where(mask, 0.5, i)", "torch.where(mask, a)"),
    ("torch.result_type(i, True)", "torch.result_type(i, true)"),
    ("torch.result_type(mask, True)", "torch.result_type(mask, true)"),
    *same("torch.result_type(i, 2)", "torch.result_type(i, 1.5)", "torch.result_type(i, a)"),
    ("torch.full_like(i, 7)", "torch.full_like(i, 7n)"),
    (
        "torch.empty(1, 2, 3, 4, memory_format=torch.channels_last).stride()",
        "torch.empty(1, 2, 3, 4, { memory_format: torch.channels_last }).stride()",
    ),
    *same("a.resize_(-1)", "mask.bitwise_and_(i)", "mask.bitwise_xor_(2)", "torch.polygamma(1, a)"),
    *same("torch.trace(torch.stack([mask, mask]))", "torch.sum(a.sum(), [0, 0])", "torch.median(a, [1])"),
]

cases = []
for python, typescript in CASES:
    case = {"python": python, "typescript": typescript}
    try:
        value = eval(python, {"torch": torch, "F": F, **{name: each.clone() for name, each in SETUP.items()}})
        # Tuples without names are arrays here.
        case["prints"] = repr(list(value) if type(value) is tuple else value).replace("_out(", "(")
    except (RuntimeError, TypeError) as error:
        case["error"] = type(error).__name__ + ": " + str(error).split("\n")[0]
    cases.append(case)
with open("test/engine/vectors/docstrings.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
