import { int64, promoteTypes } from "../dtype";
import { IndexError, RuntimeError, ValueError } from "../errors";
import { fromRows, rowsOf } from "../kernels/reduce";
import { linalg, op, torch } from "../op/define";
import { broadcastShapes, numel, wrapDim } from "../shape";
import { elements, emptyTensor, fromData, type Tensor } from "../tensor";

/**
 * p-norms of the differences between each row of x1 (…, P, M) and each of x2 (…, R, M) → (…, P, R). Batch
 * dimensions broadcast. Throws for integers. Source: torch.cdist.
 */
op(
  "cdist(x1: Tensor, x2: Tensor, p: float = 2, compute_mode: str? = 'use_mm_for_euclid_dist_if_necessary')",
  (x1, x2, p, compute_mode) => {
    checkCdist(x1, x2, p, compute_mode);
    const batch = broadcastShapes(x1.shape.slice(0, -2), x2.shape.slice(0, -2));
    const [rows, others] = [x1.shape.at(-2)!, x2.shape.at(-2)!];
    const large = compute_mode === MODES[0] && (rows > 25 || others > 25);
    if (p !== 2 || !(large || compute_mode === MODES[1])) return torch._cdist(x1, x2, p);
    const full = (t: Tensor) =>
      t.expand([...batch, ...t.shape.slice(-2)]).reshape([numel(batch), ...t.shape.slice(-2)]);
    const distances =
      batch.length === 0 ? torch._euclidean_dist(x1, x2) : torch._euclidean_dist(full(x1), full(x2));
    return distances.reshape([...batch, rows, others]);
  },
);

const MODES = [
  "use_mm_for_euclid_dist_if_necessary",
  "use_mm_for_euclid_dist",
  "donot_use_mm_for_euclid_dist",
];

function checkCdist(x1: Tensor, x2: Tensor, p: number, mode: string | null): void {
  if (mode !== null && !MODES.includes(mode))
    throw new ValueError(`${mode} is not a valid value for compute_mode`);
  const fail = (message: string) => {
    throw new RuntimeError(message);
  };
  [x1, x2].forEach((x, i) => {
    if (x.shape.length < 2)
      fail(`cdist only supports at least 2D tensors, X${i + 1} got: ${x.shape.length}D`);
  });
  if (x1.shape.at(-1) !== x2.shape.at(-1))
    fail(`X1 and X2 must have the same number of columns. X1: ${x1.shape.at(-1)} X2: ${x2.shape.at(-1)}`);
  [x1, x2].forEach((x, i) => {
    if (x.dtype.category !== "float")
      fail(`cdist only supports floating-point dtypes, X${i + 1} got: ${x.dtype.scalarTypeName}`);
  });
  if (!(p >= 0)) fail("cdist only supports non-negative p values");
  if (x1.dtype !== x2.dtype)
    fail(`expected scalar type ${x1.dtype.scalarTypeName} but found ${x2.dtype.scalarTypeName}`);
}

/** Source: aten::_cdist_forward. @internal */
op("_cdist(x1: Tensor, x2: Tensor, p: float)", {
  grad_fn: "CdistBackward0",
  forward: (x1, x2, p) => distances(x1, x2, p),
  backward: {
    x1: [
      ["x1", "x2", "p", "result"],
      (grad, x1, x2, p, result) => rowGrads(grad, x1, x2, p, result).sum(-2),
      "Σ over the rows of x2: grad · the norm's gradient at x1 − x2",
    ],
    x2: [
      ["x1", "x2", "p", "result"],
      (grad, x1, x2, p, result) => rowGrads(grad, x1, x2, p, result).sum(-3).neg(),
      "−Σ over the rows of x1: grad · the norm's gradient at x1 − x2",
    ],
  },
});

/** Euclidean distances; another name in the graph for what PyTorch computes by a matrix product. Source: aten::_euclidean_dist. @internal */
op("_euclidean_dist(x1: Tensor, x2: Tensor)", {
  grad_fn: "EuclideanDistBackward0",
  forward: (x1, x2) => distances(x1, x2, 2),
  backward: {
    x1: [
      ["x1", "x2", "result"],
      (grad, x1, x2, result) => rowGrads(grad, x1, x2, 2, result).sum(-2),
      "Σ over the rows of x2: grad · (x1 − x2) / result",
    ],
    x2: [
      ["x1", "x2", "result"],
      (grad, x1, x2, result) => rowGrads(grad, x1, x2, 2, result).sum(-3).neg(),
      "−Σ over the rows of x1: grad · (x1 − x2) / result",
    ],
  },
});

function distances(x1: Tensor, x2: Tensor, p: number): Tensor {
  const batch = broadcastShapes(x1.shape.slice(0, -2), x2.shape.slice(0, -2));
  const [rows, columns] = x1.shape.slice(-2);
  const others = x2.shape.at(-2)!;
  const a = elements(x1.expand([...batch, rows, columns]));
  const b = elements(x2.expand([...batch, others, columns]));
  const result = emptyTensor([...batch, rows, others], x1.dtype);
  const out = result.storage.data;
  for (let i = 0; i < out.length; i++) {
    const row = Math.floor(i / others);
    const other = Math.floor(row / rows) * others + (i % others);
    out[i] = distance(a, row * columns, b, other * columns, columns, p);
  }
  return result;
}

function distance(
  a: ArrayLike<number>,
  aStart: number,
  b: ArrayLike<number>,
  bStart: number,
  count: number,
  p: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(a[aStart + i] - b[bStart + i]);
    if (p === 2) sum += difference * difference;
    else if (p === 1) sum += difference;
    else if (p === 0) sum += +(difference !== 0);
    else if (p === Number.POSITIVE_INFINITY) sum = Math.max(sum, difference);
    else sum += difference ** p;
  }
  if (p === 2) return Math.sqrt(sum);
  return p === 0 || p === 1 || p === Number.POSITIVE_INFINITY ? sum : sum ** (1 / p);
}

/** The gradient of each distance at each coordinate of its difference: (…, P, R, M). */
function rowGrads(grad: Tensor, x1: Tensor, x2: Tensor, p: number, result: Tensor): Tensor {
  const difference = x1.unsqueeze(-2).sub(x2.unsqueeze(-3));
  return distanceGrad(grad.unsqueeze(-1), difference, p, result.unsqueeze(-1));
}

/** The gradient of a p-norm by its vector, 0 where the norm is 0. Source: at::native::Dist. */
function distanceGrad(grad: Tensor, difference: Tensor, p: number, norm: Tensor): Tensor {
  if (p === 0) return torch.zeros_like(difference);
  if (p === 1) return grad.mul(difference.sgn());
  if (p === Number.POSITIVE_INFINITY) return grad.mul(difference.sgn()).mul(difference.abs().eq(norm));
  const zero = norm.eq(0);
  const safe = norm.masked_fill(zero, 1);
  if (p === 2) return grad.mul(difference).div(safe).masked_fill(zero, 0);
  const flat = difference.eq(0);
  const size = difference.abs().masked_fill(flat, 1);
  const slope = difference.sgn().mul(size.pow(p - 1));
  return grad
    .mul(slope)
    .div(safe.pow(p - 1))
    .masked_fill(zero, 0);
}

/**
 * p-norms of the differences between every two rows of `input` (N, M), in the order (0, 1), (0, 2) … →
 * (N · (N − 1) / 2). Throws for integers. Source: torch.nn.functional.pdist.
 */
op("pdist(input, p: float = 2)", {
  grad_fn: "PdistBackward0",
  method: false,
  forward: (input, p) => {
    if (input.shape.length !== 2)
      throw new RuntimeError(`pdist only supports 2D tensors, got: ${input.shape.length}D`);
    if (input.dtype.category !== "float") throw new RuntimeError("pdist only supports floating-point dtypes");
    if (!(p >= 0)) throw new RuntimeError("pdist only supports non-negative p values");
    const [count, columns] = input.shape;
    const data = elements(input);
    const result = emptyTensor([(count * (count - 1)) / 2], input.dtype);
    let at = 0;
    for (let i = 0; i < count; i++)
      for (let j = i + 1; j < count; j++)
        result.storage.data[at++] = distance(data, i * columns, data, j * columns, columns, p);
    return result;
  },
  backward: {
    input: [
      ["input", "p", "result"],
      (grad, input, p, result) => {
        const [first, second] = pairs(input.shape[0]);
        const difference = input._index([0], [first]).sub(input._index([0], [second]));
        const each = distanceGrad(grad.unsqueeze(-1), difference, p, result.unsqueeze(-1));
        return input
          .new_zeros(input.shape)
          ._index_put([0], [first], each, true)
          ._index_put([0], [second], each.neg(), true);
      },
      "grad · the norm's gradient, added at one row of each pair and taken from the other",
    ],
  },
  alias: ["nn.functional.pdist"],
});

/** First and second row of every pair. */
function pairs(count: number): [Tensor, Tensor] {
  const length = (count * (count - 1)) / 2;
  const first = new int64.ArrayType(length);
  const second = new int64.ArrayType(length);
  let at = 0;
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      first[at] = i;
      second[at++] = j;
    }
  return [fromData(first, [length], int64), fromData(second, [length], int64)];
}

/** Cross product of vectors of length 3 along `dim`, broadcast. Source: torch.linalg.cross. */
op("linalg.cross(input: Tensor, other: Tensor, *, dim: int = -1)", {
  grad_fn: "LinalgCrossBackward0",
  forward: (input, other, dim) => cross(input, other, dim),
  backward: {
    input: [["other", "dim"], (grad, other, dim) => linalg.cross(other, grad, { dim }), "other × grad"],
    other: [["input", "dim"], (grad, input, dim) => linalg.cross(grad, input, { dim }), "grad × input"],
  },
});

/** As `linalg.cross`; without `dim` along the first dimension of size 3. Source: torch.cross. */
op("cross(input, other: Tensor, dim: int? = null)", (input, other, dim) => {
  const at = dim ?? input.shape.indexOf(3);
  if (at < 0 && dim === null) throw new RuntimeError("no dimension of size 3 in input");
  return linalg.cross(input, other, { dim: at });
});

function cross(input: Tensor, other: Tensor, dim: number): Tensor {
  if (input.shape.length !== other.shape.length)
    throw new RuntimeError("linalg.cross: inputs must have the same number of dimensions.");
  if (input.shape.length === 0)
    throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  const at = wrapDim(dim, input.shape.length);
  if (input.shape[at] !== 3 || other.shape[at] !== 3)
    throw new RuntimeError(
      `linalg.cross: inputs dimension ${dim} must have length 3. Got ${input.shape[at]} and ${other.shape[at]}`,
    );
  const shape = broadcastShapes(input.shape, other.shape);
  const dtype = promoteTypes(input.dtype, other.dtype);
  const a = rowsOf(input.expand(shape), at).data;
  const b = rowsOf(other.expand(shape), at).data;
  const out = new dtype.ArrayType(a.length);
  for (let i = 0; i < out.length; i += 3) {
    out[i] = a[i + 1] * b[i + 2] - a[i + 2] * b[i + 1];
    out[i + 1] = a[i + 2] * b[i] - a[i] * b[i + 2];
    out[i + 2] = a[i] * b[i + 1] - a[i + 1] * b[i];
  }
  return fromRows(out, shape, at, 3, dtype);
}

/** Sum of products along `dim`, broadcast. Throws for integers. Source: torch.linalg.vecdot. */
op("linalg.vecdot(x: Tensor, y: Tensor, *, dim: int = -1)", (x, y, dim) => {
  if (x.dtype.category !== "float")
    throw new RuntimeError(
      `linalg.vecdot: Expected a floating point or complex tensor as input. Got ${x.dtype.scalarTypeName}`,
    );
  return x.shape.length === 1 && y.shape.length === 1 ? torch.vdot(x, y) : x.mul(y).sum(dim);
});
