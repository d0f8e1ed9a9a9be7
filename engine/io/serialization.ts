import { pythonTypeName, RuntimeError } from "../errors";
import type { GivenState, StateDict } from "../nn/state_dict";
import { Tensor } from "../tensor";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";

/**
 * The tensors of a state dict as the bytes of a `.safetensors` file, which `load` and Python's `safetensors`
 * read. Nothing is written: a program has no file system. Source: torch.save, which writes pickles.
 */
export function save(obj: GivenState): Uint8Array<ArrayBuffer>;
export function save(obj: GivenState, ...rest: unknown[]): Uint8Array<ArrayBuffer> {
  if (rest.length > 0 && rest[0] !== undefined)
    throw new RuntimeError(
      `save() cannot write ${described(rest[0])}: a program has no file system. save(obj) returns the bytes, which load() takes`,
    );
  if (typeof obj !== "object" || obj === null || obj instanceof Tensor)
    throw new TypeError(`save() takes tensors by name, such as a state_dict(), not ${pythonTypeName(obj)}`);
  return encodeSafetensors(obj instanceof Map ? obj : Object.entries(obj));
}

/**
 * The tensors that `save` gave, or those of a `.safetensors` file, by name. A file is imported, not opened:
 * `import state from "./model.safetensors"`. Throws RuntimeError for pickles. Source: torch.load.
 */
export function load(bytes: Uint8Array): StateDict {
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
