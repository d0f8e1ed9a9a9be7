import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import torch from "../../../engine/torch";
import { repoRoot } from "../../repo";

export type Tensor = InstanceType<typeof torch.Tensor>;

/** One call of an operator in PyTorch and what came of it, as `scripts/vectors/opinfo.py` writes them. */
export interface Sample {
  op: string;
  variant: string;
  /** Its index among PyTorch's samples for the operator. */
  i: number;
  args: unknown[];
  kwargs: Record<string, unknown>;
  seed: number;
  /** The tensors of the result; or the result itself, if it holds none. */
  out: unknown;
  grad_fn: (string | null)[];
  /** The gradients given to those results that require one, and what then reaches each leaf. */
  cot?: unknown[];
  grads?: unknown[];
}

/** A tensor as the vectors hold it. */
export interface StoredTensor {
  $t: { shape: number[]; dtype: string; rg: boolean; data: unknown[] };
}

const folder = join(repoRoot, "test/engine/vectors");

export function readSamples(file: string): Sample[] {
  const text = gunzipSync(readFileSync(join(folder, file))).toString();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The operators that lessons and small models need first. */
export function readCoreOperators(): string[] {
  return readFileSync(join(folder, "core-ops.txt"), "utf8").trim().split(/\s+/);
}

export function isStoredTensor(value: unknown): value is StoredTensor {
  return typeof value === "object" && value !== null && "$t" in value;
}

export function numberOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return Number(value);
  const { $f } = value as { $f: string };
  return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY }[$f] ?? Number.NEGATIVE_INFINITY;
}

/** Makes an argument; appends the tensors that require gradients to `leaves`. */
export function decode(value: unknown, leaves: Tensor[]): unknown {
  if (Array.isArray(value)) return value.map((each) => decode(each, leaves));
  if (typeof value !== "object" || value === null) return value;
  if (isStoredTensor(value)) return decodeTensor(value, leaves);
  if ("$f" in value) return numberOf(value);
  if ("$dtype" in value) return dtypeNamed(value.$dtype as string);
  if ("$slice" in value) return torch.slice(...(value.$slice as [number, number, number]));
  if ("$ellipsis" in value) return "...";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each, leaves)]));
}

function decodeTensor({ $t: { shape, dtype, rg, data } }: StoredTensor, leaves: Tensor[]): Tensor {
  const flat = torch.tensor(data.map(numberOf), { dtype: dtypeNamed(dtype) });
  const tensor = flat.reshape(shape).detach().requires_grad_(rg);
  if (rg) leaves.push(tensor);
  return tensor;
}

function dtypeNamed(name: string) {
  return torch[name as "float32"];
}
