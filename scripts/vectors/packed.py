"""Draws test/engine/vectors/packed.json: recurrent layers over packed sequences, and what packing refuses.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/packed.py

Each run is a layer, its options, the lengths, and what follows: the packed output as printed, the last states, the padded
output, its grad_fn and the gradients of the input and of the first weight.
"""

import json

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence, unpack_sequence


def run(name, options, lengths):
    torch.manual_seed(0)
    x = torch.arange(24.0).reshape(4, 3, 2).div(10).requires_grad_()
    packed = pack_padded_sequence(x, lengths, enforce_sorted=lengths == sorted(lengths, reverse=True))
    layer = getattr(nn, name)(2, 3, **options)
    output, state = layer(packed)
    padded, counts = pad_packed_sequence(output, padding_value=-1.0)
    padded.pow(2).sum().backward()
    states = [s.tolist() for s in (state if isinstance(state, tuple) else [state])]
    return [name, options, lengths, output.batch_sizes.tolist(), padded.tolist(), counts.tolist(), states, padded.grad_fn.name().split("::")[-1], x.grad.tolist(), layer.weight_hh_l0.grad.tolist()]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("not refused")


OPTIONS = [{}, {"bidirectional": True, "num_layers": 2}]
sequences = [torch.tensor([1, 2, 3]), torch.tensor([6]), torch.tensor([4, 5])]
x = torch.zeros(4, 3, 2)
json.dump(
    {
        "runs": [run(n, o, l) for n in ("RNN", "GRU", "LSTM") for o in OPTIONS for l in ([4, 3, 1], [2, 4, 1])],
        "packed": repr(pack_sequence(sequences, enforce_sorted=False)),
        "unpacked": repr(unpack_sequence(pack_sequence(sequences, enforce_sorted=False))),
        "refusals": [[l, message(lambda: pack_padded_sequence(x, l))] for l in ([4, 5, 1], [4, 2], [4, 2, 0])],
    },
    open("test/engine/vectors/packed.json", "w"),
    separators=(",", ":"),
)
