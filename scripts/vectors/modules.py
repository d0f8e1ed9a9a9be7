"""Draws test/engine/vectors/modules.json: what PyTorch's modules compute, learn from and print.

Run from the repository's root with a Python that has PyTorch 2.13: python scripts/vectors/modules.py

Each case is [class, arguments, keywords, inputs, module, training, evaluation]. Module and inputs are drawn
after manual_seed(0), in this order; an input is [sampler, shape] or [sampler, shape, bound], or the nested data of
an integer tensor. `module` holds the printed form and the parameters. `training` and `evaluation` hold, for the
module in that mode, the grad_fn, the result, the gradients of its sum of squares by parameters and real inputs
(training only), and the buffers afterwards. Numbers have 7 significant digits; of more than 20 elements 20 are
kept, evenly chosen: element i · n // 20.
"""

import json
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")


def draw(spec):
    if not isinstance(spec[0], str):
        return torch.tensor(spec)
    sampler, shape, *bound = spec
    if sampler == "randint":
        return torch.randint(bound[0], shape)
    if sampler == "signs":
        return torch.randint(2, shape) * 2.0 - 1
    return getattr(torch, sampler)(shape).requires_grad_()


LONGEST_STORED = 20


def numbers(tensor):
    if tensor is None:
        return None
    data = tensor.detach().reshape(-1).tolist()
    n = len(data)
    if n > LONGEST_STORED:
        data = [data[i * n // LONGEST_STORED] for i in range(LONGEST_STORED)]
    if tensor.is_floating_point():
        data = [float(f"{x:.7g}") for x in data]
    return [list(tensor.shape), data]


def run(module, inputs, training):
    module.train(training)
    torch.manual_seed(1)
    leaves = [t.detach().clone().requires_grad_(t.requires_grad and training) for t in inputs]
    result = module(*leaves)
    several = result if isinstance(result, tuple) else (result,)
    record = {"grad_fn": several[0].grad_fn and type(several[0].grad_fn).__name__, "out": [numbers(t) for t in several]}
    if training:
        wanted = [*module.parameters(), *(t for t in leaves if t.requires_grad)]
        grads = torch.autograd.grad(several[0].pow(2).sum(), wanted, allow_unused=True)
        record["grads"] = [numbers(g) for g in grads]
    buffers = [numbers(b) for b in module.buffers()]
    if buffers:
        record["buffers"] = buffers
    return record



cases = []


def case(name, args, inputs, **keywords):
    plain = {k: (torch.tensor(v) if k in ("weight", "pos_weight") else v) for k, v in keywords.items()}
    torch.manual_seed(0)
    module = getattr(nn, name)(*[tuple(a) if isinstance(a, list) else a for a in args], **{
        k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()
    })
    drawn = [draw(i) for i in inputs]
    parameters = [[n, *numbers(p)] for n, p in module.named_parameters()]
    shown = {"repr": repr(module), "parameters": parameters}
    training = run(module, drawn, True)
    cases.append([name, args, keywords, inputs, shown, training, run(module, drawn, False)])


signal, image, volume = ["randn", [2, 4, 7]], ["randn", [2, 4, 5, 6]], ["randn", [2, 2, 3, 4, 3]]
flat = ["randn", [3, 4]]

case("Linear", [4, 2], [flat])
case("Linear", [4, 2], [["randn", [4]]], bias=False)
case("Bilinear", [4, 3, 2], [flat, ["randn", [3, 3]]])
case("Bilinear", [4, 3, 2], [flat, ["randn", [3, 3]]], bias=False)
case("Identity", [], [flat])

case("Conv1d", [4, 3, 3], [signal])
case("Conv1d", [4, 6, 2], [signal], stride=2, padding=1, groups=2, bias=False)
case("Conv1d", [4, 2, 3], [["randn", [4, 7]]], padding="same", dilation=2)
case("Conv2d", [4, 2, 3], [image], padding=1)
case("Conv2d", [4, 4, [3, 2]], [image], stride=[2, 1], padding=[0, 1], dilation=[1, 2], groups=4)
case("Conv2d", [4, 2, 3], [image], padding=1, padding_mode="reflect")
case("Conv2d", [4, 2, 2], [image], padding="same", padding_mode="circular")
case("Conv2d", [4, 2, 2], [image], padding="same")
case("Conv2d", [4, 2, 2], [image], padding="valid", padding_mode="replicate")
case("Conv3d", [2, 2, 2], [volume], stride=1)
case("Conv3d", [2, 2, [1, 2, 3]], [volume], padding=[0, 1, 1], bias=False)
case("ConvTranspose1d", [4, 3, 3], [signal], stride=2, padding=1, output_padding=1)
case("ConvTranspose2d", [4, 2, 3], [image], stride=[2, 1], groups=2)
case("ConvTranspose2d", [4, 2, 2], [image], dilation=2, bias=False)
case("ConvTranspose3d", [2, 1, 2], [volume], stride=2)
case("Unfold", [2], [image], padding=1, stride=2)
case("Unfold", [[2, 3]], [image], dilation=[2, 1])
case("Fold", [[3, 4], 2], [["randn", [2, 8, 6]]])

for n, x in (("1d", signal), ("2d", image), ("3d", volume)):
    case("MaxPool" + n, [2], [x])
    case("MaxPool" + n, [3], [x], stride=1, padding=1, return_indices=True)
    case("MaxPool" + n, [2], [x], stride=2, dilation=1, ceil_mode=True)
    case("AvgPool" + n, [2], [x])
    case("AvgPool" + n, [2], [x], stride=1, padding=1, count_include_pad=False)
    case("AdaptiveAvgPool" + n, [2], [x])
    case("AdaptiveAvgPool" + n, [1], [x])
    case("AdaptiveMaxPool" + n, [3], [x], return_indices=True)
    case("LPPool" + n, [2, 2], [x])
    case("ConstantPad" + n, [1, 3.5], [x])
    case("ZeroPad" + n, [2], [x])
    case("ReflectionPad" + n, [1], [x])
    case("ReplicationPad" + n, [2], [x])
    case("CircularPad" + n, [1], [x])
case("AvgPool2d", [[3, 2]], [image], divisor_override=5)
case("AdaptiveAvgPool2d", [[None, 2]], [image])
case("LPPool2d", [4, [2, 1]], [image], stride=1, ceil_mode=True)
case("LPPool1d", [4, 3], [signal])
case("MaxUnpool1d", [2], [["randn", [1, 1, 2]], [[[0, 3]]]])
case("MaxUnpool2d", [2], [["randn", [1, 1, 1, 2]], [[[[5, 0]]]]])
case("MaxUnpool3d", [2], [["randn", [1, 1, 1, 1, 2]], [[[[[15, 4]]]]]])
case("FractionalMaxPool2d", [2], [image], output_size=3)
case("FractionalMaxPool2d", [[2, 3]], [image], output_ratio=0.5, return_indices=True)
case("FractionalMaxPool3d", [2], [["randn", [1, 2, 4, 5, 4]]], output_size=2)
case("ReflectionPad2d", [[1, 2, 3, 0]], [image])
case("ZeroPad2d", [[1, -1, 0, 2]], [image])
case("CircularPad2d", [[1, 2, 3, 0]], [image])

for n, x, c in (("1d", signal, 4), ("2d", image, 4), ("3d", volume, 2)):
    case("BatchNorm" + n, [c], [x])
    case("BatchNorm" + n, [c], [x], affine=False, momentum=None)
    case("InstanceNorm" + n, [c], [x])
    case("InstanceNorm" + n, [c], [x], affine=True, track_running_stats=True)
case("BatchNorm1d", [4], [flat], eps=0.01, momentum=0.5, track_running_stats=False)
case("InstanceNorm1d", [4], [["randn", [4, 7]]])
case("LayerNorm", [4], [flat])
case("LayerNorm", [[4, 7]], [signal], eps=0.1, bias=False)
case("LayerNorm", [7], [signal], elementwise_affine=False)
case("GroupNorm", [2, 4], [image])
case("GroupNorm", [4, 4], [signal], affine=False)
case("GroupNorm", [1, 4], [flat])
case("RMSNorm", [4], [flat])
case("RMSNorm", [[4, 7]], [signal], eps=0.1, elementwise_affine=False)
case("LocalResponseNorm", [2], [signal])
case("LocalResponseNorm", [3], [image], alpha=0.1, beta=0.5, k=2.0)

case("Dropout", [], [flat])
case("Dropout", [0.3], [image])
case("Dropout1d", [], [signal])
case("Dropout2d", [0.4], [image])
case("Dropout3d", [], [volume])
case("AlphaDropout", [0.3], [flat])
case("FeatureAlphaDropout", [0.3], [image])

case("Embedding", [5, 3], [["randint", [2, 4], 5]])
case("Embedding", [5, 3], [["randint", [6], 5]], padding_idx=1, scale_grad_by_freq=True)
case("Embedding", [5, 3], [["randint", [6], 5]], padding_idx=-1, max_norm=1.0, norm_type=1.0)
case("EmbeddingBag", [5, 3], [["randint", [2, 4], 5]])
case("EmbeddingBag", [5, 3], [["randint", [6], 5], [0, 2, 2]], mode="sum", padding_idx=0)
case("EmbeddingBag", [5, 3], [["randint", [2, 4], 5]], mode="max", max_norm=1.5)

case("Flatten", [], [signal])
case("Flatten", [0, 1], [signal])
case("Unflatten", [1, [2, 2]], [signal])
case("Upsample", [], [image], scale_factor=2)
case("Upsample", [], [image], size=[3, 8], mode="bilinear", align_corners=True)
case("Upsample", [], [image], scale_factor=1.5, mode="bicubic")
case("Upsample", [], [signal], scale_factor=1.5, mode="linear")
case("Upsample", [], [volume], size=4, mode="trilinear")
case("UpsamplingNearest2d", [], [image], scale_factor=2)
case("UpsamplingBilinear2d", [], [image], size=3)
case("PixelShuffle", [2], [image])
case("PixelUnshuffle", [2], [["randn", [1, 2, 4, 6]]])
case("ChannelShuffle", [2], [image])
case("CosineSimilarity", [], [flat, flat])
case("PairwiseDistance", [], [flat, flat])
case("PairwiseDistance", [1.0], [flat, flat], keepdim=True)

for name in ("ReLU ReLU6 Hardtanh Hardsigmoid Hardswish SiLU Mish ELU CELU SELU GLU GELU Hardshrink LeakyReLU LogSigmoid "
             "Softplus Softshrink PReLU Softsign Tanhshrink Sigmoid Tanh RReLU Softmax2d").split():
    case(name, [], [image])
for name in ("Softmax", "Softmin", "LogSoftmax"):
    case(name, [1], [flat])
    case(name, [], [signal])
case("Threshold", [0.1, 20], [flat])
case("Hardtanh", [-0.5, 2.0], [flat])
case("ELU", [0.7], [flat])
case("CELU", [0.7], [flat])
case("GELU", [], [flat], approximate="tanh")
case("LeakyReLU", [0.2], [flat])
case("Softplus", [2.0, 1.0], [flat])
case("PReLU", [4], [image], init=0.1)
case("GLU", [0], [["randn", [4, 3]]])
case("RReLU", [0.2, 0.4], [flat])

target = ["randn", [3, 4]]
probabilities, signs, ids = ["rand", [3, 4]], ["signs", [3, 4]], ["randint", [3], 4]
for reduction in ("mean", "sum", "none"):
    case("L1Loss", [], [flat, target], reduction=reduction)
    case("MSELoss", [], [flat, target], reduction=reduction)
    case("SmoothL1Loss", [], [flat, target], reduction=reduction, beta=0.5)
    case("HuberLoss", [], [flat, target], reduction=reduction, delta=0.5)
    case("NLLLoss", [], [flat, ids], reduction=reduction)
    case("NLLLoss", [], [image, ["randint", [2, 5, 6], 4]], reduction=reduction, weight=[1.0, 0.5, 2.0, 0.1], ignore_index=2)
    case("CrossEntropyLoss", [], [flat, ids], reduction=reduction)
    case("CrossEntropyLoss", [], [signal, ["randint", [2, 7], 4]], reduction=reduction, weight=[1.0, 0.5, 2.0, 0.1], ignore_index=1, label_smoothing=0.2)
    case("CrossEntropyLoss", [], [flat, probabilities], reduction=reduction, label_smoothing=0.1)
    case("CrossEntropyLoss", [], [flat, probabilities], reduction=reduction, weight=[1.0, 0.5, 2.0, 0.1])
    case("BCELoss", [], [probabilities, probabilities], reduction=reduction)
    case("BCELoss", [], [probabilities, probabilities], reduction=reduction, weight=[1.0, 0.5, 2.0, 0.1])
    case("BCEWithLogitsLoss", [], [flat, probabilities], reduction=reduction)
    case("BCEWithLogitsLoss", [], [flat, probabilities], reduction=reduction, weight=[1.0, 0.5, 2.0, 0.1], pos_weight=[2.0, 1.0, 0.5, 1.0])
    case("KLDivLoss", [], [flat, probabilities], reduction=reduction)
    case("KLDivLoss", [], [flat, target], reduction=reduction, log_target=True)
    case("PoissonNLLLoss", [], [flat, ["rand", [3, 4]]], reduction=reduction)
    case("PoissonNLLLoss", [], [probabilities, ["randint", [3, 4], 5]], reduction=reduction, log_input=False, full=True)
    case("GaussianNLLLoss", [], [flat, target, probabilities], reduction=reduction, full=True)
    case("HingeEmbeddingLoss", [], [flat, signs], reduction=reduction)
    case("SoftMarginLoss", [], [flat, signs], reduction=reduction)
    case("MultiLabelSoftMarginLoss", [], [flat, probabilities], reduction=reduction)
    case("MultiLabelMarginLoss", [], [flat, [[3, 0, -1, 1], [0, -1, 1, 2], [-1, 0, 1, 2]]], reduction=reduction)
    case("MultiMarginLoss", [], [flat, ids], reduction=reduction)
    case("MultiMarginLoss", [2, 0.5], [flat, ids], reduction=reduction, weight=[1.0, 0.5, 2.0, 0.1])
    case("CosineEmbeddingLoss", [], [flat, target, ["signs", [3]]], reduction=reduction, margin=0.1)
    case("MarginRankingLoss", [], [flat, target, signs], reduction=reduction, margin=0.5)
    case("TripletMarginLoss", [], [flat, target, flat], reduction=reduction, swap=True)
    case("TripletMarginWithDistanceLoss", [], [flat, target, flat], reduction=reduction, margin=2.0)
    case("CTCLoss", [], [["randn", [6, 2, 4]], [[1, 2, 2], [3, 1, 0]], [6, 5], [3, 2]], reduction=reduction)
case("KLDivLoss", [], [flat, probabilities], reduction="batchmean")
case("TripletMarginLoss", [], [flat, target, flat], p=1.0, margin=0.5)

with open("test/engine/vectors/modules.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases")
