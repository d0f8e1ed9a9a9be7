import assert from "node:assert/strict";
import { pythonRepr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import { refusal } from "./refusal";
import vectors from "./vectors/packed.json";

// Drawn from PyTorch by scripts/vectors/packed.py, which explains the layout.
type Tensor = InstanceType<typeof torch.Tensor>;
type Run = [string, object, number[], number[], unknown, number[], unknown[], string, unknown, unknown];

const { nn } = torch;
const { pack_padded_sequence, pack_sequence, pad_packed_sequence, unpack_sequence } = nn.utils.rnn;

function assertClose(actual: unknown, expected: unknown, what: string) {
  const [ours, theirs] = [actual, expected].map((list) => (list as number[][]).flat(9) as number[]);
  assert.equal(ours.length, theirs.length, what);
  ours.forEach((value, i) => {
    assert.ok(Math.abs(value - theirs[i]) < 2e-6, `${what}: ${value}, not ${theirs[i]}`);
  });
}

describe("packed sequences", () => {
  for (const [
    name,
    options,
    lengths,
    sizes,
    padded,
    counts,
    states,
    step,
    grad,
    weightGrad,
  ] of vectors.runs as Run[]) {
    it(`${name} with ${pythonRepr(options)} of lengths ${lengths} gives PyTorch's outputs and gradients`, () => {
      torch.manual_seed(0);
      const x = torch.arange(24, { dtype: torch.float32 }).reshape(4, 3, 2).div(10).requires_grad_();
      const sorted = lengths.every((length, i) => i === 0 || length <= lengths[i - 1]);
      const packed = pack_padded_sequence(x, lengths, { enforce_sorted: sorted });
      const layer = new nn[name as "GRU"](2, 3, options);
      const [output, state] = layer(packed);
      const [ours, oursCounts] = pad_packed_sequence(output, { padding_value: -1 });
      ours.pow(2).sum().backward();
      assert.deepEqual(output.batch_sizes.tolist(), sizes);
      assert.deepEqual(oursCounts.tolist(), counts);
      assertClose(ours.tolist(), padded, "output");
      const list: readonly Tensor[] = Array.isArray(state) ? state : [state];
      assertClose(
        list.map((each) => each.tolist()),
        states,
        "state",
      );
      assert.equal(ours.grad_fn!.name().split("::").at(-1), step);
      assertClose(x.grad!.tolist(), grad, "gradient");
      const { weight_hh_l0 } = layer as unknown as { weight_hh_l0: Tensor };
      assertClose(weight_hh_l0.grad!.tolist(), weightGrad, "weight's gradient");
    });
  }

  it("print as PyTorch's named tuple, and come apart again", () => {
    const sequences = [[1n, 2n, 3n], [6n], [4n, 5n]].map((list) => torch.tensor(list));
    const packed = pack_sequence(sequences, { enforce_sorted: false });
    assert.equal(String(packed), vectors.packed);
    assert.equal(`[${unpack_sequence(packed).join(", ")}]`, vectors.unpacked);
    const [data, batch_sizes] = packed;
    assert.equal(data, packed.data);
    assert.equal(batch_sizes, packed.batch_sizes);
  });

  for (const [lengths, message] of vectors.refusals as [number[], string][])
    it(`refuse lengths ${lengths} in PyTorch's words`, () => {
      assert.equal(
        refusal(() => pack_padded_sequence(torch.zeros(4, 3, 2), lengths)),
        message,
      );
    });
});

describe("buffers", () => {
  it("are registered when they are assigned, and kept in the state if persistent", () => {
    class Net extends nn.Module {
      mean = new nn.Buffer(torch.ones(2));
      seen = new nn.Buffer({ data: torch.zeros(1), persistent: false });
    }
    const net = new Net();
    assert.deepEqual(
      net.named_buffers().map(([name]) => name),
      ["mean", "seen"],
    );
    assert.deepEqual([...net.state_dict().keys()], ["mean"]);
    assert.equal(net.parameters().length, 0);
  });
});
