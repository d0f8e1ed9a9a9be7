// @ts-check
// Measures, in real VS Code, the time from a key press to the painted annotation of the edited line: for
// Gradlens, and for a bare extension that only paints a constant, in the same run.
//
//   node bench/keystroke/run.mjs [--mode lesson|long|running]... [--file examples/FILE.grad.ts] [--rounds 25] [--control]
//
// `lesson` (the default) edits a line below a lesson, `long` one below 300 lines of tensors, `running` one above a
// training that is running at each key. `--control` measures the bare extension against itself, which shows how much is noise.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { packExtension } from "../../scripts/pack.mjs";
import { repoRoot } from "../../scripts/root.mjs";
import { launchChromium } from "../../scripts/vscode/chromium.mjs";
import { startServer, windowUrl } from "../../scripts/vscode/server.mjs";
import { keystrokeTime, timeNextKeystroke } from "./in-page.mjs";

const KEYS_PER_ROUND = 4;
const MARKER = "const typed = torch.tensor(";

/** @typedef {{ name: string, folder: string, settings: Record<string, unknown> }} Contender */
/** @typedef {Contender & { page: import("playwright-core").Page, times: number[], close: () => Promise<void> }} Window */

const { values: options } = parseArgs({
  options: {
    mode: { type: "string", multiple: true, default: ["lesson"] },
    file: { type: "string" },
    rounds: { type: "string", default: "25" },
    control: { type: "boolean", default: false },
  },
});

const bare = {
  name: "bare extension",
  folder: join(repoRoot, "bench/keystroke/bare-extension"),
  // Nothing but the extension may work on the file: no TypeScript server beside it.
  settings: { "files.associations": { "*.grad.ts": "plaintext" } },
};
const gradlens = { name: "gradlens", folder: repoRoot, settings: {} };
const subject = options.control ? { ...bare, name: "bare extension, again" } : gradlens;

if (!options.control) {
  const build = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: repoRoot, stdio: "inherit" });
  if (build.status !== 0) process.exit(1);
}

/** @typedef {{ name: string, program: string, settings: Record<string, unknown> }} Mode */

/** @type {Record<string, () => Mode | Promise<Mode>>} */
const modes = {
  async lesson() {
    const lesson = options.file ?? (await firstExample());
    const program = `${(await readFile(lesson, "utf8")).trimEnd()}\n${MARKER}1)\n`;
    return { name: basename(lesson), program, settings: {} };
  },
  long() {
    const lines = Array.from({ length: 298 }, (_, i) => `const t${i} = torch.randn(3, 4) * ${i + 1}`);
    const program = `import torch from "torch"\n${lines.join("\n")}\n${MARKER}1)\n`;
    return { name: "long.grad.ts", program, settings: {} };
  },
  running() {
    const program = `import torch from "torch"
${MARKER}1)
const x = torch.randn(64, 8), y = torch.randn(64, 1)
const model = new torch.nn.Sequential(new torch.nn.Linear(8, 32), new torch.nn.Tanh(), new torch.nn.Linear(32, 1))
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 })
for (let epoch = 0; epoch < 1e7; epoch++) {
  const loss = torch.nn.functional.mse_loss(model(x), y)
  optimizer.zero_grad()
  loss.backward()
  optimizer.step()
}
`;
    // A program that hits its limit twice would wait to be run.
    return { name: "running.grad.ts", program, settings: { "gradlens.timeLimit": 0 } };
  },
};

const browser = await launchChromium();
try {
  for (const name of options.mode) {
    if (modes[name] === undefined) throw new Error(`--mode is one of ${Object.keys(modes).join(", ")}`);
    await measure(await modes[name]());
  }
} finally {
  await browser.close();
}

async function measure(/** @type {Mode} */ mode) {
  /** @type {Window[]} */
  const windows = [];
  try {
    for (const contender of [bare, subject]) windows.push(await openWindow(contender, mode));
    for (const window of windows) await measureRound(window); // to warm up
    for (const window of windows) window.times.length = 0;
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const window of round % 2 ? windows.toReversed() : windows) await measureRound(window);
    }
    report(mode, windows);
  } finally {
    for (const window of windows) await window.close();
  }
}

/** Both extensions are installed from a vsix: only then are VS Code's own timings the real ones. */
async function openWindow(/** @type {Contender} */ contender, /** @type {Mode} */ mode) {
  const folder = await mkdtemp(join(tmpdir(), "gradlens-bench-"));
  const file = join(folder, mode.name);
  await writeFile(file, mode.program);
  const vsix = await packExtension(contender.folder, join(folder, "extension.vsix"));
  const settings = {
    "files.autoSave": "off",
    "editor.wordWrap": "off",
    ...mode.settings,
    ...contender.settings,
  };
  const server = await startServer({ form: "product", extensions: [vsix], settings });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(windowUrl(server, { folder, file }));
  await page.locator(".monaco-editor .view-line").first().waitFor();
  await page.locator(".monaco-editor").locator("textarea.inputarea, .native-edit-context").first().focus();
  await page.locator(".view-line [class*='TextEditorDecorationType']").first().waitFor({ state: "attached" });
  const below = mode.program.slice(mode.program.indexOf(MARKER)).split("\n").length - 1;
  await page.keyboard.press("Control+End");
  for (let line = 0; line < below; line++) await page.keyboard.press("ArrowUp");
  await delay(5000); // the start-up work of VS Code's own extensions
  const close = async () => {
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...contender, page, times: [], close };
}

/** Types digits into the number on the last line: every one gives another value. */
async function measureRound(/** @type {Window} */ { page, times }) {
  await page.bringToFront();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await delay(300);
  for (let key = 0; key < KEYS_PER_ROUND; key++) {
    await page.evaluate(timeNextKeystroke, MARKER);
    await page.keyboard.press(String(2 + key));
    times.push(await page.evaluate(keystrokeTime));
    await delay(100 + 100 * Math.random()); // a fast typist's pace, out of step with the screen's
  }
  for (let key = 0; key < KEYS_PER_ROUND; key++) await page.keyboard.press("Backspace");
  await delay(300);
}

function report(/** @type {Mode} */ { name: file, program }, /** @type {Window[]} */ measured) {
  console.log(`\nKey press to painted annotation, ${file}, ${program.split("\n").length - 1} lines`);
  for (const { name, times } of measured) {
    const summary = `median ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`;
    console.log(`  ${name.padEnd(22)} ${summary}, ${times.length} keys`);
  }
  const ratio = (/** @type {number} */ fraction) => {
    const [base, other] = measured.map(({ times }) => quantile(times, fraction));
    return (other / base).toFixed(2);
  };
  console.log(`  ratio                  median ${ratio(0.5)}, p95 ${ratio(0.95)}`);
}

function quantile(/** @type {number[]} */ values, /** @type {number} */ fraction) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
}

async function firstExample() {
  const examples = join(repoRoot, "examples");
  const [first] = (await readdir(examples)).filter((name) => name.endsWith(".grad.ts")).sort();
  if (!first) throw new Error("There is no lesson in examples/; name a file with --file.");
  return join(examples, first);
}
