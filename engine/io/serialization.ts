import { pythonTypeName, RuntimeError } from "../errors";
import type { GivenState, StateDict } from "../nn/state_dict";
import { isKeywords } from "../op/keywords";
import { signature } from "../op/signature";
import { Tensor } from "../tensor";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";

/**
 * The tensors of a state dict as the bytes of a `.safetensors` file, which `load` and Python's `safetensors`
 * read. Nothing is written: a program has no file system. Source: torch.save, which writes pickles.
 */
export function save(obj: GivenState): Uint8Array<ArrayBuffer>;
export function save(options: { obj: GivenState }): Uint8Array<ArrayBuffer>;
export function save(...args: unknown[]): Uint8Array<ArrayBuffer> {
  // A state may itself be a plain object, which is the argument then.
  const [obj, file] = args.length === 1 && !isNamed(args[0]) ? args : saveArguments(args);
  if (file != null)
    throw new RuntimeError(
      `save() cannot write ${described(file)}: a program has no file system. save(obj) returns the bytes, which load() takes`,
    );
  if (typeof obj !== "object" || obj === null || obj instanceof Tensor)
    throw new TypeError(`save() takes tensors by name, such as a state_dict(), not ${pythonTypeName(obj)}`);
  return encodeSafetensors(obj instanceof Map ? obj : Object.entries(obj));
}

const saveArguments = signature("save(obj: any, f: any = null)");

const loadArguments = signature(
  "load(f: any, map_location: any = null, pickle_module: any = null, *, weights_only: bool? = null, mmap: bool? = null)",
);

/** Whether arguments come by their names. */
function isNamed(given: unknown): boolean {
  return isKeywords(given) && "obj" in given && !(given.obj instanceof Tensor);
}

/**
 * The tensors that `save` gave, or those of a `.safetensors` file, by name. A file is imported, not opened:
 * `import state from "./model.safetensors"`. Throws RuntimeError for pickles. Source: torch.load.
 */
export function load(f: Uint8Array | { f: Uint8Array }): StateDict;
export function load(...args: unknown[]): StateDict {
  const [bytes] = loadArguments(args);
  if (typeof bytes === "string")
    throw new RuntimeError(
      `load() cannot open ${described(bytes)}: a program has no file system. Import the file instead: import state from "./model.safetensors"`,
    );
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`load() takes the bytes that save() gave, not ${pythonTypeName(bytes)}`);
  if (isPickle(bytes))
    throw new RuntimeError(
      "this file was written by Python's torch.save, whose pickles can run code and are not read. Save it there as safetensors: safetensors.torch.save_file(model.state_dict(), path)",
    );
  return decodeSafetensors(bytes);
}

function described(file: unknown): string {
  return typeof file === "string" ? `"${file}"` : pythonTypeName(file);
}

/** A zip archive, as PyTorch writes them, or a bare pickle. */
function isPickle(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  const isZip = a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04;
  return isZip || (a === 0x80 && b >= 2 && b <= 5 && bytes[7] !== 0);
}
