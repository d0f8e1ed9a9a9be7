import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { hostilePrograms } from "../hostile/programs";
import { openEditor } from "./driver/editor";

/** Every so many programs are typed; all of them where GRADLENS_ALL is set. */
const STRIDE = process.env["GRADLENS_ALL"] ? 1 : 16;
const TIME_LIMIT_MS = 2000;
/** A run ends at most this much after its limit; the next text shows its values within NEXT_MS. */
const LATE_MS = 1000;
const NEXT_MS = 2000;

const normal = (k: number) => `import torch from "torch"
const x = torch.ones(2) * ${k}
`;

describe("a hostile program pasted into VS Code", () => {
  const programs = hostilePrograms().filter((_, index) => index % STRIDE === 0);

  it(`ends in time, shows nothing of the machine, and gives way to the next text: ${programs.length} programs`, async () => {
    const settings = { "gradlens.timeLimit": TIME_LIMIT_MS / 1000, "editor.wordWrap": "off" };
    const editor = await openEditor({ file: "program.grad.ts", text: normal(1), settings, reuse: true });
    await editor.shows({ 2: "x = tensor([1., 1.])" });
    const late: string[] = [];
    for (const [i, { name, source }] of programs.entries()) {
      const typedAt = performance.now();
      await editor.replaceText(source);
      await delay(300);
      await editor.waitUntil(
        () => editor.statusBar(),
        (shown) => !shown.includes("running"),
        `${name} to end`,
      );
      const endedMs = performance.now() - typedAt;
      const shown = [...(await editor.annotations()).values()].map(({ text }) => text).join("\n");
      assert.doesNotMatch(shown, /leaked/, name);
      const k = i + 2;
      const nextAt = performance.now();
      await editor.replaceText(normal(k));
      await editor.shows({ 2: `x = tensor([${k}., ${k}.])` });
      const nextMs = performance.now() - nextAt;
      if (endedMs > TIME_LIMIT_MS + LATE_MS || nextMs > NEXT_MS) {
        late.push(`${name}: ended after ${Math.round(endedMs)} ms, next after ${Math.round(nextMs)} ms`);
      }
    }
    assert.deepEqual(late, []);
  }).timeout(60_000 + programs.length * 10_000);
});
