import { methodOf, NotImplemented, typeName } from "./protocol";

/** An operator as Python's data model has it: who is asked, and JavaScript's meaning for everything else. */
interface Operator {
  symbol: string;
  method: string;
  /** Asked of the right operand, with the left one as argument. */
  reflected: string;
  /** Asked first by the compound assignment; comparisons have none. */
  inPlace?: string;
  /** Absent where JavaScript has no such operator. */
  plain?: (a: never, b: never) => unknown;
}

const ADD: Operator = {
  symbol: "+",
  method: "__add__",
  reflected: "__radd__",
  inPlace: "__iadd__",
  plain: (a: number, b: number) => a + b,
};
const SUB: Operator = {
  symbol: "-",
  method: "__sub__",
  reflected: "__rsub__",
  inPlace: "__isub__",
  plain: (a: number, b: number) => a - b,
};
const MUL: Operator = {
  symbol: "*",
  method: "__mul__",
  reflected: "__rmul__",
  inPlace: "__imul__",
  plain: (a: number, b: number) => a * b,
};
const DIV: Operator = {
  symbol: "/",
  method: "__truediv__",
  reflected: "__rtruediv__",
  inPlace: "__itruediv__",
  plain: (a: number, b: number) => a / b,
};
const MOD: Operator = {
  symbol: "%",
  method: "__mod__",
  reflected: "__rmod__",
  inPlace: "__imod__",
  plain: (a: number, b: number) => a % b,
};
const POW: Operator = {
  symbol: "**",
  method: "__pow__",
  reflected: "__rpow__",
  inPlace: "__ipow__",
  plain: (a: number, b: number) => a ** b,
};
const MATMUL: Operator = { symbol: "@", method: "__matmul__", reflected: "__rmatmul__" };
const AND: Operator = {
  symbol: "&",
  method: "__and__",
  reflected: "__rand__",
  inPlace: "__iand__",
  plain: (a: number, b: number) => a & b,
};
const OR: Operator = {
  symbol: "|",
  method: "__or__",
  reflected: "__ror__",
  inPlace: "__ior__",
  plain: (a: number, b: number) => a | b,
};
const XOR: Operator = {
  symbol: "^",
  method: "__xor__",
  reflected: "__rxor__",
  inPlace: "__ixor__",
  plain: (a: number, b: number) => a ^ b,
};
const LT: Operator = {
  symbol: "<",
  method: "__lt__",
  reflected: "__gt__",
  plain: (a: number, b: number) => a < b,
};
const LE: Operator = {
  symbol: "<=",
  method: "__le__",
  reflected: "__ge__",
  plain: (a: number, b: number) => a <= b,
};
const GT: Operator = {
  symbol: ">",
  method: "__gt__",
  reflected: "__lt__",
  plain: (a: number, b: number) => a > b,
};
const GE: Operator = {
  symbol: ">=",
  method: "__ge__",
  reflected: "__le__",
  plain: (a: number, b: number) => a >= b,
};

const { apply } = Reflect;

function dispatch(operator: Operator, a: unknown, b: unknown): unknown {
  // Text on the left takes anything, and tensors print themselves; Python's str would refuse them.
  if (typeof a === "string" && operator === ADD) return a + (b as string);
  let asked = false;
  const method = methodOf(a, operator.method);
  if (method !== undefined) {
    const result = apply(method, a, [b]);
    if (result !== NotImplemented) return result;
    asked = true;
  }
  const reflected = methodOf(b, operator.reflected);
  if (reflected !== undefined) {
    const result = apply(reflected, b, [a]);
    if (result !== NotImplemented) return result;
    asked = true;
  }
  if (asked || operator.plain === undefined || isMissing(operator, a, b)) throw unsupported(operator, a, b);
  return operator.plain(a as never, b as never);
}

/**
 * Whether the arithmetic lacks an operand. JavaScript takes null for 0, so that a gradient which no `backward()` has
 * made yet would count as one of nothing.
 */
function isMissing(operator: Operator, a: unknown, b: unknown): boolean {
  if (operator.inPlace === undefined) return false;
  const isText = operator === ADD && typeof b === "string"; // on the left it was seen before
  return (a == null || b == null) && !isText;
}

function dispatchInPlace(operator: Operator, a: unknown, b: unknown): unknown {
  const method = methodOf(a, operator.inPlace!);
  if (method !== undefined) {
    const result = apply(method, a, [b]);
    if (result !== NotImplemented) return result;
  }
  return dispatch(operator, a, b);
}

function unsupported({ symbol, inPlace, method }: Operator, a: unknown, b: unknown): TypeError {
  const types = `'${typeName(a)}' and '${typeName(b)}'`;
  const isComparison = inPlace === undefined && method !== MATMUL.method;
  return new TypeError(
    isComparison
      ? `'${symbol}' not supported between instances of ${types}`
      : `unsupported operand type(s) for ${symbol}: ${types}`,
  );
}

function dispatchUnary(symbol: string, method: string, a: unknown, plain: (a: never) => unknown): unknown {
  if (a == null) throw new TypeError(`bad operand type for unary ${symbol}: '${typeName(a)}'`);
  const found = methodOf(a, method);
  return found === undefined ? plain(a as never) : apply(found, a, []);
}

const plainNeg = (a: number) => -a;
const plainInvert = (a: number) => ~a;
const plainPos = (a: number) => +a;

/**
 * The operators of compiled code. Each is written out rather than made by a factory: V8 keeps one type
 * profile per function literal, and each is small enough to be inlined where it is called, so that two
 * numbers cost two type checks.
 */
export const operators = {
  add: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a + b : dispatch(ADD, a, b),
  sub: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a - b : dispatch(SUB, a, b),
  mul: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a * b : dispatch(MUL, a, b),
  div: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a / b : dispatch(DIV, a, b),
  mod: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a % b : dispatch(MOD, a, b),
  pow: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a ** b : dispatch(POW, a, b),
  matmul: (a: unknown, b: unknown) => dispatch(MATMUL, a, b),
  and: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a & b : dispatch(AND, a, b),
  or: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a | b : dispatch(OR, a, b),
  xor: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a ^ b : dispatch(XOR, a, b),

  iadd: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a + b : dispatchInPlace(ADD, a, b),
  isub: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a - b : dispatchInPlace(SUB, a, b),
  imul: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a * b : dispatchInPlace(MUL, a, b),
  idiv: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a / b : dispatchInPlace(DIV, a, b),
  imod: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a % b : dispatchInPlace(MOD, a, b),
  ipow: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a ** b : dispatchInPlace(POW, a, b),
  iand: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a & b : dispatchInPlace(AND, a, b),
  ior: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a | b : dispatchInPlace(OR, a, b),
  ixor: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a ^ b : dispatchInPlace(XOR, a, b),

  lt: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a < b : dispatch(LT, a, b),
  le: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a <= b : dispatch(LE, a, b),
  gt: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a > b : dispatch(GT, a, b),
  ge: (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? a >= b : dispatch(GE, a, b),

  neg: (a: unknown) => (typeof a === "number" ? -a : dispatchUnary("-", "__neg__", a, plainNeg)),
  pos: (a: unknown) => (typeof a === "number" ? a : dispatchUnary("+", "__pos__", a, plainPos)),
  invert: (a: unknown) => (typeof a === "number" ? ~a : dispatchUnary("~", "__invert__", a, plainInvert)),
};
