import { no_grad } from "../autograd/context";
import { pythonTypeName, RuntimeError } from "../errors";
import { pythonRepr } from "../printing/python";
import { sameShape, showShape } from "../shape";
import { Tensor } from "../tensor";
import type { Module } from "./module";
import { Parameter } from "./parameter";

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

/** What a state says of the module that saved it. */
export interface LocalMetadata {
  version?: number;
  assign_to_params_buffers?: boolean;
}

export type StateDictPreHook = (module: Module, prefix: string, keep_vars: boolean) => void;
export type StateDictPostHook = (
  module: Module,
  state_dict: StateDict,
  prefix: string,
  local_metadata: LocalMetadata,
) => void;
export type LoadStateDictPreHook = (
  module: Module,
  state_dict: Map<string, unknown>,
  prefix: string,
  local_metadata: LocalMetadata,
  strict: boolean,
  missing_keys: string[],
  unexpected_keys: string[],
  error_msgs: string[],
) => void;
export type LoadStateDictPostHook = (module: Module, incompatible_keys: IncompatibleKeys) => void;

/** What is called around saving and loading the state of a module. */
export class StateHooks {
  readonly savePre: StateDictPreHook[] = [];
  readonly savePost: StateDictPostHook[] = [];
  readonly loadPre: LoadStateDictPreHook[] = [];
  readonly loadPost: LoadStateDictPostHook[] = [];
}

/** What modules save now; older states lack some of it. */
const VERSION = 2;

/** Adds what a module itself keeps, and then what those below keep. */
export function collectState(module: Module, prefix: string, keepVars: boolean, into: StateDict): StateDict {
  const { stateHooks } = module;
  if (stateHooks !== null) for (const hook of [...stateHooks.savePre]) hook(module, prefix, keepVars);
  for (const [name, tensor] of module.ownState())
    into.set(prefix + name, keepVars ? tensor : tensor.detach());
  for (const [name, child] of module.childEntries()) collectState(child, `${prefix}${name}.`, keepVars, into);
  if (stateHooks !== null)
    for (const hook of [...stateHooks.savePost]) hook(module, into, prefix, { version: VERSION });
  return into;
}

/** What can be loaded: a Map or plain object of tensors by path. */
export type GivenState = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

export interface LoadOptions {
  /** Throw where the state's names are not the module's. */
  strict?: boolean;
  /** Put the state's own tensors into the module, whatever their dtype. */
  assign?: boolean;
}

/** A load under way. */
interface Load {
  readonly state: Map<string, unknown>;
  readonly metadata: LocalMetadata;
  readonly keys: IncompatibleKeys;
  readonly errors: string[];
}

/**
 * Copies tensors into the parameters and buffers of those names, or with `assign` puts them there. Throws where
 * shapes differ, and if `strict` where names do; all that can be copied is copied before that.
 */
export function loadState(
  module: Module,
  given: GivenState,
  strict: boolean,
  assign: boolean,
): IncompatibleKeys {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(`Expected state_dict to be dict-like, got <class '${pythonTypeName(given)}'>.`);
  const metadata: LocalMetadata = given instanceof StateDict ? { version: VERSION } : {};
  if (assign) metadata.assign_to_params_buffers = true;
  const load: Load = {
    state: new Map<string, unknown>(given instanceof Map ? given : Object.entries(given)),
    metadata,
    keys: new IncompatibleKeys([], []),
    errors: [],
  };
  loadModule(module, "", load);
  const { errors, keys } = load;
  const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(", ");
  if (strict && keys.unexpected_keys.length > 0)
    errors.unshift(`Unexpected key(s) in state_dict: ${quoted(keys.unexpected_keys)}. `);
  if (strict && keys.missing_keys.length > 0)
    errors.unshift(`Missing key(s) in state_dict: ${quoted(keys.missing_keys)}. `);
  if (errors.length > 0)
    throw new RuntimeError(
      `Error(s) in loading state_dict for ${module.constructor.name}:\n\t${errors.join("\n\t")}`,
    );
  return keys;
}

function loadModule(module: Module, prefix: string, load: Load): void {
  const { state, metadata, keys, errors } = load;
  const { stateHooks } = module;
  module.completeState(state, prefix, metadata.version ?? null);
  if (stateHooks !== null)
    for (const hook of [...stateHooks.loadPre])
      hook(module, state, prefix, metadata, true, keys.missing_keys, keys.unexpected_keys, errors);
  const own = new Map(module.ownState());
  for (const [name, target] of own) {
    const path = prefix + name;
    if (!state.has(path)) keys.missing_keys.push(path);
    else {
      const error = loadInto(module, name, target, path, load);
      if (error !== null) errors.push(error);
    }
  }
  const children = module.childEntries();
  const below = new Set(children.map(([name]) => name));
  for (const path of state.keys()) {
    if (!path.startsWith(prefix)) continue;
    const [name, ...rest] = path.slice(prefix.length).split(".");
    if (rest.length > 0 ? !below.has(name) : !own.has(name)) keys.unexpected_keys.push(path);
  }
  for (const [name, child] of children) loadModule(child, `${prefix}${name}.`, load);
  if (stateHooks !== null) for (const hook of [...stateHooks.loadPost]) hook(module, keys);
}

function loadInto(module: Module, name: string, target: Tensor, path: string, load: Load): string | null {
  let value = load.state.get(path);
  if (!(value instanceof Tensor))
    return `While copying the parameter named "${path}", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${pythonTypeName(value)}'>`;
  // What is one number now was a vector of one once.
  if (target.shape.length === 0 && value.shape.length === 1) value = value.select(0, 0);
  const given = value as Tensor;
  if (!sameShape(given.shape, target.shape))
    return `size mismatch for ${path}: copying a param with shape torch.Size(${showShape(given.shape)}) from checkpoint, the shape in current model is torch.Size(${showShape(target.shape)}).`;
  if (load.metadata.assign_to_params_buffers === true)
    Object.assign(module, { [name]: inPlaceOf(target, given) });
  else no_grad(() => target.copy_(given));
  return null;
}

/** What takes a parameter's place is one, and asks for a gradient where that one did. */
function inPlaceOf(target: Tensor, given: Tensor): Tensor {
  if (!(target instanceof Parameter)) return given;
  if (!(given instanceof Parameter)) return new Parameter(given, target.requires_grad);
  return given.requires_grad_(target.requires_grad);
}
