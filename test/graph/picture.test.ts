import assert from "node:assert/strict";
import { describe as about, neighbour, search } from "../../src/graph/model/describe";
import { graphDot } from "../../src/graph/model/dot";
import { arrowHead, edgePath, edgeWidths } from "../../src/graph/model/edges";
import { loopOf } from "../../src/graph/model/fold";
import { layoutGraph, layoutInput } from "../../src/graph/model/layout";
import { type Choices, pictureOf } from "../../src/graph/model/picture";
import { graphSvg, type Palette } from "../../src/graph/model/svg";
import type { View } from "../../src/graph/model/view";
import { loop, model, node } from "./graphs";

const plain: Choices = { collapsed: new Set(), folds: true, unfolded: new Set(), saved: false };
const titles = ({ nodes }: View) =>
  nodes.map(({ title, count }) => (count > 1 ? `${title} ×${count}` : title));
const arrows = ({ nodes, edges }: View) =>
  edges.map(
    ({ from, to, kind }) => `${nodes[from].title} → ${nodes[to].title}${kind === "data" ? "" : ` ${kind}`}`,
  );

describe("the picture of a backward graph", () => {
  it("leads from leaves through steps to what came out, with shapes and numbers on the arrows", () => {
    const view = pictureOf(model, plain);
    assert.deepEqual(arrows(view), [
      "TanhBackward0 → SumBackward0",
      "AddmmBackward0 → TanhBackward0",
      "model.0.bias → AddmmBackward0",
      "model.0.weight → AddmmBackward0",
      "SumBackward0 → y",
    ]);
    assert.deepEqual(
      view.edges.map(({ label }) => label),
      ["(2,)", "(2,)", "(2,)", "(2,)", "1.5"],
    );
  });

  it("draws a collapsed module as one box with its parameters, and inner modules within it", () => {
    const inner = pictureOf(model, { ...plain, collapsed: new Set(["model.0"]) });
    assert.deepEqual(titles(inner), ["SumBackward0", "TanhBackward0", "model.0", "y"]);
    const outer = pictureOf(model, { ...plain, collapsed: new Set(["model", "model.0"]) });
    assert.deepEqual(titles(outer), ["SumBackward0", "model", "y"]);
    assert.deepEqual(outer.nodes[1].lines, ["2 steps (2,)"]);
  });

  it("keeps two calls of a collapsed module apart", () => {
    const nodes = [
      node(0, "AddmmBackward0", [1], { modules: ["layer"], calls: [2] }),
      node(1, "AddmmBackward0", [null], { modules: ["layer"], calls: [1] }),
    ];
    const view = pictureOf(nodes, { ...plain, collapsed: new Set(["layer"]) });
    assert.deepEqual(titles(view), ["layer", "layer", "output"]);
    assert.equal(new Set(view.nodes.map(({ key }) => key)).size, 3);
  });

  it("folds the repeated steps of a loop, with an arrow back to the next round", () => {
    const view = pictureOf(loop(50), plain);
    assert.deepEqual(titles(view), ["SumBackward0", "TanhBackward0 ×50", "MulBackward0 ×50", "w", "output"]);
    assert.equal(view.edges.filter(({ kind }) => kind === "repeat").length, 1);
    assert.equal(view.nodes[1].gradNorm, 49);
  });

  it("unfolds all steps of a loop together", () => {
    const folded = pictureOf(loop(50), plain);
    const unfolded = new Set(loopOf(folded, folded.nodes[1].key));
    assert.equal(pictureOf(loop(50), { ...plain, unfolded }).nodes.length, 103);
  });

  it("draws two alike steps apart", () => {
    assert.equal(pictureOf(loop(2), plain).nodes.length, 7);
  });

  it("shows saved tensors when asked", () => {
    const view = pictureOf(model, { ...plain, saved: true });
    assert.ok(arrows(view).includes("mat1 = x → AddmmBackward0 saved"));
  });

  it("keeps the keys of steps when a step is added elsewhere", () => {
    const longer = [
      node(0, "MeanBackward0", [1]),
      ...model.map((n) => ({ ...n, id: n.id + 1, next: n.next.map((i) => i && i + 1) })),
    ];
    const before = pictureOf(model, plain).nodes.map(({ key }) => key);
    const after = new Set(pictureOf(longer, plain).nodes.map(({ key }) => key));
    assert.deepEqual(
      before.filter((key) => !after.has(key)),
      [],
    );
  });

  it("draws larger gradients wider, and none as thin as the smallest", () => {
    const edge = (gradNorm: number | null) => ({
      from: 0,
      to: 1,
      label: "",
      gradNorm,
      kind: "data" as const,
    });
    const [large, small, none, zero] = edgeWidths([edge(10), edge(0.1), edge(null), edge(0)]);
    assert.ok(large > small && small > none && none === zero);
    assert.equal(edgeWidths([edge(null)])[0], none);
  });

  it("places every box above what is computed from it, and no two on each other", () => {
    const view = pictureOf(model, plain);
    const layout = layoutGraph(layoutInput(view));
    for (const { from, to } of view.edges) assert.ok(layout.nodes[from].y < layout.nodes[to].y);
    layout.nodes.forEach((a, i) => {
      for (const b of layout.nodes.slice(i + 1)) {
        const isApart =
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
        assert.ok(isApart);
      }
    });
    assert.deepEqual(layoutGraph(layoutInput(view)), layout);
  });

  it("places two thousand steps in a long chain, each above what is computed from it", () => {
    const view = pictureOf(loop(1000), { ...plain, folds: false });
    const layout = layoutGraph(layoutInput(view));
    assert.equal(layout.nodes.length, 2003);
    for (const { from, to } of view.edges) assert.ok(layout.nodes[from].y < layout.nodes[to].y);
    assert.ok(
      layout.nodes.every(({ x, y, width }) => x >= width / 2 && y > 0 && x + width / 2 <= layout.width),
    );
  });

  it("finds boxes by name, kind or module, and goes from one to the next", () => {
    const view = pictureOf(model, plain);
    assert.deepEqual(search(view, "TANH"), [1]);
    assert.deepEqual(search(view, "model.0"), [2, 3, 4]);
    assert.deepEqual(search(view, " "), []);
    const { nodes } = layoutGraph(layoutInput(view));
    assert.equal(neighbour(view, nodes, 5, "ArrowUp"), 0);
    assert.equal(neighbour(view, nodes, 0, "ArrowDown"), 5);
    assert.ok([3, 4].includes(neighbour(view, nodes, 2, "ArrowUp")!));
    assert.equal(about(view.nodes[1], model), "TanhBackward0 · (2,) float32 · in model.1 · ‖gradient‖ 0.1");
  });
});

const roles = { leaf: "#11f", step: "#222", saved: "#333", output: "#444", module: "#555" };
const palette: Palette = {
  background: "#fff",
  text: "#000",
  muted: "#777",
  edge: "#888",
  fill: roles,
  stroke: roles,
};

describe("exports of a backward graph", () => {
  it("has every box and arrow in the SVG, with texts escaped", () => {
    const view = pictureOf(
      [node(0, "AddBackward0", [1], { name: "a<b" }), node(1, "AccumulateGrad", [], { name: "w" })],
      plain,
    );
    const svg = graphSvg(view, layoutGraph(layoutInput(view)), palette);
    assert.equal(svg.match(/<rect /g)?.length, 1 + view.nodes.length);
    assert.equal(svg.match(/<path /g)?.length, view.edges.length);
    assert.ok(svg.includes("a&lt;b") && svg.includes('fill="#11f"'));
  });

  it("is DOT in torchviz's colours, with texts quoted", () => {
    const view = pictureOf(
      [node(0, "AddBackward0", [1], { name: 'a"b' }), node(1, "AccumulateGrad", [], { name: "w" })],
      plain,
    );
    const dot = graphDot(view, "graph");
    assert.match(dot, /^digraph "graph" \{/);
    assert.match(dot, /n1 \[label="w\\n\(2,\)" fillcolor=lightblue\]/);
    assert.match(dot, /label="a\\"b/);
    assert.match(dot, /n1 -> n0 \[label="\(2,\)" penwidth=1\.2\]/);
  });

  it("draws an arrow from its first to its last point", () => {
    assert.equal(edgePath([0, 0, 10, 10]), "M0 0L10 10");
    assert.match(edgePath([0, 0, 5, 5, 10, 20]), /^M0 0Q5 5 10 20$/);
    assert.deepEqual(arrowHead([0, 0, 0, 10], 1).slice(0, 2), [0, 10]);
  });
});
