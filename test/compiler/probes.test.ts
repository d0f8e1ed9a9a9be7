import assert from "node:assert/strict";
import type { SiteKind } from "../../src/compiler/site";
import { run } from "./programs";

/** What the probes of some kinds saw: `name or text @line: values`. */
async function seen(source: string, ...kinds: SiteKind[]): Promise<string[]> {
  const { result, recorder, error } = await run(source, { probes: true });
  if (error !== null) throw error;
  return result.sites.flatMap((site, id) => {
    if (kinds.length > 0 && !kinds.includes(site.kind)) return [];
    const label = site.name ?? source.slice(site.start, site.end).replace(/\s+/g, " ");
    return [`${label} @${site.line}: ${(recorder.values[id] ?? []).join(", ")}`];
  });
}

describe("probes see", () => {
  const cases: Record<string, [program: string, kind: SiteKind, expected: string[]]> = {
    "declared variables": [
      "let a = 1, b = new Vec(2)\nconst c = a + 1",
      "binding",
      ["a @0: 1", "b @0: Vec(2)", "c @1: 2"],
    ],
    "assigned variables": [
      "let a, b\na = b = 2\na += 1\na++",
      "binding",
      ["a @1: 2", "b @1: 2", "a @2: 3", "a @3: 4"],
    ],
    "assigned members, named as written": [
      "const o = { l: [new Vec(1)] }\no.w = 1; o . w *= 2\no.l[0] += 1; o['l'][0][0] = 9",
      "binding",
      ["o @0: [object Object]", "o.w @1: 1", "o . w @1: 2", "o.l[0] @2: Vec(2)", "o['l'][0][0] @2: 9"],
    ],
    "each destructured name": [
      "let [a, { b = 2, ...c }] = [1, {}]\n;[a, b] = [b, a]\nfor (const [k, v] of [[1, 2], [3, 4]]) ;",
      "binding",
      ["a @0: 1", "b @0: 2", "c @0: [object Object]", "a @1: 2", "b @1: 1", "k @2: 1, 3", "v @2: 2, 4"],
    ],
    "loop variables at every iteration, on the loop's line": [
      "for (let i = 0, n = 2; i < n; i++) {\n}\nfor (const row of new Vec(5, 6))\n  row\nfor (const k in { x: 1 }) {\n}",
      "binding",
      ["i @0: 0, 1", "n @0: 2, 2", "row @2: Vec(5), Vec(6)", "k @4: x"],
    ],
    "what was caught": ["try {\n  throw 'x'\n} catch (e) {\n}", "binding", ["e @2: x"]],
    fields: [
      "class A {\n  w = new Vec(1)\n  static n = 2\n  f = () => 1\n}\nnew A()",
      "binding",
      ["w @1: Vec(1)", "n @2: 2"],
    ],
    "labels on the line where a statement ends": [
      "const a = [\n  1,\n  2,\n]\nconst f = (x) => {\n  return (\n    x + 1\n  )\n}\nf(1)",
      "binding",
      ["a @3: 1,2"],
    ],
    "expression statements, but not what prints": [
      "let v = new Vec(1)\nv + 1\nprint(v + 2); v.values\nvoid v; 'text'; v.toString()",
      "statement",
      ["v + 1 @1: Vec(2)", "v.values @2: 1", "v.toString() @3: Vec(1)"],
    ],
    "what is printed, but not what the source says already": [
      "let v = new Vec(1)\nprint('v is', v, v + 1, 3, ...[v])\nprint(`v ${v}`)",
      "printed",
      ["v @1: Vec(1)", "v + 1 @1: Vec(2)", "`v ${v}` @2: v 1"],
    ],
    "what is returned": [
      "function f(x) {\n  if (x) return x * 2\n  return\n}\nconst g = (x) => x + 1, h = () => print(1), k = () => () => 1\nf(1); f(2); f(0); g(new Vec(1)); k()()",
      "return",
      ["x * 2 @1: 2, 4", "x + 1 @4: Vec(2)", "1 @4: 1"],
    ],
    conditions: [
      "const v = new Vec(3)\nif (v > 2) {\n} else if (!v && v) {\n}\nwhile (v < 1) {}\nlet n = 0; do {\n} while (n++ < 1)\nn ? 1 : 2; while (true) break",
      "condition",
      ["v > 2 @1: Vec(1)", "v < 1 @4: Vec(0)", "n++ < 1 @6: 1, 0", "n @7: 2"].toSpliced(1, 0, "!v && v @2: "),
    ],
    "parts of expressions": [
      "const v = new Vec(2), f = (x) => x, l = [v]\nconst r = f(v * 2 + 1)[0] - -l[0]\nl.push(v @ v, v.grad, new Vec(1), 1 + 2)",
      "expression",
      [
        "f(v * 2 + 1)[0] @1: Vec(5)",
        "f(v * 2 + 1) @1: Vec(5)",
        "v * 2 + 1 @1: Vec(5)",
        "v * 2 @1: Vec(4)",
        "-l[0] @1: Vec(-2)",
        "l[0] @1: Vec(2)",
        "v @ v @2: Vec(4)",
        "v.grad @2: null",
        "new Vec(1) @2: Vec(1)",
      ],
    ],
    "what is thrown": ["try {\n  throw new Vec(1)\n} catch {}", "throw", ["new Vec(1) @1: Vec(1)"]],
  };
  for (const [name, [program, kind, expected]] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual(await seen(program, kind), expected));
  }

  it("each value once", async () => {
    const values = await seen("let v = new Vec(1)\nv = v + 1\nv *= v[0]\nfor (;;) { v.toString(); break }");
    assert.deepEqual(values, [
      "v @0: Vec(1)",
      "v @1: Vec(2)",
      "v @2: Vec(NaN)",
      "v[0] @2: Vec(2)",
      "for (;;) @3: ",
      "v.toString() @3: Vec(NaN)",
    ]);
  });

  it("how often a place was reached, and what came last", async () => {
    const source = "let x = 0; for (let i = 0; i < 5; i++) { x = i; const y = i > 3 ? new Vec(1) : i; y }";
    const { result, recorder } = await run(source, { probes: true });
    const count = (kind: SiteKind, name?: string) =>
      recorder.count(result.sites.findIndex((site) => site.kind === kind && site.name === name));
    assert.deepEqual([count("loop"), count("binding", "i"), count("binding", "y")], [5, 5, 5]);
  });

  it("nothing when off, but loops are still counted", async () => {
    const { result, recorder } = await run(
      "let x = new Vec(1)\nfor (const i of [1, 2]) x + i\ntry { throw 1 } catch {}",
    );
    assert.deepEqual(
      result.sites.map(({ kind }) => kind),
      ["loop", "throw"],
    );
    assert.equal(recorder.count(0), 2);
  });
});
