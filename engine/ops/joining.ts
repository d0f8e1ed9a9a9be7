import { bool, type DType, promoteTypes } from "../dtype";
import { RuntimeError, ValueError } from "../errors";
import { op, torch } from "../op/define";
import { numel, sameShape, showShape, wrapDim } from "../shape";
import { elements, emptyTensor, type Tensor } from "../tensor";
import { atLeast1d, atLeast2d, atLeast3d } from "./views";

/** Tensors one after another along `dim`; other sizes must be equal. Source: torch.cat. */
op("cat(tensors: Tensor[], dim: int = 0)", {
  grad_fn: "CatBackward0",
  forward: (tensors, dim) => concatenate(tensors, dim),
  backward: {
    tensors: [
      ["tensors", "dim"],
      (grad, tensors, dim) => {
        const at = wrapDim(dim, grad.shape.length);
        let start = 0;
        return tensors.map((t) => {
          if (isSkipped(t)) return grad.new_zeros([0]);
          const part = grad.narrow(at, start, t.shape[at]);
          start += t.shape[at];
          return part;
        });
      },
      "the part of grad that each tensor became",
    ],
  },
  alias: ["torch.concat", "torch.concatenate"],
});

/** An empty vector joins tensors of any shape, as it did before tensors without elements had shapes. */
function isSkipped(t: Tensor): boolean {
  return t.shape.length === 1 && t.shape[0] === 0;
}

function concatenate(tensors: readonly Tensor[], dim: number): Tensor {
  if (tensors.length === 0) throw new ValueError("torch.cat(): expected a non-empty list of Tensors");
  const scalar = tensors.findIndex((t) => t.shape.length === 0);
  if (scalar >= 0)
    throw new RuntimeError(`zero-dimensional tensor (at position ${scalar}) cannot be concatenated`);
  const dtype = commonType(tensors);
  const joined = tensors.filter((t) => !isSkipped(t));
  if (joined.length === 0) {
    wrapDim(dim, 1);
    return emptyTensor([0], dtype);
  }
  const first = joined[0];
  const at = wrapDim(dim, first.shape.length);
  checkSizes(tensors, first, at);
  const total = joined.reduce((sum, t) => sum + t.shape[at], 0);
  const result = emptyTensor(first.shape.with(at, total), dtype);
  const out = result.storage.data;
  const block = numel(first.shape.slice(at + 1));
  const outer = numel(first.shape.slice(0, at));
  let start = 0;
  for (const t of joined) {
    const from = elements(t);
    const width = t.shape[at] * block;
    if (outer === 1) out.set(from, start);
    else
      for (let o = 0; o < outer; o++)
        out.set(from.subarray(o * width, (o + 1) * width), o * total * block + start);
    start += width;
  }
  return result;
}

function checkSizes(tensors: readonly Tensor[], first: Tensor, at: number): void {
  tensors.forEach((t, i) => {
    if (isSkipped(t)) return;
    if (t.shape.length !== first.shape.length)
      throw new RuntimeError(
        `Tensors must have same number of dimensions: got ${first.shape.length} and ${t.shape.length}`,
      );
    t.shape.forEach((size, d) => {
      if (d !== at && size !== first.shape[d])
        throw new RuntimeError(
          `Sizes of tensors must match except in dimension ${at}. Expected size ${first.shape[d]} but got size ${size} for tensor number ${i} in the list.`,
        );
    });
  });
}

function commonType(tensors: readonly Tensor[]): DType {
  return tensors.reduce<DType>((dtype, t) => promoteTypes(dtype, t.dtype), tensors[0]?.dtype ?? bool);
}

/** Tensors of one shape side by side along a new dimension. Source: torch.stack. */
op("stack(tensors: Tensor[], dim: int = 0)", {
  grad_fn: "StackBackward0",
  forward: (tensors, dim) => {
    if (tensors.length === 0) throw new RuntimeError("stack expects a non-empty TensorList");
    const { shape } = tensors[0];
    const at = wrapDim(dim, shape.length + 1);
    const other = tensors.findIndex((t) => !sameShape(t.shape, shape));
    if (other >= 0)
      throw new RuntimeError(
        `stack expects each tensor to be equal size, but got ${showShape(shape)} at entry 0 and ${showShape(tensors[other].shape)} at entry ${other}`,
      );
    const dtype = commonType(tensors);
    const result = emptyTensor(shape.toSpliced(at, 0, tensors.length), dtype);
    const block = numel(shape.slice(at));
    const outer = numel(shape.slice(0, at));
    tensors.forEach((t, i) => {
      const from = elements(t);
      for (let o = 0; o < outer; o++)
        result.storage.data.set(
          outer === 1 ? from : from.subarray(o * block, (o + 1) * block),
          (o * tensors.length + i) * block,
        );
    });
    return result;
  },
  backward: {
    tensors: [["dim"], (grad, dim) => grad.unbind(dim), "the slice of grad that each tensor became"],
  },
});

/** Side by side: along the second dimension, vectors along the first. Source: torch.hstack. */
op("hstack(tensors: Tensor[])", (tensors) => {
  const raised = nonEmpty("hstack", tensors).map(atLeast1d);
  return torch.cat(raised, raised[0].shape.length === 1 ? 0 : 1);
});

/** Above each other, vectors as rows. Source: torch.vstack. */
op("vstack(tensors: Tensor[])", (tensors) => torch.cat(nonEmpty("vstack", tensors).map(atLeast2d), 0), {
  alias: ["torch.row_stack"],
});

/** Behind each other, along the third dimension. Source: torch.dstack. */
op("dstack(tensors: Tensor[])", (tensors) => torch.cat(nonEmpty("dstack", tensors).map(atLeast3d), 2));

/** Side by side, vectors as columns. Source: torch.column_stack. */
op("column_stack(tensors: Tensor[])", (tensors) =>
  torch.hstack(
    nonEmpty("column_stack", tensors).map((t) => (t.shape.length <= 1 ? t.reshape([t.numel(), 1]) : t)),
  ),
);

function nonEmpty(name: string, tensors: Tensor[]): Tensor[] {
  if (tensors.length === 0) throw new RuntimeError(`${name} expects a non-empty TensorList`);
  return tensors;
}

/** Matrices (vectors as rows) along the diagonal, 0 elsewhere. Source: torch.block_diag. */
op("block_diag(tensors: Tensor...)", {
  grad_fn: "BlockDiagBackward0",
  forward: (tensors) => {
    tensors.forEach((t, i) => {
      if (t.shape.length > 2)
        throw new RuntimeError(
          `torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ${i} has ${t.shape.length} dimensions`,
        );
    });
    const blocks = tensors.map(atLeast2d);
    const rows = blocks.reduce((sum, t) => sum + t.shape[0], 0);
    const columns = blocks.reduce((sum, t) => sum + t.shape[1], 0);
    const result = emptyTensor(tensors.length === 0 ? [1, 0] : [rows, columns], commonType(tensors));
    let row = 0;
    let column = 0;
    for (const block of blocks) {
      const [height, width] = block.shape;
      const from = elements(block);
      for (let i = 0; i < height; i++)
        result.storage.data.set(from.subarray(i * width, (i + 1) * width), (row + i) * columns + column);
      row += height;
      column += width;
    }
    return result;
  },
  backward: {
    tensors: [
      ["tensors"],
      (grad, tensors) => {
        let row = 0;
        let column = 0;
        return tensors.map((t) => {
          const height = t.shape.length === 2 ? t.shape[0] : 1;
          const width = t.shape.at(-1) ?? 1;
          const block = grad.narrow(0, row, height).narrow(1, column, width);
          row += height;
          column += width;
          return block.reshape(t.shape);
        });
      },
      "the block of grad that each tensor became",
    ],
  },
});

/**
 * Vectors spread over the grid that they span: n vectors give n tensors of n dimensions, by `indexing`
 * "ij" (first vector along the rows) or "xy" (along the columns). Source: torch.meshgrid.
 */
op("meshgrid(tensors: Tensor..., *, indexing: str = 'ij') -> Tensor[]", (tensors, indexing) => {
  if (tensors.length === 0) throw new RuntimeError("meshgrid expects a non-empty TensorList");
  if (indexing !== "ij" && indexing !== "xy")
    throw new RuntimeError(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${indexing}`);
  for (const t of tensors)
    if (t.shape.length > 1)
      throw new RuntimeError(
        `torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ${t.shape.length}D`,
      );
  if (tensors.some((t) => t.dtype !== tensors[0].dtype))
    throw new RuntimeError("torch.meshgrid expects all tensors to have the same dtype");
  const swap = indexing === "xy" && tensors.length >= 2;
  const ordered = swap ? [tensors[1], tensors[0], ...tensors.slice(2)] : tensors;
  const shape = ordered.map((t) => t.numel());
  const grids = ordered.map((t, i) => t.reshape(shape.map((size, d) => (d === i ? size : 1))).expand(shape));
  if (!swap) return grids;
  const [second, first, ...rest] = grids;
  return [first, second, ...rest];
});

/** Every choice of one element from each vector, one per row. Source: torch.cartesian_prod. */
op("cartesian_prod(tensors: Tensor...)", (tensors) => {
  for (const t of tensors)
    if (t.shape.length !== 1)
      throw new RuntimeError(`Expect a 1D vector, but got shape ${showShape(t.shape)}`);
  if (tensors.length === 1) return tensors[0];
  return torch.stack(
    torch.meshgrid(tensors).map((t) => t.flatten()),
    1,
  );
});

/** Every choice of `r` elements of a vector in order, one per row. Source: torch.combinations. */
op("combinations(input: Tensor, r: int = 2, with_replacement = false)", (input, r, with_replacement) => {
  if (input.shape.length !== 1)
    throw new RuntimeError(`Expect a 1D vector, but got shape ${showShape(input.shape)}`);
  if (r < 0) throw new RuntimeError(`Expect a non-negative number, but got ${r}`);
  if (r === 0) return emptyTensor([0], input.dtype);
  const mask = increasing(input.shape[0], r, with_replacement);
  return torch.stack(
    torch.meshgrid(new Array<Tensor>(r).fill(input)).map((t) => t.masked_select(mask)),
    1,
  );
});

/** Where in an n × … × n grid the coordinates increase, or at least do not fall. */
function increasing(n: number, r: number, orStay: boolean): Tensor {
  const mask = emptyTensor(new Array<number>(r).fill(n), bool);
  const place = new Array<number>(r).fill(0);
  const { data } = mask.storage;
  for (let i = 0; i < data.length; i++) {
    data[i] = 1;
    for (let k = 1; k < r; k++) if (orStay ? place[k] < place[k - 1] : place[k] <= place[k - 1]) data[i] = 0;
    for (let k = r - 1; k >= 0 && ++place[k] === n; k--) place[k] = 0;
  }
  return mask;
}
