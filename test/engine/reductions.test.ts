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
  /** Names of the results' backward steps, null for one without. */
  grad_fn?: (string | null)[];
  /** Gradients of the tensor arguments, for twice the sum of all results. */
  grads?: unknown[];
}
interface StoredTensor {
  $t: { shape: number[]; dtype: "float32"; data: unknown[]; leaf?: true };
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  if ("$f" in value)
    return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY }[value.$f as string] ?? -Infinity;
  if ("$dtype" in value) return torch[value.$dtype as "float32"];
  if ("$t" in value) {
    const { shape, dtype, data, leaf = false } = (value as StoredTensor).$t;
    return torch
      .tensor(data.map(decode) as number[], { dtype: torch[dtype] })
      .reshape(shape)
      .requires_grad_(leaf);
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

function outcome({ op, args, kwargs, grads, grad_fn }: Case): string {
  const given = decode(args) as unknown[];
  const leaves = given.filter((t): t is Tensor => t instanceof torch.Tensor && t.requires_grad);
  try {
    const result = functionAt(op)(...given, ...(Object.keys(kwargs).length > 0 ? [decode(kwargs)] : []));
    const names = [result].flat().map((t) => t.grad_fn?.name() ?? null);
    const shown = grad_fn === undefined ? show(result) : `${show(result)} ${names}`;
    if (grads === undefined) return shown;
    const outputs = [result].flat().filter((t: Tensor) => t.requires_grad);
    const total = outputs.map((t: Tensor) => t.mul(2).sum()).reduce((a: Tensor, b: Tensor) => a.add(b));
    return `${shown} ∇ ${show(torch.autograd.grad(total, leaves, null, { allow_unused: true }))}`;
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message.split("\n")[0]}`;
  }
}

function expected({ out, error, grads, grad_fn }: Case): string {
  if (error !== undefined) return error.join(": ");
  const shown = grad_fn === undefined ? show(decode(out)) : `${show(decode(out))} ${grad_fn}`;
  return shown + (grads === undefined ? "" : ` ∇ ${show(decode(grads))}`);
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

  it("offers no methods that PyTorch has not", () => {
    for (const name of ["gradient", "var_mean", "std_mean", "bucketize", "pdist"])
      assert.ok(!(name in torch.Tensor.prototype), name);
  });
});
