import { bool } from "./dtype";
import { RuntimeError } from "./errors";
import { getIndex, type Index, setIndex } from "./indexing";
import { torch } from "./op/define";
import { formatItem } from "./printing/number";
import { Tensor } from "./tensor";

/**
 * What operators on tensors mean: the methods of Python's data model that `.grad.ts` programs call through
 * `+`, `@`, `<`, `x[i]` and so on. One that has no answer for its operand returns `NotImplemented`.
 */
export interface OperatorProtocol {
  __add__(other: Tensor | number): Tensor;
  __radd__(other: number): Tensor;
  __iadd__(other: Tensor | number): Tensor;
  __sub__(other: Tensor | number): Tensor;
  __rsub__(other: number): Tensor;
  __isub__(other: Tensor | number): Tensor;
  __mul__(other: Tensor | number): Tensor;
  __rmul__(other: number): Tensor;
  __imul__(other: Tensor | number): Tensor;
  __truediv__(other: Tensor | number): Tensor;
  __rtruediv__(other: number): Tensor;
  __itruediv__(other: Tensor | number): Tensor;
  __mod__(other: Tensor | number): Tensor;
  __rmod__(other: number): Tensor;
  __imod__(other: Tensor | number): Tensor;
  __pow__(other: Tensor | number): Tensor;
  __rpow__(other: number): Tensor;
  __ipow__(other: Tensor | number): Tensor;
  __matmul__(other: Tensor): Tensor;
  __and__(other: Tensor | number | boolean): Tensor;
  __rand__(other: number | boolean): Tensor;
  __iand__(other: Tensor | number | boolean): Tensor;
  __or__(other: Tensor | number | boolean): Tensor;
  __ror__(other: number | boolean): Tensor;
  __ior__(other: Tensor | number | boolean): Tensor;
  __xor__(other: Tensor | number | boolean): Tensor;
  __rxor__(other: number | boolean): Tensor;
  __ixor__(other: Tensor | number | boolean): Tensor;
  __lt__(other: Tensor | number): Tensor;
  __le__(other: Tensor | number): Tensor;
  __gt__(other: Tensor | number): Tensor;
  __ge__(other: Tensor | number): Tensor;
  __neg__(): Tensor;
  __pos__(): Tensor;
  __invert__(): Tensor;
  __bool__(): boolean;
  __format__(): string;
  __getitem__(...indices: Index[]): Tensor;
  __setitem__(indices: Index[], value: Tensor | number | boolean): void;
  /** `x[indices]` of a `.grad.ts` file, for plain TypeScript. */
  index(...indices: Index[]): Tensor;
  [Symbol.iterator](): IterableIterator<Tensor>;
}

declare module "./tensor" {
  interface Tensor extends OperatorProtocol {}
}

/** What a method returns when the other operand should be asked. Found by this name, as Python finds its own. */
const NotImplemented = Symbol.for("NotImplemented") as unknown as Tensor;

type Binary = (self: Tensor, other: Tensor | number) => Tensor;

const binary: Record<string, Binary> = {
  __add__: (a, b) => a.add(b),
  __radd__: (a, b) => a.add(b),
  __iadd__: (a, b) => a.add_(b),
  __sub__: (a, b) => a.sub(b),
  __rsub__: (a, b) => (typeof b === "number" ? a.rsub(b) : a.rsub(b)),
  __isub__: (a, b) => a.sub_(b),
  __mul__: (a, b) => a.mul(b),
  __rmul__: (a, b) => a.mul(b),
  __imul__: (a, b) => a.mul_(b),
  __truediv__: (a, b) => a.div(b),
  // PyTorch divides by a tensor through its reciprocal, and the graph shows it.
  __rtruediv__: (a, b) => a.reciprocal().mul(b),
  // Python 2's name, which PyTorch still answers to.
  __rdiv__: (a, b) => a.reciprocal().mul(b),
  __itruediv__: (a, b) => a.div_(b),
  __mod__: (a, b) => (typeof b === "number" ? a.remainder(b) : a.remainder(b)),
  __rmod__: (a, b) => torch.remainder(b as number, a),
  __imod__: (a, b) => (typeof b === "number" ? a.remainder_(b) : a.remainder_(b)),
  __pow__: (a, b) => (typeof b === "number" ? a.pow(b) : a.pow(b)),
  __rpow__: (a, b) => torch.pow(b as number, a),
  __ipow__: (a, b) => (typeof b === "number" ? a.pow_(b) : a.pow_(b)),
  __lt__: (a, b) => a.lt(b),
  __le__: (a, b) => a.le(b),
  __gt__: (a, b) => a.gt(b),
  __ge__: (a, b) => a.ge(b),
};

const bitwise: Record<string, Binary> = {
  __and__: (a, b) => a.bitwise_and(b),
  __rand__: (a, b) => a.bitwise_and(b),
  __iand__: (a, b) => a.bitwise_and_(b),
  __or__: (a, b) => a.bitwise_or(b),
  __ror__: (a, b) => a.bitwise_or(b),
  __ior__: (a, b) => a.bitwise_or_(b),
  __xor__: (a, b) => a.bitwise_xor(b),
  __rxor__: (a, b) => a.bitwise_xor(b),
  __ixor__: (a, b) => a.bitwise_xor_(b),
};

/** Numbers, booleans and bigints take part in tensor arithmetic. */
function asOperand(other: unknown): Tensor | number | null {
  if (other instanceof Tensor || typeof other === "number") return other;
  return typeof other === "boolean" || typeof other === "bigint" ? Number(other) : null;
}

/** Beside a mask a boolean stays one: as a number it would make the result one of integers. */
function asBits(other: unknown): Tensor | number | null {
  return typeof other === "boolean" ? torch.scalar_tensor(Number(other), { dtype: bool }) : asOperand(other);
}

const methods: Record<string | symbol, unknown> = {
  __matmul__(this: Tensor, other: unknown): Tensor {
    return other instanceof Tensor ? this.matmul(other) : NotImplemented;
  },
  __neg__(this: Tensor): Tensor {
    return this.neg();
  },
  __pos__(this: Tensor): Tensor {
    return this;
  },
  __invert__(this: Tensor): Tensor {
    if (this.dtype.category === "float")
      throw new TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors");
    return this.bitwise_not();
  },
  __bool__(this: Tensor): boolean {
    if (this.numel() !== 1)
      throw new RuntimeError(
        this.numel() === 0
          ? "Boolean value of Tensor with no values is ambiguous"
          : "Boolean value of Tensor with more than one value is ambiguous",
      );
    return Number(this.item()) !== 0;
  },
  __format__(this: Tensor): string {
    return this.shape.length === 0 ? formatItem(Number(this.item()), this.dtype.name) : this.toString();
  },
  __getitem__(this: Tensor, ...indices: Index[]): Tensor {
    return getIndex(this, indices);
  },
  __setitem__(this: Tensor, indices: Index[], value: Tensor | number | boolean): void {
    setIndex(this, indices, value);
  },
  index(this: Tensor, ...indices: Index[]): Tensor {
    return getIndex(this, indices);
  },
  *[Symbol.iterator](this: Tensor): Iterator<Tensor> {
    if (this.shape.length === 0) throw new TypeError("iteration over a 0-d tensor");
    yield* this.unbind(0);
  },
};

function defineBinary(table: Record<string, Binary>, operandOf: typeof asOperand): void {
  for (const [name, apply] of Object.entries(table)) {
    methods[name] = function (this: Tensor, other: unknown): Tensor {
      const operand = operandOf(other);
      return operand === null ? NotImplemented : apply(this, operand);
    };
  }
}

/** Adds the protocol to the Tensor class. */
export function installOperators(): void {
  defineBinary(binary, asOperand);
  defineBinary(bitwise, asBits);
  for (const name of Reflect.ownKeys(methods))
    Object.defineProperty(Tensor.prototype, name, {
      value: methods[name],
      writable: true,
      configurable: true,
    });
}
