import assert from "node:assert/strict";
import { formatExponential, formatFixed, formatItem } from "../../engine/printing/number";
import {
  changePrintOptions,
  defaultPrintOptions,
  type PrintOptionChanges,
} from "../../engine/printing/options";
import { pythonRepr, pythonStr } from "../../engine/printing/python";
import { formatTensor, type TensorView } from "../../engine/printing/tensor";
import vectors from "./vectors/printing.json";

// Drawn from PyTorch by scripts/vectors/printing.py, which explains the layout.
type StoredNumber = number | string;
type TensorCase = [
  dtype: string,
  shape: number[],
  values: StoredNumber[] | string,
  options: Record<string, number | boolean | string>,
  suffix: string,
  text: string,
];

const formulas: Record<string, (i: number) => number> = {
  ramp: (i) => i,
  quarters: (i) => (i % 1009) / 4,
  signs: (i) => ((i * 7) % 23) - 11,
  tiny: (i) => (i % 97) / 2 ** 20,
  parity: (i) => Number(i % 3 === 0),
};

const named: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const toNumber = (stored: StoredNumber) => named[stored] ?? Number(stored);
const count = (shape: number[]) => shape.reduce((product, size) => product * size, 1);

function contiguous(shape: number[], data: ArrayLike<number>, dtype = "float32"): TensorView {
  const strides = shape.map((_, dim) => count(shape.slice(dim + 1)));
  return { shape, strides, offset: 0, data, dtype };
}

function viewOf(dtype: string, shape: number[], values: StoredNumber[] | string): TensorView {
  const data = Array.isArray(values)
    ? values.map(toNumber)
    : Array.from({ length: count(shape) }, (_, i) => formulas[values](i));
  return contiguous(shape, data, dtype);
}

function print([dtype, shape, values, options, suffix]: TensorCase): string {
  const threshold =
    options.threshold === undefined ? {} : { threshold: toNumber(options.threshold as number) };
  const changed = changePrintOptions(defaultPrintOptions, { ...options, ...threshold } as PrintOptionChanges);
  const graph = suffix === "leaf" ? { requiresGrad: true } : { requiresGrad: suffix !== "", gradFn: suffix };
  return formatTensor(viewOf(dtype, shape, values), graph, changed);
}

describe("printing a tensor", () => {
  const cases = vectors.tensors as unknown as TensorCase[];
  const groups = new Map<string, TensorCase[]>();
  for (const each of cases) {
    const [dtype, shape, , options, suffix] = each;
    const kind = Object.keys(options).length > 0 ? "with options" : suffix === "" ? "" : "with a suffix";
    const group = `${dtype}, ${shape.length}-dim${kind && `, ${kind}`}`;
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  for (const [group, members] of groups) {
    it(`shows PyTorch's characters: ${group} (${members.length})`, () => {
      for (const each of members) assert.equal(print(each), each[5], JSON.stringify(each.slice(0, 5)));
    });
  }

  it("follows strides and offset", () => {
    const data = Float32Array.of(9, 1, 2, 3, 4, 5, 6);
    const view = { shape: [3, 2], strides: [1, 3], offset: 1, data, dtype: "float32" };
    assert.equal(formatTensor(view), "tensor([[1., 4.],\n        [2., 5.],\n        [3., 6.]])");
    const expanded = { shape: [2, 2], strides: [0, 1], offset: 0, data, dtype: "float32" };
    assert.equal(formatTensor(expanded), "tensor([[9., 1.],\n        [9., 1.]])");
  });

  it("reads only the elements it shows", () => {
    let reads = 0;
    const counted = new Proxy({} as ArrayLike<number>, {
      get: () => {
        reads++;
        return 1;
      },
    });
    formatTensor(contiguous([1000, 1000], counted));
    assert.equal(reads, 36);
  });

  it("leaves out the dtype that is the default, and shows float32 when it is not", () => {
    const double = { ...contiguous([1], [1.5]), dtype: "float64" };
    assert.equal(formatTensor(double, {}, defaultPrintOptions, "float64"), "tensor([1.5000])");
    const float = contiguous([1], [1.5]);
    assert.equal(
      formatTensor(float, {}, defaultPrintOptions, "float64"),
      "tensor([1.5000], dtype=torch.float32)",
    );
  });
});

describe("print options", () => {
  it("keep what a call does not name, except sci_mode", () => {
    const first = changePrintOptions(defaultPrintOptions, { precision: 2, sci_mode: true });
    assert.deepEqual(first, { ...defaultPrintOptions, precision: 2, sci_mode: true });
    const second = changePrintOptions(first, { edgeitems: 1 });
    assert.deepEqual(second, { ...defaultPrintOptions, precision: 2, edgeitems: 1, sci_mode: null });
    assert.deepEqual(changePrintOptions(second, { profile: "default" }), defaultPrintOptions);
  });
});

describe("printing numbers", () => {
  it("shows a tensor's item as Python does", () => {
    for (const [dtype, value, text] of vectors.items as [string, StoredNumber, string][])
      assert.equal(formatItem(toNumber(value), dtype), text);
  });

  it("rounds as Python's format does", () => {
    for (const [value, digits, fixed, exponential] of vectors.numbers as [
      StoredNumber,
      number,
      string,
      string,
    ][]) {
      assert.equal(formatFixed(toNumber(value), digits), fixed, `${value}:.${digits}f`);
      assert.equal(formatExponential(toNumber(value), digits), exponential, `${value}:.${digits}e`);
    }
  });
});

describe("printing plain values", () => {
  it("quotes strings inside containers as Python does", () => {
    for (const [text, quoted] of vectors.reprs) assert.equal(pythonRepr(text), quoted);
  });

  class Point {}
  class Named {
    toString() {
      return "Named()";
    }
  }
  const circular: unknown[] = [1];
  circular.push(circular, { circular });
  const rows: [value: unknown, text: string][] = [
    [null, "None"],
    [undefined, "None"],
    [true, "True"],
    [3, "3"],
    [-0, "0"],
    [2.5, "2.5"],
    [0.1 + 0.2, "0.30000000000000004"],
    [1e-7, "1e-07"],
    [1e16, "1e+16"],
    [NaN, "nan"],
    [-Infinity, "-inf"],
    [12345678901234567890n, "12345678901234567890"],
    ["it's", "it's"],
    [[], "[]"],
    [[1, [2, "a"], null, true], "[1, [2, 'a'], None, True]"],
    [Float32Array.of(1, 2.5), "[1, 2.5]"],
    [{}, "{}"],
    [{ a: 1, "b c": [1.5] }, "{'a': 1, 'b c': [1.5]}"],
    [
      new Map<unknown, unknown>([
        ["w", 1],
        [2, "x"],
      ]),
      "{'w': 1, 2: 'x'}",
    ],
    [new Set([1, "a"]), "{1, 'a'}"],
    [new Set(), "set()"],
    [circular, "[1, [...], {'circular': [...]}]"],
    [new Point(), "<Point object>"],
    [new Named(), "Named()"],
    [[new Named()], "[Named()]"],
    [Point, "<class 'Point'>"],
    [function double() {}, "<function double>"],
    [new TypeError("no"), "no"],
    [[new TypeError("no")], "[TypeError('no')]"],
  ];
  for (const [value, text] of rows)
    it(`prints ${text}`, () => {
      assert.equal(pythonStr(value), text);
    });

  it("asks its caller how to print what only the caller knows", () => {
    const point = new Point();
    const describe = (value: object) =>
      value instanceof Point || value instanceof RangeError ? "tensor(1.)" : null;
    assert.equal(pythonStr(new RangeError("no"), describe), "tensor(1.)");
    assert.equal(pythonStr(point, describe), "tensor(1.)");
    assert.equal(pythonStr([point, { w: point }], describe), "[tensor(1.), {'w': tensor(1.)}]");
  });
});
