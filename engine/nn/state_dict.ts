import { no_grad } from "../autograd/context";
import { pythonTypeName, RuntimeError } from "../errors";
import { pythonRepr } from "../printing/python";
import { sameShape, showShape } from "../shape";
import { Tensor } from "../tensor";
import type { Module } from "./module";

/** Parameters and buffers by path, in order: `sd.get("0.weight")`. */
export class StateDict extends Map<string, Tensor> {
  /** As Python prints an `OrderedDict`. */
  override toString(): string {
    const items = [...this].map(([name, tensor]) => `(${pythonRepr(name)}, ${tensor})`);
    return items.length === 0 ? "OrderedDict()" : `OrderedDict([${items.join(", ")}])`;
  }
}

/** What `load_state_dict` did not find or did not need. */
export class IncompatibleKeys {
  constructor(
    readonly missing_keys: string[],
    readonly unexpected_keys: string[],
  ) {}

  toString(): string {
    const { missing_keys, unexpected_keys } = this;
    if (missing_keys.length + unexpected_keys.length === 0) return "<All keys matched successfully>";
    return `_IncompatibleKeys(missing_keys=${pythonRepr(missing_keys)}, unexpected_keys=${pythonRepr(unexpected_keys)})`;
  }
}

/** Adds what a module itself keeps, and then what those below keep. */
export function collectState(module: Module, prefix: string, keepVars: boolean, into: StateDict): StateDict {
  for (const [name, tensor] of module.ownState())
    into.set(prefix + name, keepVars ? tensor : tensor.detach());
  for (const [name, child] of module.childEntries()) collectState(child, `${prefix}${name}.`, keepVars, into);
  return into;
}

/** What can be loaded: a Map or plain object of tensors by path. */
export type GivenState = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

/**
 * Copies tensors into the parameters and buffers of those names. Throws where shapes differ, and if `strict`
 * where names do; all that can be copied is copied before that.
 */
export function loadState(module: Module, given: GivenState, strict: boolean): IncompatibleKeys {
  if (typeof given !== "object" || given === null)
    throw new TypeError(`Expected state_dict to be dict-like, got <class '${pythonTypeName(given)}'>.`);
  const state = new Map<string, unknown>(given instanceof Map ? given : Object.entries(given));
  const own = collectState(module, "", true, new StateDict());
  const missing = [...own.keys()].filter((name) => !state.has(name));
  const unexpected = [...state.keys()].filter((name) => !own.has(name));
  const errors: string[] = [];
  for (const [name, target] of own)
    if (state.has(name)) {
      const error = copyInto(name, target, state.get(name));
      if (error !== null) errors.push(error);
    }
  const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(", ");
  if (strict && unexpected.length > 0)
    errors.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `);
  if (strict && missing.length > 0) errors.unshift(`Missing key(s) in state_dict: ${quoted(missing)}. `);
  if (errors.length > 0)
    throw new RuntimeError(
      `Error(s) in loading state_dict for ${module.constructor.name}:\n\t${errors.join("\n\t")}`,
    );
  return new IncompatibleKeys(missing, unexpected);
}

function copyInto(name: string, target: Tensor, value: unknown): string | null {
  if (!(value instanceof Tensor))
    return `While copying the parameter named "${name}", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${pythonTypeName(value)}'>`;
  if (!sameShape(value.shape, target.shape))
    return `size mismatch for ${name}: copying a param with shape torch.Size(${showShape(value.shape)}) from checkpoint, the shape in current model is torch.Size(${showShape(target.shape)}).`;
  no_grad(() => target.copy_(value));
  return null;
}
