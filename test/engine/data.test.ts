import assert from "node:assert/strict";
import { parseCsv } from "../../engine/io/csv";
import { parseNpy } from "../../engine/io/npy";
import torch from "../../engine/torch";
import { refusal } from "./refusal";
import vectors from "./vectors/data.json";

// Drawn from PyTorch by scripts/vectors/data.py, which has the same cases in Python.

type Tensor = InstanceType<typeof torch.Tensor>;
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are given on purpose
type Wrong = any;

const {
  BatchSampler,
  ChainDataset,
  ConcatDataset,
  DataLoader,
  Dataset,
  IterableDataset,
  RandomSampler,
  SequentialSampler,
  StackDataset,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
  default_collate,
  random_split,
} = torch.utils.data;

const integers = torch.arange(10);
const ds = new TensorDataset(integers.to(torch.float32), integers);
const second = (loader: Iterable<Tensor[]>) => [...loader].map((batch) => batch[1].tolist());
const seeded = () => new torch.Generator().manual_seed(3);

class Squares extends IterableDataset<bigint> {
  constructor(readonly end: number) {
    super();
  }

  override *__iter__(): IterableIterator<bigint> {
    for (let i = 0; i < this.end; i++) yield BigInt(i * i);
  }

  override __len__(): number {
    return this.end;
  }
}

const batches = (loader: Iterable<Tensor>) => [...loader].map((batch) => batch.tolist());
const named = (batch: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(batch).map(([name, value]) => [name, value.tolist()]));

const orders: Record<string, () => unknown> = {
  stream: () => batches(new DataLoader(new Squares(5), 2)),
  "stream, last dropped": () => batches(new DataLoader(new Squares(5), 2, { drop_last: true })),
  "stream of single samples": () => [...new DataLoader(new Squares(3), { batch_size: null })].map(Number),
  "streams in a chain": () => batches(new DataLoader(new ChainDataset([new Squares(2), new Squares(3)]), 4)),
  "streams added": () => batches(new DataLoader(new Squares(2).__add__(new Squares(2)), 3)),
  "numbers of batches": () => [
    new DataLoader(new Squares(5), 2).length,
    new DataLoader(new Squares(5), 2, { drop_last: true }).length,
    new ChainDataset([new Squares(5)]).length,
  ],
  "datasets added": () => second(new DataLoader(ds.__add__(ds), 8)),
  stack: () => {
    const pairs = [0n, 1n, 2n, 3n].map((i) => [i, i + 1n]);
    const stacked = new DataLoader(new StackDataset<[Tensor, bigint[]]>(torch.arange(4).mul(2), pairs), 3);
    return [...stacked].map(([a, b]) => [a.tolist(), b[1].tolist()]);
  },
  "stack by name": () =>
    [
      ...new DataLoader(
        new StackDataset<{ x: Tensor; y: bigint }>({ x: torch.arange(3), y: [5n, 6n, 7n] }),
        2,
      ),
    ].map(named),
  "in order": () => second(new DataLoader(ds, 3)),
  shuffled: () => second(new DataLoader(ds, 3, { shuffle: true })),
  "shuffled, twice": () => {
    const loader = new DataLoader(ds, 4, true);
    return [...second(loader), ...second(loader)];
  },
  "shuffled, last dropped": () =>
    second(new DataLoader(ds, { batch_size: 4, shuffle: true, drop_last: true })),
  "shuffled by a generator": () =>
    second(new DataLoader(ds, { batch_size: 4, shuffle: true, generator: seeded() })),
  "single samples": () => second(new DataLoader(ds, { batch_size: null })),
  sampler: () => second(new DataLoader(ds, { batch_size: 2, sampler: new SubsetRandomSampler([5, 6, 7]) })),
  "batch sampler": () =>
    second(new DataLoader(ds, { batch_sampler: new BatchSampler(new SequentialSampler(ds), 6, false) })),
  "with replacement": () => [...new RandomSampler(ds, { replacement: true, num_samples: 40 })],
  "more than there are": () => [...new RandomSampler(ds, { num_samples: 13 })],
  weighted: () => [...new WeightedRandomSampler([1, 2, 3], 8)],
  "weighted without replacement": () => [...new WeightedRandomSampler([1, 2, 3], 3, { replacement: false })],
  split: () => random_split(ds, [7, 3]).map((subset) => subset.indices),
  "split by fractions": () => random_split(ds, [0.31, 0.69]).map((subset) => subset.indices),
  "split of a split": () => second(new DataLoader(random_split(ds, [6, 4])[0], 4, { shuffle: true })),
  concatenated: () => second(new DataLoader(new ConcatDataset([ds, ds]), 7)),
};

const refused: Record<string, () => unknown> = {
  "stream shuffled": () => new DataLoader(new Squares(3), { shuffle: true }),
  "stack of nothing": () => new StackDataset(),
  "stack of different lengths": () => new StackDataset([1], [1, 2]),
  "chain of lists": () => [...new ChainDataset([[1, 2] as Wrong])],
  "tensors of different lengths": () => new TensorDataset(torch.ones(2), torch.ones(3)),
  "no samples in a batch": () => new DataLoader(ds, { batch_size: 0 }),
  "shuffle with a sampler": () => new DataLoader(ds, { shuffle: true, sampler: new SequentialSampler(ds) }),
  "batch size with a batch sampler": () =>
    new DataLoader(ds, {
      batch_size: 2,
      batch_sampler: new BatchSampler(new SequentialSampler(ds), 2, false),
    }),
  "drop_last without batches": () => new DataLoader(ds, { batch_size: null, drop_last: true }),
  "fewer than no workers": () => new DataLoader(ds, { num_workers: -1 }),
  "split that does not sum up": () => random_split(ds, [3, 3]),
  "split into too much": () => random_split(ds, [0.5, 0.7]),
  "nothing to concatenate": () => new ConcatDataset([]),
  "beyond the end": () => new ConcatDataset([ds, ds]).__getitem__(25),
  "before the beginning": () => new ConcatDataset([ds, ds]).__getitem__(-25),
  "beyond the tensors": () => ds.__getitem__(12),
  "replacement 3": () => new RandomSampler(ds, { replacement: 3 as Wrong }),
  "no samples": () => new RandomSampler(ds, { num_samples: 0 }),
  "no samples by weight": () => new WeightedRandomSampler([1, 2], 0),
  "dataset without samples": () => new Dataset().__getitem__(0),
  "lists of different lengths": () => default_collate([[1], [1, 2]]),
  "tensors of different shapes": () => default_collate([torch.ones(2), torch.ones(3)]),
  "batch of nothing": () => default_collate([null, null]),
};

describe("samples", () => {
  for (const [name, [expected, after]] of Object.entries(vectors.orders)) {
    it(`${name}: in PyTorch's order under a seed`, () => {
      torch.manual_seed(0);
      assert.deepEqual(orders[name](), expected);
      assert.equal(torch.rand(1).item(), after);
    });
  }

  for (const [name, message] of Object.entries(vectors.refused)) {
    it(`${name}: refused in PyTorch's words`, () => {
      assert.equal(refusal(refused[name]), message);
    });
  }

  it("come from a class, an array or a tensor, and count batches as length", () => {
    class Squares extends Dataset<[Tensor, bigint]> {
      override __getitem__(index: number): [Tensor, bigint] {
        return [torch.tensor(index ** 2), BigInt(index)];
      }
      override __len__(): number {
        return 5;
      }
    }
    const loader = new DataLoader(new Squares(), { batch_size: 2 });
    assert.equal(loader.length, 3);
    const [[x, y]] = loader;
    assert.deepEqual([String(x), String(y)], ["tensor([0., 1.])", "tensor([0, 1])"]);
    assert.deepEqual([...new DataLoader([1, 2, 3], { batch_size: 2 })].map(String), [
      "tensor([1., 2.])",
      "tensor([3.])",
    ]);
    assert.deepEqual(
      [...new DataLoader(torch.ones(3, 2), { batch_size: 2 })].map((b) => b.shape),
      [
        [2, 2],
        [1, 2],
      ],
    );
  });

  it("are gathered member by member, or by a function of one's own", () => {
    const batch = default_collate([
      { a: 1, b: [true, "x"] },
      { a: 2, b: [false, "y"] },
    ]) as Record<string, unknown>;
    assert.deepEqual(String(batch.a), "tensor([1., 2.])");
    assert.deepEqual((batch.b as unknown[]).map(String), ["tensor([ True, False])", "x,y"]);
    const own = new DataLoader([1, 2, 3], { batch_size: 2, collate_fn: (list: number[]) => list.length });
    assert.deepEqual([...own], [2, 1]);
  });
});

describe("files", () => {
  it("hold a state dict, in order and to the bit, of every dtype", () => {
    const model = new torch.nn.Sequential(new torch.nn.Linear(2, 3), new torch.nn.BatchNorm1d(3));
    const state = model.state_dict();
    const bytes = torch.save(state);
    const loaded = torch.load(bytes);
    assert.equal(String(loaded), String(state));
    assert.equal(String(model.load_state_dict(loaded)), "<All keys matched successfully>");
    for (const dtype of [
      torch.float64,
      torch.int64,
      torch.int32,
      torch.int16,
      torch.int8,
      torch.uint8,
      torch.bool,
    ]) {
      const tensors = { "größe.t": torch.tensor([[0, 1, 3]], { dtype }).t() };
      const back = torch.load(torch.save(tensors)).get("größe.t")!;
      assert.equal(String(back), String(tensors["größe.t"]));
    }
  });

  it("are what the format says: a length, a header in JSON, bytes", () => {
    const bytes = torch.save({ a: torch.tensor([1, 2]) });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    assert.equal(length % 8, 0);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))), {
      a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    });
    assert.deepEqual([...new Float32Array(bytes.slice(8 + length).buffer)], [1, 2]);
  });

  it("that are none are refused with what to do", () => {
    assert.match(
      refusal(() => torch.load(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0))),
      /^RuntimeError: this file was written by Python's torch.save, .* safetensors.torch.save_file/,
    );
    assert.match(
      refusal(() => torch.load(Uint8Array.of(1, 2, 3))),
      /^RuntimeError: not a safetensors file/,
    );
    const cut = torch.save({ a: torch.ones(3) }).slice(0, -1);
    assert.match(
      refusal(() => torch.load(cut)),
      /"a" takes 12 bytes/,
    );
    assert.equal(
      refusal(() => (torch.save as Wrong)({ a: torch.ones(2) }, "model.pt")),
      'RuntimeError: save() cannot write "model.pt": a program has no file system. save(obj) returns the bytes, which load() takes',
    );
    assert.equal(
      refusal(() => torch.load("model.pt" as Wrong)),
      'RuntimeError: load() cannot open "model.pt": a program has no file system. Import the file instead: import state from "./model.safetensors"',
    );
    assert.match(
      refusal(() => torch.save(torch.ones(2) as Wrong)),
      /takes tensors by name/,
    );
  });

  for (const [i, [file, expected, dtype]] of (vectors.npy as [string, unknown, string][]).entries()) {
    it(`of NumPy #${i} (${dtype}) hold the array that was saved`, () => {
      const array = parseNpy(Buffer.from(file, "base64"));
      assert.deepEqual(array.tolist(), expected);
      assert.equal(
        String(array.dtype),
        `torch.${dtype.replace(/^>f4$/, "float32").replace(/^>i2$/, "int16")}`,
      );
    });
  }

  it("of NumPy that cannot be read say why", () => {
    assert.match(
      refusal(() => parseNpy(Uint8Array.of(1, 2))),
      /not a .npy file/,
    );
    assert.match(
      refusal(() => parseNpy(Buffer.from(vectors.npy[0][0] as string, "base64").subarray(0, -1))),
      /too short for 6 elements/,
    );
  });

  it("of comma-separated values have columns, rows and quoted fields", () => {
    const table = parseCsv('\uFEFFx,y,"the, name"\r\n1,2.5,a\r\n-3e2,,"say ""hi"""\r\n');
    assert.deepEqual(table.columns, ["x", "y", "the, name"]);
    assert.deepEqual(table.rows, [
      [1, 2.5, "a"],
      [-300, null, 'say "hi"'],
    ]);
    assert.equal(
      String(table.tensor("x", "y")),
      "tensor([[   1.0000,    2.5000],\n        [-300.0000,       nan]])",
    );
    assert.deepEqual(parseCsv("1,2\n3,4").columns, ["0", "1"]);
    assert.deepEqual(parseCsv("").rows, []);
    assert.match(
      refusal(() => table.tensor()),
      /column 'the, name' has the text 'a' in row 0/,
    );
    assert.match(
      refusal(() => parseCsv("a,b\n1")),
      /row 0 has 1 field, but there are 2 columns/,
    );
    assert.match(
      refusal(() => parseCsv('a\n"b')),
      /quoted field is not closed/,
    );
  });
});

describe("checkpoint", () => {
  it("gives the same gradients when it computes again in backward", () => {
    const { checkpoint } = torch.utils.checkpoint;
    const layer = new torch.nn.Linear(2, 1);
    let calls = 0;
    const run = (input: Tensor) => {
      calls++;
      return layer(input).tanh();
    };
    const gradients = [false, true].map((use_reentrant) => {
      const x = torch.ones(1, 2, { requires_grad: true });
      layer.zero_grad();
      checkpoint(run, x, { use_reentrant }).sum().backward();
      return [String(x.grad), String(layer.weight.grad)];
    });
    assert.deepEqual(gradients[0], gradients[1]);
    assert.equal(calls, 4);
  });
});
