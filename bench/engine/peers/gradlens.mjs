import torch from "../../../dist/torch.js";
import * as data from "../data.mjs";

const { nn, optim } = torch;
const F = nn.functional;

export const version = "this repository";

export const work = {
  "mlp-small": () => {
    const model = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 1));
    const x = tensor(data.xor.x, [4, 2]);
    const y = tensor(data.xor.y, [4, 1]);
    return training(model, data.smallNet(), new nn.MSELoss(), x, y);
  },
  "mlp-large": () => {
    const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
    const x = tensor(data.images(), [64, 784]);
    const y = torch.tensor(data.classes(64, 10).map(BigInt));
    return training(model, data.largeNet(), new nn.CrossEntropyLoss(), x, y);
  },
  matmul: () => {
    const a = tensor(data.numbers(1, 512 * 512), [512, 512]);
    const b = tensor(data.numbers(2, 512 * 512), [512, 512]);
    return computing(() => a.mm(b));
  },
  elementwise: () => {
    const x = tensor(data.numbers(1, data.MILLION), [data.MILLION]);
    const y = tensor(data.numbers(2, data.MILLION), [data.MILLION]);
    return computing(() => x.mul(y).add(x).relu().sub(y));
  },
  reductions: () => {
    const x = tensor(data.numbers(1, data.MILLION), [1000, 1000]);
    return computing(() => torch.cat([x.sum().view(1), x.sum(0), x.sum(1), x.max().view(1)]));
  },
  "cross-entropy": () => {
    const x = tensor(data.numbers(1, 1024 * 1000), [1024, 1000]).requires_grad_();
    const y = torch.tensor(data.classes(1024, 1000).map(BigInt));
    return differentiating([x], () => F.cross_entropy(x, y));
  },
  "conv-image": () => convolution(data.convolutions["conv-image"]),
  "conv-deep": () => convolution(data.convolutions["conv-deep"]),
  lstm: () => {
    const { batch, inputs, hidden } = data.lstm;
    const cell = new nn.LSTMCell(inputs, hidden);
    setWeights(cell, data.lstmWeights());
    const x = tensor(data.numbers(5, batch * inputs), [batch, inputs]);
    const h = tensor(data.numbers(6, batch * hidden), [batch, hidden]);
    const c = tensor(data.numbers(7, batch * hidden), [batch, hidden]);
    return differentiating(cell.parameters(), () => {
      const [h1, c1] = cell(x, [h, c]);
      return h1.sum().add(c1.mul(c1).sum());
    });
  },
  adam: () => {
    const w = tensor(data.numbers(1, data.MILLION), [data.MILLION]).requires_grad_();
    w.grad = tensor(data.numbers(2, data.MILLION), [data.MILLION]);
    const opt = new optim.Adam([w], { lr: 0.001 });
    return { step: () => opt.step(), result: () => w.sum().item() };
  },
  transformer: () => {
    const { batch, length, width, heads, inner } = data.block;
    const layer = new nn.TransformerEncoderLayer(width, heads, inner, { dropout: 0, batch_first: true });
    setWeights(layer, data.blockWeights());
    const x = tensor(data.numbers(5, batch * length * width), [batch, length, width]);
    const pull = tensor(data.numbers(6, batch * length * width), [batch, length, width]);
    return differentiating(layer.parameters(), () => layer(x).mul(pull).sum());
  },
};

function tensor(values, shape) {
  return torch.tensor(Array.from(values)).view(shape);
}

function setWeights(module, weights) {
  torch.no_grad(() => {
    module.parameters().forEach((p, i) => {
      p.copy_(tensor(weights[i], p.shape));
    });
  });
}

/** Steps of gradient descent; the result is the loss of the last. */
function training(model, weights, lossFunction, x, y) {
  setWeights(model, weights);
  const opt = new optim.SGD(model.parameters(), { lr: 0.1 });
  let loss;
  const step = () => {
    opt.zero_grad();
    loss = lossFunction(model(x), y);
    loss.backward();
    opt.step();
  };
  return { step, result: () => loss.item() };
}

/** Work without gradients; the result is the sum of its elements. */
function computing(compute) {
  let last;
  const step = () => {
    last = compute();
  };
  return { step, result: () => last.sum().item() };
}

/** A loss and its gradients; the result is both in one number. */
function differentiating(inputs, lossOf) {
  let loss;
  const step = () => {
    for (const input of inputs) input.grad = null;
    loss = lossOf();
    loss.backward();
  };
  const result = () => inputs.reduce((sum, { grad }) => sum + grad.abs().sum().item(), loss.item());
  return { step, result };
}

function convolution({ batch, channels, size, kernels }) {
  const x = tensor(data.numbers(1, batch * channels * size * size), [batch, channels, size, size]);
  const w = tensor(data.numbers(2, kernels * channels * 9, 0.1), [kernels, channels, 3, 3]).requires_grad_();
  const b = tensor(data.numbers(3, kernels), [kernels]).requires_grad_();
  x.requires_grad_();
  const pull = tensor(data.numbers(4, batch * kernels * size * size), [batch, kernels, size, size]);
  return differentiating([x, w, b], () => F.conv2d(x, w, b, 1, 1).mul(pull).sum());
}
