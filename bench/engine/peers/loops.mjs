// The two networks as one would write them by hand for just these sizes, without an engine.
import * as data from "../data.mjs";

export const version = "";

export const work = {
  "mlp-small": () => network(data.smallNet(), [2, 16, 1], data.xor.x, tanh, squaredError(data.xor.y)),
  "mlp-large": () =>
    network(data.largeNet(), [784, 128, 10], data.images(), relu, crossEntropy(data.classes(64, 10))),
  matmul: () => {
    const a = data.numbers(1, 512 * 512);
    const b = data.numbers(2, 512 * 512);
    const out = new Float32Array(512 * 512);
    return { step: () => multiply(a, b, out, 512), result: () => out.reduce((sum, x) => sum + x, 0) };
  },
};

function multiply(a, b, out, n) {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      out[i * n + j] = sum;
    }
}

const tanh = { of: Math.tanh, slope: (y) => 1 - y * y };
const relu = { of: (x) => Math.max(x, 0), slope: (y) => (y > 0 ? 1 : 0) };

/** Gives the loss and writes its gradient over the outputs. */
function squaredError(target) {
  return (z) => {
    let loss = 0;
    for (let i = 0; i < z.length; i++) {
      const d = z[i] - target[i];
      loss += d * d;
      z[i] = (2 * d) / z.length;
    }
    return loss / z.length;
  };
}

function crossEntropy(target) {
  return (z) => {
    const n = target.length;
    const width = z.length / n;
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const row = i * width;
      let largest = z[row];
      for (let j = 1; j < width; j++) largest = Math.max(largest, z[row + j]);
      let sum = 0;
      for (let j = 0; j < width; j++) sum += Math.exp(z[row + j] - largest);
      loss += Math.log(sum) + largest - z[row + target[i]];
      for (let j = 0; j < width; j++) {
        const p = Math.exp(z[row + j] - largest) / sum;
        z[row + j] = (p - (j === target[i] ? 1 : 0)) / n;
      }
    }
    return loss / n;
  };
}

function network([w1, b1, w2, b2], [inputs, hidden, outputs], x, activation, lossOf) {
  const { of, slope } = activation;
  const n = x.length / inputs;
  const h = new Float32Array(n * hidden);
  const z = new Float32Array(n * outputs);
  const dh = new Float32Array(n * hidden);
  const lr = 0.1;
  let loss = 0;
  const step = () => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < hidden; j++) {
        let sum = b1[j];
        for (let k = 0; k < inputs; k++) sum += x[i * inputs + k] * w1[j * inputs + k];
        h[i * hidden + j] = of(sum);
      }
    for (let i = 0; i < n; i++)
      for (let j = 0; j < outputs; j++) {
        let sum = b2[j];
        for (let k = 0; k < hidden; k++) sum += h[i * hidden + k] * w2[j * hidden + k];
        z[i * outputs + j] = sum;
      }
    loss = lossOf(z);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < hidden; k++) {
        let sum = 0;
        for (let j = 0; j < outputs; j++) sum += z[i * outputs + j] * w2[j * hidden + k];
        dh[i * hidden + k] = sum * slope(h[i * hidden + k]);
      }
    for (let j = 0; j < outputs; j++) {
      let bias = 0;
      for (let i = 0; i < n; i++) bias += z[i * outputs + j];
      for (let k = 0; k < hidden; k++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += z[i * outputs + j] * h[i * hidden + k];
        w2[j * hidden + k] -= lr * sum;
      }
      b2[j] -= lr * bias;
    }
    for (let j = 0; j < hidden; j++) {
      let bias = 0;
      for (let i = 0; i < n; i++) bias += dh[i * hidden + j];
      for (let k = 0; k < inputs; k++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += dh[i * hidden + j] * x[i * inputs + k];
        w1[j * inputs + k] -= lr * sum;
      }
      b1[j] -= lr * bias;
    }
  };
  return { step, result: () => loss };
}
