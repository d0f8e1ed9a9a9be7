import * as tf from "@tensorflow/tfjs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as data from "../data.mjs";
import { versionOf } from "./version.mjs";

export const version = versionOf("@tensorflow/tfjs");

setThreadsCount(1);
await tf.setBackend("wasm");
await tf.ready();

export const work = {
  "mlp-small": () => {
    const y = tf.tensor(data.xor.y, [4, 1]);
    const shapes = [[16, 2], [16], [1, 16], [1]];
    const mse = (z) => tf.mean(tf.square(tf.sub(z, y)));
    return training(data.smallNet(), shapes, tf.tensor(data.xor.x, [4, 2]), tf.tanh, mse);
  },
  "mlp-large": () => {
    const y = tf.oneHot(tf.tensor1d(data.classes(64, 10), "int32"), 10);
    const shapes = [[128, 784], [128], [10, 128], [10]];
    const crossEntropy = (z) => tf.losses.softmaxCrossEntropy(y, z);
    return training(data.largeNet(), shapes, tf.tensor(data.images(), [64, 784]), tf.relu, crossEntropy);
  },
  matmul: () => {
    const a = tf.tensor(data.numbers(1, 512 * 512), [512, 512]);
    const b = tf.tensor(data.numbers(2, 512 * 512), [512, 512]);
    return computing(() => tf.matMul(a, b));
  },
  elementwise: () => {
    const x = tf.tensor(data.numbers(1, data.MILLION));
    const y = tf.tensor(data.numbers(2, data.MILLION));
    return computing(() => tf.sub(tf.relu(tf.add(tf.mul(x, y), x)), y));
  },
  reductions: () => {
    const x = tf.tensor(data.numbers(1, data.MILLION), [1000, 1000]);
    return computing(() =>
      tf.concat([tf.reshape(tf.sum(x), [1]), tf.sum(x, 0), tf.sum(x, 1), tf.reshape(tf.max(x), [1])]),
    );
  },
  "cross-entropy": () => {
    const y = tf.oneHot(tf.tensor1d(data.classes(1024, 1000), "int32"), 1000);
    const x = tf.tensor(data.numbers(1, 1024 * 1000), [1024, 1000]);
    return differentiating([x], (x) => tf.losses.softmaxCrossEntropy(y, x));
  },
  // Its WebAssembly backend has no gradients of convolutions.
  lstm: () => {
    const { batch, inputs, hidden } = data.lstm;
    const shapes = [[512, 64], [512, 128], [512], [512]];
    const x = tf.tensor(data.numbers(5, batch * inputs), [batch, inputs]);
    const h = tf.tensor(data.numbers(6, batch * hidden), [batch, hidden]);
    const c = tf.tensor(data.numbers(7, batch * hidden), [batch, hidden]);
    const weights = data.lstmWeights().map((w, i) => tf.tensor(w, shapes[i]));
    return differentiating(weights, (wi, wh, bi, bh) => {
      const [i, f, g, o] = tf.split(tf.add(linear(x, wi, bi), linear(h, wh, bh)), 4, 1);
      const c1 = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      return tf.add(tf.sum(tf.mul(tf.sigmoid(o), tf.tanh(c1))), tf.sum(tf.square(c1)));
    });
  },
  adam: () => {
    const w = tf.variable(tf.tensor(data.numbers(1, data.MILLION)));
    const g = tf.tensor(data.numbers(2, data.MILLION));
    const opt = tf.train.adam(0.001, 0.9, 0.999, 1e-8);
    return { step: () => opt.applyGradients({ [w.name]: g }), result: () => tf.sum(w).dataSync()[0] };
  },
  transformer: () => {
    const { batch, length, width } = data.block;
    const x = tf.tensor(data.numbers(5, batch * length * width), [batch, length, width]);
    const pull = tf.tensor(data.numbers(6, batch * length * width), [batch, length, width]);
    const weights = data.blockWeights().map((w, i) => tf.tensor(w, data.blockShapes[i]));
    return differentiating(weights, (...given) => tf.sum(tf.mul(encoderLayer(x, given), pull)));
  },
};

function linear(x, weight, bias) {
  if (x.rank === 2) return tf.add(tf.matMul(x, weight, false, true), bias);
  const [n, m, width] = x.shape;
  return tf.reshape(linear(tf.reshape(x, [n * m, width]), weight, bias), [n, m, weight.shape[0]]);
}

function training(weights, shapes, x, activation, lossOf) {
  const [w1, b1, w2, b2] = weights.map((w, i) => tf.variable(tf.tensor(w, shapes[i])));
  const opt = tf.train.sgd(0.1);
  let loss;
  const step = () => {
    loss?.dispose();
    loss = opt.minimize(() => lossOf(linear(activation(linear(x, w1, b1)), w2, b2)), true);
  };
  return { step, result: () => loss.dataSync()[0] };
}

function computing(compute) {
  let last;
  const step = () => {
    last?.dispose();
    last = tf.tidy(compute);
  };
  return { step, result: () => tf.sum(last).dataSync()[0] };
}

function differentiating(inputs, lossOf) {
  const compute = tf.valueAndGrads(lossOf);
  let last;
  const step = () => {
    if (last !== undefined) tf.dispose(last);
    last = compute(inputs);
  };
  const result = () =>
    last.grads.reduce((total, g) => total + tf.sum(tf.abs(g)).dataSync()[0], last.value.dataSync()[0]);
  return { step, result };
}

function encoderLayer(x, [wqkv, bqkv, wo, bo, w1, b1, w2, b2, g1, s1, g2, s2]) {
  const { batch, length, width, heads } = data.block;
  const size = width / heads;
  const split = (t) => tf.transpose(tf.reshape(t, [batch, length, heads, size]), [0, 2, 1, 3]);
  const [q, k, v] = tf.split(linear(x, wqkv, bqkv), 3, 2).map(split);
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size));
  const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
  const y = layerNorm(tf.add(x, linear(tf.reshape(mixed, [batch, length, width]), wo, bo)), g1, s1);
  return layerNorm(tf.add(y, linear(tf.relu(linear(y, w1, b1)), w2, b2)), g2, s2);
}

function layerNorm(x, weight, bias) {
  const centered = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centered), -1, true);
  return tf.add(tf.mul(tf.div(centered, tf.sqrt(tf.add(variance, 1e-5))), weight), bias);
}
