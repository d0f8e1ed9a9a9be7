import type { Layer } from "../../engine/plot/sink";
import type { CheckAnswer, CheckTarget } from "../gradientCheck/model";
import type { Seen, TrainingEvent } from "./model";

/** A moment that the views go back to: when a loop was in its `iteration`th round, counting from 1. */
export interface Position {
  /** The loop's site. */
  loop: number;
  /** Rounds of every time the loop was entered count together. */
  iteration: number;
}

/** What a view asks of a run, while it goes on or after. Answered from inside the program's realm. */
export type Query =
  /** The whole value at a site, and why its gradient is what it is. */
  | { kind: "inspect"; site: number; at?: Position }
  /** What every site had seen by the end of an iteration. */
  | { kind: "moment"; at: Position }
  /** The value at a site as text to copy. */
  | { kind: "text"; site: number; at?: Position; format: TextFormat }
  /** The scalars of the run over its steps, from where the asker left off. */
  | { kind: "curves"; have: readonly CurveCursor[]; plots?: readonly CurveCursor[] }
  /** What a program drew under one name, at the end or at one moment. */
  | { kind: "picture"; picture: number; at?: Position }
  /** Every tensor that received gradients, over the backward passes. */
  | { kind: "leaves"; have: readonly CurveCursor[] }
  /** One of those at one moment, whole. */
  | { kind: "leaf"; leaf: number; at?: Position }
  /** The backward graph of the tensor at a site; with the values and gradients of an earlier moment. */
  | { kind: "graph"; site: number; at?: Position }
  /** What the training did, for those who look for mistakes in it. */
  | { kind: "training" }
  /** Begins to compare gradients with finite differences; with null goes on with that. */
  | { kind: "check"; target: CheckTarget | null };

export type TextFormat = "text" | "json" | "csv";

/** `null` where there is nothing to tell: the value is gone, or was never there. */
export interface Answers {
  inspect: Inspection | null;
  moment: MomentAnswer;
  text: string | null;
  curves: CurvesAnswer;
  leaves: LeavesAnswer;
  leaf: LeafValue | null;
  picture: PictureValue | null;
  graph: GraphAnswer | null;
  training: TrainingFacts;
  check: CheckAnswer;
}

export type Answer<Q extends Query> = Answers[Q["kind"]] | null;

/** The whole value at a site, for a hover. Every field is ready to show. */
export interface Inspection {
  /** The value as `print` shows it, summarised by PyTorch's own rule. */
  text: string;
  /** How often the site was reached, at most up to the position asked for. */
  count: number;
  tensor: null | InspectedTensor;
}

export interface InspectedTensor {
  shape: number[];
  dtype: string;
  requiresGrad: boolean;
  isLeaf: boolean;
  gradFn: string | null;
  /** Names of `grad_fn.next_functions`, `null` for an input that needs no gradient. */
  nextFunctions: (string | null)[];
  /** The gradient the last backward pass left here, as PyTorch prints it. */
  grad: string | null;
  statistics: Statistics | null;
  /** Statistics of the gradient. */
  gradStatistics: Statistics | null;
  /** Where the gradient came from; null if none arrived or it was too long ago. */
  why: GradientExplanation | null;
}

/** Of a tensor's elements; of floating point, without NaN and infinities. */
export interface Statistics {
  /** Number of elements. */
  count: number;
  nan: number;
  inf: number;
  min: number;
  max: number;
  mean: number;
  /** With Bessel's correction, as `torch.std`. NaN for a single element. */
  std: number;
  /** Euclidean. */
  norm: number;
  /** How many elements lie in each of equally wide bins between `min` and `max`. */
  histogram: number[];
}

/** A gradient as the sum of what each consumer of the tensor sent back. */
export interface GradientExplanation {
  shares: GradientShare[];
  /** The sum of the shares. */
  sum: string;
  /** Of a leaf whose `grad` held something before this pass: what `grad` is now, the sum added. */
  accumulated: string | null;
  /** The tensor is where the backward pass began: its gradient by itself is 1, or what was given. */
  isRoot: boolean;
  /**
   * Where the first share's upstream gradient came from: the steps from its consumer to where the pass began,
   * or as far as told.
   */
  path: PathStep[];
}

/** What a name in a derivative stood for: a variable, or the expression at a site; null where there is none. */
export interface DerivativeUse {
  name: string;
  variable: string | null;
  site: number | null;
  text: string;
  elements: number;
}

/** A step that a gradient came through. */
export interface PathStep {
  gradFn: string;
  /** Site of the expression that computed it, and the variable it was given to last; null if there is none. */
  site: number | null;
  name: string | null;
  /** Site at which the variable was given it. */
  binding: number | null;
  shares: GradientShare[];
  /** The gradient of its result. */
  sum: string;
  isRoot: boolean;
}

export interface GradientShare {
  /** `MulBackward0`. */
  gradFn: string;
  /** Site of the expression that computed the consumer; null if it has none, as inside a module. */
  site: number | null;
  /** The variable to which the consumer's result was given, or null. */
  name: string | null;
  /** The consumer's parameter that the tensor was given for. */
  parameter: string | null;
  /** The derivative by that parameter: `grad · other`. Null where none is written down. */
  formula: string | null;
  /** What the names in the formula stood for, besides `grad`. */
  uses: DerivativeUse[];
  /** The gradient of the consumer's result, `grad` in the formula. */
  upstream: string | null;
  upstreamShape: number[] | null;
  /** What the formula gives. */
  computed: string;
  computedShape: number[];
  /** The same in the tensor's own shape. */
  sent: string;
  /** The dimensions over which it was summed because the tensor was broadcast; empty if it was not. */
  summedOver: number[];
}

/** What the sites had seen by a moment. A site that was not reached by then is missing. */
export interface MomentAnswer {
  seen: [site: number, seen: SeenThen][];
  /** What statements had done to the training, each in the iteration that is told. */
  events: { site: number; iteration: number; event: TrainingEvent }[];
}

export interface SeenThen extends Seen {
  /** The iteration of the position's loop in which this was seen. */
  iteration: number;
}

/** How much of a curve the asker has. */
export interface CurveCursor {
  id: number;
  version: number;
  length: number;
}

/** A curve from where the asker left off: from 0 if it was thinned since. */
export interface CurvePiece {
  /** For curves of scalars the site. */
  id: number;
  version: number;
  /** Index of the first value in this piece. */
  from: number;
  values: Float64Array;
  /** For each value, how many iterations each of `loops` had begun. One list per loop. */
  iterations: Float64Array[];
  /** Steps between values. */
  stride: number;
}

export interface CurvesAnswer {
  /** Site ids of the loops that the program has entered. */
  loops: number[];
  curves: CurvePiece[];
  /** Sites whose tensors `backward()` was called on: the losses. */
  roots: number[];
  /** What the program plotted by name. */
  plots: PlotPiece[];
  pictures: PictureFacts[];
  /** What was left out of that, in sentences. */
  plotNotes: string[];
}

export interface PlotPiece extends CurvePiece {
  name: string;
}

export interface PictureFacts {
  id: number;
  name: string;
  /** How often something was drawn under this name. */
  calls: number;
}

export type PictureValue = Layer[];

/** A tensor that received gradients: a weight or bias. */
export interface LeafPiece {
  id: number;
  /** `w`, `model.0.weight`; null if it has no name. */
  name: string | null;
  shape: number[];
  version: number;
  from: number;
  iterations: Float64Array[];
  /** The number of the backward pass of each entry. */
  passes: Float64Array;
  /** The elements, entry by entry, of a tensor with at most `MAX_ELEMENTS`; null for larger ones. */
  elements: Float64Array | null;
  gradElements: Float64Array | null;
  /** Of a larger one; of others they follow from the elements. */
  statistics: LeafStatistics | null;
}

/** What a leaf was like at each of some passes. */
export interface LeafStatistics {
  /** norm, mean, std, min and max, entry by entry. */
  summary: Float64Array;
  gradSummary: Float64Array;
  /** Size of the change to the next pass, relative to the tensor's own: ‖Δw‖/‖w‖; NaN for the last. */
  updateRatio: Float64Array;
  /** Lowest, highest, and how many elements lie in each of `HISTOGRAM_BINS` between, entry by entry. */
  histograms: Float64Array;
}

export interface LeavesAnswer {
  loops: number[];
  leaves: LeafPiece[];
}

export interface LeafValue {
  shape: number[];
  values: Float64Array;
  grad: Float64Array | null;
}

/** A backward graph: steps and leaves, each with where its gradient goes on. */
export interface GraphAnswer {
  nodes: GraphNode[];
  /** More was there than could be told. */
  truncated: boolean;
}

export interface GraphNode {
  id: number;
  kind: "root" | "step" | "leaf";
  /** `MulBackward0`, `AccumulateGrad`. */
  gradFn: string;
  /** The variable that holds its result, the leaf's name. */
  name: string | null;
  site: number | null;
  /** Path of the module in which it was computed, outermost first: `["model", "0"]`. */
  modules: string[];
  /** Which call of each of those it was. */
  calls: number[];
  shape: number[] | null;
  dtype: string | null;
  /** The result's value, brief, where it is known. */
  text: string | null;
  grad: string | null;
  gradNorm: number | null;
  /** What the step saved for its derivatives. */
  saved: { name: string; variable: string | null; shape: number[] }[];
  /** Ids of the nodes that this one's inputs came from; null for an input without gradient. */
  next: (number | null)[];
}

/** What a run's training did. */
export interface TrainingFacts {
  /** Number of backward passes. */
  passes: number;
  losses: LossFacts[];
  leaves: LeafFacts[];
  /** Where the first NaN came up, and where the first infinity that an operation made. */
  nan: NonFinite | null;
  inf: NonFinite | null;
  optimizers: { name: string; site: number }[];
  /** What PyTorch would have warned of, and the site of the expression at which it would; once for each site. */
  warnings: { site: number; message: string }[];
  squashedTwice: SquashedTwice[];
  broadcastDifferences: BroadcastDifference[];
}

/** The values that backward passes began at. */
export interface LossFacts {
  site: number;
  first: number;
  last: number;
  min: number;
  count: number;
  /** Means over the first and the last tenth of the steps, and the lowest mean over any tenth. */
  start: number;
  end: number;
  lowest: number;
}

/** In a loss by hand: a prediction minus a target, of a larger shape than the prediction. */
export interface BroadcastDifference {
  /** Site of the difference. */
  site: number;
  prediction: number[];
  shape: number[];
}

/** A loss that takes the softmax or sigmoid by itself was given what had been through it already. */
export interface SquashedTwice {
  /** Site of the loss. */
  site: number;
  /** The step that was there first, and where; -1 if it has no site, as inside a module. */
  gradFn: string;
  squashedAt: number;
}

export interface LeafFacts {
  name: string | null;
  /** Where it was made or, for a parameter, where its module was; null if unknown. */
  site: number | null;
  isParameter: boolean;
  shape: number[];
  /** Backward passes that reached it. */
  received: number;
  /** Passes that added to a gradient left by an earlier pass though the tensor was changed in between. */
  accumulatedStale: number;
  /** Euclidean norm of its last gradient, divided by the square root of its size. */
  gradSize: number | null;
  /** Whether it was changed in place after it was made. */
  changed: boolean;
  /** Whether an optimizer in a variable has it. */
  optimized: boolean;
}

export interface NonFinite {
  site: number;
  /** The visit of the site, counting from 1. */
  visit: number;
  /** The step that made it; null for a tensor without history. */
  gradFn: string | null;
  /** What went into that step, as far as it has a history of its own. */
  inputs: NonFiniteInput[];
}

export interface NonFiniteInput {
  name: string | null;
  /** Site of the expression that gave it, if it has no name; null if there is none. */
  site: number | null;
  text: string;
  /** Whether there was a NaN or an infinity in it already. */
  isNonFinite: boolean;
}
