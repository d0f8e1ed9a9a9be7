/** Errors carry Python's names, so that a message reads as PyTorch's traceback would end. */
export class RuntimeError extends Error {
  override name = "RuntimeError";
}

export class IndexError extends Error {
  override name = "IndexError";
}

export class ValueError extends Error {
  override name = "ValueError";
}

export class KeyError extends Error {
  override name = "KeyError";
}

export class AttributeError extends Error {
  override name = "AttributeError";
}

export class AssertionError extends Error {
  override name = "AssertionError";
}

export class NotImplementedError extends Error {
  override name = "NotImplementedError";
}

/** A matrix that an algorithm cannot do with. Source: torch.linalg.LinAlgError. */
export class LinAlgError extends RuntimeError {
  override name = "_LinAlgError";
}

/** What Python calls the type of a JavaScript value: `int`, `float`, `str`, `list`, `Tensor` … */
export function pythonTypeName(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "string":
      return "str";
    case "function":
      return value.name === ""
        ? "function"
        : value.constructor.name === "Function"
          ? "function"
          : value.constructor.name;
    default:
      if (Array.isArray(value)) return "list";
      if (value.constructor === Object) return "dict";
      return TYPE_NAMES[value.constructor?.name] ?? value.constructor?.name ?? "object";
  }
}

/** What PyTorch calls its own types, where the class here has another name. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  DType: "torch.dtype",
  Device: "torch.device",
  Layout: "torch.layout",
  MemoryFormat: "torch.memory_format",
  Generator: "torch._C.Generator",
};

/** What C++ calls an element type, which some messages use: `long int` for int64. */
export function cppTypeName({ name }: { readonly name: string }): string {
  return CPP_TYPE_NAMES[name];
}

const CPP_TYPE_NAMES: Record<string, string> = {
  float16: "c10::Half",
  bfloat16: "c10::BFloat16",
  float32: "float",
  float64: "double",
  int64: "long int",
  int32: "int",
  int16: "short int",
  int8: "signed char",
  uint8: "unsigned char",
  bool: "bool",
};
