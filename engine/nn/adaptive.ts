import type { Device } from "../device";
import type { DType } from "../dtype";
import { RuntimeError, ValueError } from "../errors";
import { F, torch } from "../op/define";
import { signature } from "../op/signature";
import { pythonRepr } from "../printing/python";
import type { Tensor } from "../tensor";
import { ModuleList, Sequential } from "./container";
import { Linear } from "./linear";
import { Module } from "./module";

export interface AdaptiveLogSoftmaxOptions {
  /** By how much the projections of each further cluster are smaller. */
  div_value?: number;
  head_bias?: boolean;
  device?: Device | string | null;
  dtype?: DType | null;
}

const adaptiveArguments = signature(
  "AdaptiveLogSoftmaxWithLoss(in_features: int, n_classes: int, cutoffs: int[], div_value: float = 4, head_bias = false, device: device? = null, dtype: dtype? = null)",
);

/**
 * Softmax over very many classes, of which the frequent ones come first: the head knows those below the first
 * cutoff and one entry for each further cluster, whose smaller projections are asked only where the target
 * lies there. input (N, in_features), target (N) → output (N) of log-probabilities and their mean loss.
 * Source: torch.nn.AdaptiveLogSoftmaxWithLoss; Grave et al. 2016.
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  in_features: number;
  n_classes: number;
  /** First class of each cluster but the first, and last the number of classes. */
  cutoffs: number[];
  div_value: number;
  head_bias: boolean;
  shortlist_size: number;
  n_clusters: number;
  head_size: number;
  head: Linear;
  tail: ModuleList;

  constructor(
    in_features: number,
    n_classes: number,
    cutoffs: readonly number[],
    options?: AdaptiveLogSoftmaxOptions,
  );
  constructor(
    in_features: number,
    n_classes: number,
    cutoffs: readonly number[],
    div_value: number,
    head_bias?: boolean,
  );
  constructor(
    options: {
      in_features: number;
      n_classes: number;
      cutoffs: readonly number[];
    } & AdaptiveLogSoftmaxOptions,
  );
  constructor(...args: unknown[]) {
    super();
    const [in_features, n_classes, cutoffs, div_value, head_bias, , dtype] = adaptiveArguments(args);
    checkCutoffs(cutoffs, n_classes);
    this.in_features = in_features;
    this.n_classes = n_classes;
    this.cutoffs = [...cutoffs, n_classes];
    this.div_value = div_value;
    this.head_bias = head_bias;
    this.shortlist_size = cutoffs[0];
    this.n_clusters = cutoffs.length;
    this.head_size = this.shortlist_size + this.n_clusters;
    this.head = new Linear(in_features, this.head_size, { bias: head_bias, dtype });
    this.tail = new ModuleList();
    for (let i = 0; i < this.n_clusters; i++) {
      const hidden = Math.floor(in_features / div_value ** (i + 1));
      const size = this.cutoffs[i + 1] - this.cutoffs[i];
      this.tail.append(
        new Sequential(
          new Linear(in_features, hidden, { bias: false, dtype }),
          new Linear(hidden, size, { bias: false, dtype }),
        ),
      );
    }
  }

  /** Draws all weights anew. */
  reset_parameters(): void {
    this.head.reset_parameters();
    for (const projection of this.tail)
      for (const layer of projection.children()) (layer as Linear).reset_parameters();
  }

  override forward(input: Tensor, target: Tensor): [Tensor, Tensor] & { output: Tensor; loss: Tensor } {
    checkTarget(input, target);
    const batched = target.shape.length > 0;
    const inputs = batched ? input : input.unsqueeze(0);
    const targets = batched ? target : target.unsqueeze(0);
    const rows = targets.size(0);
    const output = inputs.new_zeros([rows]);
    const headTargets = targets.new_empty([rows]);
    let used = 0;
    [0, ...this.cutoffs].slice(0, -1).forEach((low, cluster) => {
      const mask = targets.ge(low).logical_and(targets.lt(this.cutoffs[cluster]));
      const places = mask.nonzero().squeeze();
      if (places.numel() === 0) return;
      used += places.numel();
      const inCluster = targets.masked_select(mask);
      if (cluster === 0) {
        headTargets.index_copy_(0, places, inCluster);
        return;
      }
      headTargets.index_fill_(0, places, this.shortlist_size + cluster - 1);
      const logits: Tensor = this.tail.at(cluster - 1)(inputs.index_select(0, places));
      const chosen = F.log_softmax(logits, 1).gather(1, inCluster.sub(low).unsqueeze(1));
      output.index_copy_(0, places, chosen.squeeze(1));
    });
    if (used !== rows)
      throw new RuntimeError(
        `Target values should be in [0, ${this.n_classes - 1}], but values in range [${targets.min().item()}, ${targets.max().item()}] were found. `,
      );
    const head = F.log_softmax(this.head(inputs), 1);
    output.add_(head.gather(1, headTargets.unsqueeze(1)).squeeze());
    const loss = output.neg().mean();
    return namedResult(batched ? output : output.squeeze(0), loss);
  }

  /** The log-probability of every class: (N, in_features) → (N, n_classes). */
  log_prob(input: Tensor): Tensor {
    return this.fullLogProb(input, this.head(input));
  }

  /** The likeliest class: (N, in_features) → (N). Asks the clusters only where the head points to one. */
  predict(input: Tensor): Tensor {
    const head: Tensor = this.head(input);
    const output = head.argmax(1);
    const beyond = output.ge(this.shortlist_size);
    if (!beyond.any().item()) return output;
    if (beyond.all().item()) return this.fullLogProb(input, head).argmax(1);
    const places = beyond.nonzero().squeeze(1);
    const full = this.fullLogProb(input.index_select(0, places), head.index_select(0, places));
    return output.index_copy(0, places, full.argmax(1));
  }

  private fullLogProb(input: Tensor, headOutput: Tensor): Tensor {
    const head = F.log_softmax(headOutput, 1);
    const parts = this.cutoffs.slice(0, -1).map((_, i) => {
      const logits: Tensor = this.tail.at(i)(input);
      return F.log_softmax(logits, 1).add(head.select(1, this.shortlist_size + i).unsqueeze(1));
    });
    return torch.cat([head.narrow(1, 0, this.shortlist_size), ...parts], 1);
  }
}

function checkCutoffs(cutoffs: readonly number[], n_classes: number): void {
  if (cutoffs.length === 0) throw new ValueError("cutoffs should be a sequence of length larger than 0");
  const increasing = cutoffs.every((cutoff, i) => i === 0 || cutoff > cutoffs[i - 1]);
  if (!increasing || cutoffs[0] <= 0 || cutoffs[cutoffs.length - 1] > n_classes - 1)
    throw new ValueError(
      "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1",
    );
}

function checkTarget(input: Tensor, target: Tensor): void {
  const found = `but found inputs with size torch.Size(${pythonRepr(input.shape)})`;
  if (target.shape.length > 1)
    throw new RuntimeError("0D or 1D target tensor expected, multi-target not supported");
  if (target.shape.length === 1 && input.shape[0] !== target.shape[0])
    throw new RuntimeError("Input and target should have the same size in the batch dimension.");
  if (input.shape.length !== target.shape.length + 1)
    throw new RuntimeError(
      target.shape.length === 1
        ? `1D target tensor expects 2D input tensors, ${found}`
        : `0D target tensor expects 1D input tensors, ${found}`,
    );
}

function namedResult(output: Tensor, loss: Tensor): [Tensor, Tensor] & { output: Tensor; loss: Tensor } {
  const result: [Tensor, Tensor] = [output, loss];
  Object.defineProperties(result, { output: { value: output }, loss: { value: loss } });
  return result as [Tensor, Tensor] & { output: Tensor; loss: Tensor };
}
