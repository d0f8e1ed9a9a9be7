// What compiling costs: loops over numbers, plain and compiled, without probes and with them, in one run;
// and how long compiling takes. `node bench/compiler.mjs` after `npm run build`.
import { performance } from "node:perf_hooks";
import { Script } from "node:vm";
import { bundled } from "./bundle.mjs";

const STEPS = 1e7;

/** Bodies of a function. What it is given, `n`, `zero` and `one`, has no type that the compiler could know. */
const loops = {
  "additions of what are surely numbers": `let s = 0; for (let i = 0; i < ${STEPS}; i++) { s += i; } return s;`,
  "a function of two parameters": `function f(a, b) { return a * b + 1; }
    let s = 0; for (let i = 0; i < ${STEPS}; i++) { s = f(s, 0.5); } return s;`,
  "additions of what may be tensors":
    "let s = zero; for (let i = zero; i < n; i += one) { s += i; } return s;",
  "elements of an array": `const xs = [1, 2, 3, 4];
    for (let i = 0; i < ${STEPS}; i++) { xs[i & 3] = (xs[i & 3] + 5) % 7; } return xs[0];`,
  "a field that counts": `class C { n = 0; add(x) { this.n += x; } }
    const c = new C(); for (let i = 0; i < ${STEPS}; i++) { c.add(i); } return c.n;`,
};

const { compile, createRuntime, createCounters } = await bundled(
  "compiler-stages",
  `export { compile } from "./src/compiler/compile";
   export { createRuntime } from "./src/runtime/runtime";
   export { createCounters } from "./src/runtime/recorder";`,
);
for (const [name, body] of Object.entries(loops)) compareLoop(name, body);
for (const lines of [200, 5000]) timeCompiling(lines);

function compareLoop(name, body) {
  const source = `run((n, zero, one) => { ${body} });`;
  const ways = [
    loopOf((run) => new Script(`((run) => { "use strict"; ${source} })`).runInThisContext()(run)),
    loopOf((run) => runCompiled(source, false, run)),
    loopOf((run) => runCompiled(source, true, run)),
  ];
  const [plain, compiled, probed] = fastestTimes(
    15,
    ways.map((loop) => () => loop(STEPS, 0, 1)),
  );
  const times = `compiled ${ratio(compiled, plain)}, with probes ${ratio(probed, plain)}`;
  console.log(`${name}, ${STEPS} times: plain ${plain.toFixed(1)} ms, ${times}`);
}

function loopOf(start) {
  let loop;
  start((given) => {
    loop = given;
  });
  return loop;
}

function runCompiled(source, probes, run) {
  const { code, sites } = compile(source, { fileName: "bench.grad.ts", probes });
  const steps = 1024; // as the recorder asks for
  const recorder = {
    counters: createCounters(sites.length),
    see() {},
    sample: () => steps,
    tick: () => steps,
    thrown: (_site, error) => error,
  };
  globalThis.run = run;
  new Script(code).runInThisContext()(createRuntime(recorder, () => ({})));
}

/** Milliseconds of each function's fastest round: what else the machine does only adds. They take turns. */
function fastestTimes(rounds, functions) {
  const times = functions.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, run] of functions.entries()) {
      const start = performance.now();
      run();
      times[index].push(performance.now() - start);
    }
  }
  return times.map((list) => Math.min(...list));
}

function ratio(time, base) {
  return `${(time / base).toFixed(2)} times that`;
}

function timeCompiling(lines) {
  const lesson = [
    "const x = torch.tensor([1, 2, 3], { requires_grad: true });",
    "let y: Tensor = (x * 2 + 1) @ w - x[0, 1] ** 2;",
    "for (let epoch = 0; epoch < 10; epoch++) {",
    "  const loss = ((model(x) - y) ** 2).mean();",
    "  if (loss < 0.1 && epoch > 2) print(`loss ${loss} at ${epoch}`);",
    "  w -= learning_rate * w.grad!;",
    "}",
    "function relu(t: Tensor): Tensor { return t * (t > 0); }",
  ];
  const block = `{\n${lesson.join("\n")}\n}\n`;
  const source = block.repeat(Math.ceil(lines / (lesson.length + 2)));
  const rounds = Math.ceil(30_000 / lines);
  const [plain, probed] = fastestTimes(
    rounds,
    [false, true].map((probes) => () => compile(source, { fileName: "bench.grad.ts", probes })),
  );
  console.log(`compiling ${lines} lines: ${plain.toFixed(1)} ms, with probes ${probed.toFixed(1)} ms`);
}
