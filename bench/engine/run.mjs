// The engine beside its peers: every row in every engine that can do it, each in a process of its own, one after
// another on one core. Prints markdown tables; `--write` puts them into docs/performance.md.
// `npm run bench -- [--rows a,b] [--engines a,b] [--samples N] [--sample-ms MS] [--no-live] [--write]`
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureLive } from "./live.mjs";
import { engines, rows } from "./rows.mjs";
import { liveTable, peerTables } from "./tables.mjs";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string" },
    engines: { type: "string" },
    samples: { type: "string", default: "7" },
    "sample-ms": { type: "string", default: "300" },
    "no-live": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

/** The interpreter that has PyTorch: Debian's python3 with python3-torch unless said otherwise. */
const python = process.env.GRADLENS_BENCH_PYTHON ?? "/usr/bin/python3";
const CHILD_LIMIT_MS = 300_000;
/** Relative difference to our result beyond which a peer has not done the same work. Peers sum in float32. */
const TOLERANCE = 1e-3;

installPeers();
const chosenRows = chosen(rows, options.rows);
const chosenEngines = chosen(engines, options.engines).filter(({ id }) => id !== "pytorch" || hasTorch());
const pinned = onOneCore();
const results = {};
for (const row of chosenRows) {
  results[row.id] = {};
  for (const engine of chosenEngines) {
    process.stderr.write(`${row.id} · ${engine.id}\n`);
    results[row.id][engine.id] = runChild(engine.id, row);
  }
  compareResults(row.id, results[row.id]);
}
const live = options["no-live"] ? "" : liveTable(await measureLive());
const report = [machine(), ...peerTables(chosenRows, chosenEngines, results), live].join("\n\n");
console.log(report);
if (options.write) writeInto("../../docs/performance.md", report);

function chosen(list, ids) {
  return ids === undefined ? list : list.filter(({ id }) => ids.split(",").includes(id));
}

/** Into bench/ only. Native parts that peers would build for a GPU are left out. */
function installPeers() {
  const bench = fileURLToPath(new URL("..", import.meta.url));
  if (existsSync(`${bench}/node_modules`)) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: bench,
    stdio: "inherit",
  });
}

function hasTorch() {
  const found = spawnSync(python, ["-c", "import torch"]).status === 0;
  if (!found) process.stderr.write(`No PyTorch in ${python}: see GRADLENS_BENCH_PYTHON.\n`);
  return found;
}

/** What starts a command on one core, where the system can. */
function onOneCore() {
  const core = String(cpus().length - 1);
  return spawnSync("taskset", ["-c", core, "true"]).status === 0 ? ["taskset", "-c", core] : [];
}

/** Null where the engine has no such row. */
function runChild(engine, { id, checkAfter }) {
  const file = (name) => fileURLToPath(new URL(name, import.meta.url));
  const numbers = [options.samples, options["sample-ms"], String(checkAfter)];
  const command =
    engine === "pytorch"
      ? [python, file("peers/pytorch.py"), id, ...numbers]
      : [process.execPath, file("child.mjs"), engine, id, ...numbers];
  const [program, ...args] = [...pinned, ...command];
  const child = spawnSync(program, args, { encoding: "utf8", timeout: CHILD_LIMIT_MS });
  if (child.status !== 0) throw new Error(`${engine} failed at ${id}:\n${child.stderr}`);
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
}

/** Throws where an engine's result after the same steps is not ours: it would have measured other work. */
function compareResults(row, results) {
  const expected = results.gradlens?.result;
  if (expected === undefined) return;
  for (const [engine, found] of Object.entries(results)) {
    if (found === null || Math.abs(found.result - expected) <= TOLERANCE * Math.abs(expected)) continue;
    throw new Error(`${row}: ${engine} came to ${found.result}, Gradlens to ${expected}`);
  }
}

function machine() {
  const torch = Object.values(results).find((row) => row.pytorch != null)?.pytorch.version;
  const versions = [`Node ${process.versions.node}`, `V8 ${process.versions.v8}`];
  if (torch !== undefined) versions.push(`PyTorch ${torch}`);
  return `Machine: ${cpuModel()}, ${cpus().length} cores; ${versions.join(", ")}; one thread on one core.`;
}

function cpuModel() {
  const { model } = cpus()[0];
  return model.trim();
}

function writeInto(file, text) {
  const url = new URL(file, import.meta.url);
  const [begin, end] = ["<!-- bench -->", "<!-- /bench -->"];
  const page = readFileSync(url, "utf8");
  const from = page.indexOf(begin) + begin.length;
  writeFileSync(url, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(page.indexOf(end))}`);
}
