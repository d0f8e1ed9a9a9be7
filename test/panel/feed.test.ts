import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Layer } from "../../engine/plot/sink";
import { compile } from "../../src/compiler/compile";
import { Feed } from "../../src/panel/feed";
import { readToPage, type ToPage } from "../../src/panel/messages";
import { RunData } from "../../src/panel/model/track";
import { initialView } from "../../src/panel/model/view";
import type { RunSource } from "../../src/panel/recording";
import { TimeTravel } from "../../src/session/position";
import type { SessionState } from "../../src/session/session";
import type { Trace } from "../../src/trace/model";
import type { Answer, CurvePiece, PictureFacts, Query } from "../../src/trace/queries";

const source = (lr: number) => `const lr = ${lr}
for (let epoch = 0; epoch < 3; epoch++) {
  const loss = lr * epoch
}
`;

/** A session whose program records the values that a test tells it to. */
class FakeSession implements RunSource {
  readonly travel = new TimeTravel();
  readonly asked: Query[] = [];
  private readonly values: number[] = [];
  private trace: Trace;
  private stale = false;
  private runNumber = 0;
  /** Of a text that cannot run. */
  diagnostics: { message: string; start: number; end: number }[] = [];
  private site = -1;
  private loop = -1;
  frozen = false;
  pictures: PictureFacts[] = [];
  /** So many curves it plots, of the same values. */
  plots = 0;
  layer: Layer = {
    kind: "scatter",
    x: Float64Array.of(1, Number.NaN),
    y: Float64Array.of(2, 3),
    labels: Float64Array.of(0, 1),
    note: "",
  };

  constructor(lr: number) {
    this.trace = this.start(lr);
  }

  private start(lr: number): Trace {
    const text = source(lr);
    const { sites } = compile(text, { fileName: "a.grad.ts", probes: true });
    this.site = sites.findIndex(({ name }) => name === "loss");
    this.loop = sites.findIndex(({ kind }) => kind === "loop");
    this.runNumber++;
    return this.traceOf(text, sites);
  }

  private traceOf(source: string, sites: Trace["sites"]): Trace {
    const { runNumber: run } = this;
    return { run, source, sites, seen: new Map(), output: "", outcome: { kind: "running" } };
  }

  /** The run begins once more, in another process. */
  beginAgain(): void {
    this.values.length = 0;
    this.trace = this.traceOf(this.trace.source, this.trace.sites);
  }

  fail(message: string, start: number): void {
    const error = { name: "RuntimeError", message, start, end: start + 1 };
    this.trace.outcome = { kind: "failed", error, elapsedMs: 1500 };
  }

  /** The text is another one, and its run has begun. */
  edit(lr: number): void {
    this.values.length = 0;
    this.trace = this.start(lr);
  }

  record(value: number): void {
    this.values.push(value);
    this.trace.seen.set(this.loop, { count: this.values.length, value: { kind: "plain", text: "" } });
    this.trace.seen.set(this.site, { count: this.values.length, value: { kind: "plain", text: `${value}` } });
  }

  end(): void {
    this.trace.outcome = { kind: "done", elapsedMs: 1500 };
  }

  get state(): SessionState {
    const live = { trace: this.trace, lineNow: (line: number) => line };
    const { diagnostics, stale } = this;
    const kind = diagnostics.length > 0 ? "rejected" : this.frozen ? "frozen" : "running";
    return { version: 1, status: { kind }, live, stale, older: null, diagnostics } as unknown as SessionState;
  }

  async query<Q extends Query>(query: Q): Promise<Answer<Q>> {
    this.asked.push(query);
    if (query.kind === "picture") return [this.layer] as unknown as Answer<Q>;
    if (query.kind !== "curves") return null;
    const have = query.have.find(({ id }) => id === this.site)?.length ?? 0;
    const values = this.values.slice(have);
    const counts = values.map((_, i) => have + i + 1);
    const curve: CurvePiece = {
      id: this.site,
      version: 0,
      from: have,
      values: Float64Array.from(values),
      iterations: [Float64Array.from(counts)],
      stride: 1,
    };
    const curves = values.length > 0 && this.values.length > 1 ? [curve] : [];
    const plots = Array.from({ length: this.plots }, (_, id) => ({ ...curve, id, name: `plot ${id}` }));
    const plotted = { plots: have === 0 ? plots : [], pictures: this.pictures, plotNotes: [] };
    return { loops: [this.loop], curves, roots: [this.site], ...plotted } as unknown as Answer<Q>;
  }
}

const feeds: Feed[] = [];

afterEach("stop looking", () => {
  for (const feed of feeds.splice(0)) feed.dispose();
});

/** A feed that shows `session` to one page; `takes` is the time that the page takes for a message. */
async function feedOf(session: FakeSession, isSeen = () => true, takes?: (message: ToPage) => Promise<void>) {
  const told: ToPage[] = [];
  const feed = new Feed(
    {
      tell: async (message) => {
        told.push(message);
        await takes?.(message);
      },
      isSeen,
      load: async () => {},
      keep: () => {},
    },
    initialView,
  );
  feeds.push(feed);
  await feed.show({ key: "file:///a.grad.ts", title: "a.grad.ts", session, lineAt: (at) => at * 10 });
  return { feed, told };
}

function lastProgress(told: readonly ToPage[]): Extract<ToPage, { kind: "progress" }> | undefined {
  return told.filter((message) => message.kind === "progress").at(-1);
}

/** What the page holds after these messages. */
function received(told: readonly ToPage[]): Map<number, RunData> {
  const runs = new Map<number, RunData>();
  for (const message of told) {
    if (message.kind !== "data") continue;
    const data = runs.get(message.run) ?? new RunData();
    runs.set(message.run, data);
    data.apply(message.loops, message.pieces);
  }
  return runs;
}

function lossOf(data: RunData | undefined): number[] {
  return [...(data?.ofKind("loss")[0]?.columns.get("value")?.values ?? [])];
}

describe("a page that watches a training", () => {
  it("is told each value once, as it comes", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    const { told } = await feedOf(session);
    await delay(60);
    session.record(1);
    await delay(80);
    assert.deepEqual(lossOf(received(told).get(1)), [3, 2, 1]);
    const lengths = told.flatMap((m) => (m.kind === "data" ? m.pieces.map(({ steps }) => steps.length) : []));
    assert.deepEqual(lengths, [2, 1]);
    session.end();
  });

  it("hears how far it is", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    const { feed, told } = await feedOf(session);
    session.end();
    feed.changed();
    await delay(120);
    assert.equal(lastProgress(told)?.status, "done");
    assert.deepEqual(lastProgress(told)?.progress, {
      unit: "epoch",
      done: 2,
      total: 3,
      stepsPerSecond: 2000 / 1500,
      secondsLeft: null,
    });
  });

  it("hears that the training rests, with all it has so far, and leaves it in peace until it goes on", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    const { feed, told } = await feedOf(session);
    const status = () => lastProgress(told)?.status;
    session.record(1);
    session.frozen = true;
    feed.changed();
    await delay(100);
    assert.equal(status(), "paused");
    assert.deepEqual(lossOf(received(told).get(1)), [3, 2, 1]);
    const asked = session.asked.length;
    await delay(150);
    assert.equal(session.asked.length, asked);
    session.frozen = false;
    feed.changed();
    assert.equal(status(), "running");
    session.record(0);
    await delay(80);
    assert.deepEqual(lossOf(received(told).get(1)), [3, 2, 1, 0]);
    session.end();
    feed.changed();
  });

  it("hears why the program failed and in which line, and that a text cannot run", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    const { feed, told } = await feedOf(session);
    session.fail("no", source(0.1).indexOf("const loss"));
    feed.changed();
    await delay(120);
    assert.equal(lastProgress(told)?.status, "failed");
    assert.deepEqual(lastProgress(told)?.problem, { text: "RuntimeError: no", line: 3 });
    assert.deepEqual(readToPage(lastProgress(told)), lastProgress(told));

    session.diagnostics = [{ message: "Expression expected.", start: 7, end: 8 }];
    feed.changed();
    await delay(60);
    assert.equal(lastProgress(told)?.status, "rejected");
    assert.deepEqual(lastProgress(told)?.problem, { text: "Expression expected.", line: 70 });
  });

  it("sees one run that another process had to begin again, with what it records there", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    session.record(1);
    const { feed, told } = await feedOf(session);
    await delay(1100); // as a ghost it would be worth keeping
    session.beginAgain();
    session.record(9);
    session.record(8);
    feed.changed();
    await delay(80);
    const runs = told.filter((message) => message.kind === "runs").at(-1)?.runs ?? [];
    assert.deepEqual(
      runs.map(({ change, status }) => [change, status]),
      [["first run", "running"]],
    );
    assert.deepEqual(lossOf(received(told).get(runs[0].id)), [9, 8]);
    session.end();
    feed.changed();
  });

  it("is told numbers in one stretch of memory, however many curves there are", async () => {
    const session = new FakeSession(0.1);
    session.plots = 200;
    session.record(3);
    session.record(2);
    const { told } = await feedOf(session);
    await delay(60);
    session.end();
    const [{ pieces }] = told.filter((message) => message.kind === "data");
    assert.equal(pieces.length, 201);
    const lists = pieces.flatMap(({ steps, iterations, columns }) => [
      steps,
      ...iterations,
      ...Object.values(columns),
    ]);
    assert.equal(new Set(lists.map(({ buffer }) => buffer)).size, 1);
    assert.deepEqual([...pieces[150].columns["value"]], [3, 2]);
    assert.deepEqual([...pieces[150].steps], [1, 2]);
  });

  it("is told nothing new before it has what it was told, which would pile up before what the user does", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    let taken = () => {};
    const slow = ({ kind }: ToPage) =>
      kind === "data" ? new Promise<void>((resolve) => (taken = resolve)) : Promise.resolve();
    const { feed, told } = await feedOf(session, () => true, slow);
    const messages = () => told.filter(({ kind }) => kind === "data").length;
    await delay(60);
    session.record(1);
    await delay(200);
    assert.equal(messages(), 1);
    taken();
    await delay(400); // it is spared for some time more
    assert.equal(messages(), 2);
    taken();
    session.end();
    feed.changed();
  });

  it("hears of a picture when there is something new in it, and is given it when it asks", async () => {
    const session = new FakeSession(0.1);
    const { feed, told } = await feedOf(session);
    const heard = () =>
      told.flatMap((m) => (m.kind === "pictures" ? m.pictures.map(({ calls }) => calls) : []));
    session.pictures = [{ id: 0, name: "<b>arms</b>", calls: 1 }];
    await delay(80);
    assert.deepEqual(heard(), [1]);
    session.pictures = [{ id: 0, name: "<b>arms</b>", calls: 2 }];
    await delay(80);
    assert.deepEqual(heard(), [1, 2]);
    const answer = await feed.picture({ kind: "picture", request: 7, picture: 0, at: null });
    assert.deepEqual(readToPage(answer), {
      kind: "picture",
      request: 7,
      value: [
        {
          kind: "scatter",
          x: Float64Array.of(1, Number.NaN),
          y: Float64Array.of(2, 3),
          labels: Float64Array.of(0, 1),
          note: "",
        },
      ],
    });
    session.end();
    feed.changed();
  });

  it("keeps the run before an edit as a ghost with what changed", async () => {
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    const { feed, told } = await feedOf(session);
    session.end();
    feed.changed();
    await delay(1100);
    session.edit(0.5);
    session.record(9);
    session.record(8);
    feed.changed();
    await delay(50);
    session.end();
    feed.changed();
    await delay(60);
    const runs = told.filter((m) => m.kind === "runs").at(-1);
    assert.deepEqual(runs?.kind === "runs" && runs.runs.map(({ change }) => change), [
      "first run",
      "lr 0.1 → 0.5",
    ]);
    assert.deepEqual([...received(told).values()].map(lossOf), [
      [3, 2],
      [9, 8],
    ]);
  });

  it("gets everything again after it was hidden, and the run is left in peace meanwhile", async () => {
    let isSeen = false;
    const session = new FakeSession(0.1);
    session.record(3);
    session.record(2);
    const { feed, told } = await feedOf(session, () => isSeen);
    await delay(80);
    assert.deepEqual(session.asked, []);
    session.end();
    feed.changed();
    await delay(30);
    isSeen = true;
    told.length = 0;
    feed.tellEverything((message) => told.push(message));
    assert.deepEqual(lossOf(received(told).get(1)), [3, 2]);
  });

  it("moves the position that the editor's annotations follow, and follows it", async () => {
    const session = new FakeSession(0.1);
    const { feed, told } = await feedOf(session);
    feed.receive({ kind: "position", at: { loop: 4, iteration: 2 } });
    assert.deepEqual(session.travel.position, { loop: 4, iteration: 2 });
    session.travel.set(null);
    assert.deepEqual(told.filter((m) => m.kind === "position").at(-1), { kind: "position", at: null });
    session.end();
    feed.changed();
  });
});
