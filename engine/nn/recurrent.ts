// biome-ignore-all lint/suspicious/noUnsafeDeclarationMerging: what a call of a layer gives is declared by merging
// biome-ignore-all lint/style/useShorthandFunctionType: likewise
// biome-ignore-all lint/suspicious/noRedeclare: likewise
import type { Device } from "../device";
import { type DType, float32 } from "../dtype";
import { pythonTypeName, RuntimeError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import { sameShape, showShape } from "../shape";
import { Tensor } from "../tensor";
import { uniform_ } from "./init";
import { Module } from "./module";
import { PackedSequence } from "./packed_sequence";
import { Parameter } from "./parameter";
import { flag, float } from "./repr";

/** What every recurrent layer can be told. */
export interface RecurrentOptions {
  num_layers?: number;
  bias?: boolean;
  batch_first?: boolean;
  /** Share of each layer's output but the last's that training drops. */
  dropout?: number;
  bidirectional?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

/** Weights of one layer in one direction; a gate's rows stand below each other. */
interface LayerWeights {
  weight_ih: Tensor;
  weight_hh: Tensor;
  bias_ih: Tensor | null;
  bias_hh: Tensor | null;
  /** Projection of the hidden state, (proj_size, hidden_size). */
  weight_hr: Tensor | null;
}

/** The hidden state, and what else a cell hands on from step to step. */
type State = readonly Tensor[];

/** One step: `gates` is what the input contributes, with bias. */
type Step = (gates: Tensor, state: State, weights: LayerWeights) => State;

const tanhStep: Step = (gates, [hidden], { weight_hh, bias_hh }) => [
  F.linear(hidden, weight_hh, bias_hh).add(gates).tanh(),
];

const reluStep: Step = (gates, [hidden], { weight_hh, bias_hh }) => [
  F.linear(hidden, weight_hh, bias_hh).add(gates).relu(),
];

const gruStep: Step = (gates, [hidden], { weight_hh, bias_hh }) => {
  const size = hidden.shape[1];
  const [inputReset, inputUpdate, inputNew] = torch._unsafe_split(gates, size, 1);
  const recurrent = F.linear(hidden, weight_hh, bias_hh);
  const [hiddenReset, hiddenUpdate, hiddenNew] = torch._unsafe_split(recurrent, size, 1);
  const reset = hiddenReset.add(inputReset).sigmoid();
  const update = hiddenUpdate.add(inputUpdate).sigmoid();
  const fresh = inputNew.add(hiddenNew.mul(reset)).tanh();
  return [hidden.sub(fresh).mul(update).add(fresh)];
};

const lstmStep: Step = (gates, [hidden, cell], { weight_hh, bias_hh, weight_hr }) => {
  const all = F.linear(hidden, weight_hh, bias_hh).add(gates);
  const parts = torch._unsafe_split(all, cell.shape[1], 1);
  const input = parts[0].sigmoid();
  const forget = parts[1].sigmoid();
  const candidate = parts[2].tanh();
  const output = parts[3].sigmoid();
  const nextCell = forget.mul(cell).add(input.mul(candidate));
  const nextHidden = output.mul(nextCell.tanh());
  return [weight_hr === null ? nextHidden : nextHidden.matmul(weight_hr.t()), nextCell];
};

/** An LSTM layer that is computed in one step, as PyTorch does for float32 with biases and no projection. */
function runFusedLayer(
  input: Tensor,
  [hx, cx]: State,
  weights: LayerWeights,
  reverse: boolean,
): [Tensor, State] {
  const { weight_ih, weight_hh, bias_ih, bias_hh } = weights;
  const [output, hy, cy] = torch._lstm_layer(
    input,
    weight_ih,
    weight_hh,
    bias_ih!,
    bias_hh!,
    hx,
    cx,
    reverse,
  );
  return [output, [hy, cy]];
}

/** Runs one layer in one direction: its outputs, and the last state. */
type Layer = (input: Tensor, state: State, weights: LayerWeights, reverse: boolean) => [Tensor, State];

/** Runs one layer over the steps of `input` (L, N, …) → (L, N, H), and the last state. */
function runLayer(step: Step): Layer {
  return (input, state, weights, reverse) => {
    const steps = F.linear(input, weights.weight_ih, weights.bias_ih).unbind(0);
    const outputs: Tensor[] = [];
    let current = state;
    for (const gates of reverse ? steps.reverse() : steps) {
      current = step(gates, current, weights);
      outputs.push(current[0]);
    }
    return [torch.stack(reverse ? outputs.reverse() : outputs, 0), current];
  };
}

/** Runs one layer over packed sequences, `data` (elements, …) → (elements, H), and the last state of each. */
function runPackedLayer(sizes: readonly number[], step: Step): Layer {
  return (data, initial, weights, reverse) => {
    const gates = F.linear(data, weights.weight_ih, weights.bias_ih);
    const offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
    const steps = sizes.map((size, i) => gates.narrow(0, offsets[i], size));
    const [outputs, state] = reverse
      ? runBackwards(steps, sizes, step, initial, weights)
      : runForwards(steps, sizes, step, initial, weights);
    return [torch.cat(outputs), state];
  };
}

/** From the first step on, with ever fewer sequences: the state of one that ends is kept. */
function runForwards(
  steps: readonly Tensor[],
  sizes: readonly number[],
  step: Step,
  initial: State,
  weights: LayerWeights,
): [Tensor[], State] {
  const ended: State[] = [];
  const outputs: Tensor[] = [];
  let state = initial;
  let last = sizes[0];
  steps.forEach((gates, i) => {
    const size = sizes[i];
    if (size < last) {
      ended.push(rowsOf(state, size, last));
      state = rowsOf(state, 0, size);
    }
    last = size;
    state = step(gates, state, weights);
    outputs.push(state[0]);
  });
  return [outputs, joined([...ended, state].reverse())];
}

/** From the last step on, with ever more sequences. */
function runBackwards(
  steps: readonly Tensor[],
  sizes: readonly number[],
  step: Step,
  initial: State,
  weights: LayerWeights,
): [Tensor[], State] {
  const outputs: Tensor[] = [];
  let last = sizes[sizes.length - 1];
  let state = rowsOf(initial, 0, last);
  for (let i = steps.length - 1; i >= 0; i--) {
    const size = sizes[i];
    if (size > last) state = joined([state, rowsOf(initial, last, size)]);
    last = size;
    state = step(steps[i], state, weights);
    outputs.push(state[0]);
  }
  return [outputs.reverse(), state];
}

function rowsOf(state: State, start: number, end: number): State {
  return state.map((each) => each.narrow(0, start, end - start));
}

function joined(states: readonly State[]): State {
  return states[0].map((_, k) => torch.cat(states.map((state) => state[k])));
}

interface Settings extends Required<Omit<RecurrentOptions, "device" | "dtype">> {
  input_size: number;
  hidden_size: number;
  proj_size: number;
  dtype: DType | null;
}

function checkSettings({ input_size, hidden_size, num_layers, dropout, proj_size }: Settings): void {
  if (!(dropout >= 0 && dropout <= 1))
    throw new ValueError(
      "dropout should be a number in range [0, 1] representing the probability of an element being zeroed",
    );
  if (input_size <= 0) throw new ValueError("input_size must be greater than zero");
  if (hidden_size <= 0) throw new ValueError("hidden_size must be greater than zero");
  if (num_layers <= 0) throw new ValueError("num_layers must be greater than zero");
  if (proj_size < 0)
    throw new ValueError("proj_size should be a positive integer or zero to disable projections");
  if (proj_size >= hidden_size) throw new ValueError("proj_size has to be smaller than hidden_size");
}

const cellForwardArguments = signature("forward(input: Tensor, hx: Tensor? = null)");
const lstmCellForwardArguments = signature("forward(input: Tensor, hx: Tensor[]? = null)");
const forwardArguments = signature("forward(input: any, hx: Tensor? = null)");
const lstmForwardArguments = signature("forward(input: any, hx: Tensor[]? = null)");

/** What a layer is given for its sequences. Throws TypeError where that is neither a tensor nor packed. */
function sequencesOf(given: unknown): Tensor | PackedSequence {
  if (given instanceof Tensor || given instanceof PackedSequence) return given;
  throw new TypeError(
    `forward(): argument 'input' (position 1) must be Tensor, not ${pythonTypeName(given)}`,
  );
}

/** The states to start from, as a call names them. */
export interface StateOption<S> {
  hx?: S | null;
}

/** What RNN, GRU and LSTM share: their weights, layers and directions. Source: torch.nn.RNNBase. */
export abstract class RNNBase extends Module {
  input_size: number;
  hidden_size: number;
  num_layers: number;
  bias: boolean;
  batch_first: boolean;
  dropout: number;
  bidirectional: boolean;
  /** Size of the projected hidden state; 0 for none. */
  proj_size: number;

  /** @param gates How many gates one step computes. @internal */
  constructor(settings: Settings, gates: number) {
    super();
    checkSettings(settings);
    const { input_size, hidden_size, num_layers, bias, proj_size, dtype } = settings;
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.num_layers = num_layers;
    this.bias = bias;
    this.batch_first = settings.batch_first;
    this.dropout = settings.dropout;
    this.bidirectional = settings.bidirectional;
    this.proj_size = proj_size;
    const size = gates * hidden_size;
    for (let layer = 0; layer < num_layers; layer++) {
      for (let direction = 0; direction < this.directions; direction++) {
        const inputs = layer === 0 ? input_size : this.stateSize * this.directions;
        const add = (name: string, shape: number[]) => {
          this.fields[weightName(name, layer, direction)] = new Parameter(torch.empty(shape, { dtype }));
        };
        add("weight_ih", [size, inputs]);
        add("weight_hh", [size, this.stateSize]);
        if (bias) add("bias_ih", [size]);
        if (bias) add("bias_hh", [size]);
        if (proj_size > 0) add("weight_hr", [proj_size, hidden_size]);
      }
    }
    this.reset_parameters();
  }

  /** Draws all weights anew, uniformly from ±1 / √hidden_size. Source: torch.nn.RNNBase.reset_parameters. */
  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.hidden_size);
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  private get fields(): Record<string, Tensor | undefined> {
    return this as unknown as Record<string, Tensor | undefined>;
  }

  private get directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  private get stateSize(): number {
    return this.proj_size > 0 ? this.proj_size : this.hidden_size;
  }

  private weights(layer: number, direction: number): LayerWeights {
    const get = (name: string) => this.fields[weightName(name, layer, direction)] ?? null;
    return {
      weight_ih: get("weight_ih")!,
      weight_hh: get("weight_hh")!,
      bias_ih: get("bias_ih"),
      bias_hh: get("bias_hh"),
      weight_hr: get("weight_hr"),
    };
  }

  /**
   * Output (L, N, H) and last states (layers · directions, N, H), for `given` initial ones or zeros.
   * @internal
   */
  protected run(input: Tensor, given: State | null, step: Step): [Tensor, Tensor[]] {
    const ndim = input.shape.length;
    if (ndim !== 2 && ndim !== 3)
      throw new ValueError(
        `${this.constructor.name}: Expected input to be 2D or 3D, got ${ndim}D ${this.constructor.name === "RNN" ? "tensor " : ""}instead`,
      );
    const batched = ndim === 3;
    const batchDim = this.batch_first ? 0 : 1;
    const x = batched ? input : input.unsqueeze(batchDim);
    this.checkInput(x);
    const states = this.initialStates(x, given, batched, x.shape[this.batch_first ? 0 : 1]);
    const layer = this.isFused(x, step) ? runFusedLayer : runLayer(step);
    const [output, last] = this.runLayers(this.batch_first ? x.transpose(0, 1) : x, states, layer);
    const result = !this.batch_first
      ? output
      : this.isFused(x, step)
        ? output.transpose(0, 1)
        : output._batch_first();
    return batched ? [result, last] : [result.squeeze(batchDim), last.map((s) => s.squeeze(1))];
  }

  /**
   * As `run`, of packed sequences too.
   * @internal
   */
  protected runEither(given: unknown, hx: State | null, step: Step): [Tensor, Tensor[]] {
    const input = sequencesOf(given);
    if (input instanceof Tensor) return this.run(input, hx, step);
    // Declared for a tensor, as most calls have it; the call signatures say what packed sequences give.
    return this.runPacked(input, hx, step) as unknown as [Tensor, Tensor[]];
  }

  /** As `run`, of packed sequences. @internal */
  protected runPacked(packed: PackedSequence, given: State | null, step: Step): [PackedSequence, Tensor[]] {
    const { data, batch_sizes, sorted_indices, unsorted_indices } = packed;
    const sizes = batch_sizes.tolist() as number[];
    if (data.shape.length !== 2)
      throw new RuntimeError(`input must have 2 dimensions, got ${data.shape.length}`);
    this.checkInput(data);
    const inOrder = given === null ? null : permuted(given, sorted_indices);
    const states = this.initialStates(data, inOrder, true, sizes[0]);
    const [output, last] = this.runLayers(data, states, runPackedLayer(sizes, step));
    return [packed.with(output), permuted(last, unsorted_indices)];
  }

  private checkInput(input: Tensor): void {
    const { dtype } = this.parameters()[0];
    if (input.dtype !== dtype)
      throw new ValueError(
        `RNN input dtype (${input.dtype}) does not match weight dtype (${dtype}). Convert input: input.to(${dtype}), or convert model: model.to(${input.dtype})`,
      );
    if (input.shape.at(-1) !== this.input_size)
      throw new RuntimeError(
        `input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${input.shape.at(-1)}`,
      );
  }

  /** The hidden state and, for an LSTM, the cell state to start from. */
  private initialStates(input: Tensor, given: State | null, batched: boolean, batch: number): Tensor[] {
    const shapes = this.stateShapes(batch);
    if (given === null) return shapes.map((shape) => torch.zeros(shape, { dtype: input.dtype }));
    return given.map((state, i) => {
      if (state.shape.length !== (batched ? 3 : 2)) throw this.wrongStateDims(given, batched);
      const full = batched ? state : state.unsqueeze(1);
      if (!sameShape(full.shape, shapes[i]))
        throw new RuntimeError(
          `Expected hidden${given.length > 1 ? `[${i}]` : ""} size (${shapes[i].join(", ")}), got ${showShape(full.shape)}`,
        );
      return full;
    });
  }

  private wrongStateDims(given: State, batched: boolean): RuntimeError {
    const dims = batched ? "3" : "2";
    const kind = batched ? "batched 3-D" : "unbatched 2-D";
    const got = given.map((state) => `${state.shape.length}-D`);
    return new RuntimeError(
      given.length === 1
        ? `For ${kind} input, hx should also be ${dims}-D but got ${got[0]} tensor`
        : `For ${kind} input, hx and cx should also be ${dims}-D but got (${got.join(", ")}) tensors`,
    );
  }

  /** @internal */
  protected stateShapes(batch: number): number[][] {
    return [[this.num_layers * this.directions, batch, this.stateSize]];
  }

  private isFused(input: Tensor, step: Step): boolean {
    return (
      step === lstmStep && this.bias && this.proj_size === 0 && input.dtype === float32 && input.numel() > 0
    );
  }

  private runLayers(input: Tensor, states: readonly Tensor[], run: Layer): [Tensor, Tensor[]] {
    const starts = states.map((state) => state.unbind(0));
    const last: State[] = [];
    let x = input;
    for (let layer = 0; layer < this.num_layers; layer++) {
      const outputs: Tensor[] = [];
      for (let direction = 0; direction < this.directions; direction++) {
        const state = starts.map((each) => each[last.length]);
        const weights = this.weights(layer, direction);
        const [output, end] = run(x, state, weights, direction === 1);
        outputs.push(output);
        last.push(end);
      }
      x = outputs.length > 1 ? torch.cat(outputs, -1) : outputs[0];
      if (layer < this.num_layers - 1 && this.dropout > 0 && this.training)
        x = F.dropout(x, this.dropout, true);
    }
    const joined = states.map((_, i) =>
      torch.stack(
        last.map((state) => state[i]),
        0,
      ),
    );
    return [x, joined];
  }

  override extra_repr(): string {
    const parts = [`${this.input_size}, ${this.hidden_size}`];
    if (this.proj_size !== 0) parts.push(`proj_size=${this.proj_size}`);
    if (this.num_layers !== 1) parts.push(`num_layers=${this.num_layers}`);
    if (!this.bias) parts.push("bias=False");
    if (this.batch_first) parts.push("batch_first=True");
    if (this.dropout !== 0) parts.push(`dropout=${float(this.dropout)}`);
    if (this.bidirectional) parts.push(`bidirectional=${flag(this.bidirectional)}`);
    return parts.join(", ");
  }
}

function permuted(states: readonly Tensor[], order: Tensor | null): Tensor[] {
  return order === null ? [...states] : states.map((state) => state.index_select(1, order));
}

/** `weight_ih_l0`, `bias_hh_l1_reverse`. */
function weightName(name: string, layer: number, direction: number): string {
  return `${name}_l${layer}${direction === 1 ? "_reverse" : ""}`;
}

const COMMON =
  "num_layers: int = 1, bias = true, batch_first = false, dropout: float = 0, bidirectional = false";
const rnnArguments = signature(
  "RNNBase(input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = 'tanh', bias = true, batch_first = false, dropout: float = 0, bidirectional = false, device: device? = null, dtype: dtype? = null)",
);
const gruArguments = signature(
  `RNNBase(input_size: int, hidden_size: int, ${COMMON}, device: device? = null, dtype: dtype? = null)` as "RNNBase(input_size: int, hidden_size: int, num_layers: int = 1, bias = true, batch_first = false, dropout: float = 0, bidirectional = false, device: device? = null, dtype: dtype? = null)",
);
/** Throws where a layer that projects nothing is given the size of a projection. */
function refuseProjection(args: readonly unknown[]): void {
  const last = args.at(-1);
  if (isKeywords(last) && "proj_size" in last)
    throw new ValueError("proj_size argument is only supported for LSTM, not RNN or GRU");
}

const lstmArguments = signature(
  `RNNBase(input_size: int, hidden_size: int, ${COMMON}, proj_size: int = 0, device: device? = null, dtype: dtype? = null)` as "RNNBase(input_size: int, hidden_size: int, num_layers: int = 1, bias = true, batch_first = false, dropout: float = 0, bidirectional = false, proj_size: int = 0, device: device? = null, dtype: dtype? = null)",
);

/** Packed sequences give packed outputs. */
export interface RNN {
  (input: PackedSequence, hx?: Tensor | StateOption<Tensor> | null): [PackedSequence, Tensor];
}

/**
 * h ← tanh(W_ih x + b_ih + W_hh h + b_hh), or relu, over the steps of (L, N, input_size), or (N, L, …) if
 * `batch_first`, or (L, …). Gives the outputs of the last layer and the last h of each. Source: torch.nn.RNN.
 */
export class RNN extends RNNBase {
  nonlinearity: string;

  constructor(
    input_size: number,
    hidden_size: number,
    options?: RecurrentOptions & { nonlinearity?: "tanh" | "relu" },
  );
  constructor(
    input_size: number,
    hidden_size: number,
    num_layers: number,
    options?: Omit<RecurrentOptions, "num_layers"> & { nonlinearity?: "tanh" | "relu" },
  );
  constructor(
    options: { input_size: number; hidden_size: number } & RecurrentOptions & {
        nonlinearity?: "tanh" | "relu";
      },
  );
  constructor(...args: unknown[]) {
    refuseProjection(args);
    const [
      input_size,
      hidden_size,
      num_layers,
      nonlinearity,
      bias,
      batch_first,
      dropout,
      bidirectional,
      ,
      dtype,
    ] = rnnArguments(args);
    if (nonlinearity !== "tanh" && nonlinearity !== "relu")
      throw new ValueError(`Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`);
    super(
      {
        input_size,
        hidden_size,
        num_layers,
        bias,
        batch_first,
        dropout,
        bidirectional,
        proj_size: 0,
        dtype,
      },
      1,
    );
    this.nonlinearity = nonlinearity;
  }

  override forward(input: Tensor, hx?: Tensor | StateOption<Tensor> | null): [Tensor, Tensor];
  override forward(...args: unknown[]): [Tensor, Tensor] {
    const [input, hx] = forwardArguments(args);
    const step = this.nonlinearity === "relu" ? reluStep : tanhStep;
    const [output, [hidden]] = this.runEither(input, hx && [hx], step);
    return [output, hidden];
  }
}

/** Packed sequences give packed outputs. */
export interface GRU {
  (input: PackedSequence, hx?: Tensor | StateOption<Tensor> | null): [PackedSequence, Tensor];
}

/**
 * Gated recurrent units over the steps of (L, N, input_size), or (N, L, …) if `batch_first`, or (L, …). Gives the outputs
 * of the last layer and the last h of each. Source: torch.nn.GRU.
 */
export class GRU extends RNNBase {
  constructor(input_size: number, hidden_size: number, options?: RecurrentOptions);
  constructor(
    input_size: number,
    hidden_size: number,
    num_layers: number,
    options?: Omit<RecurrentOptions, "num_layers">,
  );
  constructor(options: { input_size: number; hidden_size: number } & RecurrentOptions);
  constructor(...args: unknown[]) {
    refuseProjection(args);
    const [input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, , dtype] =
      gruArguments(args);
    super(
      {
        input_size,
        hidden_size,
        num_layers,
        bias,
        batch_first,
        dropout,
        bidirectional,
        proj_size: 0,
        dtype,
      },
      3,
    );
  }

  override forward(input: Tensor, hx?: Tensor | StateOption<Tensor> | null): [Tensor, Tensor];
  override forward(...args: unknown[]): [Tensor, Tensor] {
    const [input, hx] = forwardArguments(args);
    const [output, [hidden]] = this.runEither(input, hx && [hx], gruStep);
    return [output, hidden];
  }
}

/** Packed sequences give packed outputs. */
export interface LSTM {
  (
    input: PackedSequence,
    hx?: readonly [Tensor, Tensor] | StateOption<readonly [Tensor, Tensor]> | null,
  ): [PackedSequence, [Tensor, Tensor]];
}

/**
 * Long short-term memory over the steps of (L, N, input_size), or (N, L, …) if `batch_first`, or (L, …). Gives the outputs
 * of the last layer and the last h and c of each; h is projected to `proj_size` if that is not 0.
 * Source: torch.nn.LSTM.
 */
export class LSTM extends RNNBase {
  constructor(input_size: number, hidden_size: number, options?: RecurrentOptions & { proj_size?: number });
  constructor(
    input_size: number,
    hidden_size: number,
    num_layers: number,
    options?: Omit<RecurrentOptions, "num_layers"> & { proj_size?: number },
  );
  constructor(
    options: { input_size: number; hidden_size: number } & RecurrentOptions & { proj_size?: number },
  );
  constructor(...args: unknown[]) {
    const [
      input_size,
      hidden_size,
      num_layers,
      bias,
      batch_first,
      dropout,
      bidirectional,
      proj_size,
      ,
      dtype,
    ] = lstmArguments(args);
    super(
      { input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size, dtype },
      4,
    );
  }

  override forward(
    input: Tensor,
    hx?: readonly [Tensor, Tensor] | StateOption<readonly [Tensor, Tensor]> | null,
  ): [Tensor, [Tensor, Tensor]];
  override forward(...args: unknown[]): [Tensor, [Tensor, Tensor]] {
    const [input, hx] = lstmForwardArguments(args);
    const [output, [hidden, cell]] = this.runEither(input, hx, lstmStep);
    return [output, [hidden, cell]];
  }

  /** @internal */
  protected override stateShapes(batch: number): number[][] {
    const [hidden] = super.stateShapes(batch);
    return [hidden, [hidden[0], batch, this.hidden_size]];
  }
}

/** What a cell can be told. */
export interface CellOptions {
  bias?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

const cellArguments = signature(
  "Cell(input_size: int, hidden_size: int, bias = true, device: device? = null, dtype: dtype? = null)",
);
const rnnCellArguments = signature(
  "RNNCell(input_size: int, hidden_size: int, bias = true, nonlinearity: str = 'tanh', device: device? = null, dtype: dtype? = null)",
);

/** One step of a recurrent layer: its weights and shapes. Source: torch.nn.RNNCellBase. */
export abstract class RNNCellBase extends Module {
  input_size: number;
  hidden_size: number;
  bias: boolean;
  weight_ih: Parameter;
  weight_hh: Parameter;
  bias_ih: Parameter | null;
  bias_hh: Parameter | null;

  /** @internal */
  constructor(input_size: number, hidden_size: number, bias: boolean, gates: number, dtype: DType | null) {
    super();
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.bias = bias;
    const size = gates * hidden_size;
    const parameter = (shape: number[]) => new Parameter(torch.empty(shape, { dtype }));
    this.weight_ih = parameter([size, input_size]);
    this.weight_hh = parameter([size, hidden_size]);
    this.bias_ih = bias ? parameter([size]) : null;
    this.bias_hh = bias ? parameter([size]) : null;
    this.reset_parameters();
  }

  /** Draws all weights anew, uniformly from ±1 / √hidden_size. Source: torch.nn.RNNCellBase.reset_parameters. */
  reset_parameters(): void {
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  /** One step for (N, input_size) or (input_size). @internal */
  protected step(input: Tensor, given: State | null, states: number, step: Step): Tensor[] {
    const name = this.constructor.name;
    const ndim = input.shape.length;
    if (ndim !== 1 && ndim !== 2)
      throw new ValueError(`${name}: Expected input to be 1D or 2D, got ${ndim}D instead`);
    given?.forEach((state, i) => {
      const dims = state.shape.length;
      if (dims !== 1 && dims !== 2)
        throw new ValueError(
          `${name}: Expected ${states > 1 ? `hx[${i}]` : "hidden"} to be 1D or 2D, got ${dims}D instead`,
        );
    });
    const batched = ndim === 2;
    const x = batched ? input : input.unsqueeze(0);
    if (x.shape[1] !== this.input_size)
      throw new RuntimeError(
        `input has inconsistent input_size: got ${x.shape[1]} expected ${this.input_size}`,
      );
    const zeros = () => torch.zeros([x.shape[0], this.hidden_size], { dtype: x.dtype });
    const state = given?.map((s) => (batched ? s : s.unsqueeze(0))) ?? Array.from({ length: states }, zeros);
    state.forEach((s, i) => {
      if (s.shape[0] !== x.shape[0])
        throw new RuntimeError(
          `Input batch size ${x.shape[0]} doesn't match hidden${i} batch size ${s.shape[0]}`,
        );
      if (s.shape[1] !== this.hidden_size)
        throw new RuntimeError(
          `hidden${i} has inconsistent hidden_size: got ${s.shape[1]}, expected ${this.hidden_size}`,
        );
    });
    const gates = F.linear(x, this.weight_ih, this.bias_ih);
    const { weight_ih, weight_hh, bias_ih, bias_hh } = this;
    const next = step(gates, state, { weight_ih, weight_hh, bias_ih, bias_hh, weight_hr: null });
    return batched ? [...next] : next.map((s) => s.squeeze(0));
  }

  override extra_repr(): string {
    return `${this.input_size}, ${this.hidden_size}${this.bias ? "" : ", bias=False"}`;
  }
}

/** h′ = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu: (N, input_size) → (N, hidden_size). Source: torch.nn.RNNCell. */
export class RNNCell extends RNNCellBase {
  nonlinearity: string;

  constructor(
    input_size: number,
    hidden_size: number,
    options?: CellOptions & { nonlinearity?: "tanh" | "relu" },
  );
  constructor(
    options: { input_size: number; hidden_size: number } & CellOptions & { nonlinearity?: "tanh" | "relu" },
  );
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, bias, nonlinearity, , dtype] = rnnCellArguments(args);
    super(input_size, hidden_size, bias, 1, dtype);
    this.nonlinearity = nonlinearity;
  }

  override forward(input: Tensor, hx?: Tensor | StateOption<Tensor> | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, hx] = cellForwardArguments(args);
    if (this.nonlinearity !== "tanh" && this.nonlinearity !== "relu")
      throw new RuntimeError(`Unknown nonlinearity: ${this.nonlinearity}`);
    return this.step(input, hx && [hx], 1, this.nonlinearity === "relu" ? reluStep : tanhStep)[0];
  }

  override extra_repr(): string {
    return `${super.extra_repr()}${this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`}`;
  }
}

/** One step of a GRU: (N, input_size), (N, hidden_size) → (N, hidden_size). Source: torch.nn.GRUCell. */
export class GRUCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, options?: CellOptions);
  constructor(options: { input_size: number; hidden_size: number } & CellOptions);
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, bias, , dtype] = cellArguments(args, "GRUCell");
    super(input_size, hidden_size, bias, 3, dtype);
  }

  override forward(input: Tensor, hx?: Tensor | StateOption<Tensor> | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, hx] = cellForwardArguments(args);
    return this.step(input, hx && [hx], 1, gruStep)[0];
  }
}

/** One step of an LSTM: (N, input_size) and h, c (N, hidden_size) → the next h and c. Source: torch.nn.LSTMCell. */
export class LSTMCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, options?: CellOptions);
  constructor(options: { input_size: number; hidden_size: number } & CellOptions);
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, bias, , dtype] = cellArguments(args, "LSTMCell");
    super(input_size, hidden_size, bias, 4, dtype);
  }

  override forward(
    input: Tensor,
    hx?: readonly [Tensor, Tensor] | StateOption<readonly [Tensor, Tensor]> | null,
  ): [Tensor, Tensor];
  override forward(...args: unknown[]): [Tensor, Tensor] {
    const [input, hx] = lstmCellForwardArguments(args);
    const [hidden, cell] = this.step(input, hx, 2, lstmStep);
    return [hidden, cell];
  }
}
