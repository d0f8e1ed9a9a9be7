import assert from "node:assert/strict";
import { registry } from "../../engine/op/define";
import torch from "../../engine/torch";

const { gradcheck, gradgradcheck } = torch.autograd;

/** Shapes of float64 inputs that require gradients, or any other arguments, per public name. */
type Sample = unknown[];

class Input {
  constructor(
    readonly shape: number[],
    /** Bounds of the values, kept away from kinks. */
    readonly range: [number, number] = [0.4, 1.6],
  ) {}

  make() {
    const [low, high] = this.range;
    return torch
      .rand(this.shape, { dtype: torch.float64 })
      .mul(high - low)
      .add(low)
      .requires_grad_();
  }
}

const a = new Input([2, 3]);
const b = new Input([2, 3]);
const row = new Input([3]);
const vector = new Input([4]);
const signed = new Input([2, 3], [-1, 1]);
const mask = () =>
  torch.tensor([
    [true, false, true],
    [false, true, false],
  ]);
const places = () =>
  torch.tensor([
    [0n, 1n, 1n],
    [1n, 0n, 0n],
  ]);

/** Arguments on which an operator's derivatives are compared with finite differences. */
const samples: Record<string, Sample[]> = {
  "torch.add": [
    [a, b],
    [a, row, { alpha: 3 }],
    [a, 2],
  ],
  "torch.sub": [
    [a, b],
    [a, row, { alpha: 3 }],
    [a, 2],
  ],
  "torch.rsub": [
    [a, b],
    [a, 2, { alpha: 3 }],
  ],
  "torch.mul": [
    [a, b],
    [a, row],
    [a, 2],
  ],
  "torch.div": [
    [a, b],
    [row, a],
    [a, 2],
  ],
  "torch.neg": [[a]],
  "torch.pow": [
    [a, 3],
    [a, 2.5],
    [a, 0],
    [a, b],
    [row, a],
    [2, a],
  ],
  "torch.reciprocal": [[a]],
  "torch.remainder": [[new Input([3], [2.2, 2.8]), 1]],
  "torch.addcmul": [[a, b, row, { value: 0.5 }]],
  "torch.addcdiv": [[a, b, row, { value: 0.5 }]],
  "torch.lerp": [
    [a, b, 0.3],
    [a, row, 0.8],
  ],
  "torch.exp": [[signed]],
  "torch.log": [[a]],
  "torch.log1p": [[a]],
  "torch.sqrt": [[a]],
  "torch.abs": [[a], [new Input([3], [-2, -1])]],
  "torch.sgn": [[a]],
  "torch.sign": [[a]],
  "torch.sin": [[signed]],
  "torch.cos": [[signed]],
  "torch.tanh": [[signed]],
  "torch.sigmoid": [[signed]],
  "torch.relu": [[a], [new Input([3], [-2, -1])]],
  "torch.floor": [[new Input([3], [0.2, 0.8])]],
  "torch.ceil": [[new Input([3], [0.2, 0.8])]],
  "torch.clamp": [
    [signed, -0.5, 0.5],
    [signed, { min: 0.1 }],
    [signed, { max: 0.1 }],
  ],
  "torch.where": [
    [mask, a, b],
    [mask, a, 2],
    [mask, 2, row],
  ],
  "torch.sum": [[a], [a, 1], [a, [0, 1], true], [a, -1]],
  "torch.mean": [[a], [a, 0], [a, [0, 1], true]],
  "torch.var": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }]],
  "torch.std": [[a], [a, 1], [a, [0, 1], { correction: 0, keepdim: true }]],
  "torch.max": [[a], [a, 1], [a, 0, true]],
  "torch.min": [[a], [a, 1], [a, 0, true]],
  "Tensor.view": [
    [a, 3, 2],
    [a, [6]],
  ],
  "torch._unsafe_view": [[a, 3, 2]],
  "torch.permute": [[new Input([2, 3, 2]), 2, 0, 1]],
  "torch.transpose": [[a, 0, 1]],
  "torch.t": [[a], [vector]],
  "Tensor.expand": [
    [row, 2, 3],
    [new Input([2, 1]), -1, 4],
  ],
  "torch.squeeze": [[new Input([1, 3, 1])], [new Input([1, 3, 1]), 0]],
  "torch.unsqueeze": [[a, 1]],
  "torch.select": [[a, 1, -1]],
  "Tensor.slice": [
    [new Input([5, 2]), 0, 1, 5, 2],
    [a, 1, -2],
  ],
  "torch.clone": [[a]],
  "torch.fill": [[a, 2]],
  // In place only; their gradient for the old value is 0. test/engine/autograd.test.ts has them.
  "Tensor.copy_": [],
  "Tensor.zero_": [],
  "Tensor.uniform_": [],
  "Tensor.normal_": [],
  "Tensor.bernoulli_": [],
  "Tensor._to_copy": [[a, torch.float64]],
  "torch.unbind": [[a], [a, 1]],
  "torch.mm": [[a, new Input([3, 4])]],
  "torch.bmm": [[new Input([2, 2, 3]), new Input([2, 3, 2])]],
  "torch.mv": [[a, row]],
  "torch.dot": [[vector, new Input([4])]],
  "torch.addmm": [[new Input([4]), a, new Input([3, 4]), { beta: 0.5, alpha: 2 }]],
  "nn.functional.mse_loss": [
    [a, b],
    [a, b, { reduction: "sum" }],
    [a, row, { reduction: "none" }],
  ],
  "nn.functional.binary_cross_entropy_with_logits": [
    [signed, a],
    [signed, a, { weight: () => torch.rand(3, { dtype: torch.float64 }), reduction: "sum" }],
    [signed, a, { pos_weight: () => torch.rand(3, { dtype: torch.float64 }) }],
  ],
  "Tensor._index": [
    [a, [0], () => [torch.tensor([1n, 0n, 1n])]],
    [a, [0, 1], () => [torch.tensor([1n, 0n]), torch.tensor([2n, 2n])]],
  ],
  "Tensor._index_put": [
    [a, [1], () => [torch.tensor([0n, 2n])], new Input([2, 2])],
    [a, [1], () => [torch.tensor([0n, 0n])], new Input([2, 2]), true],
  ],
  "torch.gather": [[a, 1, places]],
  "torch.scatter_add": [[a, 1, places, new Input([2, 3])]],
  "torch.masked_fill": [[a, mask, 3]],
  "torch.cat": [[[a, new Input([2, 2])], 1]],
  "torch.stack": [[[a, b], 1]],
};

/** The call with its inputs made, and the function of those alone. */
function prepare(name: string, sample: Sample) {
  const inputs: InstanceType<typeof torch.Tensor>[] = [];
  type Slot = { input: number } | { value: unknown } | { list: Slot[] } | { keywords: [string, Slot][] };
  const slot = (value: unknown): Slot => {
    if (value instanceof Input) return { input: inputs.push(value.make()) - 1 };
    if (Array.isArray(value)) return { list: value.map(slot) };
    if (typeof value === "function") return { value: (value as () => unknown)() };
    if (value !== null && Object.getPrototypeOf(value) === Object.prototype)
      return { keywords: Object.entries(value).map(([key, v]): [string, Slot] => [key, slot(v)]) };
    return { value };
  };
  const slots = sample.map(slot);
  const fill = (s: Slot, given: readonly unknown[]): unknown => {
    if ("input" in s) return given[s.input];
    if ("list" in s) return s.list.map((each) => fill(each, given));
    if ("keywords" in s) return Object.fromEntries(s.keywords.map(([key, v]) => [key, fill(v, given)]));
    return s.value;
  };
  const call = (...given: unknown[]) => {
    const args = slots.map((s) => fill(s, given));
    if (name.startsWith("Tensor.")) {
      const [self, ...rest] = args as [Record<string, (...a: unknown[]) => never>, ...unknown[]];
      return self[name.slice("Tensor.".length)](...rest);
    }
    return functionAt(name.replace(/^torch\./, ""))(...args);
  };
  return { inputs, call };
}

// biome-ignore lint/suspicious/noExplicitAny: the operator is known by its name only
function functionAt(path: string): any {
  // biome-ignore lint/suspicious/noExplicitAny: likewise
  let scope: any = torch;
  for (const key of path.split(".")) scope = scope[key];
  return scope;
}

describe("operators' derivatives", () => {
  beforeEach(() => {
    torch.manual_seed(1);
  });

  it("has a sample for every operator with a derivative", () => {
    const names = [...registry]
      .filter(([, overloads]) => overloads.some((o) => o.grad_fn !== null))
      .map(([name]) => name);
    const primary = new Set(names.map((name) => primaryName(name)));
    const missing = [...primary].filter((name) => !(name in samples));
    assert.deepEqual(missing, []);
  });

  for (const [name, list] of Object.entries(samples)) {
    for (const [i, sample] of list.entries()) {
      it(`${name} #${i} agrees with finite differences, also its derivative's`, () => {
        const { inputs, call } = prepare(name, sample);
        assert.equal(gradcheck(call, inputs), true);
        assert.equal(gradgradcheck(call, inputs), true);
      });
    }
  }
});

/** Aliases and methods share the entry of the function they stand for. */
function primaryName(name: string): string {
  const operator = registry.get(name)![0];
  const first = [...registry].find(([, overloads]) => overloads.includes(operator))!;
  return first[0];
}
