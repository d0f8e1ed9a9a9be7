import { bool, type DType, float16, float32, float64, int8, int16, int32, int64, uint8 } from "../dtype";
import { ValueError } from "../errors";
import type { Tensor } from "../tensor";
import { decodeElements } from "./safetensors";

const DTYPES: Readonly<Record<string, DType>> = {
  f8: float64,
  f4: float32,
  f2: float16,
  i8: int64,
  i4: int32,
  i2: int16,
  i1: int8,
  u1: uint8,
  b1: bool,
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Magic, version and the longer of the two forms of the header's length. */
const PREAMBLE = 12;

/** The array of a NumPy `.npy` file. Throws ValueError for any other file. Source: numpy.lib.format. */
export function parseNpy(file: Uint8Array): Tensor {
  if (file.length < PREAMBLE || MAGIC.some((byte, i) => file[i] !== byte))
    throw new ValueError("not a .npy file: it does not begin as one");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const wide = file[6] > 1;
  const start = wide ? PREAMBLE : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  // Arrays have headers of a hundred characters; only records with many fields need more.
  const header = String.fromCharCode(...file.subarray(start, start + Math.min(length, 10_000)));
  const [, order, type] = /'descr': '([<>|=])(\w+)'/.exec(header) ?? [];
  const sizes = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  const dtype = Object.hasOwn(DTYPES, type) ? DTYPES[type] : undefined;
  if (type === "O")
    throw new ValueError(
      "an array of Python objects is stored as pickles, which can run code and are not read",
    );
  if (dtype === undefined || sizes === undefined)
    throw new ValueError(
      `an array with the header ${header.trim().slice(0, 200)} cannot be read; its elements must be of one of the types ${Object.keys(DTYPES).join(", ")}`,
    );
  const shape = sizes.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const count = shape.reduce((n, size) => n * size, 1);
  if (file.length < start + length + count * dtype.itemsize)
    throw new ValueError(`the file is too short for ${count} elements of ${dtype}`);
  const columnMajor = /'fortran_order': True/.test(header);
  const stored = columnMajor ? shape.toReversed() : shape;
  const tensor = decodeElements(file, start + length, stored, dtype, order !== ">");
  if (!columnMajor || shape.length < 2) return tensor;
  return tensor.permute(shape.map((_, d) => shape.length - 1 - d)).contiguous();
}
