import { elements, emptyTensor, type Tensor } from "../tensor";

export interface Alignment {
  inputs: readonly number[];
  lengths: readonly number[];
  blank: number;
  zero_infinity: boolean;
}

/** One sequence: its labels with blanks between and around them, and its log-probabilities. */
interface Sequence {
  labels: number[];
  steps: number;
  /** ln p of the label at position s in step t. */
  log: (t: number, s: number) => number;
}

function sequence(log_probs: Tensor, targets: Tensor, a: Alignment, b: number): Sequence {
  const [, batch, classes] = log_probs.shape;
  const p = elements(log_probs);
  const ids = elements(targets);
  const start =
    targets.shape.length === 2
      ? b * targets.shape[1]
      : a.lengths.slice(0, b).reduce((sum, length) => sum + length, 0);
  const labels = [a.blank];
  for (let i = 0; i < a.lengths[b]; i++) labels.push(ids[start + i], a.blank);
  return { labels, steps: a.inputs[b], log: (t, s) => p[(t * batch + b) * classes + labels[s]] };
}

/** ln(e^a + e^b + …) */
function logSum(...values: number[]): number {
  const most = Math.max(...values);
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(values.reduce((sum, v) => sum + Math.exp(v - most), 0));
}

/** A label may be reached past the blank before it unless it repeats. */
function skips(labels: readonly number[], s: number, blank: number): boolean {
  return s >= 2 && labels[s] !== blank && labels[s] !== labels[s - 2];
}

/** alphas[t][s]: ln of the probability of all alignments of the first t steps that end at position s. */
function forwardVariables({ labels, steps, log }: Sequence, blank: number): Float64Array[] {
  const alphas: Float64Array[] = [];
  for (let t = 0; t < steps; t++) {
    const row = new Float64Array(labels.length).fill(Number.NEGATIVE_INFINITY);
    for (let s = 0; s < labels.length; s++) {
      if (t === 0) {
        if (s < 2) row[s] = log(0, s);
        continue;
      }
      const before = alphas[t - 1];
      const reach = logSum(
        before[s],
        s >= 1 ? before[s - 1] : Number.NEGATIVE_INFINITY,
        skips(labels, s, blank) ? before[s - 2] : Number.NEGATIVE_INFINITY,
      );
      row[s] = reach + log(t, s);
    }
    alphas.push(row);
  }
  return alphas;
}

/** betas[t][s]: ln of the probability of all alignments of the steps from t on that begin at position s. */
function backwardVariables({ labels, steps, log }: Sequence, blank: number): Float64Array[] {
  const betas = new Array<Float64Array>(steps);
  for (let t = steps - 1; t >= 0; t--) {
    const row = new Float64Array(labels.length).fill(Number.NEGATIVE_INFINITY);
    for (let s = 0; s < labels.length; s++) {
      if (t === steps - 1) {
        if (s >= labels.length - 2) row[s] = log(t, s);
        continue;
      }
      const after = betas[t + 1];
      const reach = logSum(
        after[s],
        s + 1 < labels.length ? after[s + 1] : Number.NEGATIVE_INFINITY,
        s + 2 < labels.length && skips(labels, s + 2, blank) ? after[s + 2] : Number.NEGATIVE_INFINITY,
      );
      row[s] = reach + log(t, s);
    }
    betas[t] = row;
  }
  return betas;
}

function negativeLogLikelihood({ labels, steps }: Sequence, alphas: readonly Float64Array[]): number {
  if (steps === 0) return labels.length === 1 ? 0 : Number.POSITIVE_INFINITY;
  const last = alphas[steps - 1];
  const ends = labels.length === 1 ? [last[0]] : [last[labels.length - 1], last[labels.length - 2]];
  return -logSum(...ends);
}

/** The loss of each sequence: (N). */
export function ctcLosses(log_probs: Tensor, targets: Tensor, a: Alignment): Tensor {
  const result = emptyTensor([log_probs.shape[1]], log_probs.dtype);
  for (let b = 0; b < log_probs.shape[1]; b++) {
    const seq = sequence(log_probs, targets, a, b);
    const loss = negativeLogLikelihood(seq, forwardVariables(seq, a.blank));
    result.storage.data[b] = a.zero_infinity && loss === Number.POSITIVE_INFINITY ? 0 : loss;
  }
  return result;
}

/** The gradient of the log-probabilities, given that of the losses. As PyTorch's, it sums to 0 over the classes. */
export function ctcGradient(grad: Tensor, log_probs: Tensor, targets: Tensor, a: Alignment): Tensor {
  const [, batch, classes] = log_probs.shape;
  const result = emptyTensor([...log_probs.shape], log_probs.dtype);
  const out = result.storage.data;
  const p = elements(log_probs);
  const dy = elements(grad);
  for (let b = 0; b < batch; b++) {
    const seq = sequence(log_probs, targets, a, b);
    const alphas = forwardVariables(seq, a.blank);
    const loss = negativeLogLikelihood(seq, alphas);
    if (a.zero_infinity && loss === Number.POSITIVE_INFINITY) continue;
    const betas = backwardVariables(seq, a.blank);
    for (let t = 0; t < seq.steps; t++) {
      const shares = new Float64Array(classes).fill(Number.NEGATIVE_INFINITY);
      seq.labels.forEach((label, s) => {
        shares[label] = logSum(shares[label], alphas[t][s] + betas[t][s]);
      });
      const base = (t * batch + b) * classes;
      for (let c = 0; c < classes; c++)
        out[base + c] = dy[b] * (Math.exp(p[base + c]) - Math.exp(shares[c] + loss - p[base + c]));
    }
  }
  return result;
}
