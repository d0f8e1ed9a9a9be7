import assert from "node:assert/strict";
import { contributes } from "../../package.json";
import { readSettings } from "../../src/extension/settings";

const properties: Record<string, { default: unknown; markdownDescription: string }> =
  contributes.configuration.properties;

describe("settings", () => {
  it("are exactly those that the settings editor offers", () => {
    const read = new Set<string>();
    readSettings((key) => read.add(`gradlens.${key}`));
    assert.deepEqual([...read].sort(), Object.keys(properties).sort());
  });

  it("run programs as they are typed, with limits, unless changed", () => {
    const defaults = readSettings((key) => properties[`gradlens.${key}`]?.default);
    assert.equal(defaults.runOn, "type");
    assert.deepEqual(defaults.limits, { timeMs: 10_000, memoryMb: 1024, outputChars: 200_000, traceMb: 64 });
    assert.equal(defaults.annotations, true);
  });

  it("take 0 for no limit, but always keep a little of the iterations", () => {
    const { limits } = readSettings(() => 0);
    assert.deepEqual(limits, { timeMs: null, memoryMb: null, outputChars: null, traceMb: 1 });
  });

  it("are all explained", () => {
    for (const [key, { markdownDescription }] of Object.entries(properties)) {
      assert.match(markdownDescription, /^[A-Z].*\.$/, key);
    }
  });
});

describe("commands in menus and keybindings", () => {
  it("exist", () => {
    const ids = new Set(contributes.commands.map(({ command }) => command));
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    for (const { command } of used) assert.ok(ids.has(command), command);
  });
});
