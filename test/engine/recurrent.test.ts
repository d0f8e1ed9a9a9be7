import assert from "node:assert/strict";
import torch from "../../engine/torch";
import recorded from "./vectors/recurrent.json";

type Tensor = InstanceType<typeof torch.Tensor>;
type Spec = string | number | boolean | null | Spec[];

interface Case {
  name: string;
  args: (number | string)[];
  keywords: Record<string, unknown>;
  inputs: Spec[];
  call: Record<string, Spec>;
  mode: string;
  seed: number;
  text: string;
  results: [number[], number[]][];
  grad_fns: string[];
  parameters: Record<string, [number[], number[]]>;
  input_grads: number[][];
}

/** What scripts/vectors/recurrent.py draws from a specification. */
function draw(spec: Spec, leaves: Tensor[]): unknown {
  if (spec === "causal") return torch.nn.Transformer.generate_square_subsequent_mask(3);
  if (!Array.isArray(spec)) return spec;
  if (Array.isArray(spec[0])) return spec.map((each) => draw(each, leaves));
  const tensor = torch.rand(spec as number[]).requires_grad_();
  leaves.push(tensor);
  return tensor;
}

function flat(value: unknown): Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(flat) : [];
}

/** PyTorch adds in float32, so that the last digits may differ. */
function assertClose(actual: Tensor | null, expected: readonly number[], what: string): void {
  const values = ([actual?.tolist()] as unknown[]).flat(9) as number[];
  assert.equal(values.length, expected.length, what);
  expected.forEach((value, i) => {
    const error = Math.abs(values[i] - value);
    assert.ok(
      error <= 2e-5 * Math.max(1, Math.abs(value)),
      `${what}[${i}]: ${values[i]} instead of ${value}`,
    );
  });
}

describe("recurrent, attention and transformer modules", () => {
  for (const each of recorded as unknown as Case[]) {
    const { name, args, keywords, inputs, call, mode, seed } = each;
    const shown = [...args, ...Object.entries(keywords).map(([key, value]) => `${key}=${value}`)].join(", ");

    it(`${name}(${shown}) of seed ${seed} computes what PyTorch does, forwards and backwards`, () => {
      torch.manual_seed(seed);
      const Class = torch.nn[name as "RNN"] as unknown as new (
        ...given: unknown[]
      ) => InstanceType<typeof torch.nn.Module>;
      const module = new Class(...args, keywords);
      module.train(mode === "train");
      assert.equal(String(module), each.text);
      const leaves: Tensor[] = [];
      const given = inputs.map((spec) => draw(spec, leaves));
      const options = Object.entries(call).map(([key, spec]) => [key, draw(spec, [])]);
      const results = flat(module(...given, Object.fromEntries(options)));
      assert.deepEqual(
        results.map((result) => result.shape),
        each.results.map(([shape]) => shape),
      );
      results.forEach((result, i) => {
        assertClose(result, each.results[i][1], `result ${i}`);
      });
      assert.deepEqual(
        results.map((result) => result.grad_fn?.name()),
        each.grad_fns,
      );
      results
        .map((result) => result.mul(result).sum())
        .reduce((a, b) => a.add(b))
        .backward();
      const parameters = Object.fromEntries(module.named_parameters());
      const used = Object.entries(parameters).filter(([, parameter]) => parameter.grad !== null);
      assert.deepEqual(
        used.map(([key]) => key),
        Object.keys(each.parameters),
      );
      for (const [key, [, values]] of Object.entries(each.parameters))
        assertClose(parameters[key].grad, values, `gradient of ${key}`);
      leaves.forEach((leaf, i) => {
        assertClose(leaf.grad, each.input_grads[i], `gradient of input ${i}`);
      });
    });
  }
});

describe("an LSTM layer's backward", () => {
  const runs = [1, 2].map((layers) => () => {
    torch.manual_seed(layers);
    const lstm = new torch.nn.LSTM(3, 4, layers);
    const x = torch.randn(5, 2, 3).requires_grad_();
    const [output, [hidden, cell]] = lstm(x);
    return { output, hidden, cell, leaves: [x, ...lstm.parameters()] };
  });

  it("gives the same with what forward kept as when it is computed again to be differentiated in turn", () => {
    for (const run of runs) {
      const [again, kept] = [true, false].map((create_graph) => {
        const { output, hidden, cell, leaves } = run();
        const loss = output.square().sum().add(hidden.sum()).add(cell.exp().sum());
        return torch.autograd.grad(loss, leaves, { create_graph });
      });
      kept.forEach((grad, i) => {
        assert.deepEqual(grad?.tolist(), again[i]?.tolist(), `leaf ${i}`);
      });
    }
  });

  it("refuses what its output no longer is, and does not mind changed states, as in PyTorch", () => {
    for (const run of runs) {
      const { output, hidden, cell } = run();
      hidden.mul_(2);
      cell.mul_(2);
      output.sum().add(hidden.sum()).add(cell.sum()).backward({ retain_graph: true });
      output.mul_(2);
      assert.throws(() => output.sum().backward(), /modified by an inplace operation/);
    }
  });
});
