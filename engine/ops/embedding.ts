import { no_grad } from "../autograd/context";
import { int32, int64 } from "../dtype";
import { AssertionError, IndexError, NotImplementedError, RuntimeError, ValueError } from "../errors";
import { op, torch } from "../op/define";
import { numel, sameShape, showShape } from "../shape";
import { willWrite } from "../storage";
import { elements, emptyTensor, type Tensor } from "../tensor";

/**
 * The rows of `weight` (rows, width) that the indices name: (…) → (…, width). `padding_idx` gets no gradient;
 * `max_norm` first shortens the rows used, in place; `scale_grad_by_freq` divides by how often a row is used.
 * The order (weight, input) of torch.embedding is understood too. Source: torch.nn.functional.embedding.
 */
op(
  "nn.functional.embedding(input, weight: Tensor, padding_idx: int? = null, max_norm: float? = null, norm_type: float = 2, scale_grad_by_freq = false, sparse = false)",
  (input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse) => {
    const [indices, rows] = indicesFirst(input, weight);
    refuseSparse(sparse);
    if (max_norm !== null) shorten(rows, indices, max_norm, norm_type);
    return rows._embedding(indices, resolvePadding(padding_idx, rows), scale_grad_by_freq);
  },
);

/** As `nn.functional.embedding`; no row is left out where padding_idx is negative. Source: torch.embedding. */
op(
  "embedding(weight: Tensor, indices: Tensor, padding_idx: int = -1, scale_grad_by_freq = false, sparse = false)",
  (weight, indices, padding_idx, scale_grad_by_freq, sparse) => {
    refuseSparse(sparse);
    return weight._embedding(indices, padding_idx, scale_grad_by_freq);
  },
);

function indicesFirst(input: Tensor, weight: Tensor): [indices: Tensor, weight: Tensor] {
  const swapped = input.dtype.category === "float" && isIndex(weight);
  return swapped ? [weight, input] : [input, weight];
}

function isIndex(t: Tensor): boolean {
  return t.dtype === int64 || t.dtype === int32;
}

function refuseSparse(sparse: boolean): void {
  if (sparse) throw new NotImplementedError("sparse gradients are not supported: leave out `sparse`");
}

function resolvePadding(padding_idx: number | null, weight: Tensor): number {
  if (padding_idx === null) return -1;
  const rows = weight.shape[0];
  if (padding_idx >= rows || padding_idx < -rows)
    throw new AssertionError("Padding_idx must be within num_embeddings");
  return padding_idx < 0 ? padding_idx + rows : padding_idx;
}

/** Rows of the first argument. @internal */
op("Tensor._embedding(input, indices: Tensor, padding_idx: int, scale_grad_by_freq: bool)", {
  grad_fn: "EmbeddingBackward0",
  forward: (input, indices) => {
    requireIndices(indices, "embedding");
    if (input.shape.length !== 2) throw new RuntimeError("'weight' must be 2-D");
    const [rows, width] = input.shape;
    const result = emptyTensor([...indices.shape, width], input.dtype);
    const from = elements(input);
    elements(indices).forEach((row: number, i: number) => {
      if (row < 0 || row >= rows) throw new IndexError("index out of range in self");
      result.storage.data.set(from.subarray(row * width, (row + 1) * width), i * width);
    });
    return result;
  },
  backward: {
    input: [
      ["input.shape", "indices", "padding_idx", "scale_grad_by_freq"],
      (grad, shape, indices, padding_idx, scale_grad_by_freq) => {
        const flat = indices.reshape([-1]);
        const rows = grad.reshape([numel(indices.shape), shape[1]]);
        const weight = rowWeights(flat, shape[0], padding_idx, scale_grad_by_freq, grad);
        const scaled = weight === null ? rows : rows.mul(weight.unsqueeze(1));
        return addedRows(scaled, flat, shape);
      },
      "grad added to the rows that were used",
    ],
    indices: null,
  },
});

function requireIndices(indices: Tensor, name: string): void {
  if (!isIndex(indices))
    throw new RuntimeError(
      `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${indices.dtype.tensorTypeName} instead (while checking arguments for ${name})`,
    );
}

/** Zeros of `shape` (rows, width) with each of `values` (n, width) added to the row that `indices` (n) names. */
function addedRows(values: Tensor, indices: Tensor, shape: readonly number[]): Tensor {
  const places = indices.to(int64).unsqueeze(1).expand(values.shape);
  return values.new_zeros([...shape]).scatter_add(0, places, values);
}

/** What each use of a row counts for in its gradient, or null where every use counts 1. */
function rowWeights(
  indices: Tensor,
  rows: number,
  padding_idx: number,
  byFrequency: boolean,
  like: Tensor,
): Tensor | null {
  if (padding_idx < 0 && !byFrequency) return null;
  const used = elements(indices);
  const counts = new Float64Array(rows);
  for (let i = 0; i < used.length; i++) counts[used[i]]++;
  const result = emptyTensor([used.length], like.dtype);
  const out = result.storage.data;
  for (let i = 0; i < used.length; i++)
    out[i] = used[i] === padding_idx ? 0 : byFrequency ? 1 / counts[used[i]] : 1;
  return result;
}

/** Shortens the rows that `indices` name to at most `max_norm`, in place and unrecorded. */
function shorten(weight: Tensor, indices: Tensor, max_norm: number, norm_type: number): void {
  requireIndices(indices, "embedding_renorm_");
  if (weight.shape.length !== 2) throw new RuntimeError("'weight' must be 2-D");
  no_grad(() => {
    willWrite(weight.storage);
    const [rows, width] = weight.shape;
    const data = weight.strides === null ? elements(weight) : null;
    if (data === null) throw new RuntimeError("max_norm needs a contiguous weight");
    for (const row of new Set<number>(elements(indices))) {
      if (row < 0 || row >= rows) throw new IndexError("index out of range in self");
      let sum = 0;
      for (let i = row * width; i < (row + 1) * width; i++) sum += Math.abs(data[i]) ** norm_type;
      const norm = sum ** (1 / norm_type);
      if (norm <= max_norm) continue;
      const scale = max_norm / (norm + 1e-7);
      for (let i = row * width; i < (row + 1) * width; i++) data[i] *= scale;
    }
  });
}

/**
 * Sum, mean or maximum (`mode`) of the rows that each bag of indices names: input (bags, n), or (n) with
 * `offsets` where each bag begins; → (bags, width). Source: torch.nn.functional.embedding_bag.
 */
op(
  "nn.functional.embedding_bag(input, weight: Tensor, offsets: Tensor? = null, max_norm: float? = null, norm_type: float = 2, scale_grad_by_freq = false, mode: str = 'mean', sparse = false, per_sample_weights: Tensor? = null, include_last_offset = false, padding_idx: int? = null)",
  (
    input,
    weight,
    offsets,
    max_norm,
    norm_type,
    scale_grad_by_freq,
    mode,
    sparse,
    per_sample_weights,
    include_last_offset,
    padding_idx,
  ) => {
    const [indices, rows] = indicesFirst(input, weight);
    if (per_sample_weights !== null && !sameShape(indices.shape, per_sample_weights.shape))
      throw new ValueError(
        `embedding_bag: If per_sample_weights (torch.Size(${showShape(per_sample_weights.shape)})) is not None, then it must have the same shape as the input (torch.Size(${showShape(indices.shape)}))`,
      );
    if (rows.shape.length !== 2)
      throw new ValueError(`weight has to be a 2D Tensor, but got Tensor of dimension ${rows.shape.length}`);
    const starts = bagStarts(indices, offsets, include_last_offset);
    if (mode !== "sum" && mode !== "mean" && mode !== "max")
      throw new ValueError("mode has to be one of sum, mean or max");
    if (mode === "max" && scale_grad_by_freq)
      throw new ValueError("max mode does not support scaling the gradient by the frequency");
    refuseSparse(sparse);
    requireIndices(indices, "embedding_bag");
    if (max_norm !== null) shorten(rows, indices, max_norm, norm_type);
    if (per_sample_weights !== null && mode !== "sum")
      throw new NotImplementedError(
        `embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='${mode}'). Please open a feature request on GitHub.`,
      );
    return torch._embedding_bag(
      rows,
      indices.reshape([-1]),
      starts,
      scale_grad_by_freq,
      mode,
      per_sample_weights?.reshape([-1]) ?? null,
      resolvePadding(padding_idx, rows),
    );
  },
);

/** Where each bag begins, and last where the last one ends. */
function bagStarts(indices: Tensor, offsets: Tensor | null, include_last_offset: boolean): number[] {
  const { shape } = indices;
  if (shape.length === 2) {
    if (offsets !== null)
      throw new ValueError(
        "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type <class 'torch.Tensor'>",
      );
    return Array.from({ length: shape[0] + 1 }, (_, i) => i * shape[1]);
  }
  if (shape.length !== 1)
    throw new ValueError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${shape.length}`);
  if (offsets === null) throw new ValueError("offsets has to be a 1D Tensor but got None");
  if (offsets.shape.length !== 1) throw new ValueError("offsets has to be a 1D Tensor");
  const starts = Array.from(elements(offsets));
  if (starts.length === 0) return [0];
  if (starts[0] !== 0)
    throw new RuntimeError(
      `offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got ${starts[0]}`,
    );
  if (starts.at(-1)! > shape[0])
    throw new RuntimeError(
      `offsets[-1] can not be greater than input's length ${shape[0]} but got offsets[-1] of ${starts.at(-1)}`,
    );
  if (starts.some((s, i) => i > 0 && s < starts[i - 1]))
    throw new RuntimeError(`offsets have to be in increasing order, but got ${showShape(starts)}`);
  return include_last_offset ? starts : [...starts, shape[0]];
}

/** Bags of rows of the first argument; `starts` has one more entry than there are bags. @internal */
op(
  "_embedding_bag(weight: Tensor, indices: Tensor, starts: int[], scale_grad_by_freq: bool, mode: str, per_sample_weights: Tensor?, padding_idx: int)",
  {
    grad_fn: "EmbeddingBagBackward0",
    forward: (weight, indices, starts, _scale, mode, per_sample_weights, padding_idx) => {
      const [rows, width] = weight.shape;
      const used = elements(indices);
      used.forEach((row: number, i: number) => {
        if (row < 0 || row >= rows)
          throw new RuntimeError(
            `Index ${i} of input takes value ${row} which is not in the valid range [0, ${rows})`,
          );
      });
      const shares = bagShares(weight, used, starts, mode, padding_idx);
      const scale = per_sample_weights === null ? null : elements(per_sample_weights);
      const from = elements(weight);
      const sums = new Float64Array((starts.length - 1) * width);
      shares.forEach(({ bag, position, column, share }) => {
        const row = used[position] * width;
        const by = share * (scale === null ? 1 : scale[position]);
        if (column >= 0) sums[bag * width + column] = from[row + column];
        else for (let j = 0; j < width; j++) sums[bag * width + j] += by * from[row + j];
      });
      const result = emptyTensor([starts.length - 1, width], weight.dtype);
      result.storage.data.set(sums);
      return result;
    },
    backward: {
      weight: [
        ["weight", "indices", "starts", "scale_grad_by_freq", "mode", "per_sample_weights", "padding_idx"],
        (grad, weight, indices, starts, scale_grad_by_freq, mode, per_sample_weights, padding_idx) => {
          const shares = bagShares(weight, elements(indices), starts, mode, padding_idx);
          const [positions, spread] = usesOf(grad, shares);
          const uses = indices.index_select(0, positions);
          const factors = [
            per_sample_weights?.index_select(0, positions).unsqueeze(1) ?? null,
            rowWeights(uses, weight.shape[0], -1, scale_grad_by_freq, grad)?.unsqueeze(1) ?? null,
          ];
          const scaled = factors.reduce<Tensor>((t, by) => (by === null ? t : t.mul(by)), spread);
          return addedRows(scaled, uses, weight.shape);
        },
        "grad of each bag, added to the rows that were used",
      ],
      indices: null,
      per_sample_weights: [
        ["weight", "indices", "starts", "mode", "padding_idx"],
        (grad, weight, indices, starts, mode, padding_idx) => {
          const shares = bagShares(weight, elements(indices), starts, mode, padding_idx);
          const [positions, spread] = usesOf(grad, shares);
          const products = spread.mul(weight.index_select(0, indices.index_select(0, positions))).sum(1);
          return grad.new_zeros(indices.shape).scatter_add(0, positions, products);
        },
        "grad of the bag · the row",
      ],
    },
  },
);

/** One row in one bag, with its share of it; of a maximum only the one column it won. */
interface Share {
  bag: number;
  position: number;
  /** -1 for all columns. */
  column: number;
  share: number;
}

function bagShares(
  weight: Tensor,
  used: ArrayLike<number>,
  starts: readonly number[],
  mode: string,
  padding_idx: number,
): Share[] {
  const shares: Share[] = [];
  const width = weight.shape[1];
  const from = mode === "max" ? elements(weight) : null;
  for (let bag = 0; bag + 1 < starts.length; bag++) {
    const positions: number[] = [];
    for (let i = starts[bag]; i < starts[bag + 1]; i++) if (used[i] !== padding_idx) positions.push(i);
    if (from === null) {
      const share = mode === "mean" ? 1 / positions.length : 1;
      for (const position of positions) shares.push({ bag, position, column: -1, share });
      continue;
    }
    for (let column = 0; column < width && positions.length > 0; column++) {
      const value = (i: number) => from[used[i] * width + column];
      const position = positions.reduce((best, i) => (value(i) > value(best) ? i : best));
      shares.push({ bag, position, column, share: 1 });
    }
  }
  return shares;
}

/** The position in the list of indices of each share, and the gradient that it passes on. */
function usesOf(grad: Tensor, shares: readonly Share[]): [positions: Tensor, spread: Tensor] {
  const width = grad.shape[1];
  const positions = emptyTensor([shares.length], int64);
  const bags = emptyTensor([shares.length], int64);
  const masks = emptyTensor([shares.length, width], grad.dtype);
  shares.forEach(({ bag, position, column, share }, i) => {
    positions.storage.data[i] = position;
    bags.storage.data[i] = bag;
    if (column >= 0) masks.storage.data[i * width + column] = share;
    else masks.storage.data.fill(share, i * width, (i + 1) * width);
  });
  return [positions, grad.index_select(0, bags).mul(masks)];
}

/** 1 at each class id, 0 elsewhere: (…) → (…, num_classes), int64. Source: torch.nn.functional.one_hot. */
op("nn.functional.one_hot(input, num_classes: int = -1)", (input, num_classes) => {
  if (input.dtype !== int64)
    throw new RuntimeError("one_hot is only applicable to index tensor of type LongTensor.");
  const ids = elements(input);
  if (ids.length === 0 && num_classes <= 0)
    throw new RuntimeError("Can not infer total number of classes from empty tensor.");
  let largest = -1;
  for (const id of ids) {
    if (id < 0) throw new RuntimeError("Class values must be non-negative.");
    largest = Math.max(largest, id);
  }
  if (num_classes !== -1 && largest >= num_classes)
    throw new RuntimeError("Class values must be smaller than num_classes.");
  const classes = num_classes === -1 ? largest + 1 : num_classes;
  const result = emptyTensor([...input.shape, classes], int64);
  for (let i = 0; i < ids.length; i++) result.storage.data[i * classes + ids[i]] = 1;
  return result;
});
