import assert from "node:assert/strict";
import { readToHost, readToPage } from "../../src/panel/messages";
import { Runs } from "../../src/panel/model/runs";
import { briefTable, fullTable, toCsv, toJson } from "../../src/panel/model/table";
import { RunData } from "../../src/panel/model/track";
import { initialView, readView } from "../../src/panel/model/view";
import { type Files, MAX_CHARS, RunStorage, writeRuns } from "../../src/panel/storage";
import { epochs, track } from "./tracks";

const lines = [
  { name: "loss", xs: Float64Array.of(1, 2, 3), ys: Float64Array.of(0.5, Number.NaN, 0.25) },
  { name: '=a, "b"', xs: Float64Array.of(2, 4), ys: Float64Array.of(7, Number.POSITIVE_INFINITY) },
];

describe("exported numbers", () => {
  it("stand in one row for each place, with gaps where a curve has no point", () => {
    const csv = toCsv(fullTable("epoch", lines, [1, 4]));
    assert.equal(csv, `epoch,loss,"'=a, ""b"""\n1,0.5,\n2,nan,7\n3,0.25,\n4,,inf\n`);
  });

  it("are those of the part that is shown", () => {
    assert.equal(fullTable("epoch", lines, [2, 3]).rows.length, 2);
  });

  it("are told by column in JSON", () => {
    const { columns } = JSON.parse(toJson(fullTable("epoch", lines, [1, 2])));
    assert.deepEqual(columns[1], { name: "loss", values: [0.5, "nan"] });
  });

  it("are few enough to be read in a table, with what each curve was by then", () => {
    const xs = Float64Array.from({ length: 1000 }, (_, i) => i + 1);
    const table = briefTable("step", [{ name: "a", xs, ys: xs }, lines[0]], [1, 1000], 5);
    assert.deepEqual(
      table.rows.map(([x]) => x),
      [1, 251, 501, 750, 1000],
    );
    assert.deepEqual(table.rows[1], [251, 251, 0.25]);
  });
});

function memory(): Files & { written: Map<string, string> } {
  const written = new Map<string, string>();
  return {
    written,
    read: async (name) => written.get(name) ?? null,
    write: async (name, text) => {
      written.set(name, text);
    },
    list: async () => [...written.keys()],
    delete: async (name) => {
      written.delete(name);
    },
  };
}

function trained(length: number, curves = 1): Runs {
  const runs = new Runs();
  for (let run = 0; run < 3; run++) {
    const data = new RunData();
    const values = Array.from({ length }, (_, i) => (i === 777 ? 1e6 : Math.random()));
    for (let i = 0; i < curves; i++) data.apply([epochs], [track({ values, id: `curve ${i}` })]);
    runs.begin(`lr = ${run}`, data, run * 5000);
  }
  return runs;
}

describe("runs in the workspace's storage", () => {
  it("come back with labels, loops and curves, spikes included", async () => {
    const files = memory();
    const runs = trained(5000);
    runs.pin(2, true);
    await new RunStorage(files).keep("file:///a.grad.ts", runs);
    const restored = new Runs();
    await new RunStorage(files).load("file:///a.grad.ts", restored);
    assert.deepEqual(
      restored.all.map(({ change, pinned, status }) => [change, pinned, status]),
      [
        ["first run", false, "stopped"],
        ["lr 0 → 1", true, "stopped"],
        ["lr 1 → 2", false, "stopped"],
      ],
    );
    const loss = restored.all[0].data.ofKind("loss")[0];
    assert.ok(loss.length <= 1002, `${loss.length} points`);
    assert.equal(Math.max(...loss.columns.get("value")!.values), 1e6);
    assert.deepEqual(restored.all[0].data.loops, [epochs]);
    const other = new Runs();
    await new RunStorage(files).load("file:///b.grad.ts", other);
    assert.equal(other.all.length, 0);
  });

  it("take no more than their share", () => {
    assert.ok(writeRuns(trained(3000, 100)).length <= MAX_CHARS);
  });

  it("of the programs looked at longest ago are forgotten", async () => {
    const files = memory();
    const storage = new RunStorage(files);
    for (let i = 0; i < 25; i++) await storage.keep(`file:///${i}.grad.ts`, trained(10));
    assert.equal(files.written.size, 20);
  });

  it("that cannot be read are none", async () => {
    const files = memory();
    await new RunStorage(files).keep("a", trained(10));
    for (const name of files.written.keys()) files.written.set(name, "{");
    const runs = new Runs();
    await new RunStorage(files).load("a", runs);
    assert.equal(runs.all.length, 0);
  });
});

describe("the panel's messages", () => {
  it("are taken as they are meant", () => {
    for (const message of [
      { kind: "ready" },
      { kind: "position", at: null },
      { kind: "position", at: { loop: 1, iteration: 2 } },
      { kind: "pin", run: 1, on: true },
      { kind: "save", fileName: "a.png", content: new Uint8Array(1) },
    ]) {
      assert.equal(readToHost(message), message);
    }
    const data = { kind: "data", run: 1, loops: [epochs], pieces: [track({ values: [1] })] };
    assert.equal(readToPage(data), data);
  });

  it("are refused if they are anything else", () => {
    for (const message of [
      null,
      "ready",
      {},
      { kind: "toString" },
      { kind: "position", at: { loop: "1", iteration: 2 } },
      { kind: "command", command: "rm" },
      { kind: "pin", run: 1 },
    ]) {
      assert.equal(readToHost(message), null, JSON.stringify(message));
    }
    assert.equal(readToPage({ kind: "data", run: 1, loops: [], pieces: [{ id: "x" }] }), null);
  });

  it("give the view back as it was kept, and as at first where that makes no sense", () => {
    const view = {
      ...initialView,
      axis: "step",
      smoothing: 0.5,
      tables: ["loss"],
      scales: { loss: "log" as const },
    };
    assert.deepEqual(readView(JSON.parse(JSON.stringify(view))), view);
    assert.deepEqual(readView(undefined), initialView);
    assert.deepEqual(
      readView({ smoothing: 7, scales: { loss: "cubic" }, tables: 3, weights: "pie" }),
      initialView,
    );
  });
});
