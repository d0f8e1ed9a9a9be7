import { bool, type DType, int64 } from "../dtype";
import { cppTypeName, RuntimeError } from "../errors";
import { refuseBool, resultType } from "../kernels/elementwise";
import { bmm, dot, mm, mv } from "../kernels/matmul";
import { op, torch } from "../op/define";
import { broadcastShapes, numel, type Shape, showShape, wrapDim } from "../shape";
import { elements, stridesOf, type Tensor, viewOf } from "../tensor";

/** Matrix product: input (n, k), mat2 (k, m) → (n, m). Source: torch.mm. */
op("mm(input, mat2)", {
  grad_fn: "MmBackward0",
  forward: mm,
  backward: {
    input: [["mat2"], (grad, mat2) => grad.mm(mat2.t()), "grad @ mat2ᵀ"],
    mat2: [
      ["input", "mat2.strides"],
      (grad, input, strides) => transposedProduct(input, grad, strides),
      "inputᵀ @ grad",
    ],
  },
});

/** aᵀ @ b in memory as `strides` have it: where it is for a transposed weight, the weight's gradient lies in order. */
function transposedProduct(a: Tensor, b: Tensor, strides: Tensor["strides"]): Tensor {
  const byColumns = strides !== null && strides[0] === 1 && strides[1] !== 1;
  return byColumns ? b.t().mm(a).t() : a.t().mm(b);
}

/** Product of two batches of matrices: (b, n, k), (b, k, m) → (b, n, m). Source: torch.bmm. */
op("bmm(input, mat2)", {
  grad_fn: "BmmBackward0",
  forward: bmm,
  backward: {
    input: [["mat2"], (grad, mat2) => grad.bmm(mat2.transpose(1, 2)), "grad @ mat2ᵀ"],
    mat2: [["input"], (grad, input) => input.transpose(1, 2).bmm(grad), "inputᵀ @ grad"],
  },
});

/** Matrix times vector: input (n, m), vec (m) → (n). Source: torch.mv. */
op("mv(input, vec)", {
  grad_fn: "MvBackward0",
  forward: mv,
  backward: {
    input: [["vec"], (grad, vec) => grad.ger(vec), "grad ⊗ vec"],
    vec: [["input"], (grad, input) => input.t().mv(grad), "inputᵀ @ grad"],
  },
});

/** Sum of products of two vectors of length n, 0-dim. Source: torch.dot. */
op("dot(input, tensor)", {
  grad_fn: "DotBackward0",
  forward: dot,
  backward: {
    input: [["tensor"], (grad, tensor) => grad.mul(tensor), "grad · tensor"],
    tensor: [["input"], (grad, input) => grad.mul(input), "grad · input"],
  },
});

/** As `dot`: the numbers are real. Source: torch.vdot. */
op("vdot(input, other: Tensor)", {
  grad_fn: "VdotBackward0",
  forward: dot,
  backward: {
    input: [["other"], (grad, other) => grad.mul(other), "grad · other"],
    other: [["input"], (grad, input) => grad.mul(input), "grad · input"],
  },
});

/** Every product of two vectors' elements: (n), (m) → (n, m). Source: torch.outer. */
op(
  "outer(input, vec2)",
  (input, vec2) => {
    requireVector(input, "outer", "self");
    requireVector(vec2, "outer", "vec2");
    return input.view(input.shape[0], 1).mul(vec2);
  },
  { alias: ["torch.ger", "Tensor.ger"] },
);

function requireVector(t: Tensor, name: string, argument: string): void {
  if (t.shape.length !== 1)
    throw new RuntimeError(`${name}: Expected 1-D argument ${argument}, but got ${t.shape.length}-D`);
}

/** beta · input + alpha · mat1 @ mat2: (n, k), (k, m) → (n, m). Source: torch.addmm. */
op("addmm(input, mat1, mat2, *, beta: Number = 1, alpha: Number = 1)", {
  grad_fn: "AddmmBackward0",
  inplace: true,
  forward: (input, mat1, mat2, beta, alpha) => {
    requireMatrix(mat1, "mat1");
    requireMatrix(mat2, "mat2");
    requireSameDType(input, mat2);
    // A bias row is by far the most common.
    const isRow = input.shape.length === 1 && input.shape[0] === mat2.shape[1] && input.dtype === mat1.dtype;
    if (isRow && beta === 1 && alpha === 1) return mm(mat1, mat2, input);
    return addScaled(input, mm(mat1, mat2), beta, alpha);
  },
  backward: {
    input: [["beta"], (grad, beta) => scaled(grad, beta), "grad · beta"],
    mat1: [
      ["mat2", "alpha"],
      (grad, mat2, alpha) => scaled(grad.mm(mat2.t()), alpha),
      "grad @ mat2ᵀ · alpha",
    ],
    mat2: [
      ["mat1", "alpha", "mat2.strides"],
      (grad, mat1, alpha, strides) => scaled(transposedProduct(mat1, grad, strides), alpha),
      "mat1ᵀ @ grad · alpha",
    ],
  },
});

function requireMatrix(t: Tensor, argument: string): void {
  if (t.shape.length !== 2)
    throw new RuntimeError(`${argument} must be a matrix, got ${t.shape.length}-D tensor`);
}

function requireSameDType(input: Tensor, mat2: Tensor): void {
  if (input.dtype !== mat2.dtype)
    throw new RuntimeError(
      `self and mat2 must have the same dtype, but got ${input.dtype.scalarTypeName} and ${mat2.dtype.scalarTypeName}`,
    );
}

/** beta · input + alpha · product, written over `product`, to which `input` is broadcast. */
function addScaled(input: Tensor, product: Tensor, beta: number, alpha: number): Tensor {
  const { dtype } = product;
  const b = factorFor(dtype, beta);
  const a = factorFor(dtype, alpha);
  const out = product.storage.data;
  const width = product.shape.at(-1) ?? 1;
  const isRow = input.shape.length === 1 && input.shape[0] === width;
  const added = elements(isRow ? input : input.expand(product.shape));
  // What is weighed with 0 does not count, even where it is NaN.
  if (b === 0) for (let i = 0; i < out.length; i++) out[i] = a * out[i];
  else if (isRow)
    for (let i = 0, j = 0; i < out.length; i++, j = j + 1 === width ? 0 : j + 1)
      out[i] = b * added[j] + a * out[i];
  else for (let i = 0; i < out.length; i++) out[i] = b * added[i] + a * out[i];
  return product;
}

function factorFor(dtype: DType, factor: number): number {
  return dtype.category === "float" ? factor : Math.trunc(factor);
}

function scaled(grad: Tensor, factor: number): Tensor {
  return factor === 1 ? grad : grad.mul(factor);
}

/** beta · input + alpha · mat @ vec: (n, m), (m) → (n). Source: torch.addmv. */
op("addmv(input, mat, vec, *, beta: Number = 1, alpha: Number = 1)", {
  grad_fn: "AddmvBackward0",
  inplace: true,
  alias: ["torch.addmv_"],
  forward: (input, mat, vec, beta, alpha) => {
    if (mat.shape.length !== 2 || vec.shape.length !== 1 || input.shape.length > 1)
      throw new RuntimeError(
        `vector + matrix @ vector expected, got ${input.shape.length}, ${mat.shape.length}, ${vec.shape.length}`,
      );
    const size = input.shape[0] ?? 1;
    if (vec.shape[0] !== mat.shape[1] || (size !== 1 && size !== mat.shape[0]))
      throw new RuntimeError(
        `size mismatch, got input (${input.shape.length === 0 ? mat.shape[0] : size}), mat (${mat.shape[0]}x${mat.shape[1]}), vec (${vec.shape[0]})`,
      );
    if (input.dtype !== mat.dtype || mat.dtype !== vec.dtype)
      throw new RuntimeError(
        `addmv input tensors must have the same dtype, but got ${input.dtype.scalarTypeName}, ${mat.dtype.scalarTypeName}, and ${vec.dtype.scalarTypeName}`,
      );
    return addScaled(input, mv(mat, vec), beta, alpha);
  },
  backward: {
    input: [["beta"], (grad, beta) => scaled(grad, beta), "grad · beta"],
    mat: [["vec", "alpha"], (grad, vec, alpha) => scaled(grad.ger(vec), alpha), "grad ⊗ vec · alpha"],
    vec: [["mat", "alpha"], (grad, mat, alpha) => scaled(mat.t().mv(grad), alpha), "matᵀ @ grad · alpha"],
  },
});

/** beta · input + alpha · vec1 ⊗ vec2: (n), (m) → (n, m). Source: torch.addr. */
op("addr(input, vec1, vec2, *, beta: Number = 1, alpha: Number = 1)", {
  grad_fn: "AddrBackward0",
  inplace: true,
  forward: (input, vec1, vec2, beta, alpha) => {
    requireVector(vec1, "addr", "vec1");
    requireVector(vec2, "addr", "vec2");
    const product = torch.outer(vec1, vec2);
    const dtype = resultType(input, product);
    if (dtype === bool) return addScaled(input.to(int64), product.to(int64), beta, alpha).ne(0);
    if (dtype.category !== "float") {
      refuseFraction(beta, "beta");
      refuseFraction(alpha, "alpha");
    }
    return addScaled(input.to(dtype), product.to(dtype), beta, alpha);
  },
  backward: {
    input: [["beta"], (grad, beta) => scaled(grad, beta), "grad · beta"],
    vec1: [["vec2", "alpha"], (grad, vec2, alpha) => scaled(grad.mv(vec2), alpha), "grad @ vec2 · alpha"],
    vec2: [
      ["vec1", "alpha"],
      (grad, vec1, alpha) => scaled(grad.t().mv(vec1), alpha),
      "gradᵀ @ vec1 · alpha",
    ],
  },
});

function refuseFraction(value: number, name: string): void {
  if (!Number.isInteger(value))
    throw new RuntimeError(
      `For integral input tensors, argument ${name} must not be a floating point number.`,
    );
}

/** beta · input + alpha · Σ batch1ᵢ @ batch2ᵢ: (b, n, k), (b, k, m) → (n, m). Source: torch.addbmm. */
op("addbmm(input, batch1, batch2, *, beta: Number = 1, alpha: Number = 1)", {
  grad_fn: "AddbmmBackward0",
  inplace: true,
  forward: (input, batch1, batch2, beta, alpha) => {
    requireBatches(batch1, batch2);
    if (batch1.shape[0] !== batch2.shape[0])
      throw new RuntimeError(
        `batch1 and batch2 must have same number of batches, got ${batch1.shape[0]} and ${batch2.shape[0]}`,
      );
    if (batch1.shape[2] !== batch2.shape[1])
      throw new RuntimeError(
        `Incompatible matrix sizes for bmm (${batch1.shape[1]}x${batch1.shape[2]} and ${batch2.shape[1]}x${batch2.shape[2]})`,
      );
    requireSameDType(input, batch2);
    return addScaled(input, bmm(batch1, batch2).sum(0, { dtype: input.dtype }), beta, alpha);
  },
  backward: {
    input: [["beta"], (grad, beta) => scaled(grad, beta), "grad · beta"],
    batch1: [
      ["batch2", "alpha"],
      (grad, batch2, alpha) => scaled(forBatches(grad, batch2).bmm(batch2.transpose(1, 2)), alpha),
      "grad @ batch2ᵢᵀ · alpha",
    ],
    batch2: [
      ["batch1", "alpha"],
      (grad, batch1, alpha) => scaled(batch1.transpose(1, 2).bmm(forBatches(grad, batch1)), alpha),
      "batch1ᵢᵀ @ grad · alpha",
    ],
  },
});

function forBatches(grad: Tensor, batch: Tensor): Tensor {
  return grad.unsqueeze(0).expand([batch.shape[0], ...grad.shape]);
}

function requireBatches(batch1: Tensor, batch2: Tensor): void {
  if (batch1.shape.length !== 3) throw new RuntimeError("batch1 must be a 3D tensor");
  if (batch2.shape.length !== 3) throw new RuntimeError("batch2 must be a 3D tensor");
}

/** beta · input + alpha · batch1 @ batch2: (b, n, k), (b, k, m) → (b, n, m). Source: torch.baddbmm. */
op("baddbmm(input, batch1, batch2, *, beta: Number = 1, alpha: Number = 1)", {
  grad_fn: "BaddbmmBackward0",
  inplace: true,
  forward: (input, batch1, batch2, beta, alpha) => {
    if (batch1.dtype === batch2.dtype && input.dtype !== batch1.dtype)
      throw new RuntimeError(
        `Input dtypes must be the same, got: input ${cppTypeName(input.dtype)}, batch1: ${cppTypeName(batch1.dtype)}, batch2: ${cppTypeName(batch2.dtype)}`,
      );
    return addScaled(input, bmm(batch1, batch2), beta, alpha);
  },
  backward: {
    input: [["beta"], (grad, beta) => scaled(grad, beta), "grad · beta"],
    batch1: [
      ["batch2", "alpha"],
      (grad, batch2, alpha) => scaled(grad.bmm(batch2.transpose(1, 2)), alpha),
      "grad @ batch2ᵀ · alpha",
    ],
    batch2: [
      ["batch1", "alpha"],
      (grad, batch1, alpha) => scaled(batch1.transpose(1, 2).bmm(grad), alpha),
      "batch1ᵀ @ grad · alpha",
    ],
  },
});

/**
 * The product that `@` means: dot product of vectors, matrix times vector, matrices, or batches of them with
 * broadcast batch dimensions. Throws where inner sizes differ. Source: torch.matmul.
 */
op("matmul(input, other: Tensor)", matmul, { alias: ["linalg.matmul"] });

function matmul(input: Tensor, other: Tensor): Tensor {
  const left = input.shape.length;
  const right = other.shape.length;
  if (left === 0 || right === 0)
    throw new RuntimeError(
      `both arguments to matmul need to be at least 1D, but they are ${left}D and ${right}D`,
    );
  if (left === 2 && right === 2) return input.mm(other);
  if (left === 1 && right === 1) return input.dot(other);
  if (left === 2 && right === 1) return input.mv(other);
  if (left === 1 && right === 2) return input.unsqueeze(0).mm(other)._squeezed(0);
  if (isFoldable(input, other)) return foldedProduct(input, other);
  return batchedProduct(input, other);
}

/** other @ input, what `@` asks of its right operand. Source: torch.Tensor.__rmatmul__. */
op("Tensor.__rmatmul__(input, other: Tensor)", (input, other) => matmul(other, input));

/** Whether the batch dimensions of the larger tensor can count as rows of one matrix. Source: at::native::should_fold. */
function isFoldable(input: Tensor, other: Tensor): boolean {
  const inputLarger = input.shape.length >= other.shape.length;
  const [larger, smaller] = inputLarger ? [input, other] : [other, input];
  if (larger.shape.length < 3 || smaller.shape.length > 2) return false;
  // Expanding the smaller one for a batched product would make its gradient large.
  if (smaller.requires_grad) return true;
  if (input.shape.length === 2) return false;
  const rows = inputLarger ? larger : larger.transpose(-2, -1);
  const { shape } = rows;
  if (numel(shape) === 0) return true;
  const strides = stridesOf(rows);
  for (let d = 0; d < shape.length - 2; d++) if (strides[d] !== strides[d + 1] * shape[d + 1]) return false;
  return true;
}

/** One product of the stacked rows of all batches. */
function foldedProduct(input: Tensor, other: Tensor): Tensor {
  const swapped = other.shape.length > input.shape.length;
  const larger = swapped ? other.transpose(-2, -1) : input;
  const smaller = !swapped ? other : input.shape.length === 2 ? input.t() : input;
  const lead = larger.shape.slice(0, -1);
  const rows = larger.reshape([numel(lead), larger.shape.at(-1)!]);
  if (smaller.shape.length === 1) return rows.mv(smaller)._unsafe_view(lead);
  const product = rows.mm(smaller)._unsafe_view([...lead, smaller.shape[1]]);
  return swapped ? product.transpose(-2, -1).contiguous() : product;
}

function batchedProduct(input: Tensor, other: Tensor): Tensor {
  const left = input.shape;
  const right = other.shape;
  // Broadcasting one matrix over a batch would again make its gradient large.
  if (left.length === 3 && right.length === 3 && left[0] !== right[0]) {
    if (left[0] === 1 && input.requires_grad) return matmul(input.squeeze(0), other);
    if (right[0] === 1 && other.requires_grad) return matmul(input, other.squeeze(0));
  }
  const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  const count = numel(batch);
  const n = left.length > 1 ? left.at(-2)! : 1;
  const k = left.at(-1)!;
  const a = input.expand([...batch, n, k]).reshape([count, n, k]);
  if (right.length === 1) {
    const size = right[0];
    const b = other
      .expand([...batch, size])
      .reshape([count, size])
      .unsqueeze(2);
    return a
      .bmm(b)
      .squeeze(-1)
      ._unsafe_view([...batch, n]);
  }
  const [rows, m] = right.slice(-2);
  const b = other.expand([...batch, rows, m]).reshape([count, rows, m]);
  return a.bmm(b)._unsafe_view(left.length > 1 ? [...batch, n, m] : [...batch, m]);
}

/** Without a dimension of size 1, as a product's own memory. Source: aten::squeeze_. @internal */
op("Tensor._squeezed(input, dim: int)", {
  grad_fn: "SqueezeBackward4",
  forward: (input, dim) => viewOf(input, input.shape.toSpliced(dim, 1), null, input.offset),
  backward: {
    input: [["dim"], (grad, dim) => grad.unsqueeze(dim), "grad, in the input's shape"],
  },
});

/** input @ weightᵀ + bias: (…, in), (out, in), (out) → (…, out). Source: torch.nn.functional.linear. */
op("nn.functional.linear(input, weight, bias: Tensor? = null)", (input, weight, bias) => {
  const ndim = input.shape.length;
  if (bias !== null && (input.dtype !== weight.dtype || bias.dtype !== input.dtype)) {
    const [name, other] = bias.dtype === weight.dtype ? ["mat1", input] : ["self", bias];
    throw new RuntimeError(
      `${name} and mat2 must have the same dtype, but got ${other.dtype.scalarTypeName} and ${weight.dtype.scalarTypeName}`,
    );
  }
  if (ndim === 2 && bias !== null) return bias.addmm(input, weight.t());
  if (ndim === 0 || weight.shape.length === 0)
    throw new RuntimeError(
      `both arguments to linear need to be at least 1D, but they are ${ndim}D and ${weight.shape.length}D`,
    );
  if (bias === null) return input.matmul(weight.t());
  if (weight.shape.length !== 2 || !input.is_contiguous()) return input.matmul(weight.t()).add(bias);
  const lead = input.shape.slice(0, -1);
  const rows = input.view([numel(lead), input.shape[ndim - 1]]);
  return bias.addmm(rows, weight.t()).reshape([...lead, weight.shape[0]]);
});

/**
 * Sums of products over the last dimension of both: (…, n), (…′, n) → (…, …′); a 0-dim tensor scales.
 * Source: torch.inner.
 */
op("inner(input, other: Tensor)", (input, other) => {
  if (input.shape.length === 0 || other.shape.length === 0) return input.mul(other);
  if (input.shape.at(-1) !== other.shape.at(-1))
    throw new RuntimeError(
      `inner() the last dimension must match on both input tensors but got shapes ${showShape(input.shape)} and ${showShape(other.shape)}`,
    );
  return contract(input, other, [input.shape.length - 1], [other.shape.length - 1]);
});

/** Sums of products over the last `dims` dimensions of `a` and the first of `b`. Source: torch.tensordot. */
op("tensordot.int(a: Tensor, b: Tensor, dims: int = 2)", (a, b, dims) => {
  if (dims < 0) throw new RuntimeError(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (dims > Math.min(a.shape.length, b.shape.length))
    throw new RuntimeError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  const count = Array.from({ length: dims }, (_, i) => i);
  return contract(
    a,
    b,
    count.map((i) => i - dims),
    count,
  );
});

/** Sums of products over the dimensions `dims[0]` of `a` and `dims[1]` of `b`. Source: torch.tensordot. */
op("tensordot(a: Tensor, b: Tensor, dims: int[][])", (a, b, dims) => {
  if (dims.length !== 2) throw new RuntimeError("tensordot expects dims to be two lists of dimensions");
  return contract(a, b, dims[0], dims[1]);
});

function contract(a: Tensor, b: Tensor, dimsA: readonly number[], dimsB: readonly number[]): Tensor {
  if (dimsA.length !== dimsB.length) throw new RuntimeError("both dimension lists should have same length");
  if (a.dtype !== b.dtype) throw new RuntimeError("both inputs should have same dtype");
  let left = a;
  let right = b;
  let count = 1;
  const fromA = dimsA.map((d) => wrapDim(d, a.shape.length));
  const fromB = dimsB.map((d) => wrapDim(d, b.shape.length));
  fromA.forEach((d, i) => {
    const sizeA = a.shape[d];
    const sizeB = b.shape[fromB[i]];
    // What is broadcast can be summed right away.
    if (sizeB === 1) left = left.sum(d, true, { dtype: a.dtype });
    else if (sizeA === 1) right = right.sum(fromB[i], true, { dtype: b.dtype });
    else if (sizeA === sizeB) count *= sizeA;
    else
      throw new RuntimeError(
        `contracted dimensions need to match, but first has size ${sizeA} in dim ${dimsA[i]} and second has size ${sizeB} in dim ${dimsB[i]}`,
      );
  });
  refuseRepeatedDims(fromA);
  refuseRepeatedDims(fromB);
  const freeA = others(a.shape, fromA);
  const freeB = others(b.shape, fromB);
  const sizesA = freeA.map((d) => a.shape[d]);
  const sizesB = freeB.map((d) => b.shape[d]);
  left = left.permute([...freeA, ...fromA]);
  right = right.permute([...fromB, ...freeB]);
  const shape = [...sizesA, ...sizesB];
  if (numel(shape) === 1) return left.flatten().dot(right.flatten()).reshape(shape);
  return left
    .reshape([numel(sizesA), count])
    .mm(right.reshape([count, numel(sizesB)]))
    .reshape(shape);
}

function refuseRepeatedDims(dims: readonly number[]): void {
  const repeated = dims.find((d, i) => dims.indexOf(d) !== i);
  if (repeated !== undefined)
    throw new RuntimeError(`dim ${repeated} appears multiple times in the list of dims`);
}

function others(shape: Shape, dims: readonly number[]): number[] {
  return shape.map((_, d) => d).filter((d) => !dims.includes(d));
}

/** Kronecker product: every element of `input` times all of `other`, in blocks. Source: torch.kron. */
op("kron(input, other: Tensor)", (input, other) => {
  const ndim = Math.max(input.shape.length, other.shape.length);
  const padded = (shape: Shape) => [...new Array<number>(ndim - shape.length).fill(1), ...shape];
  const a = padded(input.shape);
  const b = padded(other.shape);
  const left = input._unsafe_view(a.flatMap((size) => [size, 1]));
  const right = other._unsafe_view(b.flatMap((size) => [1, size]));
  return left.mul(right)._unsafe_view(a.map((size, d) => size * b[d]));
});

/** Sum of a matrix's diagonal. Throws for other dimensions. Source: torch.trace. */
op("trace(input)", {
  grad_fn: "TraceBackward0",
  forward: (input) => {
    refuseBool("trace", input.dtype);
    if (input.shape.length !== 2)
      throw new RuntimeError(`trace: expected a matrix, but got tensor with dim ${input.shape.length}`);
    return input.diagonal().sum();
  },
  backward: {
    input: [
      ["input.shape"],
      (grad, shape) => torch.eye(shape[0], shape[1], { dtype: grad.dtype }).mul(grad),
      "grad on the diagonal",
    ],
  },
});

/** Product of several matrices in the order that costs least. Source: torch.chain_matmul. */
op("chain_matmul(matrices: Tensor...)", (matrices) => {
  matrices.forEach((matrix) => {
    if (matrix.shape.length !== 2)
      throw new RuntimeError(`Tensor dimension is ${matrix.shape.length}, expected 2 instead.`);
  });
  return matrices.length === 1 ? matrices[0] : multiDot(matrices);
});

/**
 * Product of two or more matrices in the order that costs least; the first and the last may be vectors.
 * Source: torch.linalg.multi_dot.
 */
op("linalg.multi_dot(tensors: Tensor[])", multiDot);

function multiDot(tensors: readonly Tensor[]): Tensor {
  const n = tensors.length;
  if (n < 2) throw new RuntimeError(`multi_dot(): expected at least 2 tensors but got ${n}`);
  const shape: number[] = [];
  const matrices = tensors.map((t, i) => {
    const ndim = t.shape.length;
    if (i > 0 && i < n - 1) {
      if (ndim !== 2) throw new RuntimeError(`multi_dot(): tensor ${i} must be 2D but got ${ndim}D`);
      return t;
    }
    if (ndim !== 1 && ndim !== 2)
      throw new RuntimeError(
        `multi_dot(): the ${i === 0 ? "first" : "last"} tensor must be 1D or 2D but got ${ndim}D`,
      );
    if (ndim === 2) {
      shape.push(t.shape[i === 0 ? 0 : 1]);
      return t;
    }
    return t.unsqueeze(i === 0 ? 0 : -1);
  });
  for (let i = 0; i + 1 < n; i++) {
    if (tensors[i + 1].dtype !== tensors[0].dtype)
      throw new RuntimeError(
        `multi_dot(): all tensors must have be the same dtype but tensor 0 is ${cppTypeName(tensors[0].dtype)} and tensor ${i + 1} ${cppTypeName(tensors[i + 1].dtype)}`,
      );
    if (matrices[i].shape[1] !== matrices[i + 1].shape[0])
      throw new RuntimeError(
        `multi_dot(): tensors ${i} and ${i + 1} with shapes ${showShape(tensors[i].shape)} and ${showShape(tensors[i + 1].shape)} cannot be multiplied`,
      );
  }
  if (n === 2) return matrices[0].mm(matrices[1]).reshape(shape);
  const split = n === 3 ? splitOfThree(matrices) : cheapestSplits(matrices);
  const product = (from: number, to: number): Tensor => {
    if (from === to) return matrices[from];
    const at = split(from, to);
    return product(from, at).mm(product(at + 1, to));
  };
  return product(0, n - 1).reshape(shape);
}

type Split = (from: number, to: number) => number;

function splitOfThree([a, b, c]: readonly Tensor[]): Split {
  const [p, q] = a.shape;
  const [r, s] = [b.shape[1], c.shape[1]];
  const firstTwo = p * r * (q + s) < q * s * (p + r);
  return (from, to) => (to - from === 2 && firstTwo ? 1 : from);
}

/** Where to split each part of a product, by dynamic programming. Source: Cormen et al., Matrix-chain multiplication. */
function cheapestSplits(matrices: readonly Tensor[]): Split {
  const n = matrices.length;
  const sizes = [...matrices.map((m) => m.shape[0]), matrices[n - 1].shape[1]];
  const cost = matrices.map(() => new Array<number>(n).fill(0));
  const splits = matrices.map(() => new Array<number>(n).fill(0));
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length;
      cost[i][j] = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const c = cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1];
        if (c < cost[i][j]) {
          cost[i][j] = c;
          splits[i][j] = k;
        }
      }
    }
  }
  return (from, to) => splits[from][to];
}
