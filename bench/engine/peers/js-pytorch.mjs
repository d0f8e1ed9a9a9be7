import { torch } from "js-pytorch";
import * as data from "../data.mjs";
import { versionOf } from "./version.mjs";

export const version = versionOf("js-pytorch");

export const work = {
  "mlp-small": () => {
    const x = torch.tensor(nested(data.xor.x, 2));
    const y = torch.tensor(nested(data.xor.y, 1));
    const tanh = (t) => {
      const e = torch.exp(t.mul(2));
      return e.sub(1).div(e.add(1));
    };
    return training(data.smallNet(), [2, 16, 1], x, tanh, (z) => z.sub(y).pow(2).mean(0).mean(0));
  },
  "mlp-large": () => {
    const y = torch.tensor(data.classes(64, 10));
    const loss = new torch.nn.CrossEntropyLoss();
    const relu = new torch.nn.ReLU();
    const x = torch.tensor(nested(data.images(), 784));
    return training(
      data.largeNet(),
      [784, 128, 10],
      x,
      (t) => relu.forward(t),
      (z) => loss.forward(z, y),
    );
  },
  matmul: () => {
    const a = torch.tensor(nested(data.numbers(1, 512 * 512), 512));
    const b = torch.tensor(nested(data.numbers(2, 512 * 512), 512));
    let last;
    const step = () => {
      last = torch.matmul(a, b);
    };
    return { step, result: () => last.data.flat().reduce((sum, x) => sum + x, 0) };
  },
};

/** Its tensors are nested arrays. */
function nested(values, width) {
  const rows = values.length / width;
  return Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
}

/** The transpose, as its matrix product takes weights: (in, out). */
function weight(values, rows, columns) {
  return torch.tensor(
    Array.from({ length: columns }, (_, j) =>
      Array.from({ length: rows }, (_, i) => values[i * columns + j]),
    ),
    true,
  );
}

function training([w1, b1, w2, b2], [inputs, hidden, outputs], x, activation, lossOf) {
  const params = [
    weight(w1, hidden, inputs),
    torch.tensor(Array.from(b1), true),
    weight(w2, outputs, hidden),
    torch.tensor(Array.from(b2), true),
  ];
  let loss;
  const step = () => {
    const h = activation(torch.matmul(x, params[0]).add(params[1]));
    loss = lossOf(torch.matmul(h, params[2]).add(params[3]));
    loss.backward();
    for (const param of params) {
      param._data = descended(param.data, param._grad._data);
      param.zero_grad();
    }
    loss.zero_grad_graph();
  };
  return { step, result: () => [loss.data].flat(3)[0] };
}

function descended(value, grad) {
  return Array.isArray(value) ? value.map((each, i) => descended(each, grad[i])) : value - 0.1 * grad;
}
