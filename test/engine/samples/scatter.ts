import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const src = new Input([2, 3]);
const places = () =>
  torch.tensor([
    [0n, 1n, 1n],
    [1n, 0n, 0n],
  ]);
const distinct = () =>
  torch.tensor([
    [0n, 2n, 1n],
    [1n, 0n, 2n],
  ]);
const columns = () => torch.tensor([2, 0, 2], { dtype: torch.int64 });
const reductions = (...names: string[]) =>
  [true, false].flatMap((include_self) => names.map((name) => ({ name, include_self })));

export const scatter: Samples = {
  "torch.gather": [
    [a, 1, places],
    [new Input([]), 0, () => torch.tensor([0n])],
  ],
  "torch.scatter": [
    [a, 1, distinct, src],
    [a, 1, places, 5],
  ],
  "torch.scatter_add": [[a, 1, places, src]],
  "torch.scatter_reduce": reductions("sum", "prod", "mean", "amax", "amin").map(({ name, include_self }) => [
    a,
    1,
    places,
    src,
    name,
    { include_self },
  ]),
  "torch.index_reduce": reductions("prod", "mean", "amax", "amin").map(({ name, include_self }) => [
    a,
    1,
    columns,
    new Input([2, 3]),
    name,
    { include_self },
  ]),
};
