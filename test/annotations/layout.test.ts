import assert from "node:assert/strict";
import { layoutLabels } from "../../src/annotations/layout";
import type { LayoutOptions } from "../../src/annotations/options";
import type { Site, SiteKind } from "../../src/compiler/site";
import type { Seen, TensorSummary, Trace } from "../../src/trace/model";

const options: LayoutOptions = {
  maxLength: 80,
  shape: "large",
  gradFn: true,
  gradient: true,
  sparkline: true,
  count: true,
  conditions: true,
  printed: true,
  training: true,
};

interface SeenAt extends Partial<Omit<Seen, "value">> {
  line?: number;
  kind?: SiteKind;
  name?: string;
  start?: number;
  end?: number;
  value: Seen["value"];
}

/** A trace whose sites follow each other in the text, unless they say where they are. */
function traceOf(seen: SeenAt[], source = ""): Trace {
  const sites = seen.map(({ line = 0, kind, name, start, end }, id): Site => {
    const range = { start: start ?? 10 * id, end: end ?? 10 * id + 5 };
    return { kind: kind ?? (name === undefined ? "statement" : "binding"), name, line, ...range };
  });
  const entries = seen.map(({ value, count = 1, ...more }, id) => [id, { ...more, value, count }] as const);
  return {
    run: 1,
    source,
    sites,
    seen: new Map(entries),
    output: "",
    outcome: { kind: "done", elapsedMs: 1 },
  };
}

function tensor(text: string, shape: number[], more: Partial<TensorSummary> = {}): TensorSummary {
  const rest = { dtype: "torch.float32", requiresGrad: false, gradFn: null, grad: null };
  return { kind: "tensor", text, shape, ...rest, ...more };
}

const plain = (text: string) => ({ kind: "plain", text }) as const;

/** The texts of all labels, top to bottom. */
const texts = (seen: SeenAt[], more: Partial<LayoutOptions> = {}) =>
  layoutLabels(traceOf(seen), { ...options, ...more }).map(({ text }) => text);

const matrix = "tensor([[1., 2.],\n        [3., 4.],\n        [5., 6.]])";
const row = (length: number) => `tensor([${Array.from({ length }, (_, i) => `${i}.`).join(", ")}])`;

const shown: [what: string, seen: SeenAt[], text: string][] = [
  [
    "a variable's name and value, as PyTorch prints it",
    [{ name: "w", value: tensor("tensor([2., 3.])", [2]) }],
    "w = tensor([2., 3.])",
  ],
  [
    "the operation that made a tensor, and its gradient without what the value says already",
    [
      {
        name: "y",
        value: tensor("tensor([4, 6], dtype=torch.float64)", [2], {
          gradFn: "MulBackward0",
          grad: "tensor([1., 1.], dtype=torch.float64)",
        }),
      },
    ],
    "y = tensor([4, 6], dtype=torch.float64)  MulBackward0  ∇ [1., 1.]",
  ],
  [
    "the shape before anything larger than a row, on one line",
    [{ name: "W", value: tensor(matrix, [3, 2]) }],
    "W (3, 2) = tensor([[1., 2.], [3., 4.], [5., 6.]])",
  ],
  [
    "the shape before a row that is too long to be counted",
    [{ name: "x", value: tensor(row(30), [30]) }],
    "x (30,) = tensor([0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., …])",
  ],
  [
    "an expression statement's value",
    [{ value: tensor("tensor(5.)", [], { gradFn: "SumBackward0" }) }],
    "tensor(5.)  SumBackward0",
  ],
  ["a returned value after an arrow", [{ kind: "return", value: plain("0.5") }], "→ 0.5"],
  ["what was printed as Python prints it", [{ kind: "printed", value: plain("null") }], "None"],
  [
    "what was printed without its gradient, which stands where it was computed",
    [{ kind: "printed", value: tensor("tensor(16.)", [], { gradFn: "DotBackward0", grad: "tensor(1.)" }) }],
    "tensor(16.)  DotBackward0",
  ],
  ["a condition as Python's truth", [{ kind: "condition", value: plain("false") }], "False"],
  [
    "a tensor that was a condition as Python's truth",
    [{ kind: "condition", value: tensor("tensor(True)", []) }],
    "True",
  ],
  [
    "a condition in a loop without a curve of truths",
    [{ kind: "condition", count: 3, series: [0, 0, 1], value: tensor("tensor(True)", []) }],
    "True  ×3",
  ],
  [
    "several values on a line, apart",
    [
      { name: "a", value: plain("1") },
      { name: "b", value: plain('"two"') },
    ],
    'a = 1 · b = "two"',
  ],
  [
    "in a loop the count, and the curve of a scalar",
    [
      {
        name: "loss",
        count: 11,
        series: [8, 4, 2, 1],
        value: tensor("tensor(1.)", [], { gradFn: "MseLossBackward0" }),
      },
    ],
    "loss = tensor(1.)  MseLossBackward0  █▄▂▁  ×11",
  ],
  [
    "no curve for a counter",
    [{ name: "epoch", count: 3, series: [0, 1, 2], value: plain("2") }],
    "epoch = 2  ×3",
  ],
  [
    "where a curve was NaN or infinite",
    [{ name: "loss", count: 3, series: [1, Number.POSITIVE_INFINITY, Number.NaN, 2], value: plain("NaN") }],
    "loss = NaN  ▁!!█  ×3",
  ],
  [
    "what a variable is at the line's end when it changes twice",
    [
      { name: "i", value: plain("0") },
      { name: "i", value: plain("1") },
    ],
    "i = 1",
  ],
  [
    "which leaves a backward pass gave gradients, those with a name first, large ones by shape",
    [
      {
        value: plain("null"),
        event: {
          kind: "backward",
          leaves: [
            { name: null, shape: [2], grad: "tensor([1., 1.])" },
            { name: "w", shape: [2], grad: "tensor([-32., -40.])" },
            { name: "W", shape: [4, 7], grad: matrix },
            { name: "b", shape: [], grad: "tensor(2.)" },
          ],
        },
      },
    ],
    "∇ → w [-32., -40.] · W (4, 7) · b 2. · unnamed (2,) [1., 1.]",
  ],
  [
    "how far a step moved each parameter, large ones by the length of the way",
    [
      {
        value: plain("null"),
        count: 3,
        event: {
          kind: "step",
          moved: [
            { name: "w", shape: [], change: "tensor(-0.1000)", distance: 0.1 },
            { name: "layer.weight", shape: [4, 7], change: matrix, distance: 0.00312 },
          ],
        },
      },
    ],
    "Δ w -0.1000 · layer.weight ‖0.0031‖  ×3",
  ],
  [
    "parameters by their place in the model that all belong to",
    [
      {
        value: plain("null"),
        event: {
          kind: "step",
          moved: [
            { name: "model.0.weight", shape: [4, 7], change: matrix, distance: 0.00312 },
            { name: "model.0.bias", shape: [], change: "tensor(-0.1000)", distance: 0.1 },
          ],
        },
      },
    ],
    "Δ 0.weight ‖0.0031‖ · 0.bias -0.1000",
  ],
  [
    "only the names of what an earlier step moved, of which nothing else is known",
    [
      {
        value: plain("null"),
        event: { kind: "step", moved: [{ name: "w", shape: [], change: "", distance: Number.NaN }] },
      },
    ],
    "Δ w",
  ],
  [
    "a value once when a function on the line returned it",
    [
      { name: "y", start: 0, end: 30, value: plain("1") },
      { kind: "return", start: 10, end: 20, value: plain("1") },
    ],
    "y = 1",
  ],
];

describe("a line's label", () => {
  for (const [what, seen, text] of shown) {
    it(`shows ${what}`, () => assert.deepEqual(texts(seen), [text]));
  }

  it("is missing where there is nothing worth one", () => {
    const nothing: SeenAt[] = [
      { name: "f", value: plain("") },
      { value: plain("null") },
      { value: plain("Generator { engine: {…} }") },
      { kind: "expression", value: plain("1") },
      { kind: "loop", value: plain("1") },
    ];
    assert.deepEqual(texts(nothing), []);
  });

  it("is empty where it would repeat the source, whose values are there for those who ask", () => {
    const literals: [written: string, name: string, shown: string, text: string][] = [
      ["N = 2", "N", "2", ""],
      ["lr: number = 1_000.50", "lr", "1000.5", ""],
      ["name = 'w'", "name", '"w"', ""],
      ["on = true", "on", "true", ""],
      ["N = 1 + 1", "N", "2", "N = 2"],
      ["f = n => 2", "f", "2", "f = 2"],
    ];
    for (const [source, name, shown, text] of literals) {
      const trace = traceOf([{ name, start: 0, end: source.length, value: plain(shown) }], source);
      const [label] = layoutLabels(trace, options);
      assert.equal(label!.text, text, source);
      assert.equal(label!.values[0]!.value, shown);
    }
  });

  it("shows what a line changed in place, before and after, but not what changed otherwise since", () => {
    const text = (source: string) => {
      const seen = {
        start: 0,
        end: source.length,
        value: tensor("tensor([2.])", [1]),
        before: "tensor([1.])",
      };
      return layoutLabels(traceOf([seen], source), options)[0]!.text;
    };
    assert.equal(text("x.add_(1)"), "[1.] → tensor([2.])");
    assert.equal(text("x += 1"), "[1.] → tensor([2.])");
    assert.equal(text("w.grad"), "tensor([2.])");
  });

  it("says why the program ended, on the line where it did", () => {
    const trace = traceOf([{ line: 1, name: "x", value: plain("1") }], "let x\nx = f()\n");
    const error = { name: "RuntimeError", message: "shapes\ndiffer", start: 10, end: 13 };
    trace.outcome = { kind: "failed", error, elapsedMs: 1 };
    const [label] = layoutLabels(trace, options);
    assert.deepEqual([label!.line, label!.text, label!.isError], [1, "✖ RuntimeError: shapes differ", true]);
  });

  it("says nothing of a run that the user stopped", () => {
    const trace = traceOf([{ name: "x", value: plain("1") }], "x");
    const error = { name: "Stopped", message: "Stopped by you after 3 ms.", start: 0, end: 1 };
    trace.outcome = { kind: "stopped", reason: "user", error, elapsedMs: 3 };
    assert.equal(layoutLabels(trace, options)[0]!.text, "x = 1");
  });

  it("has the shape always, or never, as the user likes", () => {
    const seen: SeenAt[] = [{ name: "w", value: tensor("tensor([2., 3.])", [2]) }];
    assert.deepEqual(texts(seen, { shape: "always" }), ["w (2,) = tensor([2., 3.])"]);
    const large: SeenAt[] = [{ name: "W", value: tensor(matrix, [3, 2]) }];
    assert.deepEqual(texts(large, { shape: "never" }), ["W = tensor([[1., 2.], [3., 4.], [5., 6.]])"]);
  });

  it("leaves out what the settings turn off", () => {
    const seen: SeenAt[] = [
      {
        name: "y",
        count: 2,
        series: [1, 3, 4],
        value: tensor("tensor(4.)", [], { gradFn: "MulBackward0", grad: "tensor(1.)" }),
      },
    ];
    assert.deepEqual(texts(seen, { gradFn: false, gradient: false, sparkline: false }), [
      "y = tensor(4.)  ×2",
    ]);
    assert.deepEqual(texts(seen, { count: false, sparkline: false, gradFn: false, gradient: false }), [
      "y = tensor(4.)",
    ]);
    const event: Seen["event"] = { kind: "backward", leaves: [{ name: "w", shape: [], grad: "tensor(1.)" }] };
    const others: SeenAt[] = [
      { kind: "condition", value: plain("true") },
      { kind: "printed", value: plain("2") },
      { value: plain("null"), event },
    ];
    assert.deepEqual(texts(others, { conditions: false, printed: false, training: false }), [""]);
  });

  it("belongs to the line where the statement ends", () => {
    const labels = layoutLabels(
      traceOf([
        { line: 7, name: "a", value: plain("1") },
        { line: 2, name: "b", value: plain("2") },
      ]),
      options,
    );
    assert.deepEqual(
      labels.map(({ line, text }) => [line, text]),
      [
        [2, "b = 2"],
        [7, "a = 1"],
      ],
    );
  });

  it("keeps the values behind it whole, for those who ask", () => {
    const value = tensor(matrix, [3, 2], { gradFn: "MmBackward0", grad: "tensor([[1.]])" });
    const [label] = layoutLabels(traceOf([{ name: "W", value, count: 4 }]), { ...options, maxLength: 30 });
    assert.equal(label?.count, 4);
    assert.deepEqual(label.values, [
      {
        name: "W",
        shape: [3, 2],
        dtype: "torch.float32",
        value: matrix,
        grad_fn: "MmBackward0",
        grad: "tensor([[1.]])",
      },
    ]);
  });
});

describe("a label that is too long", () => {
  const both: SeenAt[] = [
    {
      name: "W",
      count: 3,
      series: [3, 1, 2],
      value: tensor(matrix, [3, 2], {
        gradFn: "MmBackward0",
        grad: "tensor([[1., 1.],\n        [2., 2.],\n        [3., 3.]])",
      }),
    },
  ];
  const narrowing: [maxLength: number, text: string][] = [
    [
      120,
      "W (3, 2) = tensor([[1., 2.], [3., 4.], [5., 6.]])  MmBackward0  ∇ [[1., 1.], [2., 2.], [3., 3.]]  █▁▅  ×3",
    ],
    [90, "W (3, 2) = tensor([[1., 2.], [3., …]])  MmBackward0  ∇ [[1., 1.], [2., 2.], […]]  █▁▅  ×3"],
    [76, "W (3, 2) = tensor([[1., 2.], …])  MmBackward0  ∇ [[1., 1.], [2., …]]  ×3"],
    [60, "W (3, 2) = tensor([[1., 2.], …])  ∇ [[1., 1.], [2., …]]  ×3"],
    [20, "W (3, 2) = tensor([…"],
  ];
  for (const [maxLength, text] of narrowing) {
    it(`still tells the most in ${maxLength} characters`, () => {
      assert.deepEqual(texts(both, { maxLength }), [text]);
      assert.ok(text.length <= maxLength);
    });
  }

  it("gives a long value what a short one does not need", () => {
    const seen: SeenAt[] = [
      { name: "a", value: tensor("tensor(1.)", []) },
      { name: "b", value: tensor(row(30), [30]) },
    ];
    assert.deepEqual(texts(seen, { maxLength: 70 }), [
      "a = tensor(1.) · b (30,) = tensor([0., 1., 2., 3., 4., 5., 6., 7., …])",
    ]);
  });

  it("never ends a number in its middle", () => {
    const value = tensor("tensor([123456.7891, 234567.8912])", [2]);
    for (let maxLength = 26; maxLength < 40; maxLength++) {
      const [text] = texts([{ name: "x", value }], { maxLength });
      assert.match(text!, /^x = tensor\(\[(…|123456\.7891, …|123456\.7891, 234567\.8912)\]\)$/);
    }
  });
});
