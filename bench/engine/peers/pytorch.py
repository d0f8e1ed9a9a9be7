"""The rows in PyTorch. `python3 pytorch.py ROW SAMPLES SAMPLE_MS CHECK_AFTER` prints one line of JSON."""

import json
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

MILLION = 1_000_000
BLOCK = dict(batch=8, length=32, width=64, heads=4, inner=256)


def numbers(seed, shape, scale=1.0):
    """As numbers() of data.mjs."""
    count = 1
    for size in shape:
        count *= size
    low = 0xFFFFFFFF
    h = (torch.arange(count, dtype=torch.int64) * 0x9E3779B1 + seed * 0x85EBCA77) & low
    h = ((h ^ (h >> 15)) * 0x2C1B3C6D) & low
    h = ((h ^ (h >> 12)) * 0x297A2D39) & low
    h = h ^ (h >> 15)
    return ((h.double() / 2**31 - 1) * scale).float().view(shape)


def classes(count, of):
    return (torch.arange(count) * 7 + 3) % of


def set_weights(module, seeds_and_scales):
    with torch.no_grad():
        for p, (seed, scale) in zip(module.parameters(), seeds_and_scales):
            p.copy_(numbers(seed, p.shape, scale))


def training(model, loss_function, x, y):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    kept = {}

    def step():
        opt.zero_grad()
        kept["loss"] = loss = loss_function(model(x), y)
        loss.backward()
        opt.step()

    return step, lambda: kept["loss"].item()


def computing(compute):
    kept = {}

    def step():
        kept["last"] = compute()

    return step, lambda: kept["last"].sum().item()


def differentiating(inputs, loss_of):
    kept = {}

    def step():
        for t in inputs:
            t.grad = None
        kept["loss"] = loss = loss_of()
        loss.backward()

    return step, lambda: kept["loss"].item() + sum(t.grad.abs().sum().item() for t in inputs)


def mlp_small():
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
    set_weights(model, [(1, 0.7), (2, 0.7), (3, 0.25), (4, 0.25)])
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    return training(model, nn.MSELoss(), x, y)


def mlp_large():
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    set_weights(model, [(1, 0.035), (2, 0.035), (3, 0.09), (4, 0.09)])
    return training(model, nn.CrossEntropyLoss(), numbers(5, (64, 784)), classes(64, 10))


def matmul():
    a, b = numbers(1, (512, 512)), numbers(2, (512, 512))
    return computing(lambda: a.mm(b))


def elementwise():
    x, y = numbers(1, (MILLION,)), numbers(2, (MILLION,))
    return computing(lambda: x.mul(y).add(x).relu().sub(y))


def reductions():
    x = numbers(1, (1000, 1000))
    return computing(lambda: torch.cat([x.sum().view(1), x.sum(0), x.sum(1), x.max().view(1)]))


def cross_entropy():
    x = numbers(1, (1024, 1000)).requires_grad_()
    y = classes(1024, 1000)
    return differentiating([x], lambda: F.cross_entropy(x, y))


def convolution(batch, channels, size, kernels):
    x = numbers(1, (batch, channels, size, size)).requires_grad_()
    w = numbers(2, (kernels, channels, 3, 3), 0.1).requires_grad_()
    b = numbers(3, (kernels,)).requires_grad_()
    pull = numbers(4, (batch, kernels, size, size))
    return differentiating([x, w, b], lambda: F.conv2d(x, w, b, 1, 1).mul(pull).sum())


def lstm():
    cell = nn.LSTMCell(64, 128)
    set_weights(cell, [(1, 0.09), (2, 0.09), (3, 0.09), (4, 0.09)])
    x, h, c = numbers(5, (32, 64)), numbers(6, (32, 128)), numbers(7, (32, 128))

    def loss():
        h1, c1 = cell(x, (h, c))
        return h1.sum().add(c1.mul(c1).sum())

    return differentiating(list(cell.parameters()), loss)


def adam():
    w = numbers(1, (MILLION,)).requires_grad_()
    w.grad = numbers(2, (MILLION,))
    opt = torch.optim.Adam([w], lr=0.001)
    return opt.step, lambda: w.sum().item()


def transformer():
    layer = nn.TransformerEncoderLayer(64, 4, 256, dropout=0.0, batch_first=True)
    with torch.no_grad():
        for i, p in enumerate(layer.parameters()):
            p.copy_(numbers(20 + i, p.shape, 0.1))
            if i >= 8 and i % 2 == 0:
                p.add_(1)
    x, pull = numbers(5, (8, 32, 64)), numbers(6, (8, 32, 64))
    return differentiating(list(layer.parameters()), lambda: layer(x).mul(pull).sum())


WORK = {
    "mlp-small": mlp_small,
    "mlp-large": mlp_large,
    "matmul": matmul,
    "elementwise": elementwise,
    "reductions": reductions,
    "cross-entropy": cross_entropy,
    "conv-image": lambda: convolution(8, 3, 32, 16),
    "conv-deep": lambda: convolution(32, 16, 28, 32),
    "lstm": lstm,
    "adam": adam,
    "transformer": transformer,
}


def measure(step, samples, sample_ms):
    """As measure() of measure.mjs."""
    count, elapsed = 1, 0.0
    while elapsed < sample_ms:
        count = max(count + 1, int(count * min(2.0, 1.2 * sample_ms / max(elapsed, 1e-3))))
        start = time.process_time()
        for _ in range(count):
            step()
        elapsed = (time.process_time() - start) * 1e3
    rates = []
    for _ in range(samples):
        start = time.process_time()
        for _ in range(count):
            step()
        rates.append(count / (time.process_time() - start))
    return rates


def main():
    row, samples, sample_ms, check_after = sys.argv[1], *map(int, sys.argv[2:])
    torch.set_num_threads(1)
    step, result = WORK[row]()
    for _ in range(check_after):
        step()
    answer = {"version": torch.__version__, "result": result()}
    answer["rates"] = measure(step, samples, sample_ms)
    print(json.dumps(answer))


main()
