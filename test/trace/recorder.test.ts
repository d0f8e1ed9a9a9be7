import assert from "node:assert/strict";
import torch, { type Tensor } from "../../engine/torch";
import { FLAGS_BYTES, REQUESTS, Request } from "../../src/runner/flags";
import type { TracePart } from "../../src/runner/messages";
import { createRuntime } from "../../src/runtime/runtime";
import { readJson } from "../../src/trace/json";
import { SERIES_LENGTH, type TensorSummary } from "../../src/trace/model";
import type { Answer, Query } from "../../src/trace/queries";
import { type RecordedSite, TraceRecorder } from "../../src/trace/recorder";

const scalar = (value: number) => torch.tensor(value, { requires_grad: true });

const OTHER: RecordedSite = { kind: "other" };

function record(sites: readonly RecordedSite[] = [OTHER, OTHER, OTHER, OTHER], limits = {}) {
  const flags = new SharedArrayBuffer(FLAGS_BYTES);
  const requests = new Int32Array(flags);
  const sent: TracePart[] = [];
  const host = {
    flags,
    send: (part: string) => void sent.push(readJson(part) as TracePart),
    paused: () => {},
    isOverMemory: () => true,
    grantMemory: () => Number.POSITIVE_INFINITY,
    nextQuery: () => "",
    answerQuery: () => {},
  };
  const recorder = new TraceRecorder(host, sites, { outputChars: 1000, traceBytes: 1 << 24, ...limits });
  const $$ = createRuntime(recorder, () => ({}));
  const request = (bits: number) => {
    requests[REQUESTS] |= bits;
  };
  const part = () => {
    const text = recorder.takePart();
    return text === null ? null : (readJson(text) as TracePart);
  };
  const seen = (site: number) => part()!.seen.find(([id]) => id === site)![1];
  const tensor = (site: number) => seen(site).value as TensorSummary;
  const ask = <Q extends Query>(query: Q) => readJson(recorder.ask(JSON.stringify(query))) as Answer<Q>;
  const inspect = (site: number) => ask({ kind: "inspect", site });
  return { $$, recorder, request, sent, part, seen, tensor, inspect, ask };
}

describe("the recorder", () => {
  it("tells each site's latest value and how often it was reached", () => {
    const { $$, part } = record();
    for (let i = 0; i < 3; i++) $$.see(1, i * 0.5);
    $$.see(2, true);
    $$.see(3, [1, "a"]);
    assert.deepEqual(part()!.seen, [
      [1, { count: 3, value: { kind: "plain", text: "1" }, series: [0, 0.5, 1] }],
      [2, { count: 1, value: { kind: "plain", text: "true" } }],
      [3, { count: 1, value: { kind: "plain", text: '[1, "a"]' } }],
    ]);
  });

  it("tells what changed since, and nothing when nothing did", () => {
    const { $$, part } = record();
    $$.see(0, 1);
    $$.see(1, "a");
    part();
    assert.equal(part(), null);
    $$.see(1, "b");
    assert.deepEqual(
      part()!.seen.map(([site]) => site),
      [1],
    );
  });

  it("counts every iteration and every number, however rarely it is asked", () => {
    const { $$, seen } = record();
    for (let i = 0; i < 123_456; i++) {
      $$.tick(0);
      $$.num(1, i);
    }
    assert.equal(seen(0).count, 123_456);
    const again = record();
    for (let i = 0; i < 123_456; i++) again.$$.num(1, i);
    const { count, value, series } = again.seen(1);
    assert.deepEqual([count, value], [123_456, { kind: "plain", text: "123455" }]);
    assert.ok(series!.length <= SERIES_LENGTH && series![1] - series![0] === series![9] - series![8]);
  });

  it("gives no label to functions and undefined, but one to a module", () => {
    const { $$, part } = record();
    $$.see(0, undefined);
    $$.see(1, () => 1);
    $$.see(2, new torch.nn.Linear(1, 2));
    const texts = part()!.seen.map(([, { value }]) => value.text);
    assert.deepEqual(texts, ["", "", "Linear(in_features=1, out_features=2, bias=True)"]);
  });

  it("describes a tensor as PyTorch prints it", () => {
    const { $$, tensor } = record();
    const x = $$.see(0, scalar(2));
    $$.see(1, x.mul(3));
    assert.deepEqual(tensor(1), {
      kind: "tensor",
      text: "tensor(6.)",
      shape: [],
      dtype: "torch.float32",
      requiresGrad: true,
      gradFn: "MulBackward0",
      grad: null,
    });
  });

  it("keeps a series of a 0-dim tensor", () => {
    const { $$, seen } = record();
    for (let i = 0; i < 3; i++) $$.see(0, torch.tensor(i * 2));
    assert.deepEqual(seen(0).series, [0, 2, 4]);
  });

  it("shows a value as it was when its line ran, though it was changed in place since", () => {
    const { $$, tensor, inspect } = record();
    const x = $$.see(0, torch.ones(2));
    const view = $$.see(1, x.select(0, 0));
    x.add_(1);
    $$.see(2, x);
    x.add_(1);
    assert.equal(tensor(0).text, "tensor([1., 1.])");
    assert.equal(inspect(1)!.text, "tensor(1.)");
    assert.equal(inspect(2)!.text, "tensor([2., 2.])");
    assert.equal(view.item(), 3);
  });

  it("shows the grad_fn a tensor had when its line ran", () => {
    const { $$, tensor } = record();
    const y = $$.see(0, scalar(2).mul(3));
    y.add_(1);
    assert.equal(tensor(0).gradFn, "MulBackward0");
  });

  it("shows the gradient that reached a leaf and one that is none", () => {
    const { $$, part } = record();
    const x = $$.see(0, scalar(2));
    const y = $$.see(1, x.mul(3));
    part();
    y.mul(5).backward();
    const grads = part()!.seen.map(([site, { value }]) => [site, (value as TensorSummary).grad]);
    assert.deepEqual(grads, [
      [0, "tensor(15.)"],
      [1, "tensor(5.)"],
    ]);
  });

  it("shows the gradient of the right result of a node with several", () => {
    const { $$, part } = record();
    const rows = torch.ones(2, 2, { requires_grad: true }).unbind(0);
    $$.see(0, rows[0]);
    $$.see(1, rows[1]);
    rows[0].sum().add(rows[1].mul(2).sum()).backward();
    const grads = part()!.seen.map(([, { value }]) => (value as TensorSummary).grad);
    assert.deepEqual(grads, ["tensor([1., 1.])", "tensor([2., 2.])"]);
  });

  for (const [how, zero] of [
    ["set to null", (x: Tensor) => new torch.optim.SGD([x], { lr: 1 }).zero_grad()],
    ["zeroed in place", (x: Tensor) => x.grad!.zero_()],
  ] as const) {
    it(`keeps a gradient on its line after it was ${how}`, () => {
      const { $$, tensor } = record();
      const x = $$.see(0, scalar(2));
      x.mul(3).backward();
      zero(x);
      assert.equal(tensor(0).grad, "tensor(3.)");
    });
  }

  it("shows the gradient of a weight that an optimizer changed in place", () => {
    const { $$, tensor } = record();
    const w = $$.see(0, scalar(2));
    const optimizer = new torch.optim.SGD([w], { lr: 1 });
    w.mul(3).backward();
    optimizer.step();
    optimizer.zero_grad();
    const { text, grad, gradFn } = tensor(0);
    assert.deepEqual([text, grad, gradFn], ["tensor(2.)", "tensor(3.)", null]);
  });

  it("sends a part when it is asked, in the midst of a loop", () => {
    const { $$, request, sent } = record();
    $$.see(1, torch.ones(1));
    request(Request.flush);
    for (let i = 0; i < 2000 && sent.length === 0; i++) $$.tick(0);
    assert.deepEqual(
      sent[0].seen.map(([site]) => site),
      [0, 1],
    );
    assert.equal(sent[0].at, 0);
  });

  it("sends a gradient again that a later pass added to", () => {
    const { $$, part, tensor } = record();
    const w = $$.see(1, scalar(1));
    w.mul(2).backward();
    assert.equal(tensor(1).grad, "tensor(2.)");
    w.mul(2).backward();
    assert.equal(tensor(1).grad, "tensor(4.)");
    assert.equal(part(), null);
  });

  it("stops a loop, and again whenever the program catches that", () => {
    const { $$, recorder, request } = record();
    const loop = () => {
      for (let i = 0; i < 10_000; i++) $$.tick(2);
    };
    loop();
    request(Request.stopTime);
    assert.throws(loop, (error) => recorder.isStop(error));
    for (let again = 0; again < 3; again++)
      assert.throws(
        () => $$.tick(2),
        (error) => recorder.isStop(error),
      );
    assert.throws(
      () => $$.num(1, 1),
      (error) => recorder.isStop(error),
    );
    assert.throws(
      () => $$.see(1, null),
      (error) => recorder.isStop(error),
    );
    assert.deepEqual(recorder.stopped, { reason: "time", site: 2, stack: "" });
  });

  it("stops a program that holds too much memory", () => {
    const { $$, recorder, request } = record();
    request(Request.memory);
    assert.throws(() => $$.see(1, null));
    assert.deepEqual(recorder.stopped, { reason: "memory", site: 1, stack: "" });
  });

  it("passes output on up to its limit and stops there", () => {
    const { recorder, part } = record([OTHER], { outputChars: 5 });
    recorder.write("abc");
    assert.throws(() => recorder.write("def"));
    assert.equal(recorder.stopped!.reason, "output");
    assert.equal(part()!.output, "abcde");
  });

  it("is not broken by a value that throws when it is looked at", () => {
    const { $$, part } = record();
    const traps = new Proxy({}, { getPrototypeOf: () => assert.fail(), ownKeys: () => assert.fail() });
    $$.see(0, traps);
    $$.see(1, 5);
    assert.deepEqual(
      part()!.seen.map(([, { value }]) => value.text),
      ["…", "5"],
    );
  });

  it("inspects the whole value, with what its grad_fn leads to", () => {
    const { $$, inspect } = record();
    const x = scalar(2);
    const y = $$.see(0, x.mul(torch.tensor(3)));
    y.backward();
    assert.deepEqual(inspect(0), {
      text: "tensor(6., grad_fn=<MulBackward0>)",
      count: 1,
      tensor: {
        shape: [],
        dtype: "torch.float32",
        requiresGrad: true,
        isLeaf: false,
        gradFn: "MulBackward0",
        nextFunctions: ["AccumulateGrad", null],
        grad: "tensor(1.)",
        statistics: {
          count: 1,
          nan: 0,
          inf: 0,
          min: 6,
          max: 6,
          mean: 6,
          std: Number.NaN,
          norm: 6,
          histogram: [],
        },
        gradStatistics: {
          count: 1,
          nan: 0,
          inf: 0,
          min: 1,
          max: 1,
          mean: 1,
          std: Number.NaN,
          norm: 1,
          histogram: [],
        },
        why: { shares: [], sum: "tensor(1.)", accumulated: null, isRoot: true, path: [] },
      },
    });
    assert.equal(inspect(1), null);
  });

  it("finds the throw statement of a thrown value", () => {
    const { $$, recorder } = record();
    const thrown = $$.thrown(3, null);
    assert.equal(recorder.throwSiteOf(thrown), 3);
    assert.equal(recorder.throwSiteOf("other"), -1);
  });
});
