import { createRequire } from "node:module";
import * as data from "../data.mjs";
import { versionOf } from "./version.mjs";

const require = createRequire(import.meta.url);
const ad = require("adnn/ad");
const nn = require("adnn/nn");
const Tensor = require("adnn/tensor");
globalThis.ad = ad; // the derivative of its `dot` looks for it there

export const version = versionOf("adnn");

export const work = {
  "mlp-small": () => {
    const target = tensor(data.xor.y, [4, 1]);
    return training(data.smallNet(), [2, 16, 1], tensor(data.xor.x, [4, 2]), ad.tensor.tanh, (z) => {
      const d = ad.tensor.sub(z, target);
      return ad.scalar.div(ad.tensor.sumreduce(ad.tensor.mul(d, d)), 4);
    });
  },
  "mlp-large": () => {
    const picked = new Tensor([64, 10]);
    data.classes(64, 10).forEach((c, i) => {
      picked.data[i * 10 + c] = 1;
    });
    const ones = tensor(new Float32Array(10).fill(1), [10, 1]);
    const relu = (x) => nn.relu.eval(x);
    return training(data.largeNet(), [784, 128, 10], tensor(data.images(), [64, 784]), relu, (z) => {
      const normalizers = ad.tensor.sumreduce(ad.tensor.log(ad.tensor.dot(ad.tensor.exp(z), ones)));
      return ad.scalar.div(ad.scalar.sub(normalizers, ad.tensor.sumreduce(ad.tensor.mul(z, picked))), 64);
    });
  },
  matmul: () => {
    const a = tensor(data.numbers(1, 512 * 512), [512, 512]);
    const b = tensor(data.numbers(2, 512 * 512), [512, 512]);
    let last;
    const step = () => {
      last = a.dot(b);
    };
    return { step, result: () => last.sumreduce() };
  },
};

function tensor(values, shape) {
  return new Tensor(shape).fromFlatArray(Array.from(values));
}

/** A matrix as adnn multiplies it: (in, out). */
function transposed(values, rows, columns) {
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
  return tensor(result, [columns, rows]);
}

function training([w1, b1, w2, b2], [inputs, hidden, outputs], x, activation, lossOf) {
  const params = [
    ad.lift(transposed(w1, hidden, inputs)),
    ad.lift(tensor(b1, [1, hidden])),
    ad.lift(transposed(w2, outputs, hidden)),
    ad.lift(tensor(b2, [1, outputs])),
  ];
  // A bias reaches every row of the batch by a product: there is no broadcasting.
  const rows = tensor(new Float32Array(x.dims[0]).fill(1), [x.dims[0], 1]);
  const linear = (t, w, b) => ad.tensor.add(ad.tensor.dot(t, w), ad.tensor.dot(rows, b));
  let loss;
  const step = () => {
    const h = activation(linear(x, params[0], params[1]));
    loss = lossOf(linear(h, params[2], params[3]));
    loss.backprop();
    for (const param of params) {
      const { data: values } = param.x;
      const { data: grads } = param.dx;
      for (let i = 0; i < values.length; i++) values[i] -= 0.1 * grads[i];
      param.dx.zero();
    }
  };
  return { step, result: () => ad.value(loss) };
}
