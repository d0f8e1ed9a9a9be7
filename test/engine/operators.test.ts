import assert from "node:assert/strict";
import { registry } from "../../engine/op/define";
import torch from "../../engine/torch";
import { samples } from "./samples";
import { Input, type Sample } from "./samples/sample";

const { gradcheck, gradgradcheck } = torch.autograd;

/** The call with its inputs made, and the function of those alone. */
function prepare(name: string, sample: Sample) {
  const inputs: InstanceType<typeof torch.Tensor>[] = [];
  type Slot =
    | { input: number; through: Input["through"] }
    | { value: unknown }
    | { list: Slot[] }
    | { keywords: [string, Slot][] };
  const slot = (value: unknown): Slot => {
    if (value instanceof Input) return { input: inputs.push(value.make()) - 1, through: value.through };
    if (Array.isArray(value)) return { list: value.map(slot) };
    if (typeof value === "function") return { value: (value as () => unknown)() };
    if (isPlainObject(value))
      return { keywords: Object.entries(value).map(([key, v]): [string, Slot] => [key, slot(v)]) };
    return { value };
  };
  const slots = sample.map(slot);
  const fill = (s: Slot, given: readonly unknown[]): unknown => {
    if ("input" in s) return s.through(given[s.input] as InstanceType<typeof torch.Tensor>);
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

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
