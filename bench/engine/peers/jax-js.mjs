import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import * as data from "../data.mjs";
import { versionOf } from "./version.mjs";

export const version = versionOf("@jax-js/jax");

await init("wasm");
defaultDevice("wasm");

// Arrays are counted: a function takes what it is given, `.ref` keeps it.

export const work = {
  "mlp-small": () => {
    const y = array(data.xor.y, [4, 1]);
    const shapes = [[16, 2], [16], [1, 16], [1]];
    const mse = (z) => {
      const d = z.sub(y.ref);
      return np.mean(np.square(d));
    };
    return training(data.smallNet(), shapes, array(data.xor.x, [4, 2]), np.tanh, mse);
  },
  "mlp-large": () => {
    const shapes = [[128, 784], [128], [10, 128], [10]];
    const picked = oneHot(data.classes(64, 10), 10);
    const crossEntropy = (z) => np.sum(nn.logSoftmax(z).mul(picked.ref)).mul(-1 / 64);
    return training(data.largeNet(), shapes, array(data.images(), [64, 784]), nn.relu, crossEntropy);
  },
  matmul: () => {
    const a = array(data.numbers(1, 512 * 512), [512, 512]);
    const b = array(data.numbers(2, 512 * 512), [512, 512]);
    return computing(np.matmul, a, b);
  },
  elementwise: () => {
    const x = array(data.numbers(1, data.MILLION), [data.MILLION]);
    const y = array(data.numbers(2, data.MILLION), [data.MILLION]);
    return computing((a, b) => nn.relu(a.ref.mul(b.ref).add(a)).sub(b), x, y);
  },
  reductions: () => {
    const x = array(data.numbers(1, data.MILLION), [1000, 1000]);
    return computing(
      (a) =>
        np.concatenate([
          np.sum(a.ref).reshape([1]),
          np.sum(a.ref, 0),
          np.sum(a.ref, 1),
          np.max(a).reshape([1]),
        ]),
      x,
    );
  },
  "cross-entropy": () => {
    const picked = oneHot(data.classes(1024, 1000), 1000);
    return differentiating([array(data.numbers(1, 1024 * 1000), [1024, 1000])], ([x]) =>
      np.sum(nn.logSoftmax(x).mul(picked.ref)).mul(-1 / 1024),
    );
  },
  "conv-image": () => convolution(data.convolutions["conv-image"]),
  "conv-deep": () => convolution(data.convolutions["conv-deep"]),
  lstm: () => {
    const { batch, inputs, hidden } = data.lstm;
    const shapes = [[512, 64], [512, 128], [512], [512]];
    const x = array(data.numbers(5, batch * inputs), [batch, inputs]);
    const h = array(data.numbers(6, batch * hidden), [batch, hidden]);
    const c = array(data.numbers(7, batch * hidden), [batch, hidden]);
    return differentiating(
      data.lstmWeights().map((w, i) => array(w, shapes[i])),
      ([wi, wh, bi, bh]) => {
        const gates = linear(x.ref, wi, bi).add(linear(h.ref, wh, bh));
        const [i, f, g, o] = np.split(gates, 4, 1);
        const c1 = nn
          .sigmoid(f)
          .mul(c.ref)
          .add(nn.sigmoid(i).mul(np.tanh(g)));
        const h1 = nn.sigmoid(o).mul(np.tanh(c1.ref));
        return np.sum(h1).add(np.sum(np.square(c1)));
      },
    );
  },
  adam: () => {
    const g = array(data.numbers(2, data.MILLION), [data.MILLION]);
    let w = array(data.numbers(1, data.MILLION), [data.MILLION]);
    let m = np.zeros([data.MILLION]);
    let v = np.zeros([data.MILLION]);
    let t = 0;
    const update = jit((w, m, v, g, stepSize, root) => {
      const m1 = m.mul(0.9).add(g.ref.mul(0.1));
      const v1 = v.mul(0.999).add(np.square(g).mul(0.001));
      const change = m1.ref.div(np.sqrt(v1.ref).div(root).add(1e-8)).mul(stepSize);
      return [w.sub(change), m1, v1];
    });
    const step = async () => {
      t++;
      const stepSize = np.array(0.001 / (1 - 0.9 ** t));
      const root = np.array(Math.sqrt(1 - 0.999 ** t));
      [w, m, v] = update(w, m, v, g.ref, stepSize, root);
      await w.blockUntilReady();
    };
    return { step, result: () => sum(w.ref) };
  },
  transformer: () => {
    const { batch, length, width } = data.block;
    const x = array(data.numbers(5, batch * length * width), [batch, length, width]);
    const pull = array(data.numbers(6, batch * length * width), [batch, length, width]);
    return differentiating(
      data.blockWeights().map((w, i) => array(w, data.blockShapes[i])),
      (weights) => np.sum(encoderLayer(x.ref, weights).mul(pull.ref)),
    );
  },
};

function array(values, shape) {
  return np.array(values).reshape(shape);
}

function oneHot(classes, count) {
  const values = new Float32Array(classes.length * count);
  classes.forEach((c, i) => {
    values[i * count + c] = 1;
  });
  return array(values, [classes.length, count]);
}

function sum(x) {
  return np.sum(x).item();
}

function linear(x, weight, bias) {
  return np.matmul(x, np.transpose(weight)).add(bias);
}

/** As JAX has it: one compiled function computes the loss, its gradients and the new parameters. */
function training(weights, shapes, x, activation, lossOf) {
  let params = weights.map((w, i) => array(w, shapes[i]));
  const lossAt = ([w1, b1, w2, b2], x) => lossOf(linear(activation(linear(x, w1, b1)), w2, b2));
  const update = jit((params, x) => {
    const [loss, grads] = valueAndGrad(lossAt)(tree.ref(params), x);
    return [loss, params.map((p, i) => p.sub(grads[i].mul(0.1)))];
  });
  let loss;
  const step = async () => {
    loss?.dispose();
    [loss, params] = update(params, x.ref);
    await loss.blockUntilReady();
  };
  return { step, result: () => loss.ref.item() };
}

function computing(compute, ...inputs) {
  const compiled = jit(compute);
  let last;
  const step = async () => {
    last?.dispose();
    last = compiled(...inputs.map((x) => x.ref));
    await last.blockUntilReady();
  };
  return { step, result: () => sum(last.ref) };
}

function differentiating(inputs, lossOf) {
  const compiled = jit((inputs) => valueAndGrad(lossOf)(inputs));
  let last;
  const step = async () => {
    if (last !== undefined) tree.dispose(last);
    last = compiled(inputs.map((x) => x.ref));
    await last[0].blockUntilReady();
  };
  const result = () => last[1].reduce((total, g) => total + sum(np.abs(g.ref)), last[0].ref.item());
  return { step, result };
}

function convolution({ batch, channels, size, kernels }) {
  const inputs = [
    array(data.numbers(1, batch * channels * size * size), [batch, channels, size, size]),
    array(data.numbers(2, kernels * channels * 9, 0.1), [kernels, channels, 3, 3]),
    array(data.numbers(3, kernels), [kernels]),
  ];
  const pull = array(data.numbers(4, batch * kernels * size * size), [batch, kernels, size, size]);
  return differentiating(inputs, ([x, w, b]) => {
    const y = lax.conv(
      x,
      w,
      [1, 1],
      [
        [1, 1],
        [1, 1],
      ],
    );
    return np.sum(y.add(b.reshape([1, kernels, 1, 1])).mul(pull.ref));
  });
}

function encoderLayer(x, [wqkv, bqkv, wo, bo, w1, b1, w2, b2, g1, s1, g2, s2]) {
  const { batch, length, width, heads } = data.block;
  const size = width / heads;
  const split = (t) => np.transpose(t.reshape([batch, length, heads, size]), [0, 2, 1, 3]);
  const [q, k, v] = np.split(linear(x.ref, wqkv, bqkv), 3, 2).map(split);
  const scores = np.matmul(q, np.transpose(k, [0, 1, 3, 2])).mul(1 / Math.sqrt(size));
  const mixed = np.transpose(np.matmul(nn.softmax(scores, -1), v), [0, 2, 1, 3]);
  const attended = linear(mixed.reshape([batch, length, width]), wo, bo);
  const y = layerNorm(x.add(attended), g1, s1);
  return layerNorm(y.ref.add(linear(nn.relu(linear(y, w1, b1)), w2, b2)), g2, s2);
}

function layerNorm(x, weight, bias) {
  const centered = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centered.ref), -1, { keepdims: true });
  return centered
    .div(np.sqrt(variance.add(1e-5)))
    .mul(weight)
    .add(bias);
}
