import { no_grad } from "../autograd/context";
import { F } from "../op/define";
import type { Tensor } from "../tensor";

/** A weight as a matrix (outputs, rest), with the dimension of the outputs first. */
export function matrixOf(weight: Tensor, dim: number): Tensor {
  const order = [dim, ...weight.shape.flatMap((_, d) => (d === dim ? [] : [d]))];
  return (dim === 0 ? weight : weight.permute(order)).flatten(1);
}

/**
 * One step of the power method: moves u (outputs) and v (rest) towards the matrix's first singular vectors,
 * in place. `first` is the one computed from the other's old value.
 */
export function powerStep(matrix: Tensor, v: Tensor, u: Tensor, eps: number, first: "u" | "v"): void {
  no_grad(() => {
    const moveU = () => u.copy_(F.normalize(matrix.mv(v), { dim: 0, eps }));
    const moveV = () => v.copy_(F.normalize(matrix.t().mv(u), { dim: 0, eps }));
    for (const move of first === "u" ? [moveU, moveV] : [moveV, moveU]) move();
  });
}

/** uᵀ · matrix · v: the largest singular value, if u and v are its vectors. */
export function spectralNormOf(matrix: Tensor, u: Tensor, v: Tensor): Tensor {
  return u.dot(matrix.mv(v));
}
