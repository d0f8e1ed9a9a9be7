import torch from "../../../engine/torch";
import { callOf, seedOf } from "./call";
import { decode, isStoredTensor, numberOf, type Sample, type StoredTensor, type Tensor } from "./vectors";

/** How far values may be from PyTorch's: relatively, and absolutely near zero. Gradients get ten times that. */
export interface Tolerance {
  relative: number;
  absolute: number;
}

export interface Expectations {
  tolerance: Tolerance;
  /** Whether backward steps must have the recorded names, or need only be there. */
  gradFnNames: boolean;
}

/** Throws where the engine's results, backward steps or gradients are not PyTorch's. */
export function check(sample: Sample, expectations: Expectations): void {
  const leaves: Tensor[] = [];
  const args = decode(sample.args, leaves) as never[];
  const kwargs = decode(sample.kwargs, leaves) as never;
  torch.manual_seed(seedOf(sample));
  const call = callOf(sample)!;
  const result = Object.keys(kwargs).length === 0 ? call(...args) : call(...args, kwargs);
  if (isTensorList(sample.out)) checkTensors(sample, sample.out, tensorsOf(result), expectations);
  else checkPlain(result, sample.out);
  if (sample.grads !== undefined) checkGradients(sample, tensorsOf(result), leaves, expectations.tolerance);
}

function checkTensors(
  sample: Sample,
  recorded: StoredTensor[],
  outputs: Tensor[],
  { tolerance, gradFnNames }: Expectations,
): void {
  if (outputs.length !== recorded.length)
    throw new Error(`${outputs.length} results instead of ${recorded.length}`);
  outputs.forEach((output, i) => {
    checkTensor(`result ${i}`, output, recorded[i], tolerance);
    checkGradFn(`result ${i}`, output, sample.grad_fn[i], gradFnNames);
  });
}

function isTensorList(out: unknown): out is StoredTensor[] {
  return Array.isArray(out) && out.length > 0 && out.every(isStoredTensor);
}

function tensorsOf(value: unknown): Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(tensorsOf) : [];
}

function checkPlain(result: unknown, recorded: unknown): void {
  const expected = JSON.stringify(decode(recorded, []));
  if (JSON.stringify(result) !== expected)
    throw new Error(`${JSON.stringify(result)} instead of ${expected}`);
}

function checkTensor(what: string, tensor: Tensor, { $t }: StoredTensor, tolerance: Tolerance): void {
  const shape = `[${tensor.shape}]`;
  if (shape !== `[${$t.shape}]`) throw new Error(`${what}: shape ${shape} instead of [${$t.shape}]`);
  if (String(tensor.dtype) !== `torch.${$t.dtype}`)
    throw new Error(`${what}: ${tensor.dtype} instead of torch.${$t.dtype}`);
  const values = tensor.detach().reshape(-1).tolist() as unknown[];
  $t.data.forEach((each, i) => {
    const [value, expected] = [Number(values[i]), numberOf(each)];
    if (!isNear(value, expected, tolerance))
      throw new Error(`${what}[${i}]: ${value} instead of ${expected}`);
  });
}

function isNear(value: number, expected: number, { relative, absolute }: Tolerance): boolean {
  if (Object.is(value, expected) || value === expected) return true;
  return Math.abs(value - expected) <= absolute + relative * Math.abs(expected);
}

function checkGradFn(what: string, tensor: Tensor, recorded: string | null, exactly: boolean): void {
  const name = tensor.grad_fn?.typeName ?? null;
  const agrees = exactly ? name === recorded : (name === null) === (recorded === null);
  if (!agrees) throw new Error(`${what}: grad_fn ${name} instead of ${recorded}`);
}

function checkGradients(sample: Sample, outputs: Tensor[], leaves: Tensor[], tolerance: Tolerance): void {
  const differentiable = outputs.filter((output) => output.requires_grad);
  const cotangents = decode(sample.cot, []) as Tensor[];
  const grads = torch.autograd.grad(differentiable, leaves, cotangents, { allow_unused: true });
  const wider = { relative: tolerance.relative * 10, absolute: tolerance.absolute * 10 };
  sample.grads!.forEach((recorded, i) => {
    const grad = grads[i];
    if (isStoredTensor(recorded) && grad !== null) checkTensor(`gradient ${i}`, grad, recorded, wider);
    else if (isStoredTensor(recorded)) throw new Error(`gradient ${i}: None instead of a tensor`);
    // Of an empty tensor PyTorch's derivatives of matrices may say nothing at all.
    else if (grad !== null && grad.numel() > 0) throw new Error(`gradient ${i}: a tensor instead of None`);
  });
}
