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

  it("agree whatever rows are left of those computed together, with a row added to each or none", () => {
    for (let n = 1; n <= 26; n++)
      for (const m of [5, 8, 13]) {
        const bias = torch.randn(m);
        const [b, turned] = [torch.randn(9, m), torch.randn(9, n)];
        for (const a of [torch.randn(n, 9), turned.t()]) {
          assertSame(() => a.mm(b), 1e-6, `${n}x9 @ 9x${m}`);
          assertSame(() => torch.addmm(bias, a, b), 1e-6, `row + ${n}x9 @ 9x${m}`);
        }
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

describe("Operations on elements with kernels and with plain loops", () => {
  const SPECIAL = [
    0,
    -0,
    1,
    -1,
    1e-45,
    -1e-45,
    3.4e38,
    -3.4e38,
    88.8,
    -104.5,
    Infinity,
    -Infinity,
    NaN,
    0.5,
    1e-6,
  ];

  /** As many elements of every magnitude and sign, and what is special. */
  function sample(n: number): T {
    const wide = torch.randn(n).mul(torch.randn(n).mul(4).exp());
    if (n > 2 * SPECIAL.length) wide.narrow(0, 3, SPECIAL.length).copy_(torch.tensor(SPECIAL));
    return wide;
  }

  const views: Record<string, (n: number) => T> = {
    "in order": sample,
    "at an offset": (n) => sample(n + 3).narrow(0, 3, n),
    "every second element": (n) => sample(2 * n).index(torch.slice(0, null, 2)),
  };

  const pairs: Record<string, (x: T, y: T) => T> = {
    "x + y": (x, y) => x.add(y),
    "x − y": (x, y) => x.sub(y),
    "x · y": (x, y) => x.mul(y),
    "x / y": (x, y) => x.div(y),
    "x + 0.3 · y": (x, y) => x.add(y, { alpha: 0.3 }),
    "x − 0.3 · y": (x, y) => x.sub(y, { alpha: 0.3 }),
    "x + 0.1": (x) => x.add(0.1),
    "x − 0.1": (x) => x.sub(0.1),
    "0.1 − x": (x) => x.rsub(0.1),
    "0.1 · x": (x) => x.mul(0.1),
    "x / 0.1": (x) => x.div(0.1),
    "1 / x": (x) => x.reciprocal(),
    "x with y's first element": (x, y) => (y.shape[0] > 0 ? x.mul(y.narrow(0, 0, 1)) : x),
  };
  for (const [name, compute] of Object.entries(pairs))
    it(`agree to the last bit for ${name}`, () => {
      for (const n of [...SIZES, 16385, 40000])
        for (const [view, make] of Object.entries(views)) {
          const [x, y] = [make(n), make(n)];
          assertSame(() => compute(x, y), 0, `${n} elements ${view}`);
        }
    });

  const exact: Record<string, (x: T) => T> = {
    relu: (x) => x.relu(),
    "−x": (x) => x.neg(),
    "|x|": (x) => x.abs(),
    "√x": (x) => x.sqrt(),
  };
  for (const [name, compute] of Object.entries(exact))
    it(`agree to the last bit for ${name}`, () => {
      for (const n of [...SIZES, 16385]) {
        const x = sample(n);
        assertSame(() => compute(x), 0, `${n} elements`);
      }
    });

  const rounded: Record<string, (x: T) => T> = {
    "e^x": (x) => x.exp(),
    "ln x": (x) => x.log(),
    "tanh x": (x) => x.tanh(),
    "sigmoid x": (x) => x.sigmoid(),
  };
  for (const [name, compute] of Object.entries(rounded))
    it(`agree for ${name} but for one rounding in a thousand`, () => {
      for (const n of [...SIZES, 100000]) {
        const x = sample(n);
        const [[plain], [kernels]] = both(() => [compute(x)]);
        const [expected, actual] = [flat(plain), flat(kernels)];
        let different = 0;
        for (let i = 0; i < n; i++) {
          if (Object.is(actual[i], expected[i])) continue;
          different++;
          const near = Math.abs(actual[i] - expected[i]) <= Math.abs(expected[i]) * 1.2e-7 + 1.5e-45;
          assert.ok(near, `${name} of ${flat(x)[i]} is ${actual[i]} with kernels, ${expected[i]} without`);
        }
        assert.ok(different <= 1 + n / 1000, `${different} of ${n} elements differ`);
      }
    });

  it("agree for softmax and its logarithm along any dimension", () => {
    for (const count of [16, 17, 20, 255, 1023, 20000])
      for (const rows of [1, 3, 17]) {
        if (rows * count > 70000) continue;
        const x = torch.randn(rows, count).mul(5);
        assertSame(() => x.softmax(1), 1e-7, `softmax of ${rows} rows of ${count}`);
        assertSame(() => x.log_softmax(1), 2e-7, `log_softmax of ${rows} rows of ${count}`);
        assertSame(() => x.t().softmax(0), 1e-7, `softmax of ${rows} columns of ${count}`);
        assertSame(() => x.t().log_softmax(0), 2e-7, `log_softmax of ${rows} columns of ${count}`);
      }
    const x = torch.full([2, 20], Number.NEGATIVE_INFINITY);
    assertSame(() => [x.softmax(1), x.log_softmax(1)], 0, "rows of −∞");
    const y = torch.ones(2, 20);
    y.narrow(1, 5, 1).fill_(Number.NaN);
    assertSame(() => [y.softmax(1), y.log_softmax(1)], 0, "rows with NaN");
  });
});

describe("Sums and extremes with kernels and with plain loops", () => {
  it("agree to the last bit along rows, columns and what lies around channels", () => {
    for (const [rows, columns] of [
      [0, 3],
      [1, 1023],
      [3, 17],
      [17, 3],
      [255, 16],
      [40, 1023],
      [3, 20003],
      [20001, 3],
    ]) {
      const x = torch.randn(rows, columns);
      const gaps = torch.randn(rows + 1, columns + 3).narrow(0, 1, rows);
      for (const t of [x, gaps.narrow(1, 2, columns), torch.randn(columns, rows).t()])
        assertSame(() => [t.sum(), t.sum(0), t.sum(1), t.mean(0)], 0, `${rows}x${columns}`);
    }
    const x = torch.randn(5, 7, 33);
    assertSame(() => [x.sum([0, 2]), x.sum([0, 1]), x.sum([1, 2]), x.sum(1)], 0, "5x7x33");
  });

  it("agree on where the largest and smallest elements are", () => {
    const all = (t: T) => [t.max(), t.min(), t.argmax(), t.argmin(), ...t.max(-1), ...t.min(-1)];
    for (const n of [1, 3, 17, 255, 1023, 16385, 40000]) {
      const x = torch.randn(n);
      const ties = x.mul(2).round();
      for (const t of [x, ties, ties.neg(), torch.zeros(n).neg(), torch.randn(n + 5).narrow(0, 5, n)])
        assertSame(() => all(t), 0, `${n} elements`);
      const y = torch.randn(n);
      y.narrow(0, n >> 1, 1).fill_(Number.NaN);
      assertSame(() => all(y), 0, `${n} elements, one of them NaN`);
      assertSame(() => all(torch.full([n], Number.NEGATIVE_INFINITY)), 0, `${n} times −∞`);
      assertSame(() => all(torch.full([n], Number.POSITIVE_INFINITY)), 0, `${n} times ∞`);
    }
    const rows = torch.randn(33, 255);
    assertSame(() => [...all(rows), ...rows.max(0), rows.amax(1), rows.amin(0)], 0, "33x255");
  });
});

describe("Normalisation with kernels and with plain loops", () => {
  const { functional: F } = torch.nn;

  it("agrees for rows, planes and batches", () => {
    for (const inner of [1, 3, 16, 17, 255, 1023]) {
      const x = torch.randn(3, 5, inner).mul(3).add(2);
      assertSame(() => F.layer_norm(x, [inner]), 1e-6, `rows of ${inner}`);
      assertSame(() => F.layer_norm(x, [5, inner]), 1e-6, `planes of 5x${inner}`);
      assertSame(() => F.batch_norm(x, null, null, null, null, true), 1e-6, `batches of 5x${inner}`);
      const y = torch.randn(2, 6, inner);
      assertSame(() => F.group_norm(y, 3), 1e-6, `groups of 2x${inner}`);
    }
  });
});

describe("A tensor that repeats one number", () => {
  it("combines with others as one that has it in every place", () => {
    const x = torch.randn(17, 33);
    const one = torch.randn(1);
    const whole = torch.tensor(3n);
    const computations: ((y: T, n: T) => T)[] = [
      (y) => x.mul(y),
      (y) => y.sub(x),
      (y) => x.sub(y),
      (y) => y.div(x),
      (y) => x.add(y, { alpha: 0.3 }),
      (y) => y.add(x, { alpha: 0.3 }),
      (y) => y.mul(y),
      (y) => x.gt(y),
      (_, n) => x.mul(n),
      (_, n) => n.mul(n),
    ];
    for (const [y, n] of [
      [one.expand([17, 33]), whole.expand([17, 33])],
      [one.reshape([]).expand([17, 33]), whole.expand([17, 33])],
    ])
      for (const [i, compute] of computations.entries()) {
        assertSame(() => compute(y, n), 0, `computation ${i}`);
        const dense = compute(y.contiguous(), n.contiguous());
        assert.deepEqual(flat(compute(y, n)), flat(dense), `computation ${i}`);
        assert.equal(compute(y, n).dtype, dense.dtype);
      }
    assert.deepEqual(one.expand([0, 3]).add(torch.ones(0, 3)).shape, [0, 3]);
  });
});

describe("Transposed copies with kernels and with plain loops", () => {
  it("agree to the last bit", () => {
    for (const [rows, columns] of [
      [4, 4],
      [5, 7],
      [17, 255],
      [255, 3],
      [300, 4],
      [1023, 65],
      [20000, 5],
    ]) {
      const x = torch.randn(columns, rows);
      assertSame(() => x.t().contiguous(), 0, `${rows}x${columns}`);
      const y = torch
        .randn(columns + 1, rows + 2)
        .narrow(0, 1, columns)
        .narrow(1, 1, rows);
      assertSame(() => y.t().contiguous(), 0, `${rows}x${columns} with gaps`);
    }
    const x = torch.randn(3, 2, 9, 6);
    assertSame(() => x.transpose(2, 3).contiguous(), 0, "batches");
    assertSame(() => x.permute(1, 0, 3, 2).contiguous(), 0, "exchanged batches");
    assertSame(() => x.permute(3, 2, 1, 0).contiguous(), 0, "all dimensions reversed");
    assertSame(() => torch.randn(1, 9).expand([9, 9]).t().contiguous().mul(0), 0, "one row for all");
  });
});

describe("Convolutions with kernels and with plain loops", () => {
  const { functional: F } = torch.nn;

  /** The result and the gradients of everything that went in. */
  function everything(inputs: T[], compute: (...inputs: T[]) => T): () => T[] {
    return () => {
      const leaves = inputs.map((t) => t.detach().clone().requires_grad_());
      const result = compute(...leaves);
      torch.manual_seed(1);
      result.backward(torch.randn(result.shape));
      return [result.detach(), ...leaves.map((leaf) => leaf.grad as T)];
    };
  }

  it("agree in two dimensions, forwards and backwards", () => {
    for (const [n, c, k, h, w, kh, kw] of [
      [1, 1, 1, 1, 1, 1, 1],
      [2, 3, 5, 9, 7, 3, 3],
      [3, 2, 8, 17, 16, 5, 2],
      [1, 17, 3, 6, 30, 1, 1],
    ])
      for (const stride of [1, 2, 3])
        for (const padding of [0, 1, 2])
          for (const dilation of [1, 2]) {
            if (h + 2 * padding <= dilation * (kh - 1) || w + 2 * padding <= dilation * (kw - 1)) continue;
            const inputs = [torch.randn(n, c, h, w), torch.randn(k, c, kh, kw), torch.randn(k)];
            const run = everything(inputs, (x, y, b) => F.conv2d(x, y, b, stride, padding, dilation));
            const sizes = `${inputs.map((t) => t.shape.join("x"))} stride ${stride} padding ${padding} dilation ${dilation}`;
            assertSame(run, 3e-6, sizes);
          }
  });

  it("agree in one and three dimensions, in groups, and transposed", () => {
    const line = [torch.randn(3, 4, 23), torch.randn(6, 2, 5)];
    assertSame(
      everything(line, (x, w) => F.conv1d(x, w, null, 2, 3, 1, 2)),
      2e-6,
      "conv1d",
    );
    const box = [torch.randn(2, 3, 5, 6, 7), torch.randn(4, 3, 2, 3, 3)];
    assertSame(
      everything(box, (x, w) => F.conv3d(x, w, null, [2, 1, 1], [1, 0, 2])),
      2e-6,
      "conv3d",
    );
    const each = [torch.randn(2, 6, 12, 13), torch.randn(6, 1, 3, 3)];
    assertSame(
      everything(each, (x, w) => F.conv2d(x, w, null, 1, 1, 1, 6)),
      2e-6,
      "a channel by itself",
    );
    const up = [torch.randn(2, 4, 6, 5), torch.randn(4, 3, 3, 3), torch.randn(3)];
    assertSame(
      everything(up, (x, w, b) => F.conv_transpose2d(x, w, b, 2, 1, 1)),
      2e-6,
      "conv_transpose2d",
    );
  });

  it("agree where the columns do not fit the cache at once", () => {
    const inputs = [torch.randn(1, 16, 60, 61), torch.randn(3, 16, 3, 3)];
    assertSame(
      everything(inputs, (x, w) => F.conv2d(x, w, null, 1, 1)),
      1e-5,
      "16x60x61",
    );
  });

  it("agree for views, and leave no places where there are none", () => {
    const x = torch.randn(5, 9, 8, 2).permute(3, 1, 0, 2);
    const w = torch.randn(3, 3, 9, 4).permute(3, 2, 0, 1);
    assertSame(() => F.conv2d(x, w, null, 1, 1), 2e-6, "permuted");
    assertSame(() => F.conv2d(torch.ones(0, 2, 5, 5), torch.ones(3, 2, 3, 3)), 0, "no samples");
  });
});

describe("Steps of optimizers in place", () => {
  const optimizers = {
    SGD: (p: T[]) => new torch.optim.SGD(p, { lr: 0.3, weight_decay: 0.01 }),
    "SGD with momentum": (p: T[]) => new torch.optim.SGD(p, { lr: 0.3, momentum: 0.9, nesterov: true }),
    Adam: (p: T[]) => new torch.optim.Adam(p, { lr: 0.3, weight_decay: 0.01 }),
    AdamW: (p: T[]) => new torch.optim.AdamW(p, { lr: 0.3, betas: [0.7, 0.99] }),
  };
  for (const [name, make] of Object.entries(optimizers))
    it(`of ${name} give what its operators give, to the last bit`, () => {
      for (const n of [...SIZES, 16400]) {
        const start = torch.randn(n);
        const grads = [1, 2, 3].map(() => torch.randn(n));
        // A view with gaps is not stepped in place but by operators.
        const run = (operators: boolean) => () => {
          const memory = torch.zeros(n, operators ? 2 : 1);
          const param = memory.select(1, 0).copy_(start).detach().requires_grad_();
          const optimizer = make([param]);
          for (const grad of grads) {
            param.grad = grad.clone();
            optimizer.step();
          }
          return param.detach().clone();
        };
        const [[expected]] = both(() => [run(true)()]);
        const [[plain], [kernels]] = both(() => [run(false)()]);
        assert.deepEqual(flat(plain), flat(expected), `${n} parameters, plain loops`);
        assert.deepEqual(flat(kernels), flat(expected), `${n} parameters, kernels`);
      }
    });

  it("count as changes of the parameter", () => {
    const param = torch.randn(5).requires_grad_();
    const loss = param.mul(param).sum();
    param.grad = torch.ones(5);
    new torch.optim.SGD([param], { lr: 0.1 }).step();
    assert.throws(() => loss.backward(), /modified by an inplace operation/);
  });
});

describe("Gradients in one go", () => {
  /** Gradients of every leaf, as a plain backward pass gives them and as one that can be differentiated does. */
  function assertSameGradients(leaves: T[], compute: (...leaves: T[]) => T, what: string): void {
    const weights = torch.randn(compute(...leaves).shape);
    const gradients = (create_graph: boolean) =>
      torch.autograd.grad(
        compute(...leaves)
          .mul(weights)
          .sum(),
        leaves,
        { create_graph },
      ) as T[];
    for (const mode of ["never", "always"] as const) {
      kernelUse.mode = mode;
      const expected = gradients(true).map((t) => flat(t.detach()));
      const actual = gradients(false).map(flat);
      kernelUse.mode = "auto";
      for (let k = 0; k < expected.length; k++) {
        const largest = Math.max(...expected[k].map(Math.abs));
        for (let i = 0; i < expected[k].length; i++)
          if (!(Math.abs(actual[k][i] - expected[k][i]) <= 2e-6 * largest))
            assert.fail(`${what} (${mode}), leaf ${k}, element ${i}: ${actual[k][i]} and ${expected[k][i]}`);
      }
    }
  }

  const leaf = (...shape: number[]) => torch.randn(shape).requires_grad_();

  it("are those of the operators, for activations and softmax along any dimension", () => {
    for (const [rows, columns] of [
      [1, 1],
      [3, 17],
      [17, 255],
      [2, 1023],
      [40, 64],
      [20, 1024],
    ]) {
      assertSameGradients([leaf(rows, columns)], (x) => x.relu(), "relu");
      assertSameGradients([leaf(rows, columns)], (x) => x.tanh(), "tanh");
      assertSameGradients([leaf(rows, columns)], (x) => x.sigmoid(), "sigmoid");
      for (const dim of [0, 1]) {
        assertSameGradients([leaf(rows, columns)], (x) => x.softmax(dim), "softmax");
        assertSameGradients([leaf(rows, columns)], (x) => x.log_softmax(dim), "log_softmax");
      }
    }
  });

  it("are those of the operators, for normalisation", () => {
    const { functional: F } = torch.nn;
    assertSameGradients([leaf(5, 17), leaf(17), leaf(17)], (x, w, b) => F.layer_norm(x, [17], w, b), "rows");
    assertSameGradients([leaf(5, 3, 6), leaf(3, 6)], (x, w) => F.layer_norm(x, [3, 6], w), "planes");
    for (const shape of [
      [9, 5],
      [4, 5, 7],
      [3, 5, 4, 6],
    ]) {
      const norm = (x: T, w: T, b: T) => F.batch_norm(x, null, null, w, b, true);
      assertSameGradients([leaf(...shape), leaf(5), leaf(5)], norm, `batches of ${shape}`);
    }
    assertSameGradients(
      [leaf(3, 6, 5, 4), leaf(6), leaf(6)],
      (x, w, b) => F.group_norm(x, 2, w, b),
      "groups",
    );
  });

  it("let NaN through relu, as PyTorch does", () => {
    const x = torch.tensor([Number.NaN, 2, -2, 0], { requires_grad: true });
    x.relu().backward(torch.ones(4));
    assert.deepEqual(flat(x.grad as T), [1, 1, 0, 0]);
  });
});
