"""Draws the public names of PyTorch's namespaces that the engine has: functions and classes, no constants.

usage: python public_names.py > test/engine/vectors/public-names.json
"""
import importlib
import inspect
import json

import torch

NAMESPACES = {
    "torch": "torch",
    "torch.Tensor": "torch.Tensor",
    "torch.nn.functional": "torch.nn.functional",
    "torch.nn": "torch.nn",
    "torch.nn.init": "torch.nn.init",
    "torch.nn.utils": "torch.nn.utils",
    "torch.optim": "torch.optim",
    "torch.optim.lr_scheduler": "torch.optim.lr_scheduler",
    "torch.autograd": "torch.autograd",
    "torch.autograd.functional": "torch.autograd.functional",
    "torch.linalg": "torch.linalg",
    "torch.special": "torch.special",
    "torch.utils.data": "torch.utils.data",
}
# What Python itself and the typing of annotations put into the modules.
FOREIGN = ("typing", "collections", "functools", "enum", "warnings", "abc", "contextlib", "_bisect")
# `torch` also lists the classes of its compiler and of its memory; these are for users.
VALUE_CLASSES = {"Generator", "Size", "Tensor", "device", "dtype", "finfo", "iinfo", "layout", "memory_format"}
COMPARISONS = {"__eq__", "__ge__", "__gt__", "__le__", "__lt__", "__ne__"}
# Protocols of Python's that are not called by name.
PROTOCOLS = ("__torch", "__dlpack", "__cuda", "__array", "__set", "__deepcopy", "__weakref", "__del")


def scope_of(path):
    return torch.Tensor if path == "torch.Tensor" else importlib.import_module(path)


def is_public(name, value, scope):
    if name.startswith("_") and not (scope is torch.Tensor and name.startswith("__")):
        return False
    if inspect.ismodule(value) or not (callable(value) or inspect.isdatadescriptor(value)):
        return False
    if scope is torch.Tensor:
        if name in COMPARISONS or name == "__setitem__":
            return True
        return name not in dir(object) and not name.startswith(PROTOCOLS)
    if scope is torch and inspect.isclass(value):
        return name in VALUE_CLASSES or issubclass(value, torch.autograd.grad_mode._DecoratorContextManager)
    module = getattr(value, "__module__", None) or ""
    if module.startswith(FOREIGN) or value in (torch.Tensor, torch.dtype):
        return False
    listed = getattr(scope, "__all__", None)
    return listed is None or name in listed or inspect.isbuiltin(value)


def names_of(path):
    scope = scope_of(path)
    return sorted(name for name in dir(scope) if is_public(name, getattr(scope, name, None), scope))


print(json.dumps({"pytorch": torch.__version__.split("+")[0], "names": {ns: names_of(ns) for ns in NAMESPACES}}, indent=1))
