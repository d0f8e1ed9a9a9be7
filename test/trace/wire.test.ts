import assert from "node:assert/strict";
import { readPart, writePart, writeSeen } from "../../src/trace/wire";

describe("a part on its way out of the realm", () => {
  it("arrives with every number, text and null as it was", () => {
    const tensor = {
      kind: "tensor",
      text: 'tensor([1., "…"])\n',
      shape: [2, 0],
      dtype: "torch.float32",
      requiresGrad: true,
      gradFn: null,
      grad: "tensor(1.)",
    } as const;
    const series = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-9];
    const seen = `${writeSeen(3, 7, { ...tensor, shape: [2, 0] }, series)},${writeSeen(4, 1, { kind: "plain", text: "" }, null)}`;
    assert.deepEqual(readPart(writePart(seen, "a\u2028\n", 4)), {
      seen: [
        [3, { count: 7, value: tensor, series }],
        [4, { count: 1, value: { kind: "plain", text: "" } }],
      ],
      output: "a\u2028\n",
      at: 4,
    });
  });

  it("is not changed by a toJSON of the program's", () => {
    const prototypes = [Object.prototype, Array.prototype, String.prototype, Number.prototype] as object[];
    for (const prototype of prototypes) Object.assign(prototype, { toJSON: () => "forged" });
    try {
      const part = writePart(writeSeen(0, 2, { kind: "plain", text: "1" }, [1, 2]), "out", 0);
      assert.equal(
        part,
        '{"seen":[[0,{"count":2,"value":{"kind":"plain","text":"1"},"series":[1,2]}]],"output":"out","at":0}',
      );
    } finally {
      for (const prototype of prototypes) Reflect.deleteProperty(prototype, "toJSON");
    }
  });
});
