import assert from "node:assert/strict";
import { readJson } from "../../src/trace/json";
import { writePart, writeSeen } from "../../src/trace/wire";

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
    const seen = [
      writeSeen(3, { count: 7, value: { ...tensor, shape: [2, 0] }, series, before: undefined }),
      writeSeen(4, { count: 1, value: { kind: "plain", text: "" } }),
    ].join(",");
    assert.deepEqual(readJson(writePart(seen, "a\u2028\n", 4)), {
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
      const part = writePart(
        writeSeen(0, { count: 2, value: { kind: "plain", text: "1" }, series: [1, 2] }),
        "out",
        0,
      );
      assert.equal(
        part,
        '{"seen":[[0,{"count":2,"value":{"kind":"plain","text":"1"},"series":[1,2]}]],"output":"out","at":0}',
      );
    } finally {
      for (const prototype of prototypes) Reflect.deleteProperty(prototype, "toJSON");
    }
  });
});
