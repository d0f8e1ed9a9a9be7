import type { Param, ParamType, Schema } from "../../../engine/op/schema";
import torch from "../../../engine/torch";
import type { Random } from "./random";

export type Tensor = InstanceType<typeof torch.Tensor>;

const { bool, float32, float64, int32, int64, uint8 } = torch;
const DTYPES = [float32, float32, float32, float64, float64, int64, int64, int32, uint8, bool];
const NUMBERS = [0, 1, 2, 3, -1, 0.5, 1.5, -2.25, 1e-5, 1e30, Number.NaN, Number.POSITIVE_INFINITY];
const WORDS = [
  ..."mean sum none batchmean constant reflect replicate circular bilinear bicubic nearest linear zeros border".split(
    " ",
  ),
  ..."floor trunc ij xy left right amax amin prod gels gelsd reduced complete r raise fro nuc U tanh".split(
    " ",
  ),
  ..."ij,jk->ik ii-> i,i i->ii relu gelu conv2d valid same half-way cpu".split(" "),
  "",
];

/** Arguments for one call: mostly of the types the schema has, of sizes that may or may not fit together. */
export function drawArguments(schema: Schema, random: Random): unknown[] {
  const shape = random.list(0, 4, () => random.pick([1, 1, 2, 3, 4, 0]));
  const positional: unknown[] = [];
  const keywords: Record<string, unknown> = {};
  let spreads = true;
  for (const param of schema.params) {
    if (!param.required && random.chance(0.5)) spreads = false;
    else if (param.required && random.chance(0.02)) spreads = false;
    else if (param.keywordOnly || !spreads) keywords[param.name] = drawValue(param, shape, random);
    else positional.push(drawValue(param, shape, random));
  }
  if (random.chance(0.02)) positional.push(drawAnything(shape, random));
  if (random.chance(0.02)) keywords["unheard_of"] = 1;
  return Object.keys(keywords).length === 0 ? positional : [...positional, keywords];
}

function drawValue(param: Param, shape: number[], random: Random): unknown {
  if (random.chance(0.04)) return drawAnything(shape, random);
  const isDim = /^dims?\d?$|^(start|end)_dim$|^axis/.test(param.name);
  return drawOfType(random.pick(param.types), shape, isDim, random);
}

function drawOfType(type: ParamType, shape: number[], isDim: boolean, random: Random): unknown {
  const int = () => (isDim ? random.int(-shape.length - 1, shape.length) : random.int(-2, 5));
  const tensor = () => drawTensor(shape, random);
  switch (type) {
    case "Tensor":
      return tensor();
    case "Tensor[]":
    case "Tensor...":
      return random.list(0, 3, tensor);
    case "Sublist...":
      return [tensor(), random.list(0, 3, () => random.int(0, 3))];
    case "Number":
    case "float":
      return random.pick(NUMBERS);
    case "int":
      return int();
    case "bigint":
      return BigInt(int());
    case "int[]":
    case "int?[]":
    case "int...":
      return random.list(0, 4, int);
    case "int[][]":
      return random.list(0, 3, () => random.list(0, 3, int));
    case "float[]":
      return random.list(0, 4, () => random.pick(NUMBERS));
    case "bool":
      return random.chance(0.5);
    case "str":
      return random.pick(WORDS);
    case "dtype":
      return random.pick(DTYPES);
    case "Generator":
      return new torch.Generator();
    case "device":
      return "cpu";
    case "layout":
      return torch.strided;
    case "memory_format":
      return torch.contiguous_format;
    case "Index[]":
      return random.list(0, 3, () =>
        random.pick([int(), null, "...", ":", torch.slice(0, 2), tensor(), true]),
      );
    case "any":
      return drawAnything(shape, random);
    case "null":
      return null;
  }
}

function drawAnything(shape: number[], random: Random): unknown {
  const tensor = drawTensor(shape, random);
  return random.pick([
    tensor,
    [tensor],
    1,
    -7,
    0.5,
    true,
    null,
    "text",
    [],
    [1, 2],
    [[1], [2, 3]],
    3n,
    () => 1,
  ]);
}

/** Mostly of the shape that the call's tensors share, or one that broadcasts with it. */
function drawTensor(shape: number[], random: Random): Tensor {
  const dtype = random.pick(DTYPES);
  const sizes = drawShape(shape, random);
  const count = sizes.reduce((product, size) => product * size, 1);
  const whole = dtype.category !== "float" || random.chance(0.3);
  const data = Array.from({ length: count }, () => (whole ? random.int(0, 4) : random.next() * 4 - 2));
  if (!whole && count > 0 && random.chance(0.1)) data[0] = random.pick(NUMBERS);
  const tensor = torch.tensor(data, { dtype }).reshape(sizes).detach();
  const laidOut = sizes.length > 1 && random.chance(0.2) ? tensor.mT.contiguous().mT : tensor;
  return dtype.category === "float" && random.chance(0.5) ? laidOut.requires_grad_() : laidOut;
}

function drawShape(shape: number[], random: Random): number[] {
  if (random.chance(0.6)) return [...shape];
  if (random.chance(0.3)) return shape.map((size) => (random.chance(0.5) ? 1 : size));
  if (random.chance(0.4)) return shape.slice(random.int(0, shape.length));
  return random.list(0, 4, () => random.int(0, 4));
}

/** The call as text, short enough for a test's report. */
export function showArguments(args: readonly unknown[]): string {
  return args.map(show).join(", ");
}

function show(value: unknown): string {
  if (value instanceof torch.Tensor)
    return `${String(value.dtype).replace("torch.", "")}[${value.shape}]${value.requires_grad ? "∇" : ""}${value.numel() < 5 ? `(${JSON.stringify(value.tolist())})` : ""}`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${show(each)}`)
      .join(", ")} }`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
