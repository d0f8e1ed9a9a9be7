// @ts-check
// `npm run fuzz`: edits the examples at random and compiles and runs what comes of it. `--seed N` repeats a
// run, `--edits N` sets its length, `--time-limit MS` that of each program. Findings go to out/fuzz/.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleOne } from "./bundle-tests.mjs";
import { repoRoot } from "./root.mjs";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    edits: { type: "string", default: "100000" },
    "time-limit": { type: "string", default: "60" },
  },
});
process.env.GRADLENS_ROOT = repoRoot;
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const edits = Number(values.edits);
const timeMs = Number(values["time-limit"]);
console.log(`seed ${seed}, ${edits} edits`);

const rejections = [];
process.on("unhandledRejection", (reason) => rejections.push(reason));

const bundle = await bundleOne("test/hostile/fuzz.ts", "out/fuzz/fuzz.cjs");
/** @type {typeof import("../test/hostile/fuzz.ts")} */
const { fuzz } = createRequire(import.meta.url)(bundle);
const folder = join(repoRoot, "out/fuzz");
const startedAt = performance.now();
const findings = await fuzz({
  seed,
  edits,
  timeMs,
  found({ edit, problem, source }) {
    writeFileSync(join(folder, `${seed}-${edit}.grad.ts`), source);
    console.log(`edit ${edit}: ${problem}`);
  },
  progress(done) {
    if (done % 1000 === 0)
      console.log(`${done} edits, ${Math.round((performance.now() - startedAt) / 1000)} s`);
  },
});

for (const reason of rejections) console.log("\nunhandled rejection:", reason);
console.log(
  `\nseed ${seed}: ${edits} edits, ${findings.length} findings, ${rejections.length} unhandled rejections`,
);
process.exit(findings.length + rejections.length > 0 ? 1 : 0);
