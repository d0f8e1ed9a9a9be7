import { type DType, float32 } from "../dtype";
import { RuntimeError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import { sameShape, showShape } from "../shape";
import type { Tensor } from "../tensor";
import { uniform_ } from "./init";
import { Module } from "./module";
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

/** Runs one layer over the steps of `input` (L, N, …) → (L, N, H), and the last state. */
function runLayer(
  step: Step,
  input: Tensor,
  state: State,
  weights: LayerWeights,
  reverse: boolean,
): [Tensor, State] {
  const steps = F.linear(input, weights.weight_ih, weights.bias_ih).unbind(0);
  const outputs: Tensor[] = [];
  let current = state;
  for (const gates of reverse ? steps.reverse() : steps) {
    current = step(gates, current, weights);
    outputs.push(current[0]);
  }
  return [torch.stack(reverse ? outputs.reverse() : outputs, 0), current];
}

interface Settings extends Required<Omit<RecurrentOptions, "dtype">> {
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

const forwardArguments = signature("forward(input: Tensor, hx: Tensor? = null)");
const lstmForwardArguments = signature("forward(input: Tensor, hx: Tensor[]? = null)");

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
    const states = this.initialStates(x, given, batched);
    const [output, last] = this.runLayers(this.batch_first ? x.transpose(0, 1) : x, states, step);
    const result = !this.batch_first
      ? output
      : this.isFused(x, step)
        ? output.transpose(0, 1)
        : output._batch_first();
    return batched ? [result, last] : [result.squeeze(batchDim), last.map((s) => s.squeeze(1))];
  }

  private checkInput(input: Tensor): void {
    const { dtype } = this.parameters()[0];
    if (input.dtype !== dtype)
      throw new ValueError(
        `RNN input dtype (${input.dtype}) does not match weight dtype (${dtype}). Convert input: input.to(${dtype}), or convert model: model.to(${input.dtype})`,
      );
    if (input.shape[2] !== this.input_size)
      throw new RuntimeError(
        `input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${input.shape[2]}`,
      );
  }

  /** The hidden state and, for an LSTM, the cell state to start from. */
  private initialStates(input: Tensor, given: State | null, batched: boolean): Tensor[] {
    const batch = input.shape[this.batch_first ? 0 : 1];
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

  private runLayers(input: Tensor, states: readonly Tensor[], step: Step): [Tensor, Tensor[]] {
    const starts = states.map((state) => state.unbind(0));
    const last: State[] = [];
    const fused = this.isFused(input, step);
    let x = input;
    for (let layer = 0; layer < this.num_layers; layer++) {
      const outputs: Tensor[] = [];
      for (let direction = 0; direction < this.directions; direction++) {
        const state = starts.map((each) => each[last.length]);
        const weights = this.weights(layer, direction);
        const [output, end] = fused
          ? runFusedLayer(x, state, weights, direction === 1)
          : runLayer(step, x, state, weights, direction === 1);
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

/** `weight_ih_l0`, `bias_hh_l1_reverse`. */
function weightName(name: string, layer: number, direction: number): string {
  return `${name}_l${layer}${direction === 1 ? "_reverse" : ""}`;
}

const COMMON =
  "num_layers: int = 1, bias = true, batch_first = false, dropout: float = 0, bidirectional = false";
const rnnArguments = signature(
  "RNN(input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = 'tanh', bias = true, batch_first = false, dropout: float = 0, bidirectional = false, *, dtype: dtype? = null)",
);
const gruArguments = signature(
  `GRU(input_size: int, hidden_size: int, ${COMMON}, *, dtype: dtype? = null)` as "GRU(input_size: int, hidden_size: int, num_layers: int = 1, bias = true, batch_first = false, dropout: float = 0, bidirectional = false, *, dtype: dtype? = null)",
);
/** Throws where a layer that projects nothing is given the size of a projection. */
function refuseProjection(args: readonly unknown[]): void {
  const last = args.at(-1);
  if (isKeywords(last) && "proj_size" in last)
    throw new ValueError("proj_size argument is only supported for LSTM, not RNN or GRU");
}

const lstmArguments = signature(
  `LSTM(input_size: int, hidden_size: int, ${COMMON}, proj_size: int = 0, *, dtype: dtype? = null)` as "LSTM(input_size: int, hidden_size: int, num_layers: int = 1, bias = true, batch_first = false, dropout: float = 0, bidirectional = false, proj_size: int = 0, *, dtype: dtype? = null)",
);

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
    const [output, [hidden]] = this.run(input, hx && [hx], step);
    return [output, hidden];
  }
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
  constructor(...args: unknown[]) {
    refuseProjection(args);
    const [input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype] =
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
    const [output, [hidden]] = this.run(input, hx && [hx], gruStep);
    return [output, hidden];
  }
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
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size, dtype] =
      lstmArguments(args);
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
    const [output, [hidden, cell]] = this.run(input, hx, lstmStep);
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
  dtype?: DType | null;
}

const cellArguments = signature(
  "Cell(input_size: int, hidden_size: int, bias = true, *, dtype: dtype? = null)",
);
const rnnCellArguments = signature(
  "RNNCell(input_size: int, hidden_size: int, bias = true, nonlinearity: str = 'tanh', *, dtype: dtype? = null)",
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
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, bias, nonlinearity, dtype] = rnnCellArguments(args);
    super(input_size, hidden_size, bias, 1, dtype);
    this.nonlinearity = nonlinearity;
  }

  override forward(input: Tensor, hx?: Tensor | StateOption<Tensor> | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, hx] = forwardArguments(args);
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
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, bias, dtype] = cellArguments(args);
    super(input_size, hidden_size, bias, 3, dtype);
  }

  override forward(input: Tensor, hx?: Tensor | StateOption<Tensor> | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, hx] = forwardArguments(args);
    return this.step(input, hx && [hx], 1, gruStep)[0];
  }
}

/** One step of an LSTM: (N, input_size) and h, c (N, hidden_size) → the next h and c. Source: torch.nn.LSTMCell. */
export class LSTMCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, options?: CellOptions);
  constructor(...args: unknown[]) {
    const [input_size, hidden_size, bias, dtype] = cellArguments(args);
    super(input_size, hidden_size, bias, 4, dtype);
  }

  override forward(
    input: Tensor,
    hx?: readonly [Tensor, Tensor] | StateOption<readonly [Tensor, Tensor]> | null,
  ): [Tensor, Tensor];
  override forward(...args: unknown[]): [Tensor, Tensor] {
    const [input, hx] = lstmForwardArguments(args);
    const [hidden, cell] = this.step(input, hx, 2, lstmStep);
    return [hidden, cell];
  }
}
