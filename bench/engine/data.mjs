/**
 * Numbers in [-scale, scale), the same in every language: a hash of their place in 32 bits.
 * `peers/pytorch.py` has it too.
 */
export function numbers(seed, count, scale = 1) {
  const result = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let h = (Math.imul(i, 0x9e3779b1) + Math.imul(seed, 0x85ebca77)) >>> 0;
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0;
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39) >>> 0;
    h = (h ^ (h >>> 15)) >>> 0;
    result[i] = (h / 2 ** 31 - 1) * scale;
  }
  return result;
}

/** Class ids. */
export function classes(count, of) {
  return Array.from({ length: count }, (_, i) => (i * 7 + 3) % of);
}

export const xor = { x: new Float32Array([0, 0, 0, 1, 1, 0, 1, 1]), y: new Float32Array([0, 1, 1, 0]) };

/** Weights of the two networks: (out, in) matrices and biases, as PyTorch has them. */
export const smallNet = () => [
  numbers(1, 32, 0.7),
  numbers(2, 16, 0.7),
  numbers(3, 16, 0.25),
  numbers(4, 1, 0.25),
];
export const largeNet = () => [
  numbers(1, 784 * 128, 0.035),
  numbers(2, 128, 0.035),
  numbers(3, 128 * 10, 0.09),
  numbers(4, 10, 0.09),
];
export const images = () => numbers(5, 64 * 784);

/** The two convolutions: sizes of the images (N, C, H, W) and the number of kernels, all 3×3, padded by 1. */
export const convolutions = {
  "conv-image": { batch: 8, channels: 3, size: 32, kernels: 16 },
  "conv-deep": { batch: 32, channels: 16, size: 28, kernels: 32 },
};

/** Weights of the LSTM step: (4h, in), (4h, h), (4h), (4h), in PyTorch's order of gates: i, f, g, o. */
export const lstm = { batch: 32, inputs: 64, hidden: 128 };
export const lstmWeights = () => [
  numbers(1, 512 * 64, 0.09),
  numbers(2, 512 * 128, 0.09),
  numbers(3, 512, 0.09),
  numbers(4, 512, 0.09),
];

/** The transformer's encoder layer, norm last, without dropout; shapes and weights in `named_parameters()` order. */
export const block = { batch: 8, length: 32, width: 64, heads: 4, inner: 256 };
export const blockShapes = [
  [192, 64],
  [192],
  [64, 64],
  [64],
  [256, 64],
  [256],
  [64, 256],
  [64],
  [64],
  [64],
  [64],
  [64],
];
export const blockWeights = () =>
  blockShapes.map((shape, i) => {
    const isNorm = i >= 8 && i % 2 === 0;
    const values = numbers(
      20 + i,
      shape.reduce((a, b) => a * b),
      isNorm ? 0.1 : 0.1,
    );
    return isNorm ? values.map((x) => 1 + x) : values;
  });

export const MILLION = 1_000_000;
