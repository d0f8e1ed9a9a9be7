import { gradMode } from "../autograd/grad_mode";
import { cppTypeName, pythonTypeName, RuntimeError } from "../errors";
import { observer } from "../observe";
import { numel, sameShape, showShape } from "../shape";
import { Tensor } from "../tensor";
import { isKeywords } from "./keywords";
import { type Operator, overwrite } from "./operator";

/** A call whose result is to be written into given tensors. */
export interface CallWithOut {
  /** The arguments without `out`. */
  args: unknown[];
  /** What was given for it; null, as in PyTorch, for a new tensor after all. */
  out: unknown;
}

/** A call that has `out` among its keywords, taken apart; null for any other. */
export function takeOut(args: readonly unknown[]): CallWithOut | null {
  const last = args.at(-1);
  if (!isKeywords(last) || !Object.hasOwn(last, "out")) return null;
  const { out, ...keywords } = last;
  return { args: [...args.slice(0, -1), keywords], out };
}

/**
 * Runs an operator on complete arguments and writes what it gives into `out`, whose shape gives way. Nothing is
 * recorded, so nothing may ask for gradients. `callee` is the function's name in messages.
 * Source: torch/csrc/autograd, at::native::resize_output.
 */
export function runInto(operator: Operator, bound: unknown[], out: unknown, callee: string): unknown {
  const several = operator.schema.resultNames !== null;
  const targets = several ? out : [out];
  if (!Array.isArray(targets) || !targets.every((target) => target instanceof Tensor))
    throw new TypeError(
      `${callee}(): argument 'out' must be ${several ? "tuple of Tensors" : "Tensor"}, not ${pythonTypeName(out)}`,
    );
  const result = operator.run(several ? bound : withDType(operator, bound, targets[0]));
  const values = several ? (result as Tensor[]) : [result as Tensor];
  if (gradMode.enabled && [...targets, ...values].some((each) => each.requires_grad))
    throw new RuntimeError(
      `${callee}(): functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.`,
    );
  const isExact = several || EXACT.test(callee);
  values.forEach((value, i) => {
    write(targets[i], value, isExact);
  });
  return several ? operator.named([...targets]) : out;
}

/** Functions that compute in the memory of `out` and therefore take no other dtype there than their own. */
const EXACT = /^(linalg_\w+|mm|bmm|mv|dot|matmul|(add|sp)?(mm|mv|bmm)|baddbmm|addr|arg(max|min))$/;

/** The arguments, which leave a dtype that can be chosen to `out`. */
function withDType({ schema }: Operator, bound: unknown[], out: Tensor): unknown[] {
  const at = schema.params.findIndex(({ name }) => name === "dtype");
  return at < 0 || bound[at] !== null ? bound : bound.with(at, out.dtype);
}

function write(target: Tensor, values: Tensor, isExact: boolean): void {
  if (isExact && target.dtype !== values.dtype)
    throw new RuntimeError(
      `Expected out tensor to have dtype ${cppTypeName(values.dtype)}, but got ${cppTypeName(target.dtype)} instead`,
    );
  if (!sameShape(target.shape, values.shape)) {
    if (numel(target.shape) > 0)
      observer?.warned(
        `An output with one or more elements was resized since it had shape ${showShape(target.shape)}, which does not match the required output shape ${showShape(values.shape)}. This behavior is deprecated, and in a future PyTorch release outputs will not be resized unless they have zero elements. You can explicitly reuse an out tensor t by resizing it, inplace, to zero elements with t.resize_(0).`,
      );
    target.resize_(values.shape);
  }
  overwrite(target, values);
}
