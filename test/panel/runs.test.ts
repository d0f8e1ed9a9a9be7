import assert from "node:assert/strict";
import { describeChange } from "../../src/panel/model/change";
import { describeProgress, formatSeconds, loopTotal, Speed } from "../../src/panel/model/progress";
import { MAX_GHOSTS, Runs } from "../../src/panel/model/runs";
import { RunData } from "../../src/panel/model/track";
import { track } from "./tracks";

function data(): RunData {
  const made = new RunData();
  made.apply([], [track({ values: [3, 2, 1] })]);
  return made;
}

/** Runs of these sources, each looked at for two seconds. */
function runsOf(...sources: string[]): Runs {
  const runs = new Runs();
  sources.forEach((source, i) => {
    runs.begin(source, data(), i * 2000);
  });
  return runs;
}

const changes = (runs: Runs) => runs.all.map(({ change }) => change);

describe("what changed between two runs", () => {
  const change = (before: string, after: string) => describeChange(before, after);

  it("is the value of a setting, old and new", () => {
    const program = (lr: string) => `const opt = new SGD(model.parameters(), { lr: ${lr}, momentum: 0.9 })`;
    assert.equal(change(program("0.01"), program("0.1")), "lr 0.01 → 0.1");
    assert.equal(change("const hidden = 4", "const hidden = 16"), "hidden 4 → 16");
    assert.equal(change("const x = -1", "const x = -2"), "x 1 → 2");
    assert.equal(change("for (let i = 0; i < 10; i++) {}", "for (let i = 0; i < 20; i++) {}"), "i 10 → 20");
  });

  it("is a name, or what came or went", () => {
    assert.equal(change("f(new nn.Tanh())", "f(new nn.ReLU())"), "Tanh → ReLU");
    assert.equal(change("a()\n", "a()\nb(1)\n"), "+ b(1)");
    assert.equal(change("a()\nb(1)\n", "a()\n"), "− b(1)");
  });

  it("leaves out comments and spaces", () => {
    assert.equal(change("a = 1", "a  =  1 // one"), null);
    assert.equal(change("a = 1", "/* two */ a = 2"), "a 1 → 2");
  });

  it("is short however much changed", () => {
    const text = change("a = 1; b = 2; c = 3; d = 4", "a = 5; b = 6; c = 7; d = 8");
    assert.equal(text, "a 1 → 5, b 2 → 6, 2 more");
    assert.ok(change("x", `x\n${"word ".repeat(500)}`)!.length < 40);
  });
});

describe("the runs that are kept", () => {
  it("are labelled by what changed", () => {
    assert.deepEqual(changes(runsOf("lr = 1", "lr = 2", "lr = 2")), ["first run", "lr 1 → 2", "run again"]);
  });

  it("are not those of a text on its way to another", () => {
    const runs = runsOf("lr = 0.1");
    runs.begin("lr = 0.", data(), 10_000);
    runs.begin("lr = 0.5", data(), 10_200);
    assert.deepEqual(changes(runs), ["first run", "lr 0.1 → 0.5"]);
  });

  it("that another run ended count as stopped", () => {
    const runs = runsOf("a = 1", "a = 2");
    assert.deepEqual(
      runs.all.map(({ status }) => status),
      ["stopped", "running"],
    );
  });

  it("are not those that recorded nothing", () => {
    const runs = runsOf("a = 1");
    runs.begin("a =", new RunData(), 10_000);
    runs.begin("a = 2", data(), 20_000);
    assert.deepEqual(changes(runs), ["first run", "a 1 → 2"]);
  });

  it("are the last ten, and the pinned", () => {
    const runs = runsOf("a = 0");
    runs.pin(runs.latest!.id, true);
    for (let i = 1; i <= 30; i++) runs.begin(`a = ${i}`, data(), i * 2000);
    assert.equal(runs.all.length, MAX_GHOSTS + 1);
    assert.equal(runs.all[0].change, "first run");
    assert.equal(runs.all[1].change, "a 20 → 21");
    assert.deepEqual(
      runs.all.map(({ color }) => color).sort((a, b) => a - b),
      [...Array(MAX_GHOSTS + 1).keys()],
    );
  });

  it("go when told to, but not the newest", () => {
    const runs = runsOf("a = 1", "a = 2", "a = 3");
    const [first, second, newest] = runs.all.map(({ id }) => id);
    runs.pin(first, true);
    runs.remove(newest);
    runs.clear();
    assert.deepEqual(
      runs.all.map(({ id }) => id),
      [first, newest],
    );
    assert.equal(runs.get(second), null);
  });

  it("can be named, and lose the name again", () => {
    const runs = runsOf("a = 1");
    runs.rename(1, "  best so far ");
    assert.equal(runs.latest!.name, "best so far");
    runs.rename(1, " ");
    assert.equal(runs.latest!.name, null);
  });

  it("from an earlier window make way for the same program run anew", () => {
    const runs = new Runs();
    const kept = runsOf("a = 1", "a = 2");
    for (const run of kept.all) runs.restore(run);
    runs.begin("a = 2", data(), 0);
    runs.begin("a = 3", data(), 5000);
    assert.deepEqual(changes(runs), ["first run", "a 1 → 2", "a 2 → 3"]);
  });
});

describe("progress", () => {
  const total = (head: string) => loopTotal(head, (name) => (name === "epochs" ? 50 : null));

  it("knows how many rounds a counting loop has", () => {
    assert.equal(total("for (let i = 0; i < 100; i++)"), 100);
    assert.equal(total("for (let epoch = 1; epoch <= epochs; epoch += 1)"), 50);
    assert.equal(total("for (let i = 0; i < 10; i += 3)"), 4);
  });

  it("does not guess what the head does not say", () => {
    assert.equal(total("for (const batch of loader)"), null);
    assert.equal(total("while (loss > 0.1)"), null);
    assert.equal(total("for (let i = 0; i < rounds; i++)"), null);
    assert.equal(total("for (let i = 0; i < 10; i += step)"), null);
  });

  it("measures the speed of the last two seconds", () => {
    const speed = new Speed();
    assert.equal(speed.perSecond, null);
    for (let i = 0; i <= 10; i++) speed.mark(i * 1000, i < 8 ? i : 8 + (i - 8) * 100);
    assert.ok(Math.abs(speed.perSecond! - 100) < 40, String(speed.perSecond));
  });

  it("is told in one line", () => {
    const progress = { unit: "epoch", done: 3, total: 10, stepsPerSecond: 99.7, secondsLeft: 75 };
    assert.equal(describeProgress(progress), "epoch 3 / 10 · 100 steps/s · 1 min 15 s left");
    const unknown = { unit: "i", done: 3, total: null, stepsPerSecond: 1.234, secondsLeft: null };
    assert.equal(describeProgress(unknown), "i 3 · 1.2 steps/s");
  });

  it("tells time as people do", () => {
    assert.deepEqual([0.2, 59, 61, 7300].map(formatSeconds), ["1 s", "59 s", "1 min 1 s", "2 h 1 min"]);
  });
});
