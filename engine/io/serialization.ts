import { pythonTypeName, RuntimeError } from "../errors";
import type { GivenState, StateDict } from "../nn/state_dict";
import { Tensor } from "../tensor";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";

/**
 * The tensors of a state dict as the bytes of a `.safetensors` file, which `load` and Python's `safetensors`
 * read. Source: torch.save, which writes pickles.
 */
export function save(obj: GivenState): Uint8Array<ArrayBuffer> {
  if (typeof obj !== "object" || obj === null || obj instanceof Tensor)
    throw new TypeError(`save() takes tensors by name, such as a state_dict(), not ${pythonTypeName(obj)}`);
  return encodeSafetensors(obj instanceof Map ? obj : Object.entries(obj));
}

/** The tensors that `save` wrote, or that a `.safetensors` file holds, by name. Source: torch.load. */
export function load(bytes: Uint8Array): StateDict {
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`load() takes the bytes of a file, not ${pythonTypeName(bytes)}`);
  if (isPickle(bytes))
    throw new RuntimeError(
      "this file was written by Python's torch.save, whose pickles can run code and are not read. Save it there as safetensors: safetensors.torch.save_file(model.state_dict(), path)",
    );
  return decodeSafetensors(bytes);
}

/** A zip archive, as PyTorch writes them, or a bare pickle. */
function isPickle(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  const isZip = a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04;
  return isZip || (a === 0x80 && b >= 2 && b <= 5 && bytes[7] !== 0);
}
