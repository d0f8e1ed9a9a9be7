import assert from "node:assert/strict";
import { readJson, writeJson } from "../../src/trace/json";
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

describe("an answer on its way out of the realm", () => {
  it("brings lists of numbers along to the bit, whatever they are", () => {
    const long = Float64Array.from({ length: 30_000 }, (_, i) => Math.sin(i) * 10 ** (i % 600));
    const rare = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0, Number.MIN_VALUE, 2 ** 53);
    const answer = { name: "a\u0000\ue000b", rows: [long, new Float64Array(0), rare], nan: Number.NaN };
    assert.deepEqual(readJson(writeJson(answer)), answer);
  });

  it("takes a part of a longer memory, and not the rest", () => {
    const part = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
    assert.deepEqual(readJson(writeJson([part])), [Float64Array.of(2, 3)]);
  });
});
