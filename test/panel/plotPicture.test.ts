import assert from "node:assert/strict";
import { describePlot, layoutPlot, type PlotLayer, tableOfPlot } from "../../src/panel/model/plotPicture";
import { type Shape, toSvg } from "../../src/panel/model/shapes";
import { toCsv } from "../../src/panel/model/table";

const options = {
  width: 400,
  maxHeight: 300,
  foreground: "#eee",
  background: "#111",
  colors: ["blue", "orange", "green"],
  mix: (from: string, to: string, share: number) => `${from} ${to} ${share.toFixed(2)}`,
};
const floats = (...values: number[]) => Float64Array.from(values);
const points: PlotLayer = {
  kind: "scatter",
  x: floats(0, 1, Number.NaN),
  y: floats(0, 2, 1),
  labels: floats(0, 4, 1),
  note: "One in 2 of 6 points is shown.",
};
const classes: PlotLayer = {
  kind: "contour",
  rows: 2,
  columns: 3,
  x: [0, 2],
  y: [0, 1],
  values: floats(0, 0, 1, 1, 1, 1),
  isClasses: true,
  note: "",
};
const shapesOf = <K extends Shape["kind"]>(layers: PlotLayer[], kind: K) =>
  layoutPlot(layers, options).shapes.filter((shape): shape is Shape & { kind: K } => shape.kind === kind);

describe("the picture of what a program plots", () => {
  it("has a dot of its class's colour for each point that has a place", () => {
    const dots = shapesOf([points], "dot").filter(({ radius }) => radius === 3);
    assert.deepEqual(
      dots.map(({ fill }) => fill),
      ["blue", "orange"],
    );
    assert.ok(dots[0].y > dots[1].y, "y grows upwards");
    assert.ok(dots.every(({ x, y }) => x > 0 && x < 400 && y > 0 && y < 300));
  });

  it("draws neighbours of one class as one, the first row below", () => {
    const cells = shapesOf([classes], "rect");
    assert.equal(cells.length, 3);
    const [left, right, above] = cells;
    assert.equal(left.x + left.width, right.x);
    assert.equal(above.y + above.height, left.y);
    assert.equal(above.width, left.width + right.width);
    assert.notEqual(left.fill, right.fill);
    assert.equal(above.fill, right.fill);
  });

  it("puts points over the contour, on its axes", () => {
    const kinds = layoutPlot([points, classes], options).shapes.map(({ kind }) => kind);
    assert.ok(kinds.lastIndexOf("rect") < kinds.indexOf("dot"));
  });

  it("has heights of either sign in colours of their own, and no number in neither", () => {
    const heights: PlotLayer = {
      ...classes,
      values: floats(-2, 0.01, 2, Number.NaN, 0.01, 0.01),
      isClasses: false,
    };
    const [low, middle, high, nowhere] = shapesOf([heights], "rect").map(({ fill }) => fill);
    assert.match(low, /blue 0\.7/);
    assert.match(high, /orange 0\.7/);
    assert.match(middle, /orange 0\.0/);
    assert.equal(nowhere, "#eee");
  });

  it("shows an image from black to white, or in its colours", () => {
    const shades: PlotLayer = {
      kind: "image",
      rows: 1,
      columns: 2,
      channels: 1,
      values: floats(-1, 3),
      white: 1,
      note: "",
    };
    assert.deepEqual(
      shapesOf([shades], "rect").map(({ fill }) => fill),
      ["#000 #fff 0.00", "#000 #fff 1.00"],
    );
    const colours: PlotLayer = {
      ...shades,
      columns: 1,
      channels: 3,
      values: floats(255, 0, 300),
      white: 255,
    };
    assert.deepEqual(
      shapesOf([colours], "rect").map(({ fill }) => fill),
      ["rgb(255, 0, 255)"],
    );
  });

  it("is said in words, with what was left out", () => {
    const text = "arms: 3 points, contour of 2 × 3 cells. One in 2 of 6 points is shown.";
    assert.equal(describePlot("arms", [points, classes]), text);
  });

  it("has its numbers as a table", () => {
    assert.equal(toCsv(tableOfPlot([points])), "x,y,label\n0,0,0\n1,2,4\nnan,1,1\n");
    assert.deepEqual(tableOfPlot([classes]).rows.slice(0, 4), [
      [0, 0, 0],
      [1, 0, 0],
      [2, 0, 1],
      [0, 1, 1],
    ]);
  });

  it("stands alone as SVG", () => {
    const svg = toSvg(layoutPlot([points, classes], options), "#111");
    assert.match(svg, /<circle [^>]*fill="orange"/);
    assert.doesNotMatch(svg, /NaN/);
  });

  it("is empty rather than broken without points", () => {
    const none: PlotLayer = { kind: "scatter", x: floats(), y: floats(), labels: null, note: "" };
    assert.doesNotMatch(toSvg(layoutPlot([none], options), "#111"), /NaN|Infinity/);
  });
});
