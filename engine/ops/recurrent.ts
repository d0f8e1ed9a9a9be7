import { gradMode } from "../autograd/grad_mode";
import { op, torch } from "../op/define";
import { leave } from "../op/workspace";
import { type Tensor, viewOf } from "../tensor";

/** Equal parts along a dimension, as one layer's gates are split. Source: aten::unsafe_split. @internal */
op("_unsafe_split(input, split_size: int, dim: int) -> Tensor[]", {
  grad_fn: "UnsafeSplitBackward0",
  forward: (input, split_size, dim) => {
    const parts = input.shape[dim] / split_size;
    return Array.from({ length: parts }, (_, i) => {
      const { shape, strides, offset } = input.narrow(dim, i * split_size, split_size);
      return viewOf(input, shape, strides, offset);
    });
  },
  backward: {
    input: [
      ["input.shape", "split_size", "dim"],
      (grads, shape, split_size, dim) => {
        const given = grads.find((grad) => grad !== null)!;
        const like = shape.with(dim, split_size);
        return torch.cat(
          grads.map((grad) => grad ?? given.new_zeros(like)),
          dim,
        );
      },
      "the gradients of the parts, joined",
    ],
  },
});

/** First two dimensions exchanged, as of a result nothing else refers to. Source: aten::transpose_. @internal */
op("Tensor._batch_first(input)", {
  grad_fn: "TransposeBackward1",
  forward: (input) => {
    const { shape, strides, offset } = input.transpose(0, 1);
    return viewOf(input, shape, strides, offset);
  },
  backward: { input: [[], (grad) => grad.transpose(0, 1), "grad, transposed back"] },
});

const LAYER_USES = [
  "input",
  "weight_ih",
  "weight_hh",
  "bias_ih",
  "bias_hh",
  "hx",
  "cx",
  "reverse",
  "result",
  "workspace",
] as const;

type LayerGrads = readonly (Tensor | null)[];

/** The seven derivatives of a layer are computed together, once for the gradients that arrive. */
const computed = new WeakMap<LayerGrads, Tensor[]>();

/**
 * One direction of an LSTM layer: input (L, N, F), weights (4 · H, F) and (4 · H, H), biases (4 · H), states (N, H) → output
 * (L, N, H) and the last states. PyTorch computes float32 layers with biases so, in one step.
 * Source: aten::mkldnn_rnn_layer. @internal
 */
op(
  "_lstm_layer(input, weight_ih: Tensor, weight_hh: Tensor, bias_ih: Tensor, bias_hh: Tensor, hx: Tensor, cx: Tensor, reverse: bool) -> (output, hy, cy)",
  {
    grad_fn: "MkldnnRnnLayerBackward0",
    forward: (...args) => {
      const run = runSteps(args);
      const { steps, order } = run;
      const outputs: Tensor[] = [];
      order.forEach((t, i) => {
        outputs[t] = steps[i].hidden;
      });
      const last = steps[steps.length - 1];
      // The last step's memory is the output's as well, which a result may not share.
      const results: [Tensor, Tensor, Tensor] = [
        torch.stack(outputs, 0),
        last.hidden.clone(),
        last.cell.clone(),
      ];
      leave(run);
      return results;
    },
    backward: {
      input: layerDerivative(0, "W_ihᵀ through the gates"),
      weight_ih: layerDerivative(1, "the gates' grad ⊗ input, over all steps"),
      weight_hh: layerDerivative(2, "the gates' grad ⊗ hidden state, over all steps"),
      bias_ih: layerDerivative(3, "the gates' grad, over all steps"),
      bias_hh: layerDerivative(4, "the gates' grad, over all steps"),
      hx: layerDerivative(5, "W_hhᵀ through the first step's gates"),
      cx: layerDerivative(6, "through the first step's forget gate"),
    },
  },
);

type LayerArguments = readonly [
  input: Tensor,
  weight_ih: Tensor,
  weight_hh: Tensor,
  bias_ih: Tensor,
  bias_hh: Tensor,
  hx: Tensor,
  cx: Tensor,
  reverse: boolean,
];

/** What one step of an LSTM computed; its four gates are those after their nonlinearity. */
interface LstmStep {
  gates: Tensor[];
  cell: Tensor;
  /** tanh of the cell state. */
  squashed: Tensor;
  hidden: Tensor;
}

/** All steps in the order in which they are taken, which `order` gives as places in the input. */
interface LayerSteps {
  steps: LstmStep[];
  order: number[];
}

function runSteps([
  input,
  weight_ih,
  weight_hh,
  bias_ih,
  bias_hh,
  hx,
  cx,
  reverse,
]: LayerArguments): LayerSteps {
  const [length, batch, features] = input.shape;
  const size = hx.shape[1];
  const projected = bias_ih
    .addmm(input.reshape([length * batch, features]), weight_ih.t())
    .reshape([length, batch, 4 * size])
    .unbind(0);
  const order = Array.from({ length }, (_, i) => (reverse ? length - 1 - i : i));
  let hidden = hx;
  let cell = cx;
  const steps = order.map((t): LstmStep => {
    const parts = torch._unsafe_split(bias_hh.addmm(hidden, weight_hh.t()).add(projected[t]), size, 1);
    const gates = [parts[0].sigmoid(), parts[1].sigmoid(), parts[2].tanh(), parts[3].sigmoid()];
    cell = gates[1].mul(cell).add(gates[0].mul(gates[2]));
    const squashed = cell.tanh();
    hidden = gates[3].mul(squashed);
    return { gates, cell, squashed, hidden };
  });
  return { steps, order };
}

function layerDerivative(index: number, formula: string) {
  const derivative = (
    grads: LayerGrads,
    ...saved: [...LayerArguments, readonly Tensor[], object | undefined]
  ): Tensor => {
    let all = computed.get(grads);
    if (all === undefined) {
      const args = saved.slice(0, -2) as unknown as LayerArguments;
      // What is to be differentiated in turn has to be recorded, and so computed again.
      const known = gradMode.enabled ? undefined : (saved[saved.length - 1] as LayerSteps | undefined);
      all = layerGrads(grads, args, known ?? runSteps(args));
      computed.set(grads, all);
    }
    return all[index];
  };
  return [LAYER_USES, derivative, formula] as const;
}

/** Back through time: gradients of input, weights, biases and first states. */
function layerGrads(
  [gOutput, gHy, gCy]: LayerGrads,
  args: LayerArguments,
  { steps, order }: LayerSteps,
): Tensor[] {
  const [input, weight_ih, weight_hh, , , hx, cx] = args;
  const outputs = gOutput?.unbind(0) ?? null;
  let gHidden = gHy ?? torch.zeros_like(hx);
  let gCell = gCy ?? torch.zeros_like(cx);
  const gGates: Tensor[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const { gates, squashed } = steps[i];
    const [enter, forget, candidate, out] = gates;
    const before = i === 0 ? cx : steps[i - 1].cell;
    if (outputs !== null) gHidden = gHidden.add(outputs[order[i]]);
    gCell = gCell.add(gHidden.mul(out).mul(complement(squashed.square())));
    const ofGates = torch.cat(
      [
        gCell.mul(candidate).mul(enter).mul(complement(enter)),
        gCell.mul(before).mul(forget).mul(complement(forget)),
        gCell.mul(enter).mul(complement(candidate.square())),
        gHidden.mul(squashed).mul(out).mul(complement(out)),
      ],
      1,
    );
    gGates[order[i]] = ofGates;
    gHidden = ofGates.mm(weight_hh);
    gCell = gCell.mul(forget);
  }
  const [length, batch, features] = input.shape;
  const rows = torch.cat(gGates, 0);
  const previous: Tensor[] = [];
  order.forEach((t, i) => {
    previous[t] = i === 0 ? hx : steps[i - 1].hidden;
  });
  const gBias = rows.sum(0);
  return [
    rows.mm(weight_ih).reshape([length, batch, features]),
    rows.t().mm(input.reshape([length * batch, features])),
    rows.t().mm(torch.cat(previous, 0)),
    gBias,
    gBias,
    gHidden,
    gCell,
  ];
}

/** 1 − t */
function complement(t: Tensor): Tensor {
  return t.rsub(1);
}
