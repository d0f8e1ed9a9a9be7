"""What PyTorch answers for every elementwise operator over dtypes, NaN, infinities and zeros.

usage: python elementwise.py > test/engine/vectors/elementwise.json
Needs PyTorch 2.x on the CPU. One object: the operands by name, and for each operator its calls with dtype and
values, or the error's type and first line.
"""

import json
import sys
import warnings

import torch

warnings.filterwarnings("ignore")

nan, inf = float("nan"), float("inf")
SIGNED_X, SIGNED_Y = [-7, -1, 0, 1, 3, 5, 6], [2, 3, -2, 1, 4, -5, 7]
VALUES = {
    "float32": ([-2.5, -0.0, 0.5, 1, 3, inf, nan], [2, -1.5, 0.25, -0.0, 3, nan, -inf]),
    "float64": ([-2.5, -0.0, 0.5, 1, 3, inf, nan], [2, -1.5, 0.25, -0.0, 3, nan, -inf]),
    "int64": (SIGNED_X, SIGNED_Y),
    "int32": (SIGNED_X, SIGNED_Y),
    "int8": ([-128, -1, 0, 1, 3, 100, 127], [2, 3, -2, 1, 4, -5, 7]),
    "uint8": ([0, 1, 2, 3, 200, 255, 7], [3, 2, 1, 255, 4, 5, 9]),
    "bool": ([True, False, True, False, True, False, True], [True, True, False, False, True, False, False]),
}
SCALARS = {"float32": 2.5, "float64": 0.1, "int64": 3, "int32": -2, "int8": 5, "uint8": 200, "bool": True}

UNARY = """abs acos acosh angle asin asinh atan atanh bitwise_not ceil cos cosh deg2rad digamma erf erfc erfinv
exp exp2 expm1 floor frac i0 isfinite isinf isnan isneginf isposinf isreal lgamma log log10 log1p log2 logical_not
logit nan_to_num neg positive rad2deg real reciprocal relu round rsqrt sgn sigmoid sign signbit sin sinc sinh
special.bessel_j0 special.bessel_j1 special.bessel_y0 special.bessel_y1 special.entr special.erfcx special.i0e
special.i1 special.i1e special.log_ndtr special.modified_bessel_k0 special.modified_bessel_k1 special.ndtr
special.ndtri special.scaled_modified_bessel_k0 special.scaled_modified_bessel_k1 special.spherical_bessel_j0
sqrt square tan tanh trunc frexp""".split()
BINARY = """add sub rsub mul div floor_divide remainder fmod pow float_power atan2 bitwise_and bitwise_or
bitwise_xor bitwise_left_shift bitwise_right_shift copysign eq ne lt le gt ge fmax fmin gcd lcm heaviside hypot
igamma igammac isclose ldexp logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum max min
nextafter xlogy clamp_min clamp_max special.xlog1py special.zeta""".split()
DTYPES = ["float32", "float64", "int64", "int32", "uint8", "bool"]
NUMBERS = [3, -2, 2.5, 0]


def operands():
    table = {}
    for dtype, (x, y) in VALUES.items():
        kind = getattr(torch, dtype)
        table[f"x:{dtype}"] = torch.tensor(x, dtype=kind)
        table[f"y:{dtype}"] = torch.tensor(y, dtype=kind)
        table[f"s:{dtype}"] = torch.tensor(SCALARS[dtype], dtype=kind)
    return table


def number(value):
    if isinstance(value, float) and (value != value or value in (inf, -inf)):
        return str(value)
    if isinstance(value, bool):
        return int(value)
    if str(value) == "-0.0":
        return "-0"
    return value


def tensor(t):
    data = t.double().reshape(-1).tolist() if t.is_floating_point() else t.reshape(-1).tolist()
    if t.dtype == torch.float32:
        data = [float(f"{v:.8g}") if v == v and abs(v) != inf else v for v in data]
    return [str(t.dtype)[6:], [number(v) for v in data]]


def answer(name, args, kwargs):
    f = torch
    for part in name.split("."):
        f = getattr(f, part)
    try:
        result = f(*args, **kwargs)
    except Exception as error:
        return {"error": type(error).__name__ + ": " + str(error).split("\n")[0]}
    return tensor(result) if isinstance(result, torch.Tensor) else [tensor(t) for t in result]


def calls():
    for name in UNARY:
        for dtype in VALUES:
            yield name, [f"x:{dtype}"], {}
    for name in BINARY:
        for a in DTYPES:
            for b in DTYPES:
                yield name, [f"x:{a}", f"y:{b}"], {}
                if a != b:
                    yield name, [f"x:{a}", f"s:{b}"], {}
            for n in NUMBERS:
                yield name, [f"x:{a}", n], {}
        yield name, ["x:int8", "y:int8"], {}
        yield name, [2, "y:float32"], {}
        yield name, [2, "y:int64"], {}
    for a in DTYPES:
        for b in DTYPES:
            for mode in ("floor", "trunc", None):
                yield "div", [f"x:{a}", f"y:{b}"], {"rounding_mode": mode}
            yield "where", ["x:bool", f"x:{a}", f"s:{b}"], {}
            yield "clamp", [f"x:{a}", "s:int32", f"s:{b}"], {}
            yield "lerp", [f"x:{a}", f"y:{b}", 0.25], {}
            yield "lerp", [f"x:{a}", f"y:{a}", f"s:{b}"], {}
            yield "addcmul", [f"x:{a}", f"x:{a}", f"y:{b}"], {"value": 3}
            yield "addcdiv", [f"x:{a}", f"x:{a}", f"y:{b}"], {"value": 3}
            yield "add", [f"x:{a}", f"y:{b}"], {"alpha": 3}
            yield "sub", [f"x:{a}", f"y:{b}"], {"alpha": 0.5}
        for low, high in ((-1, 2), (0.5, 2.5), (3, 1), (None, 1), (None, None)):
            yield "clamp", [f"x:{a}", low, high], {}
        for n in NUMBERS:
            yield "where", ["x:bool", f"x:{a}", n], {}
        for decimals in (1, -1):
            yield "round", [f"x:{a}"], {"decimals": decimals}
        yield "nan_to_num", [f"x:{a}"], {"nan": 1.5, "posinf": 2.5}
        yield "where", [f"x:{a}", "x:float32", "y:float32"], {}
        yield "logit", [f"x:{a}"], {"eps": 0.1}
        yield "polygamma", [2, f"x:{a}"], {}
        yield "mvlgamma", [f"x:{a}", 2], {}


table = operands()
groups = {}
for name, args, kwargs in calls():
    given = [table[a] if isinstance(a, str) else a for a in args]
    result = answer(name, given, kwargs)
    # int64 is refused beyond what doubles hold exactly.
    if isinstance(result, list) and result[0] == "int64" and any(abs(v) > 2**53 for v in result[1]):
        continue
    groups.setdefault(name, []).append([args, kwargs, result])

print('{"operands": {')
print(",\n".join(f"{json.dumps(k)}: {json.dumps(tensor(t) + [list(t.shape)], separators=(',', ':'))}" for k, t in table.items()))
print('}, "calls": {')
print(",\n".join(f"{json.dumps(n)}: [\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cs) + "\n]" for n, cs in groups.items()))
print("}}")
sys.stdout.flush()
