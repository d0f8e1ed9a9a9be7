import { type BackwardOptions, backward } from "./autograd/functions";
import { gradMode, withGradMode } from "./autograd/grad_mode";
import { type AccumulateGrad, addHook, gradientEdge, type Node, type RemovableHandle } from "./autograd/node";
import { refuseChangeThrough, type ViewCreation } from "./autograd/views";
import { cpu, type Device } from "./device";
import { type DType, defaultDType, type TypedArray } from "./dtype";
import { cppTypeName, pythonTypeName, RuntimeError } from "./errors";
import {
  channels_last,
  channelsLastStrides,
  contiguous_format,
  type Layout,
  type MemoryFormat,
  strided,
} from "./layout";
import { single } from "./op/keywords";
import type { Operator } from "./op/operator";
import { printOptions } from "./printing/state";
import { formatTensor } from "./printing/tensor";
import { contiguousStrides, isRowMajor, numel, type Shape, sameShape, showShape, wrapDim } from "./shape";
import { allocate, Storage } from "./storage";
import { gatherTransposed } from "./wasm/transpose";

/**
 * A multi-dimensional array of one dtype that records, where asked to, how it was computed.
 * Operators are added to this class by their entries in `ops/`. Source: torch.Tensor.
 */
export class Tensor {
  // Declared, and set in the constructor: initializers of fields cost as much again as the object.

  /** @internal */
  declare readonly storage: Storage;
  /** Sizes of the dimensions; empty for a 0-dim tensor. */
  declare readonly shape: number[];
  declare readonly dtype: DType;
  /** Steps between elements of each dimension; null stands for row-major without gaps. @internal */
  declare readonly strides: readonly number[] | null;
  /** Index of the first element in the storage. @internal */
  declare readonly offset: number;
  /** As `grad`, for what lets go of it at once. @internal */
  declare gradTensor: Tensor | null;
  /** The node that computed this tensor; null for a leaf. Read `grad_fn`, which keeps views current. @internal */
  declare node: Node | null;
  /** Which of the node's results this is. @internal */
  declare outputNr: number;
  /** Whether a leaf asks for a gradient. @internal */
  declare leafRequiresGrad: boolean;
  /** The node in which backward passes end for this leaf, once there was one. @internal */
  declare accumulator: AccumulateGrad | null;
  /** How this tensor looks into another one's memory; null for one that owns its memory. @internal */
  declare viewMeta: ViewMeta | null;
  /** Whether backward keeps the gradient of this non-leaf in `grad`. @internal */
  declare retainsGrad: boolean;
  /** Whether this is an `nn.Parameter`, which modules register and `print` announces. @internal */
  declare isParameter: boolean;

  /** @internal */
  constructor(
    storage: Storage,
    shape: number[],
    dtype: DType,
    strides: readonly number[] | null = null,
    offset = 0,
  ) {
    this.storage = storage;
    this.shape = shape;
    this.dtype = dtype;
    this.strides = strides;
    this.offset = offset;
    this.gradTensor = null;
    this.node = null;
    this.outputNr = 0;
    this.leafRequiresGrad = false;
    this.accumulator = null;
    this.viewMeta = null;
    this.retainsGrad = false;
    this.isParameter = false;
  }

  /**
   * The accumulated gradient, of this tensor's shape and dtype; null until a backward pass reaches this leaf.
   * Source: torch.Tensor.grad.
   */
  get grad(): Tensor | null {
    if (this.accumulator !== null) this.accumulator.unseen = null;
    return this.gradTensor;
  }

  set grad(grad: Tensor | null) {
    if (grad !== null) this.checkGradient(grad);
    this.gradTensor = grad;
    const { accumulator } = this;
    if (accumulator !== null && accumulator.unseen !== null) accumulator.replaced(this);
  }

  private checkGradient(grad: unknown): void {
    if (!(grad instanceof Tensor))
      throw new TypeError(
        `assigned grad expected to be a Tensor or None but got grad of type ${pythonTypeName(grad)}`,
      );
    if (grad === this) throw new RuntimeError("can't assign Variable as its own grad");
    if (!sameShape(grad.shape, this.shape))
      throw new RuntimeError(
        `attempting to assign a gradient of size '${showShape(grad.shape)}' to a tensor of size '${showShape(this.shape)}'. Please ensure that the gradient and the tensor are the same size`,
      );
    if (grad.dtype !== this.dtype)
      throw new RuntimeError(
        `attempting to assign a gradient with dtype '${cppTypeName(grad.dtype)}' to a tensor with grad_dtype '${this.dtype.scalarTypeName}'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break downstream systems that assume they match.`,
      );
  }

  /** The step that computed this tensor, which backward will run; null for a leaf. Source: torch.Tensor.grad_fn. */
  get grad_fn(): Node | null {
    const meta = this.viewMeta;
    if (meta !== null && meta.version !== this.storage.version) this.renewHistory(meta);
    return this.node;
  }

  /** The memory changed in place since this view was made: its history now leads through that change. */
  private renewHistory(meta: ViewMeta): void {
    const base = baseOf(this);
    if (this.node === null && !base.requires_grad) return;
    refuseChangeThrough(this, meta.creation, "its base or another view of its base has been");
    const fresh = withGradMode(true, () => base.as_strided(this.shape, [...stridesOf(this)], this.offset));
    this.node = fresh.node;
    this.outputNr = 0;
    meta.version = this.storage.version;
    if (this.retainsGrad && fresh.node !== null) this.retainAt(fresh.node);
  }

  /** Whether backward computes a gradient for this tensor or through it. Source: torch.Tensor.requires_grad. */
  get requires_grad(): boolean {
    return (
      this.leafRequiresGrad || this.node !== null || (this.viewMeta !== null && baseOf(this).requires_grad)
    );
  }

  set requires_grad(value: boolean) {
    if (value && this.grad_fn !== null)
      throw new RuntimeError("you can only change requires_grad flags of leaf variables.");
    this.requires_grad_(value);
  }

  /** Asks (or stops asking) for a gradient, in place. Only for leaves. Source: torch.Tensor.requires_grad_. */
  requires_grad_(given: boolean | { requires_grad?: boolean } = true): this {
    const requires_grad = single(given, "requires_grad", true);
    if (requires_grad && this.dtype.category !== "float")
      throw new RuntimeError("only Tensors of floating point dtype can require gradients");
    if (this.grad_fn !== null && !requires_grad)
      throw new RuntimeError(
        "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
      );
    if (requires_grad && this.storage.isInference && !gradMode.inference)
      throw new RuntimeError(
        "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.",
      );
    this.leafRequiresGrad = requires_grad && this.node === null;
    return this;
  }

  /** Whether this tensor was not computed from others that require gradients. Source: torch.Tensor.is_leaf. */
  get is_leaf(): boolean {
    return this.grad_fn === null;
  }

  /** The same memory without history: changes show in both, gradients do not pass. Source: torch.Tensor.detach. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.dtype, this.strides, this.offset);
  }

  /** A tensor of its own with the same elements, without history; laid out by `strides` if given. @internal */
  detachedCopy(strides: readonly number[] | null = null): Tensor {
    if (strides === null) return fromData(copiedElements(this), this.shape, this.dtype);
    const copy = new Tensor(allocate(this.dtype, numel(this.shape)), this.shape, this.dtype, strides);
    scatter(copy, elements(this));
    return copy;
  }

  /** Cuts this tensor off from its history, in place. Not for views. Source: torch.Tensor.detach_. */
  detach_(): this {
    if (this.viewMeta !== null)
      throw new RuntimeError(
        "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution.",
      );
    this.node = null;
    this.leafRequiresGrad = false;
    return this;
  }

  /**
   * As `detach()`. Assigning another tensor makes this one show that one's memory, and keeps the history.
   * Kept by PyTorch for older code. Source: torch.Tensor.data.
   */
  get data(): Tensor {
    return this.detach();
  }

  set data(value: Tensor) {
    if (!(value instanceof Tensor))
      throw new TypeError(`Variable data has to be a tensor, but got ${pythonTypeName(value)}`);
    if (this.requires_grad && value.dtype.category !== "float")
      throw new RuntimeError(
        "data set to a tensor that requires gradients must be floating point or complex dtype",
      );
    const { storage, shape, dtype, strides, offset } = value;
    Object.assign(this, { storage, shape, dtype, strides, offset });
  }

  /** Counts the changes in place of this tensor's memory. @internal */
  get _version(): number {
    if (this.storage.isInference) throw new RuntimeError("Inference tensors do not track version counter.");
    return this.storage.version;
  }

  /** Whether this was made in `inference_mode`. Source: torch.Tensor.is_inference. */
  is_inference(): boolean {
    return this.storage.isInference;
  }

  /**
   * Computes the gradient of this tensor with respect to every leaf it was computed from, and adds it to
   * their `grad`. A tensor of several elements needs the `gradient` it starts with, of its own shape.
   * Frees what was saved unless `retain_graph`; `inputs` limits whose `grad` is added to.
   * Source: torch.Tensor.backward.
   */
  backward(
    gradient: Tensor | null | (BackwardOptions & { gradient?: Tensor | null }) = null,
    retain_graph?: boolean | null | BackwardOptions,
    create_graph?: boolean | BackwardOptions,
    inputs?: BackwardOptions["inputs"],
  ): void {
    if (gradient === null || gradient instanceof Tensor)
      backward(this, gradient, retain_graph, create_graph, inputs);
    else {
      const { gradient: grad_tensors, ...options } = gradient;
      backward(this, { ...options, grad_tensors });
    }
  }

  /** Makes backward keep this non-leaf's gradient in `grad`. Source: torch.Tensor.retain_grad. */
  retain_grad(): void {
    if (!this.requires_grad)
      throw new RuntimeError("can't retain_grad on Tensor that has requires_grad=False");
    const node = this.grad_fn;
    if (node === null || this.retainsGrad) return;
    this.retainsGrad = true;
    this.retainAt(node);
  }

  /** Keeps the gradient that arrives at `node`, which computes this tensor from now on. @internal */
  retainAt(node: Node): void {
    retaining.get(this)?.remove();
    const handle = addHook(node, "retain", (grads) => {
      const grad = grads[this.outputNr];
      if (grad !== null) this.grad = this.grad === null ? grad.clone() : this.grad.add(grad);
    });
    retaining.set(this, handle);
  }

  /** Whether this is a non-leaf whose gradient backward keeps. Source: torch.Tensor.retains_grad. */
  get retains_grad(): boolean {
    return this.retainsGrad;
  }

  /**
   * Calls `hook` with the gradient whenever backward computes it; what the hook returns takes its place.
   * Returns a handle whose `remove()` ends that. Source: torch.Tensor.register_hook.
   */
  register_hook(hook: TensorHook): RemovableHandle {
    const node = gradientEdge(this);
    if (node === null)
      throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
    return addHook(node, "tensor", (grads) => {
      const grad = grads[this.outputNr];
      if (grad !== null) grads[this.outputNr] = replacement(hook, grad);
    });
  }

  /**
   * Calls `hook` with this leaf whenever backward has added to its `grad`.
   * Source: torch.Tensor.register_post_accumulate_grad_hook.
   */
  register_post_accumulate_grad_hook(hook: (param: this) => void): RemovableHandle {
    if (!this.is_leaf)
      throw new RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors");
    const node = gradientEdge(this) as AccumulateGrad | null;
    if (node === null)
      throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
    node.posthooks ??= [];
    const hooks = node.posthooks;
    const call = () => hook(this);
    hooks.push(call);
    return {
      remove() {
        const at = hooks.indexOf(call);
        if (at >= 0) hooks.splice(at, 1);
      },
    };
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of dimensions. Source: torch.Tensor.dim. */
  dim(): number {
    return this.shape.length;
  }

  /** Number of elements. Source: torch.Tensor.numel. */
  numel(): number {
    return numel(this.shape);
  }

  /** The shape, or the size of one dimension. Source: torch.Tensor.size. */
  size(): number[];
  size(dim: number | { dim: number }): number;
  size(given?: number | { dim?: number }): number | number[] {
    const dim = single<number | undefined>(given, "dim", undefined);
    return dim === undefined ? [...this.shape] : this.shape[wrapDim(dim, this.shape.length)];
  }

  /** Steps between elements of each dimension, in elements. Source: torch.Tensor.stride. */
  stride(): number[];
  stride(dim: number | { dim: number }): number;
  stride(given?: number | { dim?: number }): number | number[] {
    const dim = single<number | undefined>(given, "dim", undefined);
    const strides = stridesOf(this);
    return dim === undefined ? [...strides] : strides[wrapDim(dim, this.shape.length)];
  }

  /** Index of the first element in the memory. Source: torch.Tensor.storage_offset. */
  storage_offset(): number {
    return this.offset;
  }

  /** Whether the elements lie without gaps, row-major or as asked for. Source: torch.Tensor.is_contiguous. */
  is_contiguous({ memory_format = contiguous_format }: { memory_format?: MemoryFormat } = {}): boolean {
    const { shape } = this;
    if (memory_format === contiguous_format)
      return this.strides === null || liesAs(shape, this.strides, contiguousStrides(shape));
    const rank = memory_format === channels_last ? 4 : 5;
    return shape.length === rank && liesAs(shape, stridesOf(this), channelsLastStrides(shape, memory_format));
  }

  /** Whether the dtype is a floating one. Source: torch.Tensor.is_floating_point. */
  is_floating_point(): boolean {
    return this.dtype.category === "float";
  }

  /** The only element as a JavaScript number (or boolean). Throws for any other count. Source: torch.Tensor.item. */
  item(): number {
    if (this.numel() !== 1)
      throw new RuntimeError(`a Tensor with ${this.numel()} elements cannot be converted to Scalar`);
    return toScalar(this.storage.data[this.offset], this.dtype);
  }

  /** The elements as nested arrays; a 0-dim tensor gives its number. Source: torch.Tensor.tolist. */
  tolist(): NestedNumbers {
    const data = elements(this);
    let at = 0;
    const level = (dim: number): NestedNumbers =>
      dim === this.shape.length
        ? toScalar(data[at++], this.dtype)
        : Array.from({ length: this.shape[dim] }, () => level(dim + 1));
    return level(0);
  }

  /** Where the memory is: the CPU. Source: torch.Tensor.device. */
  get device(): Device {
    return cpu;
  }

  /** How the elements lie in memory: by strides. Source: torch.Tensor.layout. */
  get layout(): Layout {
    return strided;
  }

  /** Bytes per element. Source: torch.Tensor.itemsize. */
  get itemsize(): number {
    return this.dtype.itemsize;
  }

  /** Bytes of all elements. Source: torch.Tensor.nbytes. */
  get nbytes(): number {
    return this.numel() * this.dtype.itemsize;
  }

  /** Dimensions in reverse order; for a matrix its transpose. Source: torch.Tensor.T. */
  get T(): Tensor {
    return this.permute(this.shape.map((_, d) => this.shape.length - 1 - d));
  }

  /** The last two dimensions swapped. Throws for a vector. Source: torch.Tensor.mT. */
  get mT(): Tensor {
    return this.swapMatrixDims("mT");
  }

  /** As `mT`: the numbers are real. Source: torch.Tensor.mH. */
  get mH(): Tensor {
    return this.swapMatrixDims("mH");
  }

  /** The tensor itself: the numbers are real. Source: torch.Tensor.real. */
  get real(): Tensor {
    return this;
  }

  private swapMatrixDims(name: string): Tensor {
    if (this.shape.length === 0) return this;
    if (this.shape.length === 1)
      throw new RuntimeError(
        `tensor.${name} is only supported on matrices or batches of matrices. Got 1-D tensor.`,
      );
    return this.transpose(-2, -1);
  }

  /** The transpose of a matrix: the numbers are real. Throws for other dimensions. Source: torch.Tensor.H. */
  get H(): Tensor {
    const ndim = this.shape.length;
    if (ndim === 0) return this;
    if (ndim !== 2)
      throw new RuntimeError(
        `tensor.H is only supported on matrices (2-D tensors). Got ${ndim}-D tensor.${ndim > 2 ? " For batches of matrices, consider using tensor.mH" : ""}`,
      );
    return this.transpose(0, 1);
  }

  /** What Python prints for this tensor, to the character. */
  toString(): string {
    const text = formatTensor(
      this.printView(),
      { gradFn: this.shownStep(), requiresGrad: this.requires_grad },
      printOptions.current,
      defaultDType.current.name,
    );
    return this.isParameter ? `Parameter containing:\n${text}` : text;
  }

  /** A view whose history a change in place lost can be printed, but not used. */
  private shownStep(): string | null {
    try {
      return this.grad_fn?.typeName ?? null;
    } catch {
      return "Invalid";
    }
  }

  /** As `toString()` without what is said of the graph: the values only. */
  formatValue(): string {
    return formatTensor(this.printView(), {}, printOptions.current, defaultDType.current.name);
  }

  private printView() {
    return {
      shape: this.shape,
      strides: stridesOf(this),
      offset: this.offset,
      data: this.storage.data,
      dtype: this.dtype.name,
    };
  }
}

/** Numbers nested as deeply as the tensor has dimensions. */
export type NestedNumbers = number | NestedNumbers[];

/** Booleans come out as booleans, which the published type calls numbers for the sake of arithmetic. */
function toScalar(value: number, dtype: DType): number {
  return dtype.category === "bool" ? ((value !== 0) as unknown as number) : value;
}

/** May return what takes the gradient's place. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing may be any function
export type TensorHook = (grad: Tensor) => Tensor | null | undefined | void;

/** What a hook makes of a gradient. */
/** The hooks that keep gradients of non-leaves. */
const retaining = new WeakMap<Tensor, RemovableHandle>();

function replacement(hook: TensorHook, grad: Tensor): Tensor {
  const given: unknown = hook(grad);
  if (given == null) return grad;
  if (!(given instanceof Tensor))
    throw new TypeError(`expected Variable, but hook returned '${pythonTypeName(given)}'`);
  const name = hook.name || "<lambda>";
  if (given.dtype !== grad.dtype)
    throw new RuntimeError(
      `hook '${name}' has changed the type of value (was torch.${grad.dtype.tensorTypeName} got torch.${given.dtype.tensorTypeName})`,
    );
  if (!sameShape(given.shape, grad.shape))
    throw new RuntimeError(`hook '${name}' has changed the size of value`);
  return given;
}

/** How a view came from its parent, so that it can be made again after an in-place change. */
export interface ViewMeta {
  parent: Tensor;
  operator: Operator;
  args: unknown[];
  /** The memory's version when the view's node was made; another one since means it must be remade. */
  version: number;
  creation: ViewCreation;
}

/** A new tensor that owns its memory: of zeros, unless `cleared` is false as what is there will be overwritten. */
export function emptyTensor(shape: number[], dtype: DType, cleared = true): Tensor {
  return new Tensor(allocate(dtype, numel(shape), cleared), shape, dtype);
}

/** Wraps data that nothing else refers to, row-major. */
export function fromData(data: TypedArray, shape: number[], dtype: DType): Tensor {
  return new Tensor(new Storage(data), shape, dtype);
}

/** Another look at `input`'s memory. */
export function viewOf(
  input: Tensor,
  shape: number[],
  strides: readonly number[] | null,
  offset: number,
): Tensor {
  const rowMajor = strides === null || isRowMajor(shape, strides);
  return new Tensor(input.storage, shape, input.dtype, rowMajor ? null : strides, offset);
}

export function stridesOf(t: Tensor): readonly number[] {
  return t.strides ?? contiguousStrides(t.shape);
}

/** The tensor whose memory a view looks into, through any number of views. */
export function baseOf(t: Tensor): Tensor {
  let base = t;
  while (base.viewMeta !== null) base = base.viewMeta.parent;
  return base;
}

/**
 * The elements in row-major order as a typed array: a window on the storage where they already lie so,
 * a copy otherwise. For reading only.
 */
export function elements(t: Tensor): TypedArray {
  const { data } = t.storage;
  const count = numel(t.shape);
  if (t.strides === null) {
    if (t.offset === 0 && data.length === count) return data;
    return data.subarray(t.offset, t.offset + count);
  }
  return gather(t, t.shape, t.strides, new t.dtype.ArrayType(count));
}

/** The elements in row-major order, in an array that nothing else refers to. */
function copiedElements(t: Tensor): TypedArray {
  const values = elements(t);
  if (t.strides !== null) return values;
  const copy = new t.dtype.ArrayType(values.length, false);
  if (values.length > SHORT) copy.set(values);
  else for (let i = 0; i < values.length; i++) copy[i] = values[i];
  return copy;
}

/** Up to this length a loop copies faster than the call that copies memory. */
const SHORT = 32;

/** From this many elements on a row is copied by the array's own methods. */
const LONG_ROW = 32;
/** From this many on it pays to look for longer rows. */
const MANY = 256;

/** The same elements in the same order with fewer dimensions: those through which one step leads are one. */
function mergeDimensions(shape: Shape, strides: readonly number[]): { shape: number[]; strides: number[] } {
  const merged = { shape: [shape[0]], strides: [strides[0]] };
  for (let d = 1; d < shape.length; d++) {
    const last = merged.shape.length - 1;
    if (merged.strides[last] === strides[d] * shape[d] || merged.shape[last] === 1) {
      merged.shape[last] *= shape[d];
      merged.strides[last] = strides[d];
    } else if (shape[d] !== 1) {
      merged.shape.push(shape[d]);
      merged.strides.push(strides[d]);
    }
  }
  return merged;
}

/** Copies the elements that `strides` reach, row-major over `shape`, into `out`. */
export function gather(t: Tensor, shape: Shape, strides: readonly number[], out: TypedArray): TypedArray {
  const { data } = t.storage;
  const ndim = shape.length;
  if (ndim === 0) {
    out[0] = data[t.offset];
    return out;
  }
  if (out.length === 0) return out;
  if (out.length >= MANY && ndim > 1 && strides[ndim - 1] <= 1) {
    const merged = mergeDimensions(shape, strides);
    if (merged.shape.length < ndim) return gather(t, merged.shape, merged.strides, out);
  }
  if (gatherTransposed(data, t.offset, shape, strides, out)) return out;
  const inner = shape[ndim - 1];
  const innerStride = strides[ndim - 1];
  if (inner >= LONG_ROW && innerStride <= 1) {
    forEachRow(shape, strides, t.offset, (from, row) => {
      if (innerStride === 1) out.set(data.subarray(from, from + inner), row * inner);
      else out.fill(data[from], row * inner, (row + 1) * inner);
    });
    return out;
  }
  if (ndim === 2) {
    const step = strides[0];
    for (let to = 0, row = t.offset; to < out.length; row += step)
      for (let i = 0, at = row; i < inner; i++, at += innerStride) out[to++] = data[at];
    return out;
  }
  forEachRow(shape, strides, t.offset, (from, row) => {
    const to = row * inner;
    for (let i = 0, at = from; i < inner; i++, at += innerStride) out[to + i] = data[at];
  });
  return out;
}

/** Copies row-major `values` to where `t`'s elements lie. */
export function scatter(t: Tensor, values: TypedArray): void {
  if (values.length === 0) return; // an empty view may begin beyond its memory's end
  const { data } = t.storage;
  const ndim = t.shape.length;
  if (t.strides === null || ndim === 0) {
    data.set(values, t.offset);
    return;
  }
  const inner = t.shape[ndim - 1];
  const innerStride = t.strides[ndim - 1];
  forEachRow(t.shape, t.strides, t.offset, (to, row) => {
    const from = row * inner;
    for (let i = 0, at = to; i < inner; i++, at += innerStride) data[at] = values[from + i];
  });
}

/** Whether strides lead to the same places as others; those of dimensions with one place lead nowhere. */
function liesAs(shape: Shape, strides: readonly number[], others: readonly number[]): boolean {
  return numel(shape) === 0 || shape.every((size, d) => size === 1 || strides[d] === others[d]);
}

/** Visits where each row (the last dimension) begins, in row-major order. At least one dimension. */
function forEachRow(
  shape: Shape,
  strides: readonly number[],
  offset: number,
  visit: (start: number, row: number) => void,
): void {
  const outer = shape.length - 1;
  const index = new Array<number>(outer).fill(0);
  let rows = 1;
  for (let d = 0; d < outer; d++) rows *= shape[d];
  let start = offset;
  for (let row = 0; row < rows; row++) {
    visit(start, row);
    for (let d = outer - 1; d >= 0; d--) {
      start += strides[d];
      if (++index[d] < shape[d]) break;
      start -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}
