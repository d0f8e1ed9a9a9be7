import assert from "node:assert/strict";
import { signatureHelp } from "../../../src/language/features/signatureHelp";
import { programOf } from "../editing";

function helpAt(text: string) {
  const program = programOf(`import torch from "torch"\nimport optim from "torch/optim"\n${text}`);
  return signatureHelp(program, program.at);
}

describe("signature help", () => {
  it("shows the parameters and marks the one being typed", () => {
    const help = helpAt("torch.addmm(torch.ones(2), ‸)")!;
    const { label, parameters } = help.signatures[help.activeSignature!]!;
    const [start, end] = parameters![help.activeParameter!]!.label as [number, number];
    assert.match(label.slice(start, end), /^mat1:/);
  });

  it("lists keywords inside the options object, given ones last", () => {
    const help = helpAt("new optim.SGD([], { lr: 0.1, ‸ })")!;
    const { parameters } = help.signatures[help.activeSignature!]!;
    const text = JSON.stringify(parameters![1]!.documentation);
    assert.match(text, /momentum\?: number/);
    assert.ok(text.indexOf("momentum") < text.indexOf("`lr"), text);
  });

  it("shows the signature that takes most keywords as soon as they are begun", () => {
    const help = helpAt("torch.ones(2).sum({‸")!;
    const { label, parameters } = help.signatures[help.activeSignature!]!;
    assert.match(label, /^sum\(options: \{/);
    assert.match(JSON.stringify(parameters![help.activeParameter!]!.documentation), /keepdim\?: boolean/);
  });

  it("says nothing outside of calls", () => assert.equal(helpAt("const a = ‸1"), null));
});
