"""Draws test/engine/vectors/optim.json: what PyTorch's optimizers and schedulers do, step by step.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/optim.py

Optimizers: each case is a call and the parameters after each of 10 steps on the same small problem, the
printed optimizer and the names of what it remembers. Schedulers: the learning rates (and momentum) after
each of 14 epochs. Refusals: the message of each.
"""

import json
import warnings

import torch

warnings.simplefilter("ignore")
optim = torch.optim

OPTIMIZERS = {
    "SGD": [
        {},
        {"lr": 0.1},
        {"lr": 0.1, "momentum": 0.9},
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        {"lr": 0.1, "momentum": 0.9, "dampening": 0.5},
        {"lr": 0.01, "maximize": True},
    ],
    "Adam": [
        {},
        {"lr": 0.1},
        {"lr": 0.05, "betas": [0.5, 0.9], "eps": 1e-3},
        {"lr": 0.1, "weight_decay": 0.1},
        {"lr": 0.1, "amsgrad": True},
        {"lr": 0.1, "maximize": True},
        {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True},
    ],
    "AdamW": [{}, {"lr": 0.1}, {"lr": 0.1, "weight_decay": 0.5, "amsgrad": True}],
    "Adamax": [{}, {"lr": 0.1, "weight_decay": 0.1}, {"lr": 0.1, "betas": [0.8, 0.9]}],
    "NAdam": [
        {},
        {"lr": 0.1, "weight_decay": 0.1, "momentum_decay": 0.01},
        {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True},
    ],
    "RAdam": [
        {},
        {"lr": 0.1, "weight_decay": 0.1},
        {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True, "betas": [0.9, 0.9]},
    ],
    "RMSprop": [
        {},
        {"lr": 0.05, "momentum": 0.9},
        {"lr": 0.05, "centered": True, "alpha": 0.9},
        {"lr": 0.05, "centered": True, "momentum": 0.5, "weight_decay": 0.1},
    ],
    "Adagrad": [
        {},
        {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1},
        {"lr": 0.5, "initial_accumulator_value": 0.1, "eps": 1e-3},
    ],
    "Adadelta": [{}, {"lr": 0.5, "rho": 0.5, "weight_decay": 0.1}, {"eps": 1e-3}],
    "ASGD": [{}, {"lr": 0.1, "lambd": 0.01, "alpha": 0.5}, {"lr": 0.1, "t0": 3.0, "weight_decay": 0.1}],
    "Rprop": [{}, {"lr": 0.1}, {"lr": 0.1, "etas": [0.4, 1.5], "step_sizes": [1e-3, 0.2]}],
    "LBFGS": [
        {"max_iter": 3},
        {"lr": 0.1, "max_iter": 4, "history_size": 2},
        {"line_search_fn": "strong_wolfe", "max_iter": 2},
        {"lr": 0.01, "line_search_fn": "strong_wolfe", "max_iter": 4, "history_size": 3},
    ],
}

BASE = {"lr": 0.1}
SCHEDULERS = [
    ("StepLR", {"step_size": 3}),
    ("StepLR", {"step_size": 4, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9]}),
    ("MultiStepLR", {"milestones": [3, 7], "gamma": 0.7}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.25, "total_iters": 3}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.8, "total_iters": 7}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 8, "power": 2.0}),
    ("CosineAnnealingLR", {"T_max": 5}),
    ("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3}),
    ("CosineAnnealingWarmRestarts", {"T_0": 2, "T_mult": 2, "eta_min": 0.005}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 3}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 2, "step_size_down": 3, "mode": "triangular2"}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 4, "mode": "exp_range", "gamma": 0.95}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 14}),
    ("OneCycleLR", {"max_lr": 0.2, "epochs": 5, "steps_per_epoch": 3, "three_phase": True}),
    ("OneCycleLR", {"max_lr": 0.2, "total_steps": 20, "anneal_strategy": "linear", "pct_start": 0.5}),
]

METRICS = [1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.94, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
PLATEAUS = [
    {"patience": 2},
    {"patience": 1, "factor": 0.5, "cooldown": 2, "min_lr": 0.02},
    {"mode": "max", "patience": 3, "threshold": 0.05, "threshold_mode": "abs"},
]


def problem(dtype):
    w = torch.tensor([[0.5, -1.2], [2.0, 0.3], [-0.7, 1.1]], dtype=dtype, requires_grad=True)
    b = torch.tensor([0.1, -0.2], dtype=dtype, requires_grad=True)
    x = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.5, 2.0], [-2.0, 0.3, 0.7], [1.2, 0.9, -0.4]], dtype=dtype)
    y = torch.tensor([[1.0, -1.0], [0.5, 2.0], [-1.5, 0.0], [0.2, 0.8]], dtype=dtype)
    return w, b, lambda: (((x @ w + b) - y) ** 2).mean() + 0.1 * (w**4).sum()


def optimizer_case(name, settings):
    # LBFGS divides by differences of gradients, which magnifies the last bits.
    w, b, loss_of = problem(torch.float64 if name == "LBFGS" else torch.float32)
    tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    opt = getattr(optim, name)([w, b], **tuples)

    def closure():
        opt.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    steps = []
    for _ in range(10):
        opt.step(closure)
        steps.append([*w.detach().flatten().tolist(), *b.detach().tolist()])
    remembered = [] if name == "LBFGS" else list(opt.state_dict()["state"].get(0, {}))
    return [name, settings, steps, repr(opt), remembered]


def rates(opt, scheduler, advance):
    out = []
    for epoch in range(14):
        group = opt.param_groups[0]
        momentum = group["betas"][0] if "betas" in group else group.get("momentum", 0)
        out.append([group["lr"], momentum])
        opt.step()
        advance(scheduler, epoch)
    return out


def fresh(kind="SGD"):
    w = torch.zeros(1, requires_grad=True)
    return optim.SGD([w], lr=0.1, momentum=0.9) if kind == "SGD" else optim.Adam([w], lr=0.1)


def scheduler_cases():
    S = optim.lr_scheduler
    step = lambda s, _: s.step()
    for name, settings in SCHEDULERS:
        for kind in ("SGD", "Adam"):
            opt = fresh(kind)
            yield [name, kind, settings, rates(opt, getattr(S, name)(opt, **settings), step)]
    for settings in PLATEAUS:
        opt = fresh()
        yield ["ReduceLROnPlateau", "SGD", settings, rates(opt, S.ReduceLROnPlateau(opt, **settings), lambda s, e: s.step(METRICS[e]))]


def composed_cases():
    S = optim.lr_scheduler
    step = lambda s, _: s.step()
    makers = {
        "LambdaLR": lambda o: S.LambdaLR(o, lambda e: 0.95**e),
        "MultiplicativeLR": lambda o: S.MultiplicativeLR(o, lambda e: 1 / (1 + e)),
        "SequentialLR": lambda o: S.SequentialLR(
            o, [S.ConstantLR(o, 0.1, 2), S.ExponentialLR(o, 0.9), S.CosineAnnealingLR(o, 4)], [3, 7]
        ),
        "SequentialLR of a warm-up": lambda o: S.SequentialLR(
            o, [S.LinearLR(o, 0.1, 1.0, 4), S.StepLR(o, 3, 0.5)], [4]
        ),
        "ChainedScheduler": lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.1, 3), S.ExponentialLR(o, 0.9)]),
    }
    for name, make in makers.items():
        opt = fresh()
        yield [name, rates(opt, make(opt), step)]
    opt = fresh()
    closed = []
    for name, settings in SCHEDULERS[:13]:
        opt = fresh()
        scheduler = getattr(S, name)(opt, **settings)
        scheduler.step(6)
        closed.append([name, settings, opt.param_groups[0]["lr"]])
    yield ["closed forms", closed]


REFUSED = [
    ("SGD", {"lr": -1.5}),
    ("SGD", {"momentum": -0.5}),
    ("SGD", {"weight_decay": -0.5}),
    ("SGD", {"nesterov": True}),
    ("Adam", {"lr": -0.5}),
    ("Adam", {"eps": -0.5}),
    ("Adam", {"betas": [1.5, 0.9]}),
    ("Adam", {"betas": [0.5, -0.9]}),
    ("Adam", {"weight_decay": -0.5}),
    ("Adamax", {"betas": [0.5, 1.5]}),
    ("NAdam", {"momentum_decay": -0.5}),
    ("RAdam", {"lr": -0.5}),
    ("RMSprop", {"alpha": -0.5}),
    ("RMSprop", {"momentum": -0.5}),
    ("Adagrad", {"lr_decay": -0.5}),
    ("Adagrad", {"initial_accumulator_value": -0.5}),
    ("Adadelta", {"rho": 1.5}),
    ("ASGD", {"weight_decay": -0.5}),
    ("Rprop", {"etas": [1.5, 1.2]}),
    ("LBFGS", {"lr": -0.5}),
]
REFUSED_SCHEDULERS = [
    ("ConstantLR", {"factor": 1.5}),
    ("LinearLR", {"start_factor": 1.5}),
    ("LinearLR", {"end_factor": 1.5}),
    ("CosineAnnealingWarmRestarts", {"T_0": -3}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": -1}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "mode": "round"}),
    ("CyclicLR", {"base_lr": [0.1, 0.2], "max_lr": 0.2}),
    ("OneCycleLR", {"max_lr": 0.1}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": -3}),
    ("OneCycleLR", {"max_lr": 0.1, "epochs": 3, "steps_per_epoch": -3}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 3, "pct_start": 1.5}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 3, "anneal_strategy": "sine"}),
    ("ReduceLROnPlateau", {"factor": 1.5}),
    ("ReduceLROnPlateau", {"mode": "middle"}),
    ("ReduceLROnPlateau", {"threshold_mode": "middle"}),
]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("not refused")


def refusals():
    for name, settings in REFUSED:
        yield [name, settings, message(lambda: getattr(optim, name)([torch.zeros(1, requires_grad=True)], **settings))]
    for name, settings in REFUSED_SCHEDULERS:
        yield [f"lr_scheduler.{name}", settings, message(lambda: getattr(optim.lr_scheduler, name)(fresh(), **settings))]


json.dump(
    {
        "optimizers": [optimizer_case(n, s) for n, cases in OPTIMIZERS.items() for s in cases],
        "schedulers": list(scheduler_cases()),
        "composed": list(composed_cases()),
        "metrics": METRICS,
        "refusals": list(refusals()),
    },
    open("test/engine/vectors/optim.json", "w"),
    indent=None,
    separators=(",", ":"),
)
