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
      return value.constructor === Object ? "dict" : (value.constructor?.name ?? "object");
  }
}
