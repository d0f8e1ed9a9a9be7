import assert from "node:assert/strict";
import { describeCheck } from "../../src/gradientCheck/describe";
import type { CheckedTensor, ComparedElement } from "../../src/gradientCheck/model";

const element = (more: Partial<ComparedElement>): ComparedElement => ({
  index: [1],
  value: 0,
  analytic: 2,
  numeric: 3,
  left: 3,
  right: 3,
  tolerance: 0.003,
  ...more,
});

const tensor = (more: Partial<CheckedTensor>): CheckedTensor => ({
  name: "w",
  shape: [3],
  elements: 3,
  compared: 3,
  largest: 3,
  differing: [],
  corners: [],
  isLost: false,
  ...more,
});

const of = (...tensors: CheckedTensor[]) =>
  describeCheck(
    { kind: "checked", tensors },
    { what: "loss.backward()", when: "epoch 1 of 30", names: ["x"], functions: ["Cube"] },
  );

describe("what is said of a checked gradient", () => {
  it("agrees: how many elements, where, and in which precision", () => {
    const { verdict, message } = of(tensor({}), tensor({ name: "b", elements: 1, compared: 1 }));
    assert.equal(verdict, "agrees");
    assert.equal(
      message,
      "loss.backward(): the gradients of 4 elements agree with finite differences in epoch 1 of 30, in float64.",
    );
  });

  it("says that only some were compared", () => {
    const { message } = of(tensor({ elements: 900, compared: 20 }));
    assert.match(message, /20 of 900 elements, evenly spread, were compared\.$/);
  });

  it("differs: which parameter and element, what both gave, and the tolerance", () => {
    const { verdict, title, message } = of(tensor({ differing: [element({})] }));
    assert.equal(verdict, "differs");
    assert.equal(title, "$(error) Gradient differs at w[1]");
    assert.match(message, /in 1 of 3 compared elements in epoch 1 of 30, in float64\./);
    assert.match(
      message,
      /`w\[1\]`: 2 by backward\(\), 3 by finite differences \(±0\.003\)\. Check `Cube` too/,
    );
  });

  it("names four elements and counts the rest", () => {
    const differing = [0, 1, 2, 3, 4, 5].map((i) => element({ index: [i] }));
    assert.match(of(tensor({ differing })).message, /`w\[3\]`.* And 2 more\./);
  });

  it("says of a corner which slopes meet there, and which backward took", () => {
    const { verdict, message } = of(tensor({ corners: [element({ analytic: 0, left: 0, right: 1 })] }));
    assert.equal(verdict, "corner");
    assert.match(
      message,
      /as ReLU at 0.*`w\[1\]` = 0 has slope 0 to the left and 1 to the right; backward\(\) took 0/,
    );
  });

  it("calls an argument after the parameter", () => {
    const { title } = of(tensor({ name: null, differing: [element({ index: [] })] }));
    assert.equal(title, "$(error) Gradient differs at x");
  });

  it("says why there was nothing to compare", () => {
    const said = describeCheck(
      { kind: "impossible", reason: "noLeaves", message: "" },
      { what: "y.backward()", when: "", names: [], functions: [] },
    );
    assert.match(said.message, /^y\.backward\(\) could not be checked: nothing that requires a gradient/);
  });
});
