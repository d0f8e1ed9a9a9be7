import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/reductions.json";

type Tensor = InstanceType<typeof torch.Tensor>;
interface Case {
  op: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  /** What it returns, or the error's name and message. */
  out?: unknown;
  error?: [string, string];
  /** Gradients of the tensor arguments, for twice the sum of all results. */
  grads?: unknown[];
}
interface StoredTensor {
  $t: { shape: number[]; dtype: "float32"; data: unknown[] };
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  if ("$f" in value)
    return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY }[value.$f as string] ?? -Infinity;
  if ("$dtype" in value) return torch[value.$dtype as "float32"];
  if ("$t" in value) {
    const { shape, dtype, data } = (value as StoredTensor).$t;
    return torch.tensor(data.map(decode) as number[], { dtype: torch[dtype] }).reshape(shape);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]));
}

// biome-ignore lint/suspicious/noExplicitAny: the operator is known by its name only
function functionAt(path: string): any {
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  let scope: any = torch;
  for (const key of path.split(".")) scope = scope[key];
  return scope;
}

/** Shape, dtype and values as text, the values to digits on which all orders of adding agree. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(show).join(", ")})`;
  if (!(value instanceof torch.Tensor)) return String(value);
  const values = [value.detach().reshape(-1).tolist()].flat().map(rounded);
  return `${value.dtype}[${value.shape}] ${values.join(" ")}`;
}

function rounded(x: unknown): number {
  return Math.abs(Number(x)) < 1e-12 ? 0 : Number(Number(x).toPrecision(5));
}

function outcome({ op, args, kwargs, grads }: Case): string {
  const given = decode(args) as unknown[];
  const leaves = grads === undefined ? [] : given.filter((t) => t instanceof torch.Tensor);
  for (const leaf of leaves) leaf.requires_grad_();
  try {
    const result = functionAt(op)(...given, ...(Object.keys(kwargs).length > 0 ? [decode(kwargs)] : []));
    const shown = show(result);
    if (grads === undefined) return shown;
    const outputs = [result].flat().filter((t: Tensor) => t.requires_grad);
    const total = outputs.map((t: Tensor) => t.mul(2).sum()).reduce((a: Tensor, b: Tensor) => a.add(b));
    return `${shown} ∇ ${show(torch.autograd.grad(total, leaves, null, { allow_unused: true }))}`;
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message.split("\n")[0]}`;
  }
}

function expected({ out, error, grads }: Case): string {
  if (error !== undefined) return error.join(": ");
  return show(decode(out)) + (grads === undefined ? "" : ` ∇ ${show(decode(grads))}`);
}

// Drawn from PyTorch by scripts/vectors/reductions.py.
describe("reductions, sorting and statistics in their corners", () => {
  const cases = vectors as Case[];
  for (const op of new Set(cases.map((each) => each.op)))
    it(`gives what PyTorch gives for ${op}`, () => {
      for (const each of cases.filter((c) => c.op === op))
        assert.equal(
          outcome(each),
          expected(each),
          `torch.${op}(${JSON.stringify([each.args, each.kwargs])})`,
        );
    });
});
