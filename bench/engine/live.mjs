// What it costs to be watched: the two networks and the lessons as `.grad.ts` programs, run as the editor runs
// them, without probes and with them in turns.
import { readdirSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { bundled } from "../bundle.mjs";
import { measure } from "./measure.mjs";
import { rows } from "./rows.mjs";

const ROUNDS = 5;
const EPOCHS = 50;
const LESSONS = 5;
const unlimited = { timeMs: null, memoryMb: null, outputChars: null };

const networks = [
  {
    id: "mlp-small",
    steps: 4000,
    setup: `const model = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 1))
const loss_fn = new nn.MSELoss()
const x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
const y = torch.tensor([[0], [1], [1], [0]])`,
  },
  {
    id: "mlp-large",
    steps: 40,
    setup: `const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
const loss_fn = new nn.CrossEntropyLoss()
const x = torch.rand(64, 784)
const y = torch.randint(0, 10, [64])`,
  },
];

/** Prints the milliseconds of each of eight rounds of steps; what comes before them is to warm up. */
function programOf({ setup, steps }) {
  return `import torch from "torch"
import nn from "torch/nn"
import optim from "torch/optim"

torch.manual_seed(0)
${setup}
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
for (let round = 0; round < 10; round++) {
  const start = Date.now()
  for (let step = 0; step < ${steps}; step++) {
    optimizer.zero_grad()
    const loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
  }
  if (round >= 2) print(Date.now() - start)
}
`;
}

export async function measureLive() {
  const stages = await bundled(
    "live-stages",
    `export { createRunner } from "./src/runner/client"; export { compile } from "./src/compiler/compile";`,
  );
  const runner = stages.createRunner({ folder: pathTo("../../dist") });
  try {
    const programs = [];
    for (const network of networks) programs.push(await measureNetwork(runner, network));
    const lessons = [];
    for (const name of lessonNames()) lessons.push(await measureLesson(runner, name));
    return { programs, lessons, compileMs: await measureCompiling(stages.compile) };
  } finally {
    runner.dispose();
  }
}

async function measureNetwork(runner, network) {
  const { work } = await import("./peers/gradlens.mjs");
  const bare = await measure(work[network.id]().step, ROUNDS, 300);
  const rates = { plain: [], probed: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const [way, probes] of [
      ["plain", false],
      ["probed", true],
    ]) {
      const { output } = await run(runner, programOf(network), probes);
      for (const ms of output.trim().split("\n")) rates[way].push((network.steps / Number(ms)) * 1000);
    }
  return { title: rows.find(({ id }) => id === network.id).title, bare, ...rates };
}

async function measureLesson(runner, name) {
  const text = readFileSync(pathTo(`../../examples/${name}`), "utf8");
  const repeated = repeatedLesson(text);
  const times = { plain: [], probed: [], trace: [] };
  for (let round = 0; round < 2 * ROUNDS; round++) {
    times.plain.push((await run(runner, repeated, false)).ms);
    times.probed.push((await run(runner, repeated, true)).ms);
    times.trace.push((await run(runner, text, true)).ms);
  }
  return { title: name, ...times };
}

function lessonNames() {
  return readdirSync(pathTo("../../examples"))
    .filter((name) => name.endsWith(".grad.ts"))
    .sort()
    .slice(0, LESSONS);
}

/** The lesson's statements in a loop, after its imports. */
function repeatedLesson(text) {
  const lines = text.split("\n");
  const first = lines.findLastIndex((line) => line.startsWith("import ")) + 1;
  const body = lines.slice(first).join("\n");
  return `${lines.slice(0, first).join("\n")}\nfor (let again = 0; again < ${EPOCHS}; again++) {\n${body}\n}\n`;
}

/** Runs a program to its end, as after an edit: the next realm is ready by then. Throws if it fails. */
async function run(runner, source, probes) {
  await new Promise((resolve) => setTimeout(resolve, 150));
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const options = { fileName: "/bench/program.grad.ts", limits: unlimited, probes };
    runner.run(source, options, {
      rejected: ([{ message }]) => reject(new Error(message)),
      ended: ({ outcome, output }) => {
        if (outcome.kind === "done") resolve({ output, ms: performance.now() - start });
        else reject(new Error(outcome.error.message));
      },
    });
  });
}

async function measureCompiling(compile) {
  const lesson = readFileSync(pathTo("../../examples/2-training-loop.grad.ts"), "utf8");
  const statements = lesson.split("\n").filter((line) => !line.startsWith("import "));
  const block = `{\n${statements.join("\n")}\n}`;
  const lines = Array(4).fill(block).join("\n").split("\n").length;
  const source = Array(4).fill(block).join("\n");
  const rates = await measure(
    () => compile(source, { fileName: "bench.grad.ts", probes: true }),
    ROUNDS,
    300,
  );
  return (1000 / Math.max(...rates)) * (200 / lines);
}

function pathTo(relative) {
  return fileURLToPath(new URL(relative, import.meta.url));
}
