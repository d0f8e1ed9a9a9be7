// @ts-check
// Measures, in real VS Code, what the training panel costs: how much slower a training is while the panel follows
// it, and how long the panel's frames take meanwhile and while nothing runs. Runs with the panel shown and closed take
// turns; the median of each is compared.
//
// Besides the time by the clock, Linux tells the processor's time of the thread that runs the program: what it spends
// on answering the panel, whatever else the machine is doing.
//
//   node bench/panel/run.mjs [--steps 100000] [--rounds 5] [--curves 0]
//
// `--curves` has the program plot so many curves besides.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { repoRoot } from "../../scripts/root.mjs";
import { launchChromium } from "../../scripts/vscode/chromium.mjs";
import { startServer, windowUrl } from "../../scripts/vscode/server.mjs";
import { readAnnotations } from "../../test/e2e/driver/in-page.mjs";
import { countFrames, framesCounted } from "./in-page.mjs";

const { values: options } = parseArgs({
  options: {
    steps: { type: "string", default: "100000" },
    rounds: { type: "string", default: "5" },
    curves: { type: "string", default: "0" },
  },
});
/** So long the panel is watched before each run. */
const REST_MS = 3000;
const steps = Number(options.steps);
const curves = Number(options.curves);
const plotting = `  for (let i = 0; i < ${curves}; i++) plot(names[i]!, Math.sin(step * (i + 1) / 1000))\n`;

/** The smallest training there is: what is recorded of a step weighs the most. */
const program = `import torch from "torch"
import plot from "gradlens/plot"
const names = Array.from({ length: ${curves} }, (_, i) => "curve " + i)
const w = torch.tensor([2, 3], { requires_grad: true })
const started = Date.now()
for (let step = 0; step < ${steps}; step++) {
  const loss = (w * w).sum()
  w.grad = null
  loss.backward()
  torch.no_grad(() => w.sub_(w.grad! * 0.00001))
${curves > 0 ? plotting : ""}}
const took = [started, Date.now() - started]
`;

const folder = await mkdtemp(join(tmpdir(), "gradlens-bench-panel-"));
const file = join(folder, "training.grad.ts");
await writeFile(file, program);
await mkdir(join(folder, ".vscode"));
const settings = { "gradlens.run": "onCommand", "gradlens.timeLimit": 0, "editor.minimap.enabled": false };
await writeFile(join(folder, ".vscode/settings.json"), JSON.stringify(settings));
const server = await startServer({ form: "development" });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.setDefaultTimeout(300_000);
  await page.goto(windowUrl(server, { folder, file, extension: repoRoot }));
  await page.locator(".monaco-editor .view-line").first().waitFor();
  await page.getByRole("button", { name: /^Gradlens: The program has not run/ }).waitFor();
  await measure(page);
} finally {
  await browser.close();
  await server.dispose();
  await rm(folder, { recursive: true });
}

async function measure(/** @type {import("playwright-core").Page} */ page) {
  /** @type {Record<"shown" | "closed", { wallMs: number, threadMs: number }[]>} */
  const times = { shown: [], closed: [] };
  /** @type {Record<"training" | "atRest", number[]>} */
  const frames = { training: [], atRest: [] };
  await run(page); // the first warms everything up
  for (let round = 0; round < Number(options.rounds); round++) {
    times.closed.push(await run(page));
    await command(page, "Gradlens: Open Training Panel");
    const panel = await panelFrame(page);
    await panel.evaluate(countFrames);
    await delay(REST_MS);
    const atRest = await panel.evaluate(framesCounted);
    times.shown.push(await run(page));
    frames.atRest.push(...atRest);
    frames.training.push(...(await panel.evaluate(framesCounted)).slice(atRest.length));
    await page.getByRole("tab", { name: /^Training/ }).click();
    await page.keyboard.press("Control+F4");
  }
  const and = curves > 0 ? ` and ${curves} curves` : "";
  console.log(`${steps} steps${and}`);
  tell("by the clock", ({ wallMs }) => wallMs);
  tell("of the program's thread", ({ threadMs }) => threadMs);
  for (const [when, list] of Object.entries({
    "while it trains": frames.training,
    "at rest": frames.atRest,
  })) {
    const at = quantiles(list);
    console.log(`frames ${when}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, longest ${at(1)} ms`);
  }
  console.log(
    `load of the machine meanwhile: ${loadavg()[0].toFixed(1)} on ${availableParallelism()} processors`,
  );

  function tell(
    /** @type {string} */ what,
    /** @type {(times: { wallMs: number, threadMs: number }) => number} */ pick,
  ) {
    const [shown, closed] = [times.shown.map(pick), times.closed.map(pick)];
    const slowDown = (median(shown) / median(closed) - 1) * 100;
    console.log(
      `${what}: closed ${median(closed).toFixed(0)} ms, shown ${median(shown).toFixed(0)} ms, ${slowDown.toFixed(1)} % more`,
    );
    console.log(`  closed ${list(closed)}; shown ${list(shown)}`);
  }
}

function quantiles(/** @type {number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(0);
}

function list(/** @type {number[]} */ values) {
  return values.map((value) => value.toFixed(0)).join(" ");
}

/** Milliseconds on the processor of each thread of the processes that run programs. */
function threadTimes() {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("runner.cjs")) continue;
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
        times.set(thread, Number(ns) / 1e6);
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return times;
}

/** Runs the program; reads how long it took from its last line, and which thread worked for it most. */
async function run(/** @type {import("playwright-core").Page} */ page) {
  const before = threadTimes();
  await page.locator(".monaco-editor .view-line").first().click();
  const last = await lastRun(page);
  await page.keyboard.press("Control+Enter");
  // That a run began cannot be waited for: a busy page may not come to show it before it has ended.
  let now = last;
  while (now === null || now.started === last?.started) {
    await delay(100);
    now = await lastRun(page);
  }
  const worked = [...threadTimes()].map(([thread, ms]) => ms - (before.get(thread) ?? 0));
  return { wallMs: now.tookMs, threadMs: Math.max(...worked) };
}

/** What the program's last line shows of the last run that came to its end. */
async function lastRun(/** @type {import("playwright-core").Page} */ page) {
  const annotations = await page.evaluate(readAnnotations);
  const text = annotations.map(([, label]) => label).find((label) => label.includes("took = "));
  const numbers = text?.match(/\d+/g);
  return numbers ? { started: numbers[0], tookMs: Number(numbers[1]) } : null;
}

async function command(/** @type {import("playwright-core").Page} */ page, /** @type {string} */ name) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget:visible input").fill(`>${name}`);
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await rows
    .filter({ has: page.getByText(name, { exact: true }) })
    .first()
    .click();
}

/** @returns {Promise<import("playwright-core").Frame>} */
async function panelFrame(/** @type {import("playwright-core").Page} */ page) {
  const inner = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  await inner.locator("#root > .toolbar").waitFor();
  for (const frame of page.frames()) if (await frame.locator("#root > .toolbar").count()) return frame;
  throw new Error("The panel's page is gone.");
}

function median(/** @type {number[]} */ values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
