"""Draws test/engine/vectors/recurrent.json: what PyTorch's recurrent, attention and transformer modules compute.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/recurrent.py

A case is a module's name, its positional arguments and keywords, the shapes of its inputs (null for an argument
that is left out, "causal" for the causal mask, a list of shapes for a tuple) and the keywords of the call. Under the
case's seed the module is made first, then its inputs with torch.rand. Stored are the printed module, the results,
their grad_fn names, and the gradients of (result · result).sum() over all results: those of the parameters by
name, and of the inputs.
"""

import json
import warnings

import torch

warnings.filterwarnings("ignore")
cases = []


def draw(spec):
    if spec is None:
        return None
    if spec == "causal":
        return torch.nn.Transformer.generate_square_subsequent_mask(3)
    if spec and isinstance(spec[0], list):
        return tuple(draw(each) for each in spec)
    return torch.rand(*spec, requires_grad=True)


def flat(value):
    if value is None:
        return []
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for each in value for tensor in flat(each)]


def numbers(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().reshape(-1).tolist()]


def add(name, args, keywords, inputs, call=None, mode="train"):
    seed = 100 + len(cases)
    torch.manual_seed(seed)
    module = getattr(torch.nn, name)(*args, **keywords)
    module.train(mode == "train")
    given = [draw(spec) for spec in inputs]
    drawn = {key: draw(spec) if isinstance(spec, (list, str)) else spec for key, spec in (call or {}).items()}
    results = flat(module(*given, **drawn))
    sum((result * result).sum() for result in results).backward()
    leaves = [tensor for tensor in flat(given) if tensor.requires_grad]
    cases.append(
        {
            "name": name,
            "args": args,
            "keywords": keywords,
            "inputs": inputs,
            "call": call or {},
            "mode": mode,
            "seed": seed,
            "text": repr(module),
            "results": [[list(r.shape), numbers(r)] for r in results],
            "grad_fns": [r.grad_fn.name() for r in results],
            "parameters": {
                key: [list(p.shape), numbers(p.grad)] for key, p in module.named_parameters() if p.grad is not None
            },
            "input_grads": [numbers(t.grad) for t in leaves],
        }
    )


steps = [3, 2, 4]
for name in ("RNN", "GRU", "LSTM"):
    add(name, [4, 2], {}, [steps])
    add(name, [4, 2], {"num_layers": 2, "batch_first": True, "bidirectional": True}, [[2, 3, 4]])
    add(name, [4, 2, 2], {"dropout": 0.5}, [steps])
    add(name, [4, 2, 2], {"dropout": 0.5}, [steps], mode="eval")
    add(name, [4, 2], {"bias": False}, [[3, 4]])
    hidden = [2, 2, 3]
    add(name, [4, 3], {"bidirectional": True}, [steps, [hidden, hidden] if name == "LSTM" else hidden])
    add(name, [4, 3], {"batch_first": True}, [[3, 4], [[1, 3], [1, 3]] if name == "LSTM" else [1, 3]])
add("RNN", [4, 2], {"nonlinearity": "relu"}, [steps])
add("RNN", [4, 2, 1, "relu"], {}, [steps])
add("LSTM", [4, 3], {"proj_size": 2, "num_layers": 2}, [steps])
add("LSTM", [4, 3], {"proj_size": 2, "bidirectional": True}, [steps, [[2, 2, 2], [2, 2, 3]]])
for name in ("RNNCell", "GRUCell", "LSTMCell"):
    add(name, [4, 2], {}, [[3, 4]])
    state = [3, 2]
    add(name, [4, 2], {"bias": False}, [[3, 4], [state, state] if name == "LSTMCell" else state])
    add(name, [4, 2], {}, [[4], [[2], [2]] if name == "LSTMCell" else [2]])
add("RNNCell", [4, 2], {"nonlinearity": "relu"}, [[3, 4]])

three = [[3, 2, 4], [5, 2, 4], [5, 2, 4]]
add("MultiheadAttention", [4, 2], {}, three)
add("MultiheadAttention", [4, 2], {"batch_first": True}, [[2, 3, 4], [2, 5, 4], [2, 5, 4]])
add("MultiheadAttention", [4, 2], {"bias": False}, three, {"need_weights": False})
add("MultiheadAttention", [4, 2], {"kdim": 3, "vdim": 5}, [[3, 2, 4], [5, 2, 3], [5, 2, 5]])
add("MultiheadAttention", [4, 2], {"add_bias_kv": True, "add_zero_attn": True}, three)
add("MultiheadAttention", [4, 2], {"dropout": 0.5}, three)
add("MultiheadAttention", [4, 2], {}, [[3, 4], [5, 4], [5, 4]], {"average_attn_weights": False})
add("MultiheadAttention", [4, 2], {}, [[3, 2, 4], [3, 2, 4], [3, 2, 4]], {"attn_mask": "causal"})
add(
    "MultiheadAttention",
    [4, 2],
    {},
    [[3, 2, 4], [3, 2, 4], [3, 2, 4]],
    {"attn_mask": "causal", "is_causal": True, "need_weights": False},
)

layer = {"dim_feedforward": 6, "dropout": 0.0}
add("TransformerEncoderLayer", [4, 2], layer, [steps])
add("TransformerEncoderLayer", [4, 2, 6, 0.0, "gelu"], {"norm_first": True}, [steps])
add("TransformerEncoderLayer", [4, 2], {**layer, "batch_first": True, "bias": False}, [[2, 3, 4]], {"src_mask": "causal"})
add("TransformerEncoderLayer", [4, 2], {"dim_feedforward": 6}, [steps])
add("TransformerDecoderLayer", [4, 2], layer, [steps, [5, 2, 4]], {"tgt_mask": "causal"})
add("TransformerDecoderLayer", [4, 2], {**layer, "norm_first": True}, [steps, [5, 2, 4]])
add("Transformer", [4, 2, 2, 2, 6, 0.0], {}, [[5, 2, 4], steps], {"tgt_mask": "causal"})
add("Transformer", [4, 2, 1, 1, 6, 0.0], {"batch_first": True, "norm_first": True}, [[2, 5, 4], [2, 3, 4]])

with open("test/engine/vectors/recurrent.json", "w") as file:
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    file.write(f"[\n{lines}\n]\n")
