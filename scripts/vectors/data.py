"""Draws test/engine/vectors/data.json: the order in which PyTorch takes samples, and what it refuses.

Run from the repository's root with a Python that has PyTorch 2.13 and NumPy: python scripts/vectors/data.py

`orders` are the batches (or indices) of each case under seed 0, and what the generator gives after; `npy` are
files in base64 with the lists they hold. test/engine/data.test.ts has the same cases in TypeScript.
"""

import base64
import io
import json

import numpy
import torch
from torch.utils.data import (
    BatchSampler,
    ChainDataset,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    StackDataset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    random_split,
)

ds = TensorDataset(torch.arange(10).float(), torch.arange(10))
second = lambda loader: [batch[1].tolist() for batch in loader]
seeded = lambda: torch.Generator().manual_seed(3)



class Squares(IterableDataset):
    def __init__(self, end):
        self.end = end

    def __iter__(self):
        return iter([i * i for i in range(self.end)])

    def __len__(self):
        return self.end


batches = lambda loader: [batch.tolist() for batch in loader]

ORDERS = {
    "stream": lambda: batches(DataLoader(Squares(5), 2)),
    "stream, last dropped": lambda: batches(DataLoader(Squares(5), 2, drop_last=True)),
    "stream of single samples": lambda: list(DataLoader(Squares(3), batch_size=None)),
    "streams in a chain": lambda: batches(DataLoader(ChainDataset([Squares(2), Squares(3)]), 4)),
    "streams added": lambda: batches(DataLoader(Squares(2) + Squares(2), 3)),
    "numbers of batches": lambda: [len(DataLoader(Squares(5), 2)), len(DataLoader(Squares(5), 2, drop_last=True)), len(ChainDataset([Squares(5)]))],
    "datasets added": lambda: second(DataLoader(ds + ds, 8)),
    "stack": lambda: [[a.tolist(), b[1].tolist()] for a, b in DataLoader(StackDataset(torch.arange(4) * 2, [[i, i + 1] for i in range(4)]), 3)],
    "stack by name": lambda: [{k: v.tolist() for k, v in b.items()} for b in DataLoader(StackDataset(x=torch.arange(3), y=[5, 6, 7]), 2)],
    "in order": lambda: second(DataLoader(ds, 3)),
    "shuffled": lambda: second(DataLoader(ds, 3, shuffle=True)),
    "shuffled, twice": lambda: (lambda l: second(l) + second(l))(DataLoader(ds, 4, shuffle=True)),
    "shuffled, last dropped": lambda: second(DataLoader(ds, batch_size=4, shuffle=True, drop_last=True)),
    "shuffled by a generator": lambda: second(DataLoader(ds, 4, shuffle=True, generator=seeded())),
    "single samples": lambda: second(DataLoader(ds, batch_size=None)),
    "sampler": lambda: second(DataLoader(ds, 2, sampler=SubsetRandomSampler([5, 6, 7]))),
    "batch sampler": lambda: second(DataLoader(ds, batch_sampler=BatchSampler(SequentialSampler(ds), 6, False))),
    "with replacement": lambda: list(RandomSampler(ds, replacement=True, num_samples=40)),
    "more than there are": lambda: list(RandomSampler(ds, num_samples=13)),
    "weighted": lambda: list(WeightedRandomSampler([1.0, 2.0, 3.0], 8)),
    "weighted without replacement": lambda: list(WeightedRandomSampler([1.0, 2.0, 3.0], 3, replacement=False)),
    "split": lambda: [list(s.indices) for s in random_split(ds, [7, 3])],
    "split by fractions": lambda: [list(s.indices) for s in random_split(ds, [0.31, 0.69])],
    "split of a split": lambda: second(DataLoader(random_split(ds, [6, 4])[0], 4, shuffle=True)),
    "concatenated": lambda: second(DataLoader(ConcatDataset([ds, ds]), 7)),
}

REFUSED = {
    "stream shuffled": lambda: DataLoader(Squares(3), shuffle=True),
    "stack of nothing": lambda: StackDataset(),
    "stack of different lengths": lambda: StackDataset([1], [1, 2]),
    "chain of lists": lambda: list(ChainDataset([[1, 2]])),
    "tensors of different lengths": lambda: TensorDataset(torch.ones(2), torch.ones(3)),
    "no samples in a batch": lambda: DataLoader(ds, batch_size=0),
    "shuffle with a sampler": lambda: DataLoader(ds, shuffle=True, sampler=SequentialSampler(ds)),
    "batch size with a batch sampler": lambda: DataLoader(
        ds, batch_size=2, batch_sampler=BatchSampler(SequentialSampler(ds), 2, False)
    ),
    "drop_last without batches": lambda: DataLoader(ds, batch_size=None, drop_last=True),
    "fewer than no workers": lambda: DataLoader(ds, num_workers=-1),
    "split that does not sum up": lambda: random_split(ds, [3, 3]),
    "split into too much": lambda: random_split(ds, [0.5, 0.7]),
    "nothing to concatenate": lambda: ConcatDataset([]),
    "beyond the end": lambda: ConcatDataset([ds, ds])[25],
    "before the beginning": lambda: ConcatDataset([ds, ds])[-25],
    "beyond the tensors": lambda: ds[12],
    "replacement 3": lambda: RandomSampler(ds, replacement=3),
    "no samples": lambda: RandomSampler(ds, num_samples=0),
    "no samples by weight": lambda: WeightedRandomSampler([1.0, 2.0], 0),
    "dataset without samples": lambda: Dataset()[0],
    "lists of different lengths": lambda: default_collate([[1], [1, 2]]),
    "tensors of different shapes": lambda: default_collate([torch.ones(2), torch.ones(3)]),
    "batch of nothing": lambda: default_collate([None, None]),
}


def order(call):
    torch.manual_seed(0)
    result = call()
    return [result, torch.rand(1).item()]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("not refused")


def npy(array):
    file = io.BytesIO()
    numpy.save(file, array)
    return [base64.b64encode(file.getvalue()).decode(), array.tolist(), str(array.dtype)]


grid = numpy.arange(6).reshape(2, 3)
arrays = [grid.astype(t) for t in ("<f4", "<f8", "<i8", "<i4", "<i2", "i1", "u1", "?", ">f4", ">i2")]
arrays += [numpy.asfortranarray(grid.astype("<f4")), numpy.array(2.5), numpy.arange(3.0), numpy.zeros((0, 2))]

json.dump(
    {
        "orders": {name: order(call) for name, call in ORDERS.items()},
        "refused": {name: message(call) for name, call in REFUSED.items()},
        "npy": [npy(a) for a in arrays],
    },
    open("test/engine/vectors/data.json", "w"),
    indent=None,
    separators=(",", ":"),
)
