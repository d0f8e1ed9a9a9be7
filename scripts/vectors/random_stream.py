"""Draws test/engine/vectors/random.json from PyTorch's CPU generator.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/random_stream.py

Each case is [seed, sampler, dtype, size, arguments, data, after]: `data` is the filled tensor's bytes in
base64 (int64 as float64), or their SHA-256 for long ones; `after` is what the generator gives next, so that
a sampler that takes too much or too little is caught too.
"""

import base64
import hashlib
import json
import struct

import torch

LONGEST_STORED = 512  # bytes

cases = []


# Their float64 samples depend on the C library in the last bits: compared value by value.
TRANSCENDENTAL = ("normal", "exponential", "cauchy", "log_normal")


def encode(sampler, tensor):
    if tensor.dtype == torch.int64:
        tensor = tensor.double()
    data = tensor.contiguous().numpy().tobytes()
    approximate = sampler in TRANSCENDENTAL and tensor.dtype == torch.float64
    if approximate or len(data) <= LONGEST_STORED:
        return base64.b64encode(data).decode()
    return "sha256:" + hashlib.sha256(data).hexdigest()


def next_bits(generator):
    """The low 27 bits of the next word."""
    word = torch.empty(1, dtype=torch.int64).random_(0, 2**27, generator=generator)
    return int(word.item())


def case(sampler, dtype, size, arguments, draw):
    seed = 1000 + len(cases)
    generator = torch.Generator().manual_seed(seed)
    tensor = draw(generator)
    name = str(dtype).removeprefix("torch.")
    cases.append([seed, sampler, name, size, arguments, encode(sampler, tensor), next_bits(generator)])


def in_place(sampler, dtype, size, *arguments):
    def draw(generator):
        tensor = torch.empty(size, dtype=dtype)
        return getattr(tensor, sampler + "_")(*arguments, generator=generator)

    case(sampler, dtype, size, list(arguments), draw)


floats = (torch.float32, torch.float64)

for dtype in floats:
    for size in [*range(1, 41), 100, 1000]:
        in_place("normal", dtype, size, 0.0, 1.0)
    for size in (5, 15, 16, 31, 100, 1000):
        in_place("normal", dtype, size, 1.3, 0.7)
        in_place("normal", dtype, size, -20.5, 0.001)
    for size in (1, 7, 100, 400):
        in_place("uniform", dtype, size, 0.0, 1.0)
        in_place("uniform", dtype, size, -0.3, 0.3)
        in_place("uniform", dtype, size, 2.5, 117.3)
        in_place("exponential", dtype, size, 1.0)
        in_place("exponential", dtype, size, 2.7)
        in_place("cauchy", dtype, size, 0.0, 1.0)
        in_place("cauchy", dtype, size, 1.5, 0.4)
        in_place("log_normal", dtype, size, 1.0, 2.0)
        in_place("log_normal", dtype, size, 0.1, 0.25)
in_place("normal", torch.float32, 100_000, 0.0, 1.0)
in_place("normal", torch.float32, 100_000, 3.3, 0.2)
in_place("uniform", torch.float32, 100_000, -0.7, 0.9)
# So narrow that many samples round to the open end.
in_place("uniform", torch.float32, 100, 1.0, 1 + 3 * 2**-23)
in_place("uniform", torch.float64, 60, 1.0, 1 + 3 * 2**-52)

for dtype in (torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool):
    for p in (0.5, 0.2, 0.0, 1.0):
        in_place("bernoulli", dtype, 30, p)
    in_place("bernoulli", dtype, 1000, 0.9)
    if dtype != torch.bool:
        in_place("geometric", dtype, 30, 0.4)
for dtype in (torch.float32, torch.float64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool):
    in_place("random", dtype, 30)
for dtype in (torch.int64, torch.int32, torch.float32):
    for low, high in ((0, 10), (-5, 6), (0, 2**28 - 1), (0, 2**28)):
        if dtype == torch.float32 and high > 2**24:
            continue
        for size in (1, 20):
            def draw(generator):
                return torch.randint(low, high, (size,), dtype=dtype, generator=generator)

            case("randint", dtype, size, [low, high], draw)
for low, high in ((-(2**40), 2**40), (0, 2**53 - 1)):
    case(
        "randint",
        torch.int64,
        20,
        [low, high],
        lambda generator: torch.randint(low, high, (20,), generator=generator),
    )

for size in (0, 1, 2, 10, 60, 1000):
    case("randperm", torch.int64, size, [], lambda generator: torch.randperm(size, generator=generator))

for dtype in floats:
    for size in (3, 40, 1000):
        p = (torch.arange(size, dtype=dtype) * 0.37) % 1
        case(
            "bernoulliEach",
            dtype,
            size,
            [p.tolist()] if size < 100 else ["(0.37 i) % 1"],
            lambda generator: torch.bernoulli(p, generator=generator),
        )
    # The test repeats the rates to the size.
    rates = [0.0, 0.1, 1.0, 3.5, 9.99, 10.0, 12.5, 40.0, 333.0, 1e5]
    for repeats in (1, 6, 500):
        tensor = torch.tensor(rates * repeats, dtype=dtype)
        case(
            "poisson",
            dtype,
            10 * repeats,
            [tensor[:10].tolist()],
            lambda generator: torch.poisson(tensor, generator=generator),
        )
    for rows, categories, samples, replacement in (
        (1, 3, 1, False),
        (1, 3, 1, True),
        (1, 3, 3, False),
        (1, 3, 40, True),
        (2, 5, 2, False),
        (2, 5, 8, True),
        (3, 30, 20, False),
        (3, 30, 1, True),
    ):
        weights = ((torch.arange(rows * categories, dtype=dtype) * 0.61) % 1 + 0.01).reshape(rows, categories)
        case(
            "multinomial",
            dtype,
            rows * samples,
            [weights.flatten().tolist(), categories, samples, replacement],
            lambda generator: torch.multinomial(weights, samples, replacement, generator=generator),
        )
# The sum of the weights overflows.
overflowing = torch.tensor([3e38, 3e38, 1.0])
case(
    "multinomial",
    torch.float32,
    5,
    [overflowing.tolist(), 3, 5, True],
    lambda generator: torch.multinomial(overflowing, 5, True, generator=generator),
)


def state(seed, normals, words):
    """A state in the middle of a stream, and what comes next."""
    generator = torch.Generator().manual_seed(seed)
    torch.empty(normals).normal_(generator=generator)
    torch.empty(words).uniform_(generator=generator)
    saved = bytearray(generator.get_state().numpy().tobytes())
    # The leftover normal depends on the C library in its last bits, so it is compared as a value.
    leftover = struct.unpack_from("<d", saved, 5024)[0]
    saved[5024:5032] = bytes(8)
    following = torch.empty(3).normal_(generator=generator)
    return {
        "seed": str(seed),
        "normals": normals,
        "words": words,
        "state": "sha256:" + hashlib.sha256(saved).hexdigest(),
        "leftover": leftover,
        "initial_seed": str(generator.initial_seed()),
        "following": following.tolist(),
    }


states = [state(*s) for s in ((0, 0, 0), (5, 3, 0), (42, 2, 700), (2**63 + 11, 1, 1), (-1, 0, 624))]

# Calls one after another on the generator that nobody seeded, sharing its leftover normals.
torch.default_generator.manual_seed(67280421310721)
sequence = [
    torch.randn(3).tolist(),
    torch.rand(2).tolist(),
    torch.randn(1).tolist(),
    torch.randn(17)[:4].tolist(),
    torch.randperm(5).tolist(),
    torch.randn(2).tolist(),
]

with open("test/engine/vectors/random.json", "w") as file:
    body = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    rest = json.dumps(states, separators=(",", ":"))
    file.write(f'{{"cases":[\n{body}\n],\n"states":{rest},\n"sequence":{json.dumps(sequence)}}}\n')
print(len(cases), "cases")
