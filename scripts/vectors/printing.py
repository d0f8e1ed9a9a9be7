"""Draws test/engine/vectors/printing.json from PyTorch's and Python's own printing.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/printing.py

A tensor is [dtype, shape, values, options, suffix, text]. `values` are numbers, or "nan", "inf", "-inf"
and "-0.0", or a formula's name for big ones (see FORMULAS; the test has the same); `suffix` is "",
"leaf" or the name of a grad_fn.
"""

import json
import math
import random

import torch

rng = random.Random(20)
tensors = []
FORMULAS = {
    "ramp": lambda i: i,
    "quarters": lambda i: (i % 1009) / 4,
    "signs": lambda i: (i * 7 % 23) - 11,
    "tiny": lambda i: (i % 97) / 2**20,
    "parity": lambda i: i % 3 == 0,
}


def plain(value):
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        if value == 0 and math.copysign(1, value) < 0:
            return "-0.0"
        if value == int(value) and abs(value) < 2**53:
            return int(value)
    return value


def add(values, dtype=torch.float32, shape=None, suffix="", **options):
    formula = values if isinstance(values, str) else None
    if formula:
        count = math.prod(shape)
        values = [FORMULAS[formula](i) for i in range(count)]
    tensor = torch.tensor(values, dtype=dtype)
    tensor = tensor.reshape(shape) if shape is not None else tensor
    flat = tensor.reshape(-1).double() if dtype.is_floating_point else tensor.reshape(-1)
    stored = formula or [plain(v) for v in flat.tolist()]
    if suffix == "leaf":
        tensor.requires_grad_()
    elif suffix:
        tensor = GRAD_FNS[suffix](tensor.requires_grad_())
    torch.set_printoptions(profile="default")
    if options:
        torch.set_printoptions(**options)
    name = str(dtype).removeprefix("torch.")
    if options.get("threshold") == math.inf:
        options["threshold"] = "inf"
    tensors.append([name, list(tensor.shape), stored, options, suffix, repr(tensor)])
    torch.set_printoptions(profile="default")


# Each leaves the values as they are.
GRAD_FNS = {
    "MulBackward0": lambda t: t * 1,
    "CloneBackward0": lambda t: t.clone(),
    "SqueezeBackward1": lambda t: t.unsqueeze(0).squeeze(0),
    "UnsafeViewBackward0": lambda t: torch.ops.aten._unsafe_view(t, t.shape),
}

nan, inf = math.nan, math.inf
floats = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
ints = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)

# Scalars of every kind.
scalars = [
    0.0, -0.0, 1.0, -1.0, 2.5, 0.1, 1 / 3, -39.2, 1e-3, 1e-4, 9.9e-5, 1e-5, 1234.5678, 99999.5, 1e8, 1.5e8, 1e9,
    123456789.0, 3e-12, nan, inf, -inf, 0.03125, 0.09375, 0.00005, 100005.0, 1000050000.0, 5e-324, 1e20,
]  # fmt: skip
for value in scalars:
    add(value)
    add(value, torch.float64)
for value in (1e300, 1e-300, 1.7976931348623157e308, 2.0**70, 123456789012345.6, 0.5, 1.5, 2.5, 1e22):
    add(value, torch.float64)
    add(value, torch.float64, sci_mode=False)
    add(value, torch.float64, precision=0)
for dtype in (torch.float16, torch.bfloat16):
    for value in (0.0, 1.0, 0.1, 65504.0, 3.14159, 1e-5):
        add(value, dtype)
for dtype in ints:
    add(0, dtype)
    add(7, dtype)
for value in (2**53 - 1, -(2**53 - 1), -5):
    add(value, torch.int64)
add(True, torch.bool)
add(False, torch.bool)

# Rows: integer mode, scientific mode, mixtures with zeros and non-finite values.
rows = [
    [1.0, 2.0], [1.0, 2.5], [0.0, 0.0], [1.0, nan], [nan, nan], [inf, 1.0], [-inf, 1.5, nan], [0.0, -0.0, 1.0],
    [-0.0, 0.5], [1.0, 1000.0], [1.0, 1001.0], [1.0, 1001.5], [0.5, 500.0], [0.5, 501.0], [1e8, 2e8],
    [1e8, 99999999.0], [1e-4, 1e-3], [9e-5, 1e-3], [0.5, 1.5, 2.5, 3.5], [0.00005, 0.00015, 0.5],
    [0.03125, 0.09375, 0.15625], [1e10, 1.0], [1e10, 0.0, nan, -inf], [100005.0, 100015.0, 3.0], [12.0, -3.0, 100.0],
    [-1.5, 22.25, 333.125], [1e-10, 1.0], [123456.0, 1.0, inf], [99999.0, -99999.0], [0.99995, 0.5],
    [9.99995, 1.0], [99999.5, 10.5], [999995000.0, 1.0], [1e-38, 1e-45],
]  # fmt: skip
for row in rows:
    add(row)
    add(row, torch.float64)
for row in rows[:8]:
    add(row, torch.float16)
    add(row, torch.bfloat16)
for dtype in ints:
    add([1, 20, 100], dtype)
add([-1, 20, -300], torch.int64)
add([1000000, -1], torch.int32)
add([True, False, True], torch.bool)
add([[True, False], [False, False]], torch.bool)

# Empty tensors.
for shape in ([0], [0, 3], [3, 0], [2, 0, 4]):
    add([], torch.float32, shape)
    add([], torch.int64, shape)
    add([], torch.bool, shape)
add([], torch.float32, [0], "leaf")
add([], torch.float64, [0, 2], "MulBackward0")

# Ranks and line breaks.
for shape in ([1], [3], [1, 1], [2, 3], [3, 1], [1, 4], [2, 2, 2], [1, 1, 1, 1], [2, 1, 3, 2], [1, 2, 1, 2, 2]):
    count = math.prod(shape)
    add([rng.gauss(0, 1) for _ in range(count)], torch.float32, shape)
    add([rng.randrange(-50, 50) for _ in range(count)], torch.int64, shape)
for length in (5, 9, 10, 11, 12, 13, 17, 18, 23, 24, 25, 40, 100):
    add([rng.gauss(0, 1) for _ in range(length)])
    add([rng.gauss(0, 100) for _ in range(length)], torch.float64)
    add([rng.randrange(10) for _ in range(length)], torch.int64)
    add([rng.random() < 0.5 for _ in range(length)], torch.bool)
for shape in ([2, 12], [3, 30], [2, 2, 15], [2, 2, 2, 11]):
    count = math.prod(shape)
    add([rng.gauss(0, 1) for _ in range(count)], torch.float32, shape)
    add([rng.gauss(0, 1) * 10 ** rng.randrange(-6, 6) for _ in range(count)], torch.float32, shape)
    add([rng.randrange(-1000, 1000) for _ in range(count)], torch.int64, shape)

# Halves at the last digit, in both notations.
add([k / 32 for k in range(1, 60, 2)])
add([k * 10 + 5 for k in range(10000, 10030)], torch.float64, sci_mode=True)
add([k / 2 for k in range(-9, 10)], torch.float64, precision=0)
add([k / 8 for k in range(-9, 10)], torch.float64, precision=2)
add([0.5**k for k in range(1, 14)], torch.float64, sci_mode=True, precision=3)

# Suffixes, on the last line and on one of their own.
for suffix in ("leaf", *GRAD_FNS):
    add(2.5, suffix=suffix)
    add([4.0, 5.0], suffix=suffix)
    add([[1.0, 2.0], [3.0, 4.0]], torch.float64, suffix=suffix)
    for length in (3, 4, 5, 6, 7, 8, 9, 10):
        add([rng.gauss(0, 1) for _ in range(length)], suffix=suffix)
        add([rng.gauss(0, 1) for _ in range(length)], torch.float64, suffix=suffix)
    add([rng.gauss(0, 1) for _ in range(14)], torch.float16, [2, 7], suffix)

# Summaries.
for formula in ("quarters", "ramp", "signs", "tiny"):
    for shape in ([1001], [1000], [40, 40], [2, 600], [600, 2], [7, 7, 30], [3, 3, 3, 50], [1, 5000], [6, 200]):
        if math.prod(shape) > 1000 or formula == "signs":
            add(formula, torch.float32, shape)
add("quarters", torch.float32, [50, 50], "MulBackward0")
add("quarters", torch.float64, [50, 50], "leaf")
for dtype in (torch.int64, torch.int32, torch.bool):
    add("ramp" if dtype != torch.bool else "parity", dtype, [1500])
    add("signs" if dtype != torch.bool else "parity", dtype, [40, 40])

# Options.
for options in (
    {"precision": 2},
    {"precision": 8},
    {"precision": 0},
    {"sci_mode": True},
    {"sci_mode": False},
    {"linewidth": 30},
    {"linewidth": 200},
    {"linewidth": 1},
    {"threshold": 5},
    {"threshold": 5, "edgeitems": 1},
    {"threshold": 5, "edgeitems": 2},
    {"threshold": 5, "edgeitems": 0},
    {"edgeitems": 0},
    {"profile": "short"},
    {"profile": "full"},
    {"profile": "short", "precision": 6},
    {"threshold": math.inf},
):
    add([1.0, 2.0, 30.0], **options)
    add([0.001, 22.125, 3.5e5, -1.0, 0.0], suffix="leaf", **options)
    add([[rng.gauss(0, 1) for _ in range(8)] for _ in range(8)], **options)
    add([[[rng.randrange(100) for _ in range(3)] for _ in range(4)] for _ in range(2)], torch.int32, **options)
    add([rng.gauss(0, 1) for _ in range(9)], **options)
    add(7.25, torch.float64, **options)
add([1e-9, 5.0], sci_mode=False)
add([1e22, 5.5e21, -3.0], torch.float64, sci_mode=False)
add([0.0, nan], sci_mode=True)

# Random tensors of random shapes.
for _ in range(60):
    shape = [rng.randrange(1, 6) for _ in range(rng.randrange(0, 4))]
    scale = 10 ** rng.uniform(-7, 9)
    values = [rng.gauss(0, 1) * scale for _ in range(math.prod(shape))]
    if rng.random() < 0.3:
        values[rng.randrange(len(values))] = rng.choice([nan, inf, -inf, 0.0])
    if rng.random() < 0.3:
        values = [float(round(v)) if math.isfinite(v) else v for v in values]
    add(values, rng.choice(floats[:2]), shape, rng.choice(["", "", "leaf", "MulBackward0"]))

# What .item() prints.
items = []
for value in scalars + [1e16, 1e15, 9007199254740993.0, 123456789.125, 0.30000000000000004, 1e-4, 1e100, 1e21, 1e22]:
    single = torch.tensor(value)
    items.append(["float32", plain(single.double().item()), f"{single}"])
    items.append(["float64", plain(value), f"{torch.tensor(value, dtype=torch.float64)}"])
for value in (0, 1, -7, 2**53 - 1):
    items.append(["int64", value, f"{torch.tensor(value)}"])
items.append(["bool", 1, f"{torch.tensor(True)}"])
items.append(["bool", 0, f"{torch.tensor(False)}"])

# Single numbers through f"{value:.nf}" and f"{value:.ne}".
numbers = []
for value in scalars + [k / 64 for k in range(-20, 20)] + [rng.gauss(0, 1) * 10.0 ** rng.randrange(-20, 20) for _ in range(100)]:
    digits = rng.randrange(0, 8)
    numbers.append([plain(value), digits, f"{value:.{digits}f}", f"{value:.{digits}e}"])
for value in (99999.5, 9.5, 0.95, 1e22, 1e23, 25.0, 35.0, 45.0, 2.5, 1125899906842624.5):
    for digits in (0, 1, 2, 4, 5):
        numbers.append([plain(value), digits, f"{value:.{digits}f}", f"{value:.{digits}e}"])

# Plain values as print shows them inside a list.
reprs = [
    [text, repr(text)]
    for text in ["", "a b", "it's", 'say "hi"', "both ' and \"", "tab\t\n\r\\", "\x00\x7f\xa0é", "\u200b\u2028 ü 😀 \ue000"]
]

with open("test/engine/vectors/printing.json", "w") as file:
    def block(rows):
        return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":"), allow_nan=False) for row in rows) + "\n]"

    parts = {"tensors": tensors, "items": items, "numbers": numbers, "reprs": reprs}
    file.write("{" + ",\n".join(f'"{name}":{block(rows)}' for name, rows in parts.items()) + "}\n")
print(len(tensors), "tensors")
