import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contributes } from "../../package.json";
import { layoutLabels } from "../../src/annotations/layout";
import { readSettings } from "../../src/extension/settings";
import { type HoverSource, hoverAt } from "../../src/hover/hover";
import { createRunner, type Runner } from "../../src/runner/client";
import type { Trace } from "../../src/trace/model";
import { repoRoot } from "../repo";

/*
 * Everything that a reader of a lesson can see: each line with its annotation, and below it the hover of every
 * gradient on it. To be read by a person whenever it changes; UPDATE_TRANSCRIPTS=1 writes the files anew.
 */

const settings: Record<string, { default: unknown }> = contributes.configuration.properties;
const { layout, limits } = readSettings((key) => settings[`gradlens.${key}`]?.default);

async function transcript(runner: Runner, fileName: string, source: string): Promise<string> {
  const trace = await new Promise<Trace>((ended) => {
    runner.run(source, { fileName, limits, probes: true }, { ended });
  });
  const labels = new Map(layoutLabels(trace, layout).map(({ line, text }) => [line, text]));
  const hovers = await gradientHovers(runner, trace);
  const lines = source.trimEnd().split("\n");
  return `${lines.flatMap((text, line) => shownAt(text, labels.get(line), hovers.get(line))).join("\n")}\n`;
}

function shownAt(text: string, label: string | undefined, hovers: readonly string[] = []): string[] {
  const annotated = label ? `${text}   ${label}` : text;
  return [annotated, ...hovers.flatMap((hover) => hover.split("\n").map((one) => `    | ${one}`.trimEnd()))];
}

/** By line, the hover of each place whose value has or is a gradient, once for each value. */
async function gradientHovers(runner: Runner, trace: Trace): Promise<Map<number, string[]>> {
  const { source, sites, seen, run } = trace;
  const hover: HoverSource = {
    uri: "file:///lesson.grad.ts",
    trace,
    past: null,
    query: (query) => runner.query(run, query),
    offers: () => false,
  };
  const hovers = new Map<number, string[]>();
  const told = new Set<string>();
  const known = new Map<string, number>();
  const places = [...seen].map(([id]) => sites[id]!).sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { start, end, name } of places) {
    const text = source.slice(start, end);
    const offset = name !== undefined || !text.endsWith(".grad") ? operatorIn(text, start) : end - 1;
    const shown = await hoverAt(hover, offset);
    if (shown === null || !/gradient/.test(shown.markdown)) continue;
    const title = source.slice(shown.start, shown.end);
    const line = source.slice(0, shown.start).split("\n").length - 1;
    const key = `${shown.start} ${shown.end}`;
    if (told.has(key)) continue;
    told.add(key);
    const others = hovers.get(line) ?? [];
    const markdown = withoutTargets(shown.markdown);
    const before = known.get(title + markdown);
    known.set(title + markdown, before ?? line);
    hovers.set(line, [
      ...others,
      before === undefined ? `${title}\n${markdown}\n` : `${title}: as in line ${before + 1}`,
    ]);
  }
  return hovers;
}

/** Where hovering means the whole expression: at its name if it sets one, else beside its operator or dot. */
function operatorIn(text: string, start: number): number {
  const operator = /^[\w.]+\s*=/.test(text) ? 0 : text.search(/ [-+*/@%<>]|\*\*/);
  return start + Math.max(0, operator);
}

/** Without what links lead to, which no one sees. */
function withoutTargets(markdown: string): string {
  return markdown.replace(/\]\(command:[^)]*\)/g, "]");
}

describe("what a lesson shows", function () {
  this.timeout(20_000);
  let runner: Runner;
  before(() => {
    runner = createRunner({ folder: join(repoRoot, "dist") });
  });
  after(() => runner.dispose());

  const lessons = readdirSync(join(repoRoot, "examples")).filter((name) => /^[0-4]-.*\.grad\.ts$/.test(name));
  for (const name of lessons) {
    it(`is the same as it was read and found to make sense: ${name}`, async () => {
      const source = readFileSync(join(repoRoot, "examples", name), "utf8");
      const file = join(repoRoot, `test/transcripts/${name.replace(".grad.ts", "")}.txt`);
      const shown = await transcript(runner, name, source);
      if (process.env.UPDATE_TRANSCRIPTS) writeFileSync(file, shown);
      assert.equal(shown, readFileSync(file, "utf8"));
    });
  }
});
