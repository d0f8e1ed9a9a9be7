import type { Index } from "../../../engine/indexing";
import torch from "../../../engine/torch";
import type { Sample, Tensor } from "./vectors";

type Call = (...args: never[]) => unknown;

/** Operators that PyTorch's database seeds with 42 before each call. */
const RESEEDED = new Set([
  "bernoulli",
  "multinomial",
  "nn.functional.alpha_dropout",
  "nn.functional.dropout",
  "nn.functional.dropout2d",
  "nn.functional.dropout3d",
  "nn.functional.feature_alpha_dropout",
  "nn.functional.fractional_max_pool2d",
  "nn.functional.fractional_max_pool3d",
  "nn.functional.rrelu",
  "nn.functional.scaled_dot_product_attention",
  "normal",
  "pca_lowrank",
  "rand_like",
  "randint",
  "randint_like",
  "randn",
  "randn_like",
  "svd_lowrank",
]);

/** What PyTorch's database calls where that is not the operator with the sample's arguments. */
const ADAPTED: Record<string, Call> = {
  __getitem__: (x: Tensor, index: Index | Index[]) =>
    x.index(...(Array.isArray(index) && !isIndexList(index) ? index : [index])),
  "linalg.lstsq/grad_oriented": (a: Tensor, b: Tensor, options: { driver: string }) =>
    torch.linalg.lstsq(a, b, options).slice(0, 2),
  "linalg.pinv/singular": (a: Tensor, b: Tensor) => torch.linalg.pinv(a.matmul(b.mT)),
  "normal/in_place": (x: Tensor, mean: number, std: number) => x.detach().normal_(mean, std),
  "normal/number_mean": (std: Tensor, mean: number, ...rest: []) => torch.normal(mean, std, ...rest),
  pca_lowrank: (a: Tensor, b: Tensor, options: object = {}) => torch.pca_lowrank(a.matmul(b.mT), options),
  rand_like: (x: Tensor, options: object = {}) => torch.randn_like(x, options),
  svd_lowrank: (a: Tensor, b: Tensor, options: object = {}) => torch.svd_lowrank(a.matmul(b.mT), options),
  zero_: (x: Tensor) => x.clone().zero_(),
} as Record<string, Call>;

/** A list of integers picks elements; any other list is what stands between the brackets. */
function isIndexList(index: Index | Index[]): index is number[] {
  return Array.isArray(index) && index.every((each) => typeof each === "number");
}

/** Methods whose names are dtypes in `torch`. */
const METHODS_ONLY = new Set(["bool", "double", "float", "int", "long", "short"]);
const PROPERTIES = new Set(["H", "T", "mH", "mT"]);

export function nameOf({ op, variant }: Sample): string {
  return variant === "" ? op : `${op}/${variant}`;
}

/** What carries a sample out; null for an operator that the engine does not offer. */
export function callOf(sample: Sample): Call | null {
  const { op } = sample;
  const adapted = ADAPTED[nameOf(sample)];
  if (adapted !== undefined) return adapted;
  if (PROPERTIES.has(op)) return ((x: Tensor) => x[op as "T"]) as Call;
  const found = METHODS_ONLY.has(op) ? null : functionAt(op);
  if (typeof found === "function") return found as Call;
  if (op in torch.Tensor.prototype) {
    const method = op as "add";
    return ((x: Tensor, ...rest: [Tensor]) => x[method](...rest)) as Call;
  }
  return null;
}

function functionAt(path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((scope, key) => (scope as Record<string, unknown> | undefined)?.[key], torch);
}

export function seedOf({ op, seed }: Sample): number {
  return RESEEDED.has(op) ? 42 : seed;
}
