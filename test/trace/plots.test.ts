import assert from "node:assert/strict";
import type { Position } from "../../src/trace/queries";
import { traced } from "./traced";

const plots = (source: string) => {
  const run = traced(`import plot from "gradlens/plot";\n${source}`);
  const message = run.error instanceof Error ? `${run.error.name}: ${run.error.message}` : null;
  const curves = () => run.ask({ kind: "curves", have: [] })!;
  const picture = (at?: Position, picture = 0) => run.ask({ kind: "picture", picture, ...(at && { at }) });
  return { ...run, message, curves, picture };
};

describe("what a program plots", () => {
  it("is a curve for each name, with the iterations in which its values came", () => {
    const { curves, message } = plots(`for (let i = 0; i < 3; i++) {
  plot("accuracy", i / 2);
  plot("a tensor's", torch.tensor([i]));
}`);
    assert.equal(message, null);
    const shown = curves().plots.map(({ name, values, iterations }) => [
      name,
      [...values],
      iterations.map((list) => [...list]),
    ]);
    assert.deepEqual(shown, [
      ["accuracy", [0, 0.5, 1], [[1, 2, 3]]],
      ["a tensor's", [0, 1, 2], [[1, 2, 3]]],
    ]);
  });

  it("is told from where the asker left off", () => {
    const { ask } = plots(`for (let i = 0; i < 5; i++) plot("a", i);`);
    const plotted = [{ id: 0, version: 0, length: 3 }];
    assert.deepEqual(
      ask({ kind: "curves", have: [], plots: plotted })!.plots[0].values,
      Float64Array.of(3, 4),
    );
  });

  it("is an image, in shades or in colour", () => {
    const { picture, curves } = plots(`
plot.image(torch.arange(6).reshape(2, 3));
plot.image(torch.ones(3, 1, 2) * torch.tensor([1, 0.5, 0]).reshape(3, 1, 1), { name: "colour" });`);
    assert.deepEqual(curves().pictures, [
      { id: 0, name: "image", calls: 1 },
      { id: 1, name: "colour", calls: 1 },
    ]);
    const [image] = picture()!;
    assert.deepEqual(image, {
      kind: "image",
      rows: 2,
      columns: 3,
      channels: 1,
      values: Float64Array.of(0, 1, 2, 3, 4, 5),
      white: 255,
      note: "",
    });
    const [colour] = picture(undefined, 1)!;
    assert.deepEqual(colour.kind === "image" && [...colour.values], [1, 0.5, 0, 1, 0.5, 0]);
  });

  it("is points over the contour of their name", () => {
    const { picture } = plots(`
plot.contour((p) => p[":", 0] + p[":", 1], { x: [0, 2], y: [0, 1], resolution: 2 });
plot.scatter([1, 2], torch.tensor([3, 4]), [0, 1]);`);
    const [contour, points] = picture()!;
    assert.deepEqual(contour.kind === "contour" && [...contour.values], [0, 2, 1, 3]);
    assert.equal(contour.kind === "contour" && contour.isClasses, false);
    const list = (...values: number[]) => Float64Array.from(values);
    assert.deepEqual(points, { kind: "scatter", x: list(1, 2), y: list(3, 4), labels: list(0, 1), note: "" });
  });

  it("takes the highest of a classifier's scores, and records nothing of asking for them", () => {
    const { picture, error } = plots(`
const model = new nn.Linear(2, 3);
plot.contour((p) => { const scores = model(p); if (scores.requires_grad) throw new Error("recorded"); return torch.stack([p[":", 0], -p[":", 0], torch.zeros(p.shape[0])], { dim: 1 }); }, { resolution: 2 });`);
    assert.equal(error, null);
    const [contour] = picture()!;
    assert.deepEqual(contour.kind === "contour" && [[...contour.values], contour.isClasses], [
      [1, 0, 1, 0],
      true,
    ]);
  });

  it("leaves lines as the program's own last call had them, though a contour asked the model again", () => {
    const { seen, thenSaw, ask, siteOf, loops, error } = plots(`
class Model extends nn.Module {
  layer = new nn.Linear(2, 1);
  forward(x) {
    const h = this.layer(x);
    const size = h.shape[0];
    let rounds = 0;
    for (let k = 0; k < size; k++) rounds += 1;
    return h.sum({ dim: 1 });
  }
}
const model = new Model();
for (let epoch = 0; epoch < 3; epoch++) {
  const loss = model(torch.ones(5, 2)).sum();
  loss.backward();
  plot.contour((points) => { const heights = model(points); return heights; }, { resolution: 4 });
}
const after = torch.ones(1);`);
    assert.equal(error, null);
    assert.deepEqual([seen("h").count, seen("size").count, seen("size").value.text], [3, 3, "5"]);
    const { tensor } = ask({ kind: "inspect", site: siteOf("h") })!;
    assert.deepEqual(tensor!.shape, [5, 1]);
    assert.equal(tensor!.grad, "tensor([[1.],\n        [1.],\n        [1.],\n        [1.],\n        [1.]])");
    assert.equal(seen("rounds += 1").count, 15);
    assert.equal(thenSaw("size", 2, loops.length - 1), "5");
  });

  it("shows in what only a contour calls what that saw last", () => {
    const { seen } = plots(`
for (let epoch = 0; epoch < 3; epoch++) plot.contour((points) => { const heights = points.sum({ dim: 1 }) + epoch; return heights; }, { x: [0, 1], y: [0, 1], resolution: 2 });`);
    assert.deepEqual([seen("heights").count, seen("heights").value.text], [3, "tensor([2., 3., 3., 4.])"]);
  });

  it("is told as it was in an earlier iteration", () => {
    const { picture, loops } = plots(`for (let i = 0; i < 500; i++) plot.image(torch.full([1, 1], i));`);
    const valueAt = (iteration: number) => {
      const layer = picture({ loop: loops[0], iteration })?.[0];
      return layer?.kind === "image" ? layer.values[0] : null;
    };
    assert.equal(valueAt(500), 499);
    assert.equal(valueAt(1), 0);
    const then = valueAt(250)!;
    assert.ok(then <= 249 && then > 249 - 16, `${then}`);
  });

  it("costs the program nothing to change afterwards", () => {
    const { picture } = plots(`const x = torch.zeros(1, 2); plot.image(x); x.add_(1);`);
    const [image] = picture()!;
    assert.deepEqual(image.kind === "image" && [...image.values], [0, 0]);
  });

  describe("within limits, and says so", () => {
    it("averages a large image", () => {
      const { picture } = plots(`plot.image(torch.arange(256).repeat(300, 1).to(torch.float32));`);
      const [image] = picture()!;
      assert.ok(image.kind === "image");
      assert.deepEqual([image.rows, image.columns], [100, 128]);
      assert.deepEqual([...image.values.slice(0, 3)], [0.5, 2.5, 4.5]);
      assert.equal(image.note, "300 × 256 cells, of which each shown is the mean of 3 × 2.");
    });

    it("leaves classes of a large grid out rather than average them", () => {
      const { picture } = plots(`plot.contour(torch.arange(400).remainder(2).repeat(2, 1));`);
      const [contour] = picture()!;
      assert.ok(contour.kind === "contour");
      assert.deepEqual([contour.rows, contour.columns, contour.isClasses], [2, 100, true]);
      assert.ok(contour.values.every((value) => value === 0));
      assert.equal(contour.note, "2 × 400 cells, of which one in 1 × 4 is shown.");
    });

    it("thins many points", () => {
      const { picture } = plots(`const x = torch.arange(12000); plot.scatter(x, x);`);
      const [points] = picture()!;
      assert.ok(points.kind === "scatter");
      assert.deepEqual([points.x.length, points.x[1]], [4000, 3]);
      assert.equal(points.note, "One in 3 of 12000 points is shown.");
    });

    it("keeps 200 curves and 20 pictures", () => {
      const { curves } = plots(
        `for (let i = 0; i < 300; i++) { plot("curve " + i, i); plot.image(torch.ones(1, 1), { name: "p" + i }); }`,
      );
      const { plots: kept, pictures, plotNotes } = curves();
      assert.deepEqual([kept.length, pictures.length], [200, 20]);
      assert.deepEqual(plotNotes.sort(), [
        "Only the first 20 pictures are kept.",
        "Only the first 200 curves are kept.",
      ]);
    });

    it("cuts a long name", () => {
      const { curves } = plots(`plot("x".repeat(1e6), 1);`);
      assert.equal(curves().plots[0].name.length, 100);
    });

    it("thins the values of a curve, as others", () => {
      const { curves } = plots(`for (let i = 0; i < 3e6; i++) plot("a", i);`);
      const [{ values, stride }] = curves().plots;
      assert.ok(values.length <= 1 << 20 && stride > 1, `${values.length} of stride ${stride}`);
    });
  });

  describe("is refused in plain words", () => {
    const wrong: [source: string, message: string | RegExp][] = [
      [`plot(1 as any, 2)`, "TypeError: plot(): the name must be a str, not int"],
      [
        `plot("a", torch.ones(2, 3))`,
        "TypeError: plot(): the value must be a number or a tensor with one element, not a tensor of shape (2, 3)",
      ],
      [
        `plot("a", "b" as any)`,
        "TypeError: plot(): the value must be a number or a tensor with one element, not str",
      ],
      [`plot.image([[1]] as any)`, "TypeError: plot.image(): the image must be a tensor, not list"],
      [
        `plot.image(torch.ones(4, 2, 2))`,
        "ValueError: plot.image(): the image must have shape (H, W), (1, H, W) or (3, H, W), not (4, 2, 2)",
      ],
      [`plot.image(torch.ones(3))`, /not \(3,\)$/],
      [`plot.scatter([1, 2], [1])`, "ValueError: plot.scatter(): x and y must be of one length, not 2, 1"],
      [
        `plot.scatter([1], [1], [0, 1])`,
        "ValueError: plot.scatter(): x, y and labels must be of one length, not 1, 1, 2",
      ],
      [
        `plot.scatter(torch.ones(2, 2), [1])`,
        "ValueError: plot.scatter(): x must have one dimension, not shape (2, 2)",
      ],
      [`plot.scatter([1], 3 as any)`, "TypeError: plot.scatter(): y must be a tensor or an array, not int"],
      [
        `plot.contour((p) => torch.ones(3))`,
        "ValueError: plot.contour(): the function got 2500 points and must return a tensor of shape (2500,) or (2500, K), not (3,)",
      ],
      [`plot.contour((p) => 3 as any)`, /not int$/],
      [
        `plot.contour((p) => p, { resolution: 1000 })`,
        "ValueError: plot.contour(): resolution must be a whole number from 2 to 100",
      ],
      [
        `plot.contour((p) => p, { x: [1, 0] })`,
        "ValueError: plot.contour(): x must be two numbers [low, high] with low < high",
      ],
      [
        `plot.image(torch.ones(1, 1), { title: "a" } as any)`,
        'TypeError: plot.image() has no keyword "title". Keywords are: name.',
      ],
    ];
    for (const [source, message] of wrong) {
      it(source, () => {
        const { message: found } = plots(source);
        if (typeof message === "string") assert.equal(found, message);
        else assert.match(found ?? "", message);
      });
    }
  });
});
