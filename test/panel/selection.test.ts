import assert from "node:assert/strict";
import { SUMMARY_COLUMNS } from "../../src/panel/model/pieces";
import {
  axisKey,
  drawnScalars,
  leafLines,
  lossLines,
  ratioLines,
  type Selected,
  type ShownRun,
  scalarLines,
  scalarTracks,
} from "../../src/panel/model/selection";
import { RunData, type TrackPiece } from "../../src/panel/model/track";
import { initialView } from "../../src/panel/model/view";
import { epochs, track } from "./tracks";

const scalar = (id: number, name: string): TrackPiece =>
  track({ values: [1, 2, 3], id: `curve ${id}`, kind: "scalar", key: `curve ${name}`, name, line: id });

/** A tensor with these elements in two passes, by which its statistics are told too. */
function leaf(name: string, shape: number[], elements: string[]): TrackPiece {
  const { steps, iterations } = track({ values: [1, 2] });
  const columns = ["update ratio", ...SUMMARY_COLUMNS, ...elements];
  const both = [...columns, ...columns.map((column) => `∇ ${column}`)];
  return {
    ...track({ values: [], id: `leaf ${name}`, kind: "leaf", key: `leaf ${name}`, name, line: 0, shape }),
    steps,
    iterations,
    columns: Object.fromEntries(both.map((column) => [column, Float64Array.of(1, 2)])),
  };
}

function run(id: number, pieces: TrackPiece[], hidden = false): ShownRun {
  const data = new RunData();
  data.apply([epochs], pieces);
  const info = {
    id,
    change: `run ${id}`,
    name: null,
    pinned: false,
    hidden,
    status: "done" as const,
    color: 0,
  };
  return { info, data };
}

const names = (lines: readonly Selected[]) => lines.map(({ name }) => name);
const small = leaf("model.0.bias", [2], ["[0]", "[1]"]);
const weight = leaf("model.0.weight", [1, 2], ["[0, 0]", "[0, 1]"]);
const large = leaf("model.2.weight", [100, 100], []);

describe("the lines of a chart", () => {
  it("are every tensor that backward() was called on, by name, and by line where two share one", () => {
    const losses = run(1, [
      track({ values: [3, 2] }),
      track({ values: [3, 2], id: "curve 2", key: "curve loss (2)", line: 9 }),
      track({ values: [3, 2], id: "curve 3", key: "curve penalty", name: "penalty", line: 12 }),
    ]);
    assert.deepEqual(names(lossLines([losses])), ["loss (line 4)", "loss (line 9)", "penalty"]);
  });

  it("are the scalars that were picked, before that a few; what a loop counts with is none", () => {
    const runs = [
      run(
        1,
        ["a", "b", "c", "d", "epoch"].map((name, i) => scalar(i + 1, name)),
      ),
    ];
    assert.deepEqual(
      scalarTracks(runs).map(({ info }) => info.name),
      ["a", "b", "c", "d"],
    );
    assert.deepEqual(drawnScalars(runs, initialView), []); // those of the training's loop, which is not there
    const trained = [
      run(1, [track({ values: [3, 2, 1] }), ...["a", "b", "c", "d"].map((n, i) => scalar(i + 7, n))]),
    ];
    assert.deepEqual(names(scalarLines(trained, initialView)), ["a", "b", "c"]);
    assert.deepEqual(names(scalarLines(trained, { ...initialView, scalars: ["curve d"] })), ["d"]);
  });

  it("are the elements of small tensors and the norm of each where there are many, weights before biases", () => {
    const few = [run(1, [small, weight])];
    const elements = ["[0, 0]", "[0, 1]"].map((element) => `model.0.weight${element}`);
    assert.deepEqual(names(leafLines(few, initialView, "weights")), [
      ...elements,
      "model.0.bias[0]",
      "model.0.bias[1]",
    ]);
    const many = [run(1, [small, weight, large])];
    assert.deepEqual(names(leafLines(many, initialView, "gradients")), [
      "∇ model.0.weight norm",
      "∇ model.0.bias norm",
      "∇ model.2.weight norm",
    ]);
    const picked = { ...initialView, leaf: "leaf model.0.bias" };
    assert.deepEqual(names(leafLines(many, picked, "weights")), ["model.0.bias[0]", "model.0.bias[1]"]);
  });

  it("are five statistics of the tensor that was picked, or of the largest", () => {
    const view = { ...initialView, weights: "statistics" as const };
    assert.deepEqual(
      names(leafLines([run(1, [small, large])], view, "weights")),
      SUMMARY_COLUMNS.map((column) => `model.2.weight ${column}`),
    );
  });

  it("are how far steps moved each tensor, relative to its size", () => {
    assert.deepEqual(names(ratioLines([run(1, [small, weight])])), ["model.0.weight", "model.0.bias"]);
  });

  it("are those of the runs before too, unless hidden or too many, the newest first", () => {
    const loss = () => [track({ values: [3, 2] })];
    const runs = [run(1, loss()), run(2, loss(), true), run(3, loss())];
    assert.deepEqual(
      lossLines(runs).map(({ run, isGhost, place }) => [run.info.id, isGhost, place]),
      [
        [3, false, 0],
        [1, true, 0],
      ],
    );
    const many = () =>
      Array.from({ length: 9 }, (_, i) => track({ values: [1, 2], id: `${i}`, key: `${i}` }));
    assert.equal(lossLines([run(1, many()), run(2, many())]).length, 9);
  });

  it("are drawn over steps where there is no loop to count", () => {
    assert.equal(axisKey([run(1, [track({ values: [3, 2] })])], "epoch"), "epoch");
    assert.equal(axisKey([run(1, [scalar(1, "a")])], "epoch"), "step");
    assert.equal(axisKey([], "epoch"), "step");
  });
});
