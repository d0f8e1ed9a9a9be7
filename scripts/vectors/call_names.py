"""Draws test/engine/vectors/call_names.json: what Python says of calls without arguments and with an unknown keyword.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/call_names.py

For each class and function that PyTorch writes in Python: its path, the message where it is called with nothing (null
where that is a call), and the message where it is called with one keyword that it does not have.
"""

import inspect
import json
import warnings

import torch

warnings.simplefilter("ignore")
MODULES = ["nn", "nn.init", "nn.utils", "nn.utils.rnn", "nn.utils.parametrize", "nn.utils.parametrizations", "optim", "optim.lr_scheduler", "utils.data", "autograd.functional"]
# A dict is what these are made of; others are abstract, or have other names inside.
LEFT_OUT = {"Sequential", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Parameter", "Buffer", "PackedSequence"}
LEFT_OUT |= {"RNNBase", "RNNCellBase", "Optimizer", "LRScheduler", "Dataset", "IterableDataset", "ChainDataset", "Sampler", "TensorDataset"}
LEFT_OUT |= {"UpsamplingBilinear2d", "UpsamplingNearest2d", "TripletMarginWithDistanceLoss", "clip_grads_with_norm_", "get_total_norm"}
LEFT_OUT |= {"UninitializedParameter", "LazyBatchNorm1d", "LazyBatchNorm2d", "LazyBatchNorm3d", "LazyConv1d", "LazyConv2d", "LazyConv3d"}
LEFT_OUT |= {"default_collate", "default_convert", "invert_permutation", "get_worker_info"}


def message(call, **keywords):
    try:
        call(**keywords)
    except TypeError as error:
        return str(error)
    except Exception:
        pass
    return None


def calls():
    for path in MODULES:
        module = torch
        for part in path.split("."):
            module = getattr(module, part)
        for name in sorted(dir(module)):
            value = getattr(module, name)
            if name.startswith("_") or name in LEFT_OUT or not callable(value):
                continue
            if not (inspect.isclass(value) or inspect.isfunction(value)) or not value.__module__.startswith("torch"):
                continue
            without = message(value)
            unknown = message(value, nonsense=1)
            if unknown is not None and "unexpected keyword" in unknown:
                yield [f"{path}.{name}", without, unknown]


json.dump(list(calls()), open("test/engine/vectors/call_names.json", "w"), indent=0)
