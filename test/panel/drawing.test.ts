import assert from "node:assert/strict";
import { EpochAxis } from "../../src/panel/model/axis";
import { decimate } from "../../src/panel/model/decimate";
import { Extremes } from "../../src/panel/model/extremes";
import { Floats } from "../../src/panel/model/floats";
import { layoutHeatmap, toGrid } from "../../src/panel/model/heatmap";
import { layoutLineChart, ticks } from "../../src/panel/model/lineChart";
import { formatValue, scaleRange, symlogThreshold } from "../../src/panel/model/range";
import { layoutRidges } from "../../src/panel/model/ridge";
import { toSvg } from "../../src/panel/model/shapes";
import { Smoothed } from "../../src/panel/model/smooth";
import { HISTOGRAM_WIDTH } from "../../src/panel/model/track";

function floats(values: ArrayLike<number>): Floats {
  const list = new Floats();
  list.replaceFrom(0, values);
  return list;
}

function decimated(values: number[], window: { min: number; max: number; buckets: number }) {
  const ys = floats(values);
  return decimate(
    Float64Array.from(values, (_, i) => i + 1),
    ys.values,
    new Extremes(ys),
    window,
  );
}

describe("a curve of more points than pixels", () => {
  it("keeps a spike of a single point among a million", () => {
    const values = Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i / 1000));
    values[765_432] = 99;
    values[123_456] = -99;
    const { xs, ys } = decimated(values, { min: 1, max: 1_000_000, buckets: 500 });
    assert.ok(xs.length <= 2 * 500 + 2, `${xs.length} points`);
    assert.equal(xs[ys.indexOf(99)], 765_433);
    assert.equal(xs[ys.indexOf(-99)], 123_457);
  });

  it("keeps its points in order, and the first and last", () => {
    const { xs } = decimated(
      Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 1000),
      { min: 1, max: 10_000, buckets: 50 },
    );
    assert.deepEqual(
      xs,
      [...xs].sort((a, b) => a - b),
    );
    assert.equal(xs[0], 1);
    assert.equal(xs.at(-1), 10_000);
  });

  it("is drawn point by point where there is room, and on beyond the edges", () => {
    const { xs } = decimated([...Array(100).keys()], { min: 20, max: 30, buckets: 100 });
    assert.deepEqual(xs, [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);
  });

  it("is broken where it is not a number, and only there", () => {
    const values = Array.from({ length: 3000 }, (_, i) => (i >= 1000 && i < 2000 ? Number.NaN : i));
    const { xs, ys } = decimated(values, { min: 1, max: 3000, buckets: 30 });
    const broken = xs.filter((_, i) => ys[i] === null);
    assert.ok(broken.length > 0);
    assert.ok(
      broken.every((x) => x > 1000 && x <= 2000),
      String(broken),
    );
  });

  it("finds the same extremes after it has grown", () => {
    const list = floats([3, 1, 2]);
    const extremes = new Extremes(list);
    assert.deepEqual(extremes.of(0, 3), [1, 0]);
    for (let i = 0; i < 500; i++) list.push(i === 400 ? 1000 : 5);
    assert.deepEqual(extremes.of(0, list.length), [1, 403]);
  });
});

describe("smoothing", () => {
  it("starts at the first value and passes NaN on", () => {
    const smoothed = new Smoothed(0.5);
    smoothed.extend(Float64Array.of(4, 4));
    smoothed.extend(Float64Array.of(4, 4, Number.NaN, 8));
    // The last is of 4, 4 and 8 with weights 1/8, 1/4 and 1/2.
    assert.deepEqual([...smoothed.list.values], [4, 4, Number.NaN, 5.5 / 0.875]);
  });
});

describe("the axis of epochs", () => {
  it("spreads the steps of an epoch over it, also while it goes on", () => {
    const axis = new EpochAxis();
    axis.extend(Float64Array.of(1, 1, 1, 1, 2));
    assert.deepEqual([...axis.list.values], [0.25, 0.5, 0.75, 1, 1.25]);
    axis.extend(Float64Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3));
    assert.deepEqual([...axis.list.values], [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25]);
  });

  it("counts rounds where each has one step", () => {
    const axis = new EpochAxis();
    axis.extend(Float64Array.of(1, 2, 3));
    assert.deepEqual([...axis.list.values], [1, 2, 3]);
  });
});

describe("scales", () => {
  it("leave room around the values, also around a single one", () => {
    assert.deepEqual(scaleRange("linear", 0, 10), [-0.5, 10.5]);
    assert.deepEqual(scaleRange("linear", 5, 5), [4.5, 5.5]);
    assert.deepEqual(scaleRange("linear", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), [0, 1]);
    const [min, max] = scaleRange("log", 0.01, 100);
    assert.ok(min > 0 && min < 0.01 && max > 100);
  });

  it("are nearly linear below a thousandth of the largest value of either sign, if symmetric-logarithmic", () => {
    assert.equal(symlogThreshold(-5, 1000), 1);
    assert.equal(symlogThreshold(-1000, 5), 1);
    assert.equal(symlogThreshold(0, 0), 1);
  });

  it("have round marks", () => {
    assert.deepEqual(ticks([0, 1], "linear"), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(ticks([0.05, 200], "log"), [0.1, 1, 10, 100]);
    const symlog = ticks([-1000, 1000], "symlog");
    assert.ok(symlog.includes(0) && symlog.includes(1000) && symlog.includes(-1000), String(symlog));
  });

  it("write numbers as short as can be told apart", () => {
    const values = [0, 12, 0.123456, 0.00001234, 123456.7, 0.0001, 2e7, Number.NaN, Number.NEGATIVE_INFINITY];
    const texts = ["0", "12", "0.1235", "1.23e-5", "1.23e+5", "1e-4", "2e+7", "nan", "-inf"];
    assert.deepEqual(values.map(formatValue), texts);
  });
});

describe("pictures", () => {
  const colors = { foreground: "#000", background: "#fff" };

  it("are standalone SVG with the numbers in their places", () => {
    const picture = layoutLineChart({
      title: "a < b",
      xLabel: "epoch",
      lines: [
        {
          name: "loss",
          color: "red",
          alpha: 1,
          width: 1,
          dash: [],
          points: { xs: [0, 5, 10], ys: [0, null, 1] },
        },
      ],
      scale: "linear",
      x: [0, 10],
      y: [0, 1],
      width: 200,
      height: 100,
      grid: "#ccc",
      ...colors,
    });
    const svg = toSvg(picture, "#fff");
    assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.match(svg, /a &lt; b/);
    const curve = picture.shapes.find((shape) => shape.kind === "line" && shape.color === "red");
    // Left 64, right 16, top 28 and bottom 40 pixels are those of the axes.
    assert.deepEqual(curve?.kind === "line" && curve.points, [64, 60, null, null, 184, 28]);
    assert.match(svg, /<path d="M64 60M184 28"/);
  });

  it("show a tensor's last dimension across, and means where it is too large", () => {
    const small = toGrid([2, 3], [1, 2, 3, 4, 5, 6], 128);
    assert.deepEqual([small.rows, small.columns, [...small.values]], [2, 3, [1, 2, 3, 4, 5, 6]]);
    const kernels = toGrid([1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8], 128);
    assert.deepEqual([kernels.rows, kernels.columns, [...kernels.values]], [2, 4, [1, 2, 5, 6, 3, 4, 7, 8]]);
    const large = toGrid([4, 2], [1, 2, 3, 4, 5, 6, 7, 8], 2);
    assert.deepEqual(
      [large.rows, large.columns, [...large.values], large.averaged],
      [2, 2, [2, 3, 6, 7], [2, 1]],
    );
    assert.deepEqual([...toGrid([], [7], 128).values], [7]);
  });

  it("colour zero as the background and the largest fully", () => {
    const { shapes } = layoutHeatmap(toGrid([3], [0, -2, 1], 128), {
      width: 300,
      maxHeight: 200,
      ...colors,
      colors: ["blue", "orange"],
      mix: (from, to, share) => `${from} ${to} ${share}`,
    });
    const fills = shapes.slice(0, 3).map((shape) => shape.kind === "rect" && shape.fill);
    assert.deepEqual(fills, ["#fff orange 0", "#fff blue 1", "#fff orange 0.5"]);
  });

  it("stack histograms with the newest in front", () => {
    const rows = new Float64Array(3 * HISTOGRAM_WIDTH).fill(1);
    for (let i = 0; i < 3; i++) rows.set([-i - 1, i + 1], i * HISTOGRAM_WIDTH);
    const { shapes } = layoutRidges(rows, Float64Array.of(1, 2, 3), {
      width: 356,
      height: 218,
      stroke: "red",
      ...colors,
    });
    const areas = shapes.filter((shape) => shape.kind === "area");
    assert.equal(areas.length, 3);
    assert.deepEqual(areas[2].points.slice(0, 2), [0, 200]); // the widest spans the picture and stands on its floor
    assert.ok(areas[0].points[0] > areas[1].points[0]);
  });
});
