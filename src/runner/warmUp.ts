import { defaultGenerator } from "../../engine/random/generator";
import type { Tensor } from "../../engine/tensor";
import torch from "../../engine/torch";
import { createRuntime } from "../runtime/runtime";
import { type RecordedSite, type RecorderHost, TraceRecorder } from "../trace/recorder";
import { FLAGS_BYTES } from "./flags";
import { modules } from "./modules";

const EPOCHS = 3;
const LOOP_SITE = 0;
const FIRST_SITE_BEFORE = 1;
const FIRST_SITE_WITHIN = 16;
const sites = new Array<RecordedSite>(64)
  .fill({ kind: "binding", name: "value" })
  .fill({ kind: "loop" }, 0, 1);

/**
 * Trains two small networks, one by hand and one with an optimizer, watched as a program is. V8 learns about every
 * function anew in each realm, and the first calls are by far the slowest: where those were made before a program
 * begins, a lesson takes half its time or less. Leaves nothing behind.
 */
export function warmUp(): void {
  for (const specifier of ["torch", "torch/nn", "torch/optim"]) modules(specifier);
  const { nn, optim } = torch;
  const begun = defaultGenerator.get_state();
  const recorder = new TraceRecorder(nobody, sites, { outputChars: 0, traceBytes: 1 << 20 });
  const { see, tick, num, add, sub, mul, pow, matmul } = createRuntime(recorder, modules);
  let site = FIRST_SITE_BEFORE;
  const seen = <T>(value: T): T => see(site++, value);
  const computed = (value: unknown) => seen(value as Tensor);

  const x = seen(torch.tensor([[0, 1], [1, 0], [1, 1]])); // biome-ignore format: a table
  const y = seen(torch.tensor([[1], [1], [0]])); // biome-ignore format: a table
  const w = seen(torch.randn(2, 1, { requires_grad: true }));
  const b = seen(torch.zeros(1, { requires_grad: true }));
  const model = seen(new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1)));
  const loss_fn = seen(new nn.MSELoss());
  const optimizer = seen(new optim.SGD(model.parameters(), { lr: 0.1 }));
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    tick(LOOP_SITE);
    site = FIRST_SITE_WITHIN;
    num(site++, epoch);
    const z = torch.relu(computed(add(computed(matmul(x, w)), b)));
    const byHand = seen(computed(pow(computed(sub(seen(z), y)), 2)).mean());
    seen(byHand.backward());
    torch.no_grad(() => {
      for (const parameter of [w, b]) {
        seen(parameter.sub_(computed(mul(0.1, parameter.grad))));
        seen(parameter.grad!.zero_());
      }
    });
    seen(optimizer.zero_grad());
    const loss = seen(loss_fn(seen(model(x)), y));
    seen(loss.backward());
    seen(optimizer.step());
    num(site++, loss.item());
    seen(String(loss));
  }
  recorder.takePart();
  defaultGenerator.set_state(begun);
}

/** Nobody asks and nobody is told. */
const nobody: RecorderHost = {
  flags: new ArrayBuffer(FLAGS_BYTES),
  send: () => {},
  paused: () => {},
  isOverMemory: () => false,
  grantMemory: () => 0,
  nextQuery: () => "",
  answerQuery: () => {},
};
