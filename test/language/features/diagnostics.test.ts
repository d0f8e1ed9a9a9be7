import assert from "node:assert/strict";
import { diagnostics } from "../../../src/language/features/diagnostics";
import type { SeenValue } from "../../../src/language/tensors/seen";
import { programOf } from "../editing";

function problems(text: string, seen?: Record<string, Partial<SeenValue>>): string[] {
  const program = programOf(`import torch from "torch"\n${text}`, seen);
  return diagnostics(program)
    .filter(({ severity }) => severity! < 4)
    .map(({ severity, range, message }) => `${severity} «${program.document.getText(range)}» ${message}`);
}

describe("diagnostics", () => {
  it("name the operator and both types of wrong operands", () => {
    assert.deepEqual(problems('torch.ones(2) @ "a"'), [
      "1 «torch.ones(2) @ \"a\"» Operator '@' cannot be applied to types 'Tensor' and 'string'.",
    ]);
  });

  it("name a keyword that none of a call's signatures has", () => {
    assert.deepEqual(problems("torch.ones(3, { require_grad: true })"), [
      "1 «require_grad» Unexpected keyword 'require_grad'. Did you mean to write 'requires_grad'?",
    ]);
    assert.deepEqual(problems("torch.ones(3, { sparse: true })"), [
      "1 «sparse» Unexpected keyword 'sparse'.",
    ]);
  });

  it("fade what is not used", () => {
    const found = diagnostics(programOf("const unused = 1"));
    assert.deepEqual(
      found.map(({ severity, tags }) => [severity, tags]),
      [[4, [1]]],
    );
  });

  it("do not ask a lesson for types", () => {
    assert.deepEqual(diagnostics(programOf("function f(x) { return x }\nprint(f(1))")), []);
  });

  describe("that only tensors need", () => {
    it("say that === compares identity, unless it is with null", () => {
      const setup = "const x = torch.ones(2), y = x";
      assert.deepEqual(problems(`${setup}\nprint(x === y)`), [
        "2 «x === y» Operator '===' asks whether two tensors are the same object, not whether their values are. Use a.equal(b) for the whole, a.eq(b) for each element.",
      ]);
      assert.deepEqual(problems(`${setup}\nprint(x.grad === null, x.item() === y.item())`), []);
    });

    it("say that for…in does not give rows", () => {
      assert.deepEqual(
        problems("const x = torch.ones(2)\nfor (const i in x) print(i)\nfor (const i in { a: 1 }) print(i)"),
        ["2 «x» for…in goes through the names of a tensor's properties. Use for…of for its rows."],
      );
    });

    describe("say that a condition is no single element", () => {
      const warning = (shape: string) =>
        `2 «x» Boolean value of Tensor with more than one value is ambiguous: in the last run this was ${shape} float32. Use .any() or .all() for its elements, .item() for a single one.`;
      const declared = "const x = torch.ones(2, 3)";
      const seen = { [declared.slice(6)]: { shape: [2, 3] } };
      for (const use of [
        "if (x) print(1)",
        "while (x) print(1)",
        "print(x ? 1 : 2)",
        "print(!x)",
        "if ((x) && true) print(1)",
        "for (; x; ) print(1)",
        "do print(1); while (x)",
        "print((x) || 1)",
      ]) {
        it(`in ${use}`, () => {
          const found = problems(`${declared}\nfunction later() { ${use} }\nlater`, seen);
          assert.deepEqual(found, [warning("(2, 3)")]);
        });
      }

      it("only if the last run saw more or fewer than one", () => {
        const text = "const x = torch.ones(1)\nif (x) print(1)";
        assert.deepEqual(problems(text), []);
        assert.deepEqual(problems(text, { "x = torch.ones(1)": { shape: [1] } }), []);
        assert.match(problems(text, { "x = torch.ones(1)": { shape: [0] } })[0]!, /with no values/);
      });

      it("only once where the run has failed for it", () => {
        const text = "const x = torch.ones(2)\nif (x) print(1)";
        const failed = { "x = torch.ones(2)": { shape: [2] }, "x) print": { shape: [2] } };
        assert.equal(problems(text, failed).length, 1);
      });
    });
  });
});
