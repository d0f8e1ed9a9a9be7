import assert from "node:assert/strict";
import torch from "../../engine/torch";
import { kernelUse } from "../../engine/wasm/kernels";

type T = ReturnType<typeof torch.randn>;

/** What `compute` gives with plain loops and with kernels, whatever the size. */
function both(compute: () => T[]): [plain: T[], kernels: T[]] {
  try {
    kernelUse.mode = "never";
    const plain = compute();
    kernelUse.mode = "always";
    return [plain, compute()];
  } finally {
    kernelUse.mode = "auto";
  }
}

function flat(t: T): number[] {
  return t.reshape([-1]).tolist() as unknown as number[];
}

/** `tolerance` is relative to the largest plain result; 0 asks for the same bits. */
function assertSame(compute: () => T | T[], tolerance: number, what: string): void {
  const [plain, kernels] = both(() => [compute()].flat() as T[]);
  assert.equal(kernels.length, plain.length);
  for (let k = 0; k < plain.length; k++) {
    assert.deepEqual(kernels[k].shape, plain[k].shape, what);
    assert.equal(kernels[k].dtype, plain[k].dtype, what);
    const expected = flat(plain[k]);
    const actual = flat(kernels[k]);
    const finite = expected.filter(Number.isFinite).map(Math.abs);
    const allowed = tolerance * finite.reduce((a, b) => Math.max(a, b), 0);
    for (let i = 0; i < expected.length; i++)
      if (!Object.is(actual[i], expected[i]) && !(Math.abs(actual[i] - expected[i]) <= allowed))
        assert.fail(`${what}: element ${i} is ${actual[i]} with kernels, ${expected[i]} without`);
  }
}

const SIZES = [0, 1, 3, 17, 255, 1023];

beforeEach(() => {
  torch.manual_seed(0);
});

describe("Products with kernels and with plain loops", () => {
  const layouts: Record<string, (rows: number, columns: number) => T> = {
    "row by row": (r, c) => torch.randn(r, c),
    transposed: (r, c) => torch.randn(c, r).t(),
    "at an offset, with gaps": (r, c) =>
      torch
        .randn(r + 2, c + 5)
        .narrow(0, 1, r)
        .narrow(1, 3, c),
    "transposed, with gaps": (r, c) =>
      torch
        .randn(c + 2, r + 5)
        .narrow(0, 1, c)
        .narrow(1, 3, r)
        .t(),
    "every second element": (r, c) =>
      torch.randn(2 * r, 2 * c).index(torch.slice(0, null, 2), torch.slice(0, null, 2)),
    "one row repeated": (r, c) => torch.randn(1, c).expand([r, c]),
    "one column repeated": (r, c) => torch.randn(r, 1).expand([r, c]),
  };
  for (const [left, makeLeft] of Object.entries(layouts))
    for (const [right, makeRight] of Object.entries(layouts))
      it(`agree for a matrix ${left} and one ${right}`, () => {
        for (const [n, k, m] of [
          [1, 1, 2],
          [3, 17, 5],
          [17, 3, 8],
          [4, 8, 16],
          [13, 0, 3],
          [0, 4, 4],
          [30, 31, 33],
        ]) {
          const a = makeLeft(n, k);
          const b = makeRight(k, m);
          assertSame(() => a.mm(b), 1e-6, `${n}x${k} @ ${k}x${m}`);
        }
      });

  it("agree on sizes beside the blocks that kernels work in", () => {
    for (const n of SIZES)
      for (const k of SIZES)
        for (const m of SIZES) {
          if (n * k * m > 3e6) continue;
          const a = torch.randn(n, k);
          const b = torch.randn(m, k).t();
          assertSame(() => a.mm(b), 2e-6, `${n}x${k} @ ${k}x${m}`);
        }
  });

  it("agree where a product takes several blocks", () => {
    const [a, b] = [torch.randn(530, 9), torch.randn(9, 1040)];
    assertSame(() => a.mm(b), 1e-6, "530x9 @ 9x1040");
    const [c, d] = [torch.randn(5, 3200), torch.randn(3200, 9)];
    assertSame(() => c.mm(d), 4e-6, "5x3200 @ 3200x9");
    assertSame(() => c.t().contiguous().t().mm(d.t().contiguous().t()), 4e-6, "the same, by columns");
  });

  it("agree for batches, their views included", () => {
    for (const batch of [0, 1, 3]) {
      const a = torch.randn(batch, 7, 12);
      const b = torch.randn(12, batch, 9).transpose(0, 1);
      assertSame(() => a.bmm(b), 1e-6, `batches of ${batch}`);
      assertSame(() => a.transpose(1, 2).bmm(a), 1e-6, `batches of ${batch}, transposed`);
    }
  });

  it("keep NaN and infinities where they belong", () => {
    const a = torch.ones(5, 9);
    const b = torch.ones(9, 11);
    a.narrow(0, 1, 1).narrow(1, 2, 1).fill_(Number.NaN);
    b.narrow(0, 3, 1).narrow(1, 4, 1).fill_(Number.POSITIVE_INFINITY);
    assertSame(() => a.mm(b), 0, "NaN and infinity");
  });
});
