// How fast the language service answers, after `npm run build`:
//   npm run bench:language                opening, and what an edit of 300 lines costs
//   npm run bench:half-typed [-- STEP]    each lesson cut off at every (STEP-th) character
// Times are the processor's, which other work on the machine changes little; that of opening is the clock's.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const lessons = readdirSync(`${root}examples`)
  .filter((file) => /^[0-4].*\.grad\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(`${root}examples/${file}`, "utf8") }));

const { answerHalfTyped, percentile, measureEdits, measureOpening, folders } = await load();
const flag = process.argv.indexOf("--half-typed");
if (flag < 0) await figures();
else halfTyped(Number(process.argv[flag + 1] ?? 1));

async function figures() {
  const opening = [];
  for (let i = 0; i < 5; i++) opening.push(await measureOpening(root, lessons[4].text));
  console.log(`opening the first file, server started to diagnostics: ${spread(opening)}`);
  for (const [question, ms] of Object.entries(measureEdits(threeHundredLines(), folders, 100))) {
    console.log(`${question} after an edit of 300 lines: ${spread(ms)}`);
  }
}

/** Lessons after one another, each in a block of its own, without the imports of the later ones. */
function threeHundredLines() {
  const imports = ["torch", "torch/nn", "torch/optim"].map((from) => {
    const name = from.split("/").at(-1);
    return `import ${name} from "${from}"`;
  });
  const bodies = lessons.map(({ text }) => `{\n${text.replace(/^import .*$/gm, "")}\n}`);
  const lines = [...imports, ...bodies.join("\n").split("\n")];
  const whole = [...lines, ...lines.slice(3)].slice(0, 299);
  const open = whole.join("\n").split("{").length - whole.join("\n").split("}").length;
  return `${whole.join("\n")}\n${"}".repeat(Math.max(0, open))}\n`;
}

function halfTyped(step) {
  const all = [];
  for (const { file, text } of lessons) {
    const answers = answerHalfTyped(text, step, folders);
    all.push(...answers);
    console.log(`${file}: ${answers.length} answers, ${spread(answers.map(({ cpuMs }) => cpuMs))}`);
  }
  for (const question of new Set(all.map((answer) => answer.question))) {
    const ms = all.filter((answer) => answer.question === question).map(({ cpuMs }) => cpuMs);
    console.log(`${question}: ${spread(ms)}`);
  }
  const slowest = percentile(
    all.map(({ cpuMs }) => cpuMs),
    0.99,
  );
  console.log(`all ${all.length} answers: 99th percentile ${slowest.toFixed(1)} ms`);
  if (slowest >= 100) process.exitCode = 1;
}

function spread(ms) {
  const at = (share) => percentile(ms, share).toFixed(1);
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, 99 % ${at(0.99)} ms, best ${Math.min(...ms).toFixed(1)} ms`;
}

async function load() {
  const outfile = `${root}out/bench/language.cjs`;
  await esbuild.build({
    entryPoints: [`${root}bench/language/measure.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["#typescript"],
    alias: { typescript: "#typescript" },
    logOverride: { "empty-import-meta": "silent" },
  });
  process.env.GRADLENS_ROOT ??= root;
  return createRequire(import.meta.url)(outfile);
}
