import assert from "node:assert/strict";
import torch from "../../engine/torch";
import recorded from "./vectors/linalg.json";

type Tensor = InstanceType<typeof torch.Tensor>;
type Keywords = Record<string, unknown>;
type DTypeName = "float32" | "float64" | "int64" | "int32" | "bool";

interface Drawn {
  randn: number[];
  positive?: boolean;
}

interface Filled {
  shape: number[];
  dtype: DTypeName;
  fill?: number | "nan";
}

const { values, refusals } = recorded as unknown as {
  values: [string, unknown[], Keywords, [number[], number[]][]][];
  refusals: [string, unknown[], Keywords, string | null][];
};

// biome-ignore lint/suspicious/noExplicitAny: the function is known by its name only
function functionAt(path: string): any {
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  let scope: any = torch;
  for (const key of path.split(".")) scope = scope[key];
  return scope;
}

/** Arguments with the tensors made that stand in them as plain objects. */
function made(spec: unknown, make: (spec: never) => Tensor): unknown {
  if (Array.isArray(spec)) return spec.map((each) => made(each, make));
  return typeof spec === "object" && spec !== null ? make(spec as never) : spec;
}

function drawn({ randn, positive }: Drawn): Tensor {
  const tensor = torch.randn(randn, { dtype: torch.float64 });
  if (!positive) return tensor;
  return tensor.matmul(tensor.mT).add(torch.eye(randn[randn.length - 1], { dtype: torch.float64 }));
}

function filled({ shape, dtype, fill = 1 }: Filled): Tensor {
  return torch.full(shape, fill === "nan" ? Number.NaN : fill, { dtype: torch[dtype] });
}

function keywordsOf(keywords: Keywords): Keywords[] {
  const entries = Object.entries(keywords).map(([key, value]) => [key, made(value, filled)]);
  return entries.length === 0 ? [] : [Object.fromEntries(entries)];
}

const shown = (args: unknown[], keywords: Keywords) =>
  JSON.stringify([...args, ...Object.entries(keywords)]).replaceAll('"', "");

describe("linear algebra", () => {
  for (const [name, args, keywords, expected] of values) {
    it(`${name}(${shown(args, keywords)}) gives PyTorch's numbers, signs included`, () => {
      torch.manual_seed(7);
      const given = made(args, drawn) as unknown[];
      const result: Tensor | Tensor[] = functionAt(name)(...given, ...keywordsOf(keywords));
      const results = Array.isArray(result) ? result : [result];
      assert.deepEqual(
        results.map((r) => r.shape),
        expected.map(([shape]) => shape),
      );
      results.forEach((r, i) => {
        const got = ([r.tolist()] as unknown[]).flat(9) as number[];
        expected[i][1].forEach((want, j) => {
          const error = Math.abs(got[j] - want);
          assert.ok(
            error <= 1e-8 * Math.max(1, Math.abs(want)),
            `[${i}][${j}]: ${got[j]} instead of ${want}`,
          );
        });
      });
    });
  }

  for (const [name, args, keywords, expected] of refusals) {
    it(`${name}(${shown(args, keywords)}) ${expected === null ? "is accepted" : "is refused in PyTorch's words"}`, () => {
      let error: string | null = null;
      try {
        functionAt(name)(...(made(args, filled) as unknown[]), ...keywordsOf(keywords));
      } catch (thrown) {
        error = `${(thrown as Error).name}: ${(thrown as Error).message}`;
      }
      assert.equal(error, expected);
    });
  }
});
