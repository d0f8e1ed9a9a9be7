// What is measured. A row is the same work in every engine, given by `step`; engines say what they can do in
// `peers/`. All start from the numbers of `data.mjs`, so that after the same steps they hold the same result.

/** Flops of a row turn its steps per second into GFLOP/s. */
export const rows = [
  { id: "mlp-small", title: "2-16-1 tanh MLP, batch 4, MSE, SGD", checkAfter: 20 },
  { id: "mlp-large", title: "784-128-10 ReLU MLP, batch 64, cross entropy, SGD", checkAfter: 5 },
  { id: "matmul", title: "matrix product 512³", flops: 2 * 512 ** 3, checkAfter: 1 },
  { id: "elementwise", title: "relu(x · y + x) − y on 10⁶ elements", checkAfter: 1 },
  { id: "reductions", title: "sum, column sums, row sums, max of 1000 × 1000", checkAfter: 1 },
  { id: "cross-entropy", title: "softmax and cross entropy 1024 × 1000, with gradient", checkAfter: 1 },
  { id: "conv-image", title: "conv2d 8×3×32×32 → 16, 3×3, with gradients", checkAfter: 1 },
  { id: "conv-deep", title: "conv2d 32×16×28×28 → 32, 3×3, with gradients", checkAfter: 1 },
  { id: "lstm", title: "LSTM step, batch 32, 64 → 128, with gradients", checkAfter: 1 },
  { id: "adam", title: "Adam on 10⁶ parameters", checkAfter: 3 },
  { id: "transformer", title: "transformer block 8×32×64, 4 heads, 256 wide, with gradients", checkAfter: 1 },
];

/** What each engine is called in the table, in its order. The first is the one that others are compared with. */
export const engines = [
  { id: "gradlens", title: "Gradlens" },
  { id: "loops", title: "loops by hand" },
  { id: "adnn", title: "adnn" },
  { id: "jax-js", title: "jax-js wasm jit" },
  { id: "tfjs", title: "tfjs wasm" },
  { id: "js-pytorch", title: "js-pytorch" },
  { id: "pytorch", title: "PyTorch" },
];
