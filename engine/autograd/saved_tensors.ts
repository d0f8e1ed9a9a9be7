import { pythonTypeName } from "../errors";
import { Tensor } from "../tensor";
import type { GradModeGuard } from "./context";
import type { AccumulateGrad, Node } from "./node";

/** What becomes of tensors that steps save for backward: `pack` takes each, `unpack` gives it back. */
export interface SavedTensorsHooks {
  pack(tensor: Tensor): unknown;
  unpack(packed: unknown): unknown;
}

/** The innermost hooks in force; null where steps keep the tensors themselves. @internal */
export const savedTensorsHooks: { current: SavedTensorsHooks | null } = { current: null };

/** What a hook made of a saved tensor, with the tensor's place in the graph. */
export class PackedTensor {
  private readonly unpackHook: SavedTensorsHooks["unpack"];
  private readonly packed: unknown;
  private readonly node: Node | null;
  private readonly outputNr: number;
  private readonly accumulator: AccumulateGrad | null;

  constructor(tensor: Tensor, hooks: SavedTensorsHooks) {
    this.unpackHook = hooks.unpack;
    this.node = tensor.grad_fn;
    this.outputNr = tensor.outputNr;
    this.accumulator = tensor.accumulator;
    this.packed = hooks.pack(tensor);
  }

  unpack(): Tensor {
    const given = this.unpackHook(this.packed);
    if (!(given instanceof Tensor))
      throw new TypeError(
        `Output of saved tensor unpack_hook expected to be a Tensor but got result of type ${pythonTypeName(given)}`,
      );
    const tensor = given.detach();
    tensor.node = this.node;
    tensor.outputNr = this.outputNr;
    tensor.accumulator = this.accumulator;
    tensor.leafRequiresGrad = this.accumulator !== null;
    return tensor;
  }
}

/** A saved value, packed where it is a tensor or a list of them. */
export function packed(value: unknown, hooks: SavedTensorsHooks): unknown {
  if (value instanceof Tensor) return new PackedTensor(value, hooks);
  return Array.isArray(value) ? value.map((each) => packed(each, hooks)) : value;
}

/** The value that `packed` took. */
export function unpacked(value: unknown): unknown {
  if (value instanceof PackedTensor) return value.unpack();
  return Array.isArray(value) ? value.map(unpacked) : value;
}

/**
 * While `body` runs, or until the end of the block with `using _ = …`, each tensor that is saved for backward goes
 * through `pack_hook`, and what that gives through `unpack_hook` when backward needs the tensor.
 * Source: torch.autograd.graph.saved_tensors_hooks.
 */
export function saved_tensors_hooks<T>(
  pack_hook: (tensor: Tensor) => unknown,
  // biome-ignore lint/suspicious/noExplicitAny: whatever `pack_hook` gave
  unpack_hook: (packed: any) => Tensor,
  body: () => T,
): T;
export function saved_tensors_hooks(
  pack_hook: (tensor: Tensor) => unknown,
  // biome-ignore lint/suspicious/noExplicitAny: whatever `pack_hook` gave
  unpack_hook: (packed: any) => Tensor,
): GradModeGuard;
export function saved_tensors_hooks<T>(
  pack_hook: (tensor: Tensor) => unknown,
  // biome-ignore lint/suspicious/noExplicitAny: whatever `pack_hook` gave
  unpack_hook: (packed: any) => Tensor,
  body?: () => T,
): T | GradModeGuard {
  const before = savedTensorsHooks.current;
  savedTensorsHooks.current = { pack: pack_hook, unpack: unpack_hook };
  const end = () => {
    savedTensorsHooks.current = before;
  };
  if (body === undefined) return { [Symbol.dispose]: end };
  try {
    return body();
  } finally {
    end();
  }
}
