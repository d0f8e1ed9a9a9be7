/** What the engine calls; see docs/decisions/kernels.md. */
export { closeRows, gemm } from "./gemm";

/** The first byte that is free for the engine's use. */
export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}

export function pages(): i32 {
  return memory.size();
}
