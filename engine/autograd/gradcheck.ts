import { RuntimeError, ValueError } from "../errors";
import { torch } from "../op/define";
import { numel } from "../shape";
import { stridesOf, Tensor } from "../tensor";
import { grad } from "./functions";

export class GradcheckError extends RuntimeError {
  override name = "GradcheckError";
}

export interface GradcheckOptions {
  eps?: number;
  atol?: number;
  rtol?: number;
}

type Differentiable = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Compares the gradients of `func` with finite differences, for every element of every result and input.
 * Inputs should be float64. Returns true, or throws GradcheckError with what differs.
 * Source: torch.autograd.gradcheck.
 */
export function gradcheck(
  func: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): true {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = options;
  const wanted = inputs.filter((input) => input.requires_grad);
  if (wanted.length === 0)
    throw new ValueError(
      "gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.",
    );
  const outputs = () => differentiableOutputs(func(...inputs));
  outputs().forEach((_, o) => {
    wanted.forEach((input, i) => {
      const numerical = numericalJacobian(() => outputs()[o], input, eps);
      const analytical = analyticalJacobian(outputs()[o], input);
      analytical.forEach((row, r) => {
        row.forEach((value, c) => {
          const expected = numerical[r][c];
          if (Math.abs(value - expected) <= atol + rtol * Math.abs(expected)) return;
          throw new GradcheckError(
            `Jacobian mismatch for output ${o} with respect to input ${i}, element ${r} by element ${c}:\nnumerical:${expected}\nanalytical:${value}`,
          );
        });
      });
    });
  });
  return true;
}

/**
 * As `gradcheck`, for the gradients of the gradients, with a fixed random gradient to start from.
 * Source: torch.autograd.gradgradcheck.
 */
export function gradgradcheck(
  func: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): true {
  const starts = differentiableOutputs(func(...inputs)).map((output) =>
    torch.randn_like(output, { requires_grad: true }),
  );
  const wanted = inputs.filter((input) => input.requires_grad);
  const gradients = (...given: Tensor[]) => {
    const outputs = differentiableOutputs(func(...given.slice(0, inputs.length)));
    const grads = grad(outputs, wanted, given.slice(inputs.length), {
      create_graph: true,
      allow_unused: true,
    });
    return grads.filter((g): g is Tensor => g !== null);
  };
  return gradcheck(gradients, [...inputs, ...starts], options);
}

function differentiableOutputs(result: Tensor | readonly Tensor[]): Tensor[] {
  return (result instanceof Tensor ? [result] : result).filter((output) => output.requires_grad);
}

/** Rows by element of the result, columns by element of the input. */
function numericalJacobian(func: () => Tensor, input: Tensor, eps: number): number[][] {
  const { data } = input.storage;
  const columns = placesOf(input).map((at) => {
    const before = data[at];
    data[at] = before + eps;
    const above = flat(func());
    data[at] = before - eps;
    const below = flat(func());
    data[at] = before;
    return above.map((value, r) => (value - below[r]) / (2 * eps));
  });
  return transpose(columns, flat(func()).length);
}

/** Where in its memory each element of a tensor lies. */
function placesOf(t: Tensor): number[] {
  const strides = stridesOf(t);
  return t.shape.reduce(
    (places, size, d) =>
      places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * strides[d])),
    [t.offset],
  );
}

function analyticalJacobian(output: Tensor, input: Tensor): number[][] {
  return Array.from({ length: numel(output.shape) }, (_, r) => {
    const start = output.new_zeros(output.shape);
    start.storage.data[r] = 1;
    const [gradient] = grad(output, input, start, { retain_graph: true, allow_unused: true });
    return gradient === null ? new Array<number>(numel(input.shape)).fill(0) : flat(gradient);
  });
}

function transpose(columns: readonly number[][], rows: number): number[][] {
  return Array.from({ length: rows }, (_, r) => columns.map((column) => column[r]));
}

function flat(t: Tensor): number[] {
  return t.detach().reshape(-1).tolist() as number[];
}
