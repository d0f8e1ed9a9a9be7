import assert from "node:assert/strict";
import torch from "../../engine/torch";

const { nn, float64, int64 } = torch;
const F = nn.functional;
const { gradcheck } = torch.autograd;

const double = { dtype: float64 };
const ids = (data: number[] | number[][]) => torch.tensor(data, { dtype: int64 });

beforeEach(() => {
  torch.manual_seed(0);
});

describe("activations in place", () => {
  type Tensor = InstanceType<typeof torch.Tensor>;
  const cases: [string, (x: Tensor, inplace: boolean) => Tensor][] = [
    ["ReluBackward0", (x, inplace) => F.relu(x, inplace)],
    ["LeakyReluBackward1", (x, inplace) => F.leaky_relu(x, 0.1, inplace)],
    ["EluBackward1", (x, inplace) => F.elu(x, 1.5, inplace)],
    ["EluBackward1", (x, inplace) => F.selu(x, inplace)],
    ["CeluBackward1", (x, inplace) => F.celu(x, 1.5, inplace)],
    ["ThresholdBackward1", (x, inplace) => F.threshold(x, 0.1, -3, inplace)],
    ["RreluWithNoiseBackward1", (x, inplace) => F.rrelu(x, 0.1, 0.3, false, inplace)],
    ["HardtanhBackward0", (x, inplace) => F.hardtanh(x, -0.5, 0.5, inplace)],
    ["HardswishBackward0", (x, inplace) => F.hardswish(x, inplace)],
    ["HardsigmoidBackward0", (x, inplace) => F.hardsigmoid(x, inplace)],
    ["SiluBackward0", (x, inplace) => F.silu(x, inplace)],
    ["MishBackward0", (x, inplace) => F.mish(x, inplace)],
  ];
  for (const [name, activate] of cases)
    it(`overwrites its input and differentiates as ${name}`, () => {
      const leaf = torch.randn([3, 4], double).requires_grad_();
      const copy = leaf.mul(1);
      const result = activate(copy, true);
      assert.equal(result, copy);
      assert.equal(result.grad_fn!.name(), name);
      const expected = activate(leaf, false);
      assert.ok(torch.allclose(result, expected));
      const [grad] = torch.autograd.grad(result.sum(), leaf);
      const [wanted] = torch.autograd.grad(expected.sum(), leaf);
      assert.ok(torch.allclose(grad!, wanted!));
    });

  it("refuses a negative slope, whose derivative the result does not determine", () => {
    const x = torch.randn([3]).requires_grad_();
    const result = F.leaky_relu(x.mul(1), -1, true);
    assert.throws(() => result.sum().backward(), /In-place leakyReLu backward calculation is triggered/);
  });
});

describe("gradients", () => {
  it("are plain zeros, not negative ones, where an activation is flat", () => {
    const x = torch.tensor([-5, 5]).requires_grad_();
    for (const y of [F.hardtanh(x), F.hardsigmoid(x), F.relu6(x)]) {
      const [grad] = torch.autograd.grad(y.mul(-1).sum(), x);
      assert.ok(!(grad!.tolist() as number[]).some((g) => Object.is(g, -0)), grad!.toString());
    }
  });

  for (const mode of ["bilinear", "nearest", "bicubic"])
    for (const padding_mode of ["zeros", "border", "reflection"])
      it(`of grid_sample agree with finite differences: ${mode}, ${padding_mode}`, () => {
        const image = torch.rand([1, 2, 3, 4], double).requires_grad_();
        const places = torch.rand([1, 2, 3, 2], double).mul(3).sub(1.5).requires_grad_();
        for (const align_corners of [true, false])
          assert.ok(
            gradcheck((x, g) => F.grid_sample(x, g, { mode, padding_mode, align_corners }), [image, places]),
          );
      });

  it("of grid_sample agree with finite differences in three dimensions", () => {
    const image = torch.rand([1, 1, 3, 2, 3], double).requires_grad_();
    const places = torch.rand([1, 2, 2, 1, 3], double).sub(0.5).requires_grad_();
    assert.ok(gradcheck((x, g) => F.grid_sample(x, g), [image, places]));
  });

  it("of ctc_loss agree with finite differences through log_softmax", () => {
    const scores = torch.randn([5, 2, 4], double).requires_grad_();
    const targets = ids([
      [1, 1],
      [3, 2],
    ]);
    assert.ok(gradcheck((x) => F.ctc_loss(x.log_softmax(2), targets, [5, 4], [2, 1]), [scores]));
  });

  it("of an embedding leave out the padding and can be divided by frequency", () => {
    const weight = torch.ones([3, 1]).requires_grad_();
    F.embedding(ids([0, 1, 1, 2]), weight, 0, { scale_grad_by_freq: true })
      .sum()
      .backward();
    assert.deepEqual(weight.grad!.tolist(), [[0], [1], [1]]);
  });
});

describe("ctc_loss", () => {
  it("is infinite where no alignment fits, or 0 with zero_infinity", () => {
    const logs = torch.zeros([2, 1, 3]).log_softmax(2).requires_grad_();
    const targets = ids([[1, 1]]);
    assert.equal(F.ctc_loss(logs, targets, [2], [2], { reduction: "sum" }).item(), Number.POSITIVE_INFINITY);
    const loss = F.ctc_loss(logs, targets, [2], [2], { reduction: "sum", zero_infinity: true });
    loss.backward();
    assert.equal(loss.item(), 0);
    assert.ok(logs.grad!.eq(0).all().item());
  });
});

describe("scaled_dot_product_attention", () => {
  it("attends to nothing, not to NaN, where a place may see nothing", () => {
    const x = torch.randn([1, 2, 3]);
    const mask = torch.tensor([
      [true, true],
      [false, false],
    ]);
    const result = F.scaled_dot_product_attention(x, x, x, mask);
    assert.deepEqual(result.select(1, 1).tolist(), [[0, 0, 0]]);
  });

  it("lets each place see those up to its own if causal", () => {
    const x = torch.randn([1, 3, 3]);
    const result = F.scaled_dot_product_attention(x, x, x, { is_causal: true });
    assert.ok(torch.allclose(result.select(1, 0), x.select(1, 0)));
  });

  it("keeps its weights for backward, each call its own", () => {
    const [q, k, v] = [1, 2, 3].map(() => torch.randn([1, 2, 3, 4], { requires_grad: true }));
    const attend = (t: typeof q) => F.scaled_dot_product_attention(t, k, v);
    const first = attend(q);
    const second = attend(q.mul(2));
    torch.no_grad(() => attend(q.mul(3)));
    const loss = first.add(second).pow(2).sum();
    const known = torch.autograd.grad(loss, [q, k, v], { retain_graph: true });
    const again = torch.autograd.grad(loss, [q, k, v], { retain_graph: true });
    // What is to be differentiated in turn is computed anew.
    const anew = torch.autograd.grad(loss, [q, k, v], { create_graph: true });
    anew.forEach((grad, i) => {
      assert.ok(torch.allclose(known[i]!, grad!, { atol: 1e-6 }));
      assert.ok(torch.equal(known[i]!, again[i]!));
    });
  });

  it("begins anew from what hooks give back in place of what was saved", () => {
    const [q, k, v] = [1, 2, 3].map(() => torch.randn([1, 2, 3, 4], { requires_grad: true }));
    const zeros = (saved: typeof q) => saved.mul(0);
    torch.autograd.graph.saved_tensors_hooks(
      (saved) => saved,
      zeros,
      () => F.scaled_dot_product_attention(q, k, v).sum().backward(),
    );
    // Of scores that are all 0 each weight is a third, and the gradient of a value the sum of three.
    assert.ok(torch.allclose(v.grad!, torch.ones_like(v)));
  });

  it("does not differentiate what was changed since, its result included", () => {
    const x = torch.randn([1, 2, 3, 4], { requires_grad: true });
    const result = F.scaled_dot_product_attention(x, x, x);
    result.mul_(2);
    assert.throws(
      () => result.sum().backward(),
      /\[torch\.FloatTensor \[1, 2, 3, 4\]\], which is output 0 of ScaledDotProductFlashAttentionForCpu, is at version 1; expected version 0 instead/,
    );
  });
});

describe("wrong arguments", () => {
  const image = () => torch.ones([2, 4, 6, 6]);
  const signal = () => torch.ones([2, 4, 8]);
  const flat = () => torch.ones([2, 4]);
  const cases: [string, () => unknown, string][] = [
    [
      "another number of channels",
      () => F.conv2d(image(), torch.ones([3, 5, 3, 3])),
      "RuntimeError: Given groups=1, weight of size [3, 5, 3, 3], expected input[2, 4, 6, 6] to have 5 channels, but got 4 channels instead",
    ],
    [
      "a kernel larger than the input",
      () => F.conv2d(image(), torch.ones([3, 4, 7, 7])),
      "RuntimeError: Calculated padded input size per channel: (6 x 6). Kernel size: (7 x 7). Kernel size can't be greater than actual input size",
    ],
    [
      "a stride of 0",
      () => F.conv2d(image(), torch.ones([3, 4, 3, 3]), { stride: 0 }),
      "RuntimeError: non-positive stride is not supported",
    ],
    [
      "too few dimensions",
      () => F.conv2d(flat(), torch.ones([3, 4, 3, 3])),
      "RuntimeError: Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [2, 4]",
    ],
    [
      "a bias of another size",
      () => F.conv2d(image(), torch.ones([3, 4, 3, 3]), torch.ones([4])),
      "RuntimeError: Given weight of size [3, 4, 3, 3], expected bias to be 1-dimensional with 3 elements, but got bias of size [4] instead",
    ],
    [
      "weight and input of different dtypes",
      () => F.conv1d(signal(), torch.ones([3, 4, 3], double)),
      "RuntimeError: Input type (torch.FloatTensor) and weight type (torch.DoubleTensor) should be the same or input should be a MKLDNN tensor and weight is a dense tensor",
    ],
    [
      "padding='same' with a stride",
      () => F.conv2d(image(), torch.ones([3, 4, 3, 3]), { padding: "same", stride: 2 }),
      "RuntimeError: padding='same' is not supported for strided convolutions",
    ],
    [
      "a pool larger than the input",
      () => F.max_pool2d(image(), 7),
      "RuntimeError: Given input size: (4x6x6). Calculated output size: (4x0x0). Output size is too small",
    ],
    [
      "more padding than half a window",
      () => F.avg_pool2d(image(), 2, { padding: 2 }),
      "RuntimeError: pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1",
    ],
    [
      "three sizes for two dimensions",
      () => F.max_pool2d(image(), [1, 2, 3]),
      "RuntimeError: max_pool2d: kernel_size must either be a single int, or a tuple of two ints",
    ],
    [
      "a mirror longer than the input",
      () => F.pad(signal(), [8, 0], "reflect"),
      "RuntimeError: Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (8, 0) at dimension 2 of input [2, 4, 8]",
    ],
    [
      "half a pair of paddings",
      () => F.pad(image(), [1]),
      "RuntimeError: Padding length must be divisible by 2",
    ],
    [
      "no size to interpolate to",
      () => F.interpolate(image()),
      "ValueError: either size or scale_factor should be defined",
    ],
    [
      "a mode for other dimensions",
      () => F.interpolate(image(), 2, { mode: "linear" }),
      "NotImplementedError: Got 4D input, but linear mode needs 3D input",
    ],
    [
      "one value per channel in training",
      () => F.batch_norm(torch.ones([1, 4]), null, null, { training: true }),
      "ValueError: Expected more than 1 value per channel when training, got input size torch.Size([1, 4])",
    ],
    [
      "no statistics in evaluation",
      () => F.batch_norm(image(), null, null),
      "RuntimeError: running_mean must be defined in evaluation mode",
    ],
    [
      "another normalized shape",
      () => F.layer_norm(flat(), [3]),
      "RuntimeError: Given normalized_shape=[3], expected input with shape [*, 3], but got input of size[2, 4]",
    ],
    [
      "groups that do not divide the channels",
      () => F.group_norm(flat(), 3),
      "RuntimeError: Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 4] and num_groups=3",
    ],
    [
      "a probability above 1",
      () => F.dropout(flat(), 2),
      "ValueError: dropout probability has to be between 0 and 1, but got 2.0",
    ],
    [
      "ids that are floats",
      () => F.embedding(flat(), torch.ones([3, 4])),
      "RuntimeError: Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding)",
    ],
    [
      "an id outside the table",
      () => F.embedding(ids([4]), torch.ones([3, 4])),
      "IndexError: index out of range in self",
    ],
    [
      "a class that there is not",
      () => F.cross_entropy(flat(), ids([1, 4])),
      "IndexError: Target 4 is out of bounds.",
    ],
    [
      "another number of targets",
      () => F.nll_loss(flat(), ids([1])),
      "ValueError: Expected input batch_size (2) to match target batch_size (1).",
    ],
    [
      "a weight for other classes",
      () => F.nll_loss(flat(), ids([1, 2]), torch.ones([3])),
      "RuntimeError: weight tensor should be defined either for all 4 classes or no classes but got weight tensor of shape: [3]",
    ],
    [
      "an unknown reduction",
      () => F.mse_loss(flat(), flat(), { reduction: "foo" }),
      "ValueError: foo is not a valid value for reduction",
    ],
    [
      "probabilities outside [0, 1]",
      () => F.binary_cross_entropy(flat().mul(2), flat()),
      "RuntimeError: all elements of input should be between 0 and 1",
    ],
    [
      "a target of another size",
      () => F.binary_cross_entropy(flat(), torch.ones([2, 3])),
      "ValueError: Using a target size (torch.Size([2, 3])) that is different to the input size (torch.Size([2, 4])) is deprecated. Please ensure they have the same size.",
    ],
    [
      "a target that asks for a gradient",
      () => F.soft_margin_loss(flat(), flat().requires_grad_()),
      "RuntimeError: The function 'soft_margin_loss' is not differentiable with respect to argument 'target'. This input cannot have requires_grad True.",
    ],
    [
      "an odd number of channels",
      () => F.pixel_shuffle(image(), 3),
      "RuntimeError: pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=4 is not divisible by 9",
    ],
    [
      "an odd half",
      () => F.glu(torch.ones([3])),
      "RuntimeError: Halving dimension must be even, but dimension 0 is size 3",
    ],
  ];
  for (const [what, call, message] of cases)
    it(`${what}: PyTorch's words`, () => {
      assert.throws(call, (error: Error) => {
        assert.equal(`${error.name}: ${error.message}`, message);
        return true;
      });
    });
});
