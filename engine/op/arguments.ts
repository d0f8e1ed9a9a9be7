import { Device, deviceNamed } from "../device";
import { DType } from "../dtype";
import { pythonTypeName } from "../errors";
import { Layout, MemoryFormat } from "../layout";
import { pythonRepr } from "../printing/python";
import { Generator } from "../random/generator";
import { numel } from "../shape";
import { Tensor } from "../tensor";
import { isKeywords } from "./keywords";
import type { Param, ParamType, Schema } from "./schema";

/** Stands for an argument that does not fit its parameter. */
const MISFIT = Symbol("misfit");

/**
 * Orders the arguments of a call as the schema has them, checks and normalises them.
 * Returns the complete list; or, where something does not fit, the message about it, which is empty unless
 * `explain`: trying an overload must cost little. `self` says that the first parameter is the receiver of a
 * method, which messages do not count. `callee` is the name that messages give the function.
 */
export function bindArguments(
  schema: Schema,
  given: readonly unknown[],
  self: boolean,
  explain: boolean,
  callee = shortName(schema),
): unknown[] | string {
  const { params } = schema;
  let count = given.length;
  let keywords: Readonly<Record<string, unknown>> | null = null;
  const last: unknown = given[count - 1];
  if (isKeywords(last)) {
    keywords = withoutAliases(schema, withReduction(schema, last));
    count--;
  }
  const bound = new Array<unknown>(params.length);
  let used = 0;
  let keywordsUsed = 0;
  for (let i = 0; i < params.length; i++) {
    const param = params[i];
    let value: unknown;
    // A method's receiver has no name that a call could use.
    const isReceiver = self && i === 0;
    if (keywords !== null && !isReceiver && Object.hasOwn(keywords, param.name)) {
      if (used < count && !param.keywordOnly)
        return explain ? `${callee}() got multiple values for argument '${param.name}'` : "";
      value = keywords[param.name];
      keywordsUsed++;
    } else if (used < count && !param.keywordOnly) {
      value = given[used++];
      if (isSpread(param, value)) {
        const list: unknown[] = [value];
        while (used < count) list.push(given[used++]);
        value = list;
      }
    }
    if (value === undefined) {
      if (param.required) return explain ? missing(callee, schema, bound, i, self) : "";
      bound[i] = param.defaultValue;
      continue;
    }
    bound[i] = fitAny(value, param.types);
    if (bound[i] === MISFIT) {
      return explain ? misfit(callee, param, i - (self ? 1 : 0), value, used === i + 1) : "";
    }
  }
  if (used < count) return explain ? tooMany(callee, schema, count, self) : "";
  if (keywords !== null && keywordsUsed < Object.keys(keywords).length)
    return explain ? unknownKeyword(callee, schema, keywords, self) : "";
  return bound;
}

/** The keywords of losses that `reduction` has replaced, as that says them. Source: torch.nn._reduction. */
function withReduction(
  { params }: Schema,
  keywords: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!("size_average" in keywords || "reduce" in keywords)) return keywords;
  if (!params.some((param) => param.name === "reduction")) return keywords;
  const { size_average = null, reduce = null, ...others } = keywords;
  if (size_average === null && reduce === null) return others;
  return { ...others, reduction: reduce === false ? "none" : size_average === false ? "sum" : "mean" };
}

/** What PyTorch takes for the sake of NumPy's users, and its own name for it. */
const NUMPY_NAMES: Readonly<Record<string, string>> = {
  axis: "dim",
  keepdims: "keepdim",
  x: "input",
  a: "input",
  x1: "input",
  x2: "other",
};

/** Functions that PyTorch has in Python take its own names only, as all of `nn.functional` does. */
const WITHOUT_ALIASES = new Set(["norm", "split"]);

/**
 * Names that PyTorch's functions take, where its documentation and the schemas here have others.
 * Source: aten/src/ATen/native/native_functions.yaml.
 */
const BINDING_NAMES: Readonly<Record<string, readonly string[]>> = {
  input: ["A", "x"],
  input2: ["L", "tau"],
  input3: ["other"],
  tensor: ["input"],
  split_size: ["split_size_or_sections"],
  sections: ["indices_or_sections"],
  indices: ["indices_or_sections"],
  tensor_indices_or_sections: ["indices_or_sections"],
  axis0: ["dim0"],
  axis1: ["dim1"],
};

/** The keywords by the names of the schema. */
function withoutAliases(
  { name, params }: Schema,
  keywords: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (name.startsWith("nn.functional")) return keywords;
  const takesNumPy = !WITHOUT_ALIASES.has(name);
  const isParam = (each: string) => params.some((param) => param.name === each);
  const known = (each: string) => {
    if (isParam(each)) return each;
    const others = Object.hasOwn(BINDING_NAMES, each) ? [...BINDING_NAMES[each]] : [];
    if (takesNumPy && Object.hasOwn(NUMPY_NAMES, each)) others.push(NUMPY_NAMES[each]);
    return others.find((other) => isParam(other) && !Object.hasOwn(keywords, other)) ?? each;
  };
  return Object.fromEntries(Object.entries(keywords).map(([each, value]) => [known(each), value]));
}

/** Whether `value` is the first element of a list that is spread over the call. */
function isSpread(param: Param, value: unknown): boolean {
  const type = param.types[0];
  if (type === "int...") return typeof value === "number" || typeof value === "bigint";
  return (type === "Tensor..." || type === "Sublist...") && value instanceof Tensor;
}

function fitAny(value: unknown, types: readonly ParamType[]): unknown {
  for (const type of types) {
    const fitted = fitType(value, type);
    if (fitted !== MISFIT) return fitted;
  }
  return MISFIT;
}

function fitType(value: unknown, type: ParamType): unknown {
  switch (type) {
    case "Tensor":
      return value instanceof Tensor ? value : MISFIT;
    case "Tensor[]":
    case "Tensor...":
      return Array.isArray(value) && value.every((v) => v instanceof Tensor) ? value : MISFIT;
    case "Number":
      return fitNumber(value);
    case "int":
      return fitInt(value);
    case "int...":
    case "int[]":
      return fitList(value, fitInt);
    case "int?[]":
      return fitList(value, (each) => (each === null ? null : fitInt(each)));
    case "int[][]":
      return Array.isArray(value) ? fitList(value, (list) => fitList(list, fitInt)) : MISFIT;
    case "float":
      return fitNumber(value);
    case "float[]":
      return fitList(value, fitNumber);
    case "bool":
      return typeof value === "boolean" ? value : MISFIT;
    case "str":
      return typeof value === "string" ? value : MISFIT;
    case "dtype":
      return value instanceof DType ? value : MISFIT;
    case "bigint":
      return typeof value === "bigint" ? Number(value) : MISFIT;
    case "Generator":
      return value instanceof Generator ? value : MISFIT;
    case "device":
      if (typeof value === "string") return deviceNamed(value);
      return value instanceof Device ? value : MISFIT;
    case "layout":
      return value instanceof Layout ? value : MISFIT;
    case "memory_format":
      return value instanceof MemoryFormat ? value : MISFIT;
    case "Index[]":
      return Array.isArray(value) ? value : MISFIT;
    case "Sublist...":
      return fitList(value, (each) => (each instanceof Tensor ? each : fitList(each, fitLabel)));
    case "any":
      return value;
    case "null":
      return value === null ? null : MISFIT;
  }
}

function fitNumber(value: unknown): unknown {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  if (value instanceof Tensor && value.shape.length === 0 && !value.requires_grad)
    return Number(value.item());
  return MISFIT;
}

function fitInt(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : MISFIT;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Tensor && numel(value.shape) === 1 && value.dtype.category === "int")
    return Number(value.item());
  return MISFIT;
}

function fitLabel(value: unknown): unknown {
  return value === "..." ? value : fitInt(value);
}

function fitList(value: unknown, element: (value: unknown) => unknown): unknown {
  if (!Array.isArray(value)) {
    const fitted = element(value);
    return fitted === MISFIT ? MISFIT : [fitted];
  }
  const list = value.map(element);
  return list.includes(MISFIT) ? MISFIT : list;
}

// Messages, in the words of PyTorch's argument parser.

function shortName(schema: Schema): string {
  return schema.name.slice(schema.name.lastIndexOf(".") + 1);
}

function misfit(callee: string, param: Param, index: number, value: unknown, positional: boolean): string {
  const place = positional ? `(position ${index + 1}) ` : "";
  let got = pythonTypeName(value);
  if (Array.isArray(value) && /^Tensor(\[\]|\.\.\.)$/.test(param.types[0])) {
    const at = value.findIndex((element) => !(element instanceof Tensor));
    return `expected Tensor as element ${at} in argument ${index}, but got ${pythonTypeName(value[at])}`;
  }
  if (Array.isArray(value) && param.types.some((t) => t.endsWith("[]") || t === "int...")) {
    const at = value.findIndex((element) => fitAny(element, elementTypes(param)) === MISFIT);
    got = `tuple of ${value.length} elements, with element ${at} of type ${pythonTypeName(value[at])}`;
  }
  return `${callee}(): argument '${param.name}' ${place}must be ${describe(param)}, not ${got}`;
}

function elementTypes(param: Param): ParamType[] {
  return param.types.map((t) => t.replace(/\[\]|\.\.\./, "") as ParamType);
}

const TYPE_NAMES: Partial<Record<ParamType, string>> = {
  "Tensor[]": "tuple of Tensors",
  "Tensor...": "tuple of Tensors",
  "int[]": "tuple of ints",
  "int...": "tuple of ints",
  "int?[]": "tuple of ints",
  "int[][]": "tuple of tuples of ints",
  "float[]": "tuple of floats",
  dtype: "torch.dtype",
  bigint: "int",
  Generator: "torch.Generator",
  device: "torch.device",
  layout: "torch.layout",
  memory_format: "torch.memory_format",
  "Index[]": "tuple of Tensors",
  "Sublist...": "tuple of Tensors and tuples of ints",
};

function describe(param: Param): string {
  // A number beside a tensor is one of an overload of its own in PyTorch, which messages do not name.
  const tensors = param.types.includes("Tensor");
  const shown = param.types.filter((t) => t !== "null" && !(tensors && t === "Number"));
  return shown.map((t) => TYPE_NAMES[t] ?? t).join(" or ");
}

function missing(callee: string, schema: Schema, bound: unknown[], from: number, self: boolean): string {
  const names = schema.params
    .filter((p, i) => i >= from && p.required && bound[i] === undefined)
    .map((p) => `"${p.name}"`);
  if (from === 0 && self) return `${callee}() needs a tensor to be called on`;
  // The plural is on the wrong one in PyTorch.
  return `${callee}() missing ${names.length} required positional argument${names.length === 1 ? "s" : ""}: ${names.join(", ")}`;
}

function tooMany(callee: string, schema: Schema, count: number, self: boolean): string {
  const skip = self ? 1 : 0;
  const takes = schema.params.filter((p) => !p.keywordOnly).length - skip;
  const given = count - skip;
  const needs = schema.params.filter((p) => p.required).length - skip;
  if (needs !== takes)
    return `${callee}() takes from ${needs} to ${takes} positional arguments but ${given} were given`;
  return `${callee}() takes ${takes} positional argument${takes === 1 ? "" : "s"} but ${given} ${given === 1 ? "was" : "were"} given`;
}

function unknownKeyword(
  callee: string,
  schema: Schema,
  keywords: Record<string, unknown>,
  self: boolean,
): string {
  const known = schema.params.slice(self ? 1 : 0).map((p) => p.name);
  const unknown = Object.keys(keywords).find((key) => !known.includes(key))!;
  return `${callee}() got an unexpected keyword argument '${unknown}' (its arguments are: ${known.join(", ")})`;
}

/** `(Tensor input, Number exponent, *, bool keepdim = False)`, as PyTorch lists what it expects. */
export function showSignature(schema: Schema, self: boolean): string {
  const shown = schema.params.slice(self ? 1 : 0);
  const firstKeyword = shown.findIndex((p) => p.keywordOnly);
  const texts = shown.map(
    (p) => `${describe(p)} ${p.name}${p.required ? "" : ` = ${pythonRepr(p.defaultValue)}`}`,
  );
  if (firstKeyword >= 0) texts.splice(firstKeyword, 0, "*");
  return `(${texts.join(", ")})`;
}
