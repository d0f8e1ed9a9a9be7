import {
  bfloat16,
  bool,
  type DType,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  uint8,
} from "../dtype";
import { pythonTypeName, RuntimeError } from "../errors";
import { decodeBFloat16, decodeFloat16, encodeBFloat16, encodeFloat16 } from "../half";
import { checkInteger } from "../kernels/elementwise";
import { StateDict } from "../nn/state_dict";
import { numel } from "../shape";
import { elements, fromData, Tensor } from "../tensor";

// The format: eight bytes with the length of a JSON header, the header, then the tensors' bytes, little-endian.
// Source: https://github.com/huggingface/safetensors#format.

const DTYPES: Readonly<Record<string, DType>> = {
  F64: float64,
  F32: float32,
  F16: float16,
  BF16: bfloat16,
  I64: int64,
  I32: int32,
  I16: int16,
  I8: int8,
  U8: uint8,
  BOOL: bool,
};

const HEADER_LENGTH = 8;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Tensors by name as the bytes of a `.safetensors` file. Throws TypeError for anything that is no tensor. */
export function encodeSafetensors(tensors: Iterable<readonly [string, Tensor]>): Uint8Array<ArrayBuffer> {
  const header: Record<string, Entry> = {};
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const [name, tensor] of tensors) {
    if (!(tensor instanceof Tensor))
      throw new TypeError(
        `only tensors by name can be saved, but "${name}" is a ${pythonTypeName(tensor)}: save a state_dict()`,
      );
    const bytes = bytesOf(tensor);
    const dtype = Object.keys(DTYPES).find((key) => DTYPES[key] === tensor.dtype)!;
    header[name] = { dtype, shape: [...tensor.shape], data_offsets: [length, length + bytes.length] };
    parts.push(bytes);
    length += bytes.length;
  }
  const text = utf8Encode(JSON.stringify(header));
  const start = HEADER_LENGTH + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + length).fill(0x20, HEADER_LENGTH, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - HEADER_LENGTH), true);
  file.set(text, HEADER_LENGTH);
  let at = start;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The tensors of a `.safetensors` file by name, in the file's order. Throws RuntimeError for any other file. */
export function decodeSafetensors(file: Uint8Array): StateDict {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = file.length < HEADER_LENGTH ? Infinity : HEADER_LENGTH + Number(view.getBigUint64(0, true));
  if (start > file.length)
    throw new RuntimeError("not a safetensors file: it is shorter than its header says");
  const result = new StateDict();
  for (const [name, entry] of Object.entries(parseHeader(file.subarray(HEADER_LENGTH, start)))) {
    if (name === "__metadata__") continue;
    if (!isEntry(entry)) throw new RuntimeError(`not a safetensors file: it does not say what "${name}" is`);
    const dtype = Object.hasOwn(DTYPES, entry.dtype) ? DTYPES[entry.dtype] : undefined;
    if (dtype === undefined)
      throw new RuntimeError(
        `"${name}" is of dtype ${entry.dtype}; those that can be read are ${Object.keys(DTYPES).join(", ")}`,
      );
    const [from, to] = entry.data_offsets;
    const size = numel(entry.shape) * dtype.itemsize;
    if (to - from !== size || start + to > file.length)
      throw new RuntimeError(
        `"${name}" takes ${size} bytes, but the file has ${Math.min(to, file.length - start) - from} for it`,
      );
    result.set(name, decodeElements(file, start + from, entry.shape, dtype, true));
  }
  return result;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(utf8Decode(bytes));
  } catch {
    throw new RuntimeError("not a safetensors file: its header is not JSON");
  }
  if (typeof header !== "object" || header === null)
    throw new RuntimeError("not a safetensors file: its header names no tensors");
  return header as Record<string, unknown>;
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { dtype, shape, data_offsets } = value as Record<string, unknown>;
  return typeof dtype === "string" && isSizes(shape) && isSizes(data_offsets) && data_offsets.length === 2;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** A tensor from elements that lie row-major in a file, in the byte order given. */
export function decodeElements(
  file: Uint8Array,
  at: number,
  shape: number[],
  dtype: DType,
  littleEndian: boolean,
): Tensor {
  const data = new dtype.ArrayType(numel(shape));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const read = readerOf(view, dtype, littleEndian);
  for (let i = 0; i < data.length; i++) data[i] = read(at + i * dtype.itemsize);
  checkInteger(data, dtype);
  return fromData(data, shape, dtype);
}

function readerOf(view: DataView, dtype: DType, littleEndian: boolean): (at: number) => number {
  switch (dtype) {
    case float64:
      return (at) => view.getFloat64(at, littleEndian);
    case float32:
      return (at) => view.getFloat32(at, littleEndian);
    case float16:
      return (at) => decodeFloat16(view.getUint16(at, littleEndian));
    case bfloat16:
      return (at) => decodeBFloat16(view.getUint16(at, littleEndian));
    case int64:
      return (at) => Number(view.getBigInt64(at, littleEndian));
    case int32:
      return (at) => view.getInt32(at, littleEndian);
    case int16:
      return (at) => view.getInt16(at, littleEndian);
    case int8:
      return (at) => view.getInt8(at);
    default:
      return (at) => view.getUint8(at);
  }
}

function bytesOf(tensor: Tensor): Uint8Array {
  const { dtype } = tensor;
  const data = elements(tensor);
  const bytes = new Uint8Array(data.length * dtype.itemsize);
  const view = new DataView(bytes.buffer);
  const write = writerOf(view, dtype);
  for (let i = 0; i < data.length; i++) write(i * dtype.itemsize, data[i]);
  return bytes;
}

function writerOf(view: DataView, dtype: DType): (at: number, value: number) => void {
  switch (dtype) {
    case float64:
      return (at, value) => view.setFloat64(at, value, true);
    case float32:
      return (at, value) => view.setFloat32(at, value, true);
    case float16:
      return (at, value) => view.setUint16(at, encodeFloat16(value), true);
    case bfloat16:
      return (at, value) => view.setUint16(at, encodeBFloat16(value), true);
    case int64:
      return (at, value) => view.setBigInt64(at, BigInt(value), true);
    case int32:
      return (at, value) => view.setInt32(at, value, true);
    case int16:
      return (at, value) => view.setInt16(at, value, true);
    default:
      return (at, value) => view.setUint8(at, value);
  }
}

// Programs run where there is no TextEncoder.

function utf8Encode(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++)
    if (escaped[i] === "%") {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  return Uint8Array.from(bytes);
}

function utf8Decode(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`);
  return decodeURIComponent(escaped.join(""));
}
