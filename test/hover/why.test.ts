import assert from "node:assert/strict";
import { derivation } from "../../src/hover/formula";
import { gradientOwner } from "../../src/hover/gradientOf";
import { commandLink } from "../../src/hover/markdown";
import { siteText } from "../../src/hover/places";
import { tableText } from "../../src/hover/table";
import { explainWhy } from "../../src/hover/why";
import type { Trace } from "../../src/trace/model";
import type { DerivativeUse, GradientShare } from "../../src/trace/queries";

const use = (name: string, text: string, more: Partial<DerivativeUse> = {}): DerivativeUse => ({
  name,
  text,
  variable: null,
  site: null,
  elements: 1,
  ...more,
});

const share = (more: Partial<GradientShare>): GradientShare => ({
  gradFn: "MulBackward0",
  site: 1,
  name: null,
  parameter: "input",
  formula: "grad",
  uses: [],
  upstream: "tensor(1.)",
  upstreamShape: [],
  computed: "tensor(1.)",
  computedShape: [],
  sent: "tensor(1.)",
  summedOver: [],
  ...more,
});

const places = { textOf: (site: number) => `e${site}`, linkTo: (site: number) => `line ${site}` };
const said = (more: Partial<GradientShare>) => derivation(share(more), (site) => `a - ${site}`);

describe("a derivative in a hover", () => {
  it("is written with the program's names, then its numbers, then what they give", () => {
    const uses = [use("tensor", "tensor([4., 5.])", { variable: "x", elements: 2 })];
    const computed = { computed: "tensor([-32., -40.])", computedShape: [2] };
    assert.equal(
      said({ formula: "grad · tensor", upstream: "tensor(-8.)", uses, ...computed }),
      "grad · x = -8. · [4., 5.] = [-32., -40.]",
    );
  });

  it("calls what has no name by its expression", () => {
    const uses = [use("other", "tensor(4.)", { site: 7 })];
    assert.equal(
      said({ formula: "grad · other", uses, computed: "tensor(4.)" }),
      "grad · (a - 7) = 1. · 4. = 4.",
    );
  });

  it("leaves out what changes nothing, and works out powers", () => {
    assert.equal(
      said({ formula: "−grad · alpha", uses: [use("alpha", "1")], computed: "tensor(-1.)" }),
      "−grad = −1. = -1.",
    );
    const uses = [use("exponent", "2"), use("input", "tensor(-3.)", { variable: "x" })];
    assert.equal(
      said({ formula: "grad · exponent · input^(exponent − 1)", uses, computed: "tensor(-6.)" }),
      "grad · 2 · x = 1. · 2 · (-3.) = -6.",
    );
    const fourth = [use("exponent", "4"), use("input", "tensor(3.)", { variable: "x" })];
    assert.equal(
      said({ formula: "grad · exponent · input^(exponent − 1)", uses: fourth, computed: "tensor(108.)" }),
      "grad · 4 · x³ = 1. · 4 · 3.³ = 108.",
    );
  });

  it("says the same only once", () => {
    assert.equal(said({ formula: "grad" }), "grad = 1.");
  });

  it("tells large tensors by their shape", () => {
    const long = `tensor([${"1.2345, ".repeat(20)}])`;
    const uses = [use("other", long, { variable: "x", elements: 20 })];
    assert.equal(
      said({ formula: "grad · other", uses, computed: long, computedShape: [20] }),
      "grad · x = a tensor (20,)",
    );
  });

  it("is left in words where it is said in words", () => {
    assert.equal(
      said({ formula: "grad, spread over every element", computed: "tensor([1., 1.])", computedShape: [2] }),
      "grad, spread over every element = [1., 1.]",
    );
  });
});

describe("why a gradient is what it is", () => {
  const statistics = (min: number, max: number) => ({
    count: 2,
    nan: 0,
    inf: 0,
    min,
    max,
    mean: 0,
    std: 0,
    norm: 0,
    histogram: [],
  });
  const root = {
    gradFn: "PowBackward0",
    site: 9,
    name: "loss",
    binding: 9,
    shares: [],
    sum: "tensor(1.)",
    isRoot: true,
  };
  const why = { shares: [share({})], sum: "tensor(1.)", accumulated: null, isRoot: false, path: [root] };
  const explain = (more: Partial<Record<keyof typeof why, unknown>>, shape: number[] = []) =>
    explainWhy(
      { what: "w", shape, why: { ...why, ...more } as never, statistics: statistics(-2, -1) },
      places,
    );

  it("names the place, the derivative, where backward began and what the sign means", () => {
    assert.equal(
      explain({}),
      "**Why this gradient** – it is negative: raising `w` by 0.01 lowers `loss` by about 0.0200.\n\n" +
        "`w` went into `e1` (line 1): `grad = 1.`\n\n" +
        "`grad` is the gradient of `loss` (line 9). `backward()` began here, `∂loss/∂loss = 1.`",
    );
  });

  it("adds up the shares of several places", () => {
    const text = explain({
      shares: [share({ sent: "tensor(4.)" }), share({ site: 2, sent: "tensor(-1.)" })],
      sum: "tensor(3.)",
    });
    assert.match(
      text,
      /went into 2 places[\s\S]*- `e1` \(line 1\)[\s\S]*- `e2` \(line 2\)[\s\S]*Together `4\. − 1\. = 3\.`/,
    );
  });

  it("says over what a broadcast tensor's share was summed", () => {
    const broadcast = share({ computedShape: [3, 2], sent: "tensor([3., 3.])", summedOver: [0] });
    assert.match(
      explain({ shares: [broadcast], sum: "tensor([3., 3.])" }, [2]),
      /summed over dimension 0 because `w` `\(2,\)` was broadcast to `\(3, 2\)`: `\[3\., 3\.\]`/,
    );
  });

  it("says that earlier passes had left something", () => {
    assert.match(
      explain({ accumulated: "tensor(8.)" }),
      /This pass gave `1\.`\. Earlier passes .* `w\.grad = 8\.`\./,
    );
  });

  it("shows where the sign turned on the way", () => {
    const turned = share({ gradFn: "SubBackward0", formula: "−grad", computed: "tensor(-1.)" });
    const step = {
      gradFn: "DotBackward0",
      site: 4,
      name: "z",
      binding: null,
      shares: [turned],
      sum: "tensor(-1.)",
      isRoot: false,
    };
    assert.match(
      explain({ path: [step, root] as never }),
      /1\. `loss` .*began here.*\n2\. `z` \(line 4\) into `e1`: `−grad = −1\. = -1\.` – subtracted, so the sign turns/,
    );
  });
});

describe("hovering over a gradient", () => {
  const source = "w = f()\nw = g()\nprint(w.grad)\nconst r = w.grad / y.grad";
  const site = (text: string, name?: string) => {
    const start = source.indexOf(text);
    return { kind: name ? "binding" : "expression", name, start, end: start + text.length, line: 0 } as const;
  };
  const sites = [
    site("w = f()", "w"),
    site("w = g()", "w"),
    site("w.grad"),
    site("r = w.grad / y.grad", "r"),
  ];
  const value = (grad: string | null) => ({
    count: 1,
    value: {
      kind: "tensor" as const,
      text: "tensor(2.)",
      shape: [],
      dtype: "torch.float32",
      requiresGrad: true,
      gradFn: null,
      grad,
    },
  });
  const trace = (first: string | null, second: string | null): Trace => ({
    run: 1,
    source,
    sites,
    seen: new Map([first, second, null, null].map((grad, id) => [id, value(grad)])),
    output: "",
    outcome: { kind: "running" },
  });
  const ownerAt = (id: number, of: Trace) => gradientOwner(of, { site: id, start: 0, end: 0 });

  it("means the tensor that has it", () => {
    assert.deepEqual(ownerAt(2, trace(null, "tensor(2.)")), { what: "w", site: 1 });
    assert.deepEqual(ownerAt(2, trace("tensor(2.)", "tensor(9.)")), { what: "w", site: 0 });
    assert.deepEqual(ownerAt(2, trace(null, "tensor(9.)")), { what: "w", site: null });
  });

  it("is not what a computation with gradients gives", () => {
    assert.equal(ownerAt(3, trace(null, null)), null);
  });

  it("speaks of a variable's expression without its name", () => {
    assert.equal(siteText({ source, sites }, 3), "w.grad / y.grad");
  });
});

describe("links and tables of a value", () => {
  it("keeps what a program wrote from ending a link", () => {
    const link = commandLink("Copy", "c", { what: "a) [x](command:y" });
    assert.doesNotMatch(link.slice("[Copy](".length, -1), /[()[\]\s]/);
  });

  it("lines up rows and columns, a block for each matrix", () => {
    assert.equal(tableText("[[1,-2.5],[10,0]]", "W"), "W  (2, 2)\n\n    0     1\n0   1  -2.5\n1  10     0\n");
    assert.match(tableText("[[[1]],[[2]]]", "W"), /\[0, :, :\]\n {3}0\n0 {2}1\n\n\[1, :, :\]/);
    assert.match(tableText("5", "s"), /^s {2}\(\)\n\n {3}0\n0 {2}5\n$/);
    assert.match(tableText(JSON.stringify(Array(5000).fill(0)), "v"), /… 5000 rows in all/);
  });
});
