"""Draws test/engine/vectors/optim_options.json: optimizers and schedulers with options combined at random.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/optim_options.py

Each case is an optimizer with some of its options, perhaps two groups with options of their own, perhaps a scheduler,
perhaps a state that is taken over by another optimizer on the way; and what follows: the parameters after each of 10
steps, the rates and momentum after each epoch, what is printed in the end, the names of what both remember; or the error.
"""

import json
import random
import warnings

import torch

warnings.simplefilter("ignore")
random.seed(3)
optim = torch.optim
CASES = 110


def some(*values):
    return lambda: random.choice(values)


FLAG = some(True, False)
RATE = some(0.01, 0.1)
DECAY = some(0, 0.1)
BETAS = some([0.9, 0.999], [0.5, 0.9])
OPTIMIZERS = {
    "SGD": {"lr": RATE, "momentum": some(0, 0.9, 0.5), "dampening": some(0, 0.3), "weight_decay": DECAY, "nesterov": FLAG, "maximize": FLAG, "foreach": some(True, False, None), "differentiable": some(False, False, True)},
    "Adam": {"lr": RATE, "betas": BETAS, "eps": some(1e-8, 1e-3), "weight_decay": DECAY, "amsgrad": FLAG, "maximize": FLAG, "foreach": some(True, None), "capturable": some(False, False, True), "decoupled_weight_decay": FLAG},
    "AdamW": {"lr": RATE, "betas": BETAS, "eps": some(1e-8, 1e-3), "weight_decay": DECAY, "amsgrad": FLAG, "maximize": FLAG},
    "Adamax": {"lr": RATE, "betas": BETAS, "eps": some(1e-8, 1e-3), "weight_decay": DECAY, "maximize": FLAG},
    "NAdam": {"lr": RATE, "betas": BETAS, "weight_decay": DECAY, "momentum_decay": some(0.004, 0.1), "decoupled_weight_decay": FLAG, "maximize": FLAG},
    "RAdam": {"lr": RATE, "betas": BETAS, "weight_decay": DECAY, "decoupled_weight_decay": FLAG, "maximize": FLAG},
    "RMSprop": {"lr": RATE, "alpha": some(0.99, 0.5), "eps": some(1e-8, 1e-2), "weight_decay": DECAY, "momentum": some(0, 0.9), "centered": FLAG, "maximize": FLAG},
    "Adagrad": {"lr": RATE, "lr_decay": DECAY, "weight_decay": DECAY, "initial_accumulator_value": some(0, 0.5), "eps": some(1e-10, 1e-2), "maximize": FLAG},
    "Adadelta": {"lr": some(0.5, 0.1), "rho": some(0.9, 0.5), "eps": some(1e-6, 1e-2), "weight_decay": DECAY, "maximize": FLAG},
    "ASGD": {"lr": RATE, "lambd": some(1e-4, 0.1), "alpha": some(0.75, 0.5), "t0": some(1e6, 3.0), "weight_decay": DECAY, "maximize": FLAG},
    "Rprop": {"lr": RATE, "etas": some([0.5, 1.2], [0.3, 1.5]), "step_sizes": some([1e-6, 50], [1e-3, 0.1]), "maximize": FLAG},
    "Adafactor": {"lr": RATE, "beta2_decay": some(-0.8, -0.5), "eps": some([None, 1e-3], [1e-4, 0.1]), "d": some(1.0, 2.0), "weight_decay": some(0.0, 0.1), "maximize": FLAG},
    "Muon": {"lr": RATE, "weight_decay": DECAY, "momentum": some(0.95, 0.5), "nesterov": FLAG, "ns_steps": some(5, 3), "adjust_lr_fn": some(None, "original", "match_rms_adamw")},
    "LBFGS": {"max_iter": some(2, 4), "history_size": some(100, 2), "line_search_fn": some(None, "strong_wolfe")},
}
SCHEDULERS = {
    "StepLR": ({"step_size": some(1, 2, 3)}, {"gamma": some(0.1, 0.5)}),
    "MultiStepLR": ({"milestones": some([2, 5], [3, 3, 8])}, {"gamma": some(0.1, 0.5)}),
    "ConstantLR": ({}, {"factor": some(0.5, 0.1), "total_iters": some(3, 12)}),
    "LinearLR": ({}, {"start_factor": some(0.1, 0.5), "end_factor": some(1.0, 0.3, 0.0), "total_iters": some(3, 7)}),
    "ExponentialLR": ({"gamma": some(0.9, 0.5)}, {}),
    "PolynomialLR": ({}, {"total_iters": some(4, 10), "power": some(1.0, 2.0, 0.5)}),
    "CosineAnnealingLR": ({"T_max": some(3, 10, 20)}, {"eta_min": some(0.0, 0.01)}),
    "CosineAnnealingWarmRestarts": ({"T_0": some(1, 3, 5)}, {"T_mult": some(1, 2, 3), "eta_min": some(0.0, 0.01)}),
    "CyclicLR": ({"base_lr": some(0.01, 0.001), "max_lr": some(0.1, 0.5), "step_size_up": some(2, 5)}, {"step_size_down": some(None, 3), "mode": some("triangular", "triangular2", "exp_range"), "gamma": some(1.0, 0.9), "cycle_momentum": FLAG, "base_momentum": some(0.8, 0.5)}),
    "OneCycleLR": ({"max_lr": some(0.1, 0.5), "total_steps": some(20, 12)}, {"pct_start": some(0.3, 0.5), "anneal_strategy": some("cos", "linear"), "cycle_momentum": FLAG, "three_phase": FLAG, "div_factor": some(25.0, 10.0)}),
    "ReduceLROnPlateau": ({}, {"mode": some("min", "max"), "factor": some(0.1, 0.5), "patience": some(0, 1), "threshold": some(1e-4, 0.1), "threshold_mode": some("rel", "abs"), "cooldown": some(0, 2), "min_lr": some(0, 0.02, [0.01, 0.03])}),
}
METRICS = [1, 0.9, 0.95, 0.91, 0.92, 0.5, 0.6, 0.6, 0.6, 0.6]


def drawn(options, share):
    return {name: draw() for name, draw in options.items() if random.random() < share}


def tuples(settings):
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}


def problem():
    kwargs = {"dtype": torch.float64}
    w = torch.tensor([[0.5, -1.2], [2.0, 0.3], [-0.7, 1.1]], requires_grad=True, **kwargs)
    b = torch.tensor([0.1, -0.2], requires_grad=True, **kwargs)
    x = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.5, 2.0], [-2.0, 0.3, 0.7], [1.2, 0.9, -0.4]], **kwargs)
    y = torch.tensor([[1.0, -1.0], [0.5, 2.0], [-1.5, 0.0], [0.2, 0.8]], **kwargs)
    return w, b, lambda: (((x @ w + b) - y) ** 2).mean()


def run(case):
    w, b, loss_of = problem()
    params = [w] if case["name"] == "Muon" else [w, b]

    def optimizer():
        given = params
        if case["groups"]:
            given = [{"params": [p], **tuples(group)} for p, group in zip(params, case["groups"])]
        return getattr(optim, case["name"])(given, **tuples(case["settings"]))

    def scheduler(opt):
        return getattr(optim.lr_scheduler, case["scheduler"][0])(opt, **case["scheduler"][1]) if case["scheduler"] else None

    opt = optimizer()
    sched = scheduler(opt)

    def closure():
        opt.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    steps, rates = [], []
    for i in range(10):
        if i == case["taken over at"]:
            state = opt.state_dict()
            epochs = sched and sched.state_dict()
            opt = optimizer()
            sched = scheduler(opt)
            opt.load_state_dict(state)
            if sched:
                sched.load_state_dict(epochs)
        opt.step(closure)
        steps.append([round(v, 9) for p in (w, b) for v in p.detach().flatten().tolist()])
        if sched:
            sched.step(*[METRICS[i]] if case["scheduler"][0] == "ReduceLROnPlateau" else [])
            momenta = [group.get("momentum", (group.get("betas") or [0])[0]) for group in opt.param_groups]
            rates.append([*sched.get_last_lr(), *momenta])
    remembered = {str(k): list(v) for k, v in opt.state_dict()["state"].items()}
    return {"steps": steps, "rates": rates, "printed": repr(opt), "remembered": remembered, "epochs": sched and list(sched.state_dict())}


def case():
    name = random.choice(list(OPTIMIZERS))
    options = OPTIMIZERS[name]
    groups = None
    if name != "LBFGS" and random.random() < 0.4:
        shared = {k: v for k, v in options.items() if k not in ("differentiable", "foreach", "capturable")}
        groups = [drawn(shared, 0.3), drawn(shared, 0.3)]
    scheduler = None
    if random.random() < 0.6:
        kind = random.choice(list(SCHEDULERS))
        required, optional = SCHEDULERS[kind]
        scheduler = [kind, {**drawn(required, 1), **drawn(optional, 0.5)}]
    drawn_case = {"name": name, "settings": drawn(options, 0.5), "groups": groups, "scheduler": scheduler, "taken over at": random.choice([-1, -1, 4])}
    try:
        drawn_case |= run(drawn_case)
    except Exception as error:
        drawn_case["error"] = f"{type(error).__name__}: {error}"
    return drawn_case


json.dump([case() for _ in range(CASES)], open("test/engine/vectors/optim_options.json", "w"), separators=(",", ":"))
