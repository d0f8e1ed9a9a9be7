/** What the engine calls; see docs/decisions/kernels.md. */
export { multiplyBlocks, spread } from "./blocks";
export {
  abs,
  add,
  addNumber,
  addScaled,
  addPerRow,
  addRowToEach,
  div,
  divInto,
  divNumber,
  mul,
  mulNumber,
  neg,
  relu,
  reluGrad,
  sigmoidGrad,
  sqrt,
  square,
  sub,
  subFrom,
  tanhGrad,
} from "./elementwise";
export { fold, zero } from "./fold";
export { closeRows, gemm } from "./gemm";
export { adam } from "./optimizer";
export { addRows, addToFour, largest, smallest, sumRows, sumSquares } from "./reduce";
export { transpose } from "./transpose";
export { exp, log, logSoftmax, logSoftmaxGrad, sigmoid, softmax, softmaxGrad, tanh } from "./transcendental";

/** The first byte that is free for the engine's use. */
export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}

export function pages(): i32 {
  return memory.size();
}
