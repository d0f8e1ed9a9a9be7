// What tensors answer and do besides operators. All of them are dense numbers on the CPU.
import { type TensorData, tensor } from "./construct";
import type { Device } from "./device";
import type { DType, TypedArray } from "./dtype";
import { RuntimeError } from "./errors";
import { signature } from "./op/signature";
import { baseOf, elements, Tensor } from "./tensor";

interface NewTensorOptions {
  dtype?: DType | null;
  requires_grad?: boolean;
  device?: Device | string | null;
}

declare module "./tensor" {
  interface Tensor {
    /** Whether the memory is the CPU's: yes. Source: torch.Tensor.is_cpu. */
    readonly is_cpu: boolean;
    /** Whether the memory is a GPU's: no. Source: torch.Tensor.is_cuda. */
    readonly is_cuda: boolean;
    /** Whether the memory is an Apple GPU's: no. Source: torch.Tensor.is_mps. */
    readonly is_mps: boolean;
    /** Whether only elements that are not zero are kept: no. Source: torch.Tensor.is_sparse. */
    readonly is_sparse: boolean;
    /** Whether the elements are quantized: no. Source: torch.Tensor.is_quantized. */
    readonly is_quantized: boolean;
    /** Whether the elements are missing: no. Source: torch.Tensor.is_meta. */
    readonly is_meta: boolean;
    /** Whether this is a list of tensors: no. Source: torch.Tensor.is_nested. */
    readonly is_nested: boolean;
    /** Which of its step's results this is. Source: torch.Tensor.output_nr. */
    readonly output_nr: number;
    /** The tensor whose memory this looks into; null for one that owns its memory. Source: torch.Tensor._base. */
    readonly _base: Tensor | null;
    /** Null: tensors have no names. Source: torch.Tensor.name. */
    readonly name: null;
    /** Always throws: the numbers are real. Source: torch.Tensor.imag. */
    readonly imag: Tensor;

    /** Whether this looks into another tensor's memory. Source: torch.Tensor._is_view. */
    _is_view(): boolean;
    /** Applies a function to each element, in place: `x.apply_((v) => v + 1)`. Source: torch.Tensor.apply_. */
    apply_(callable: (value: number) => number): this;
    /** Applies a function to each element and that of `tensor`, in place. Source: torch.Tensor.map_. */
    map_(tensor: Tensor, callable: (value: number, other: number) => number): this;
    /**
     * The elements in row-major order as a typed array, which shares the tensor's memory where they lie so;
     * int64 comes as doubles. Throws for a tensor that requires grad, unless `force`. Source: torch.Tensor.numpy.
     * @differs torch.Tensor.numpy: gives a typed array of the elements, row by row, without a shape.
     */
    numpy(options?: { force?: boolean }): TypedArray;
    /** A tensor of `data` with this one's dtype unless another is given. Source: torch.Tensor.new_tensor. */
    new_tensor(data: TensorData, options?: NewTensorOptions): Tensor;
  }
}

const answers = {
  is_cpu: true,
  is_cuda: false,
  is_mps: false,
  is_sparse: false,
  is_quantized: false,
  is_meta: false,
  is_nested: false,
  name: null,
};
for (const [name, answer] of Object.entries(answers))
  Object.defineProperty(Tensor.prototype, name, { get: () => answer, configurable: true });

Object.defineProperty(Tensor.prototype, "output_nr", {
  get(this: Tensor) {
    return this.outputNr;
  },
});
Object.defineProperty(Tensor.prototype, "_base", {
  get(this: Tensor) {
    return this.viewMeta === null ? null : baseOf(this);
  },
});
Object.defineProperty(Tensor.prototype, "imag", {
  get() {
    throw new RuntimeError("imag is not implemented for tensors with non-complex dtypes.");
  },
});

const newTensorArguments = signature(
  "new_tensor(*, dtype: dtype? = null, requires_grad = false, device: device? = null)",
);

const methods: Partial<Tensor> & ThisType<Tensor> = {
  _is_view() {
    return this.viewMeta !== null;
  },

  apply_(callable) {
    refuseGradient(this, "apply_");
    return this.copy_(mapped(this, callable)) as never;
  },

  map_(other, callable) {
    refuseGradient(this, "map_");
    const others = elements(other.expand(this.shape));
    return this.copy_(mapped(this, (value, i) => callable(value, others[i]))) as never;
  },

  numpy({ force = false } = {}) {
    if (this.requires_grad && !force)
      throw new RuntimeError(
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      );
    return elements(this);
  },

  new_tensor(data, ...args: unknown[]) {
    const [dtype, requires_grad] = newTensorArguments(args);
    const made = tensor(data instanceof Tensor ? data.detach() : data);
    return made.to(dtype ?? (data instanceof Tensor ? made.dtype : this.dtype)).requires_grad_(requires_grad);
  },
};
for (const [name, value] of Object.entries(methods))
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });

function mapped(input: Tensor, f: (value: number, i: number) => number): Tensor {
  const result = input.detachedCopy();
  const { data } = result.storage;
  for (let i = 0; i < data.length; i++) data[i] = Number(f(data[i], i));
  return result;
}

function refuseGradient(input: Tensor, name: string): void {
  if (input.requires_grad)
    throw new RuntimeError(
      `Can't call ${name}() on Variable that requires grad. Use var.detach().${name}() instead.`,
    );
}
