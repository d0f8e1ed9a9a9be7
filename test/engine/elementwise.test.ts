import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/elementwise.json";

// Drawn from PyTorch by scripts/vectors/elementwise.py, which explains the layout.
type StoredNumber = number | string;
type StoredTensor = [dtype: string, values: StoredNumber[], shape: number[]];
type Answer = [dtype: string, values: StoredNumber[]];
type Call = [
  args: (string | number | null)[],
  keywords: Record<string, unknown>,
  answer: Answer | Answer[] | { error: string },
];
type Tensor = InstanceType<typeof torch.Tensor>;

const INFINITIES: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-0": -0,
};
const plain = (value: StoredNumber) => (typeof value === "string" ? INFINITIES[value] : value);

const dtypes: Record<string, typeof torch.float32> = {
  float32: torch.float32,
  float64: torch.float64,
  int64: torch.int64,
  int32: torch.int32,
  int8: torch.int8,
  uint8: torch.uint8,
  bool: torch.bool,
};

const operands = new Map(
  Object.entries(vectors.operands as unknown as Record<string, StoredTensor>).map(
    ([name, [dtype, values, shape]]) => [
      name,
      torch.tensor(values.map(plain), { dtype: dtypes[dtype] }).reshape(shape),
    ],
  ),
);

function answerOf(name: string, [args, keywords]: Call): (Tensor | Tensor[]) | { error: string } {
  let f: unknown = torch;
  for (const part of name.split(".")) f = (f as Record<string, unknown>)[part];
  const given: unknown[] = args.map((arg) => (typeof arg === "string" ? operands.get(arg) : arg));
  if (Object.keys(keywords).length > 0) given.push(keywords);
  try {
    return (f as (...given: unknown[]) => Tensor | Tensor[])(...given);
  } catch (error) {
    return { error: `${(error as Error).name}: ${(error as Error).message.split("\n")[0]}` };
  }
}

/** What differs, or null. */
function difference(got: ReturnType<typeof answerOf>, want: Call[2]): string | null {
  if ("error" in want) {
    if (!("error" in got)) return `${got} instead of ${want.error}`;
    // Which arguments fit nowhere is said in our own words.
    if (want.error.startsWith("TypeError")) return got.error.startsWith("TypeError") ? null : got.error;
    return got.error === want.error ? null : `${got.error} instead of ${want.error}`;
  }
  if ("error" in got) return `${got.error} instead of ${JSON.stringify(want)}`;
  const gotList = Array.isArray(got) ? got : [got];
  const wantList = (Array.isArray(got) ? want : [want]) as Answer[];
  for (const [i, tensor] of gotList.entries()) {
    const [dtype, values] = wantList[i];
    if (tensor.dtype.name !== dtype) return `${tensor.dtype} instead of ${dtype}`;
    const tolerance = dtype === "float64" ? 1e-11 : 2e-6;
    const numbers = (tensor.reshape([-1]).tolist() as number[]).map(Number);
    const wrong = values.findIndex((value, k) => !near(numbers[k], plain(value), tolerance));
    if (wrong >= 0) return `element ${wrong} is ${numbers[wrong]} instead of ${values[wrong]}`;
  }
  return null;
}

function near(got: number, want: number, tolerance: number): boolean {
  if (Object.is(got, want)) return true;
  return want !== 0 && Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
}

describe("elementwise operators", () => {
  for (const [name, calls] of Object.entries(vectors.calls as unknown as Record<string, Call[]>)) {
    it(`${name} gives PyTorch's values, dtypes and errors`, () => {
      const wrong = calls.flatMap((call) => {
        const found = difference(answerOf(name, call), call[2]);
        return found === null ? [] : [`${name}(${JSON.stringify(call.slice(0, 2))}): ${found}`];
      });
      assert.deepEqual(wrong, []);
    });
  }
});
