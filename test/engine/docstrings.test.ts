import assert from "node:assert/strict";
import { pythonRepr } from "../../engine/printing/python";
import torch from "../../engine/torch";
import vectors from "./vectors/docstrings.json";

// Drawn from PyTorch by scripts/vectors/docstrings.py.

const given = () => ({
  torch,
  F: torch.nn.functional,
  a: torch.tensor([1.5, 2.5]),
  i: torch.tensor([1n, 2n]),
  mask: torch.tensor([true, false]),
  m: torch.tensor([
    [3, 1],
    [1, 2],
  ]),
});

const evaluated = (expression: string): unknown => {
  const names = given();
  return new Function(...Object.keys(names), `return ${expression};`)(...Object.values(names));
};

const shown = (value: unknown): string =>
  pythonRepr(value, (each) => (each instanceof torch.Tensor ? each.toString() : null));

describe("examples like those of PyTorch's docstrings", () => {
  for (const { typescript, prints, error } of vectors as {
    typescript: string;
    prints?: string;
    error?: string;
  }[])
    it(`${typescript} ${error === undefined ? "prints" : "refuses"} as in PyTorch`, () => {
      if (error === undefined) return assert.equal(shown(evaluated(typescript)), prints);
      assert.throws(
        () => evaluated(typescript),
        (thrown: Error) => {
          assert.equal(`${thrown.name}: ${thrown.message.split("\n")[0]}`, error);
          return true;
        },
      );
    });
});
