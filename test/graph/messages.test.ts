import assert from "node:assert/strict";
import { readToHost, readToPage } from "../../src/graph/messages";
import { findRoot, rememberRoot, rootAt } from "../../src/graph/model/root";
import type { Seen } from "../../src/trace/model";

describe("messages of the graph's page", () => {
  it("are taken only in the forms that they are sent in", () => {
    assert.ok(readToHost({ kind: "reveal", site: 3 }));
    assert.ok(readToHost({ kind: "highlight", site: null }));
    for (const wrong of [
      null,
      1,
      {},
      { kind: "reveal" },
      { kind: "reveal", site: "3" },
      { kind: "save", fileName: 1 },
    ])
      assert.equal(readToHost(wrong), null);
    assert.ok(readToPage({ kind: "graph", title: "y", iteration: null, graph: null, lines: {} }));
    assert.equal(
      readToPage({ kind: "graph", title: "y", iteration: 3, graph: { nodes: 1 }, lines: {} }),
      null,
    );
  });
});

/** A program whose variables are tensors with a history where `tensors` says so. */
function program(source: string, tensors: string[]) {
  const sites = [...source.matchAll(/(\w+) = [^\n]*/g)].map((match) => ({
    kind: "binding" as const,
    name: match[1],
    start: match.index,
    end: match.index + match[0].length,
    line: source.slice(0, match.index).split("\n").length - 1,
  }));
  const value = (name: string): Seen["value"] =>
    tensors.includes(name)
      ? {
          kind: "tensor",
          text: "tensor(1.)",
          shape: [],
          dtype: "torch.float32",
          requiresGrad: true,
          gradFn: "X",
          grad: null,
        }
      : { kind: "plain", text: "1" };
  return { source, sites, seen: new Map(sites.map(({ name }, i) => [i, { count: 1, value: value(name) }])) };
}

describe("the tensor whose graph is shown", () => {
  it("is the one under the cursor, or else on its line", () => {
    const trace = program("const a = 1\nconst y = 2", ["y"]);
    assert.equal(rootAt(trace, trace.source.indexOf("y")), 1);
    assert.equal(rootAt(trace, trace.source.indexOf("y") - 4), 1);
    assert.equal(rootAt(trace, 0), null);
  });

  it("is found again after an edit above it and of what it is set to", () => {
    const before = program("const y = 2\nconst y = 3", ["y"]);
    const after = program("const b = 1\nconst y = 5\nconst y = 6", ["y", "b"]);
    assert.equal(findRoot(after, rememberRoot(before, 1)), 2);
    assert.equal(findRoot(program("const z = 1", ["z"]), rememberRoot(before, 1)), null);
  });
});
