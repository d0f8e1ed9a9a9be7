import assert from "node:assert/strict";
import torch from "../../engine/torch";
import vectors from "./vectors/modules.json";

// Drawn from PyTorch by scripts/vectors/modules.py, which explains the layout.
type Numbers = [shape: number[], data: number[]] | null;
type Nested = number | Nested[];
type InputSpec = [sampler: string, shape: number[], bound?: number] | Nested[];
interface Run {
  grad_fn: string | null;
  out: Numbers[];
  grads?: Numbers[];
  buffers?: Numbers[];
}
type Case = [
  name: string,
  args: unknown[],
  keywords: Record<string, unknown>,
  inputs: InputSpec[],
  module: { repr: string; parameters: [string, number[], number[]][] },
  training: Run,
  evaluation: Run,
];

type Tensor = InstanceType<typeof torch.Tensor>;
type Module = InstanceType<typeof torch.nn.Module>;

const { int64 } = torch;

function draw(spec: InputSpec): Tensor {
  if (typeof spec[0] !== "string") return torch.tensor(spec as number[], { dtype: int64 });
  const [sampler, shape, bound] = spec as [string, number[], number?];
  if (sampler === "randint") return torch.randint(bound!, shape);
  if (sampler === "signs") return torch.randint(2, shape).mul(2).sub(1).float();
  return (sampler === "rand" ? torch.rand(shape) : torch.randn(shape)).requires_grad_();
}

function build(name: string, args: unknown[], keywords: Record<string, unknown>): Module {
  const weights = Object.entries(keywords).map(([key, value]) =>
    key === "weight" || key === "pos_weight" ? [key, torch.tensor(value as number[])] : [key, value],
  );
  const Class = (torch.nn as unknown as Record<string, new (...given: unknown[]) => Module>)[name];
  return new Class(...args, ...(weights.length > 0 ? [Object.fromEntries(weights)] : []));
}

function assertClose(got: Tensor | null, want: Numbers, what: string): void {
  if (want === null) {
    assert.ok(got === null || got.eq(0).all().item(), `${what} should be none`);
    return;
  }
  assert.ok(got !== null, `${what} is missing`);
  const [shape, data] = want;
  assert.deepEqual(got.shape, shape, what);
  const values = got.detach().reshape([-1]).tolist() as number[];
  data.forEach((expected, i) => {
    const at = Math.floor((i * values.length) / data.length);
    const close = Math.abs(values[at] - expected) <= 2e-5 * Math.abs(expected) + 2e-6;
    assert.ok(close, `${what}[${at}]: ${values[at]} instead of ${expected}`);
  });
}

function check(module: Module, inputs: Tensor[], run: Run, training: boolean): void {
  module.train(training);
  torch.manual_seed(1);
  const leaves = inputs.map((t) =>
    t
      .detach()
      .clone()
      .requires_grad_(t.requires_grad && training),
  );
  const result: Tensor | Tensor[] = module(...leaves);
  const several = Array.isArray(result) ? result : [result];
  assert.equal(several[0].grad_fn?.typeName ?? null, run.grad_fn);
  run.out.forEach((want, i) => {
    assertClose(several[i], want, `result ${i}`);
  });
  if (run.grads !== undefined) {
    const wanted = [...module.parameters(), ...leaves.filter((t) => t.requires_grad)];
    const grads = torch.autograd.grad(several[0].pow(2).sum(), wanted, { allow_unused: true });
    run.grads.forEach((want, i) => {
      assertClose(grads[i], want, `gradient ${i}`);
    });
  }
  const buffers = module.buffers();
  (run.buffers ?? []).forEach((want, i) => {
    assertClose(buffers[i], want, `buffer ${i}`);
  });
}

describe("modules", () => {
  for (const [name, args, keywords, inputs, shown, training, evaluation] of vectors as unknown as Case[]) {
    const title = [
      ...args,
      ...Object.entries(keywords).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
    ];
    it(`${name}(${title.map(String).join(", ")}) prints, starts, computes and learns as PyTorch's`, () => {
      torch.manual_seed(0);
      const module = build(name, args, keywords);
      const drawn = inputs.map(draw);
      assert.equal(module.toString(), shown.repr);
      const parameters = module.named_parameters();
      assert.deepEqual(
        parameters.map(([path]) => path),
        shown.parameters.map(([path]) => path),
      );
      shown.parameters.forEach(([path, shape, data], i) => {
        assertClose(parameters[i][1], [shape, data], path);
      });
      check(module, drawn, training, true);
      check(module, drawn, evaluation, false);
    });
  }
});
