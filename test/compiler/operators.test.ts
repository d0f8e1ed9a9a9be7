import assert from "node:assert/strict";
import { outputOf, run } from "./programs";

/** Each program line gives one value, which is compared as text. */
function gives(cases: Record<string, string>, prelude = ""): void {
  for (const [expression, expected] of Object.entries(cases)) {
    it(`${expression} is ${expected}`, async () => {
      assert.equal(await outputOf(`${prelude}\nout(${expression});`), expected);
    });
  }
}

describe("operators on tensors", () => {
  const prelude = "const v = new Vec(2, 3), w = new Vec(4, 5); const n = new Vec(7); let two = 2;";

  describe("ask the left operand, then the right", () => {
    gives(
      {
        "v + w": "Vec(6, 8)",
        "v - w": "Vec(-2, -2)",
        "v * w": "Vec(8, 15)",
        "w / v": "Vec(2, 1.6666666666666667)",
        "w % v": "Vec(0, 2)",
        "v ** two": "Vec(4, 9)",
        "v @ w": "Vec(23)",
        "1 + v": "Vec(3, 4)",
        "1 - v": "Vec(-1, -2)",
        "2 * v": "Vec(4, 6)",
        "6 / v": "Vec(3, 2)",
        "2 ** v": "Vec(4, 8)",
        "v < w": "Vec(1, 1)",
        "v > w": "Vec(0, 0)",
        "3 > v": "Vec(1, 0)",
        "2 < v": "Vec(0, 1)",
        "-v": "Vec(-2, -3)",
        "w & v": "Vec(0, 1)",
        "4 | v": "Vec(6, 7)",
        "~v": "Vec(-3, -4)",
      },
      prelude,
    );
  });

  describe("bind as in Python", () => {
    gives(
      {
        "-v ** 2": "Vec(-4, -9)",
        "2 * v @ w": "Vec(46)",
        "v @ w * 2": "Vec(46)",
        "v + v @ w * 0": "Vec(2, NaN)",
        "v * w + 1": "Vec(9, 16)",
        "v > 2 & w > 4": "Vec(0, 1)",
        "v - (w - 1)": "Vec(-1, -1)",
        "v\n  + w // a comment\n  * 2": "Vec(10, 13)",
        "(v as Vec)! + (w satisfies Vec)": "Vec(6, 8)",
      },
      prelude,
    );
  });

  describe("leave numbers, strings and the rest to JavaScript", () => {
    gives({
      "1 + 2 * 3 ** 2": "19",
      "-2 ** 2": "-4",
      "(-2) ** 2": "4",
      "7 % 4 / 2": "1.5",
      '"a" + 1': '"a1"',
      '1 + "a"': '"1a"',
      '"v: " + new Vec(1, 2)': '"v: Vec(1, 2)"',
      '((text) => text + new Vec(1, 2))("v: ")': '"v: Vec(1, 2)"',
      '"b" > "a"': "true",
      "6 & 3 | 8 ^ 1": "11",
      "((a, b) => ~(a & b))(6, 3)": "-3",
      "String(6n & 3n)": '"2"',
      "[1] + [2]": '"12"',
      "+true": "1",
      "String(2n ** 3n)": '"8"',
      "null + 1": "1",
      "new Date(5) - new Date(2)": "3",
      "1 < 2 === true": "true",
      "(a => a + 1)(1)": "2",
      '(a => a + "x")({ valueOf: () => 3 })': '"3x"',
    });
  });

  describe("assign", () => {
    it("in place where the left operand offers it", async () => {
      assert.equal(
        await outputOf("let v = new Vec(2, 3); const same = v; v *= 2; out(same, v === same)"),
        "Vec(4, 6) true",
      );
    });
    it("bits too", async () => {
      assert.equal(
        await outputOf("let v = new Vec(6); const same = v; v ^= 3; v &= 4; out(same, v)"),
        "Vec(5) Vec(4)",
      );
      assert.equal(await outputOf("let n = 6; n &= 3; n |= 8; n ^= 1; out(n)"), "11");
    });
    it("a new value where it does not", async () => {
      assert.equal(
        await outputOf("let v = new Vec(2); const old = v; v += 1; v -= 5; v /= 2; v **= 2; out(old, v)"),
        "Vec(2) Vec(1)",
      );
    });
    it("to a property whose object is evaluated once", async () => {
      const program = `let n = 0; const o = { w: new Vec(2), get self() { n++; return this } };
        o.self.w *= 3; o.self.w += 1; o["self"].w -= 2; out(o.w, n)`;
      assert.equal(await outputOf(program), "Vec(5) 3");
    });
    it("to an element whose object and key are evaluated once", async () => {
      const program = `let n = 0, k = 0; const list = [new Vec(1), new Vec(2)]; const get = () => (n++, list);
        get()[k++] *= 5; get()[k++] += 1; out(list[0], list[1], n, k)`;
      assert.equal(await outputOf(program), "Vec(5) Vec(3) 2 2");
    });
    it("and give the value assigned", async () => {
      assert.equal(
        await outputOf("let a, b; out(a = b = new Vec(1) + 1, a += 1, b)"),
        "Vec(2) Vec(3) Vec(2)",
      );
    });
    it("to private and inherited fields", async () => {
      const program = `class A { w = new Vec(1); static s = 1; }
        class B extends A { #p = new Vec(2); grow() { this.#p *= 3; this.w += this.#p; return this.#p; } }
        const b = new B(); out(b.grow(), b.w)`;
      assert.equal(await outputOf(program), "Vec(6) Vec(7)");
    });
    it("if the present value does not stand", async () => {
      const program = `let zero = new Vec(0), one = new Vec(1), none = null; const o = { a: new Vec(0), l: [new Vec(0)], n: undefined };
        zero ||= 5; one ||= 5; one &&= 6; none ??= 7; o.a ||= 8; o.l[0] &&= 9; o.l[1] ??= 10; o.n ??= 11;
        out(zero, one, none, o.a, o.l, o.n)`;
      assert.equal(await outputOf(program), '5 6 7 8 [{"values":[0],"grad":null},10] 11');
    });
  });

  describe("refuse", () => {
    const message = async (program: string) => String((await run(program)).error);
    it("@ between numbers, in Python's words", async () => {
      assert.equal(
        await message("const a = 1, b = 2; a @ b"),
        "TypeError: unsupported operand type(s) for @: 'number' and 'number'",
      );
    });
    it("null and undefined, which JavaScript would take for 0 and NaN", async () => {
      const refused = {
        "0.1 * nothing": "unsupported operand type(s) for *: 'number' and 'null'",
        "nothing - 1": "unsupported operand type(s) for -: 'null' and 'number'",
        "1 + missing": "unsupported operand type(s) for +: 'number' and 'undefined'",
        "n -= nothing": "unsupported operand type(s) for -: 'number' and 'null'",
        "-nothing": "bad operand type for unary -: 'null'",
      };
      for (const [expression, text] of Object.entries(refused)) {
        const program = `let n = 1, nothing = [null][0], missing = [][0]; ${expression}`;
        assert.equal(await message(program), `TypeError: ${text}`, expression);
      }
      for (const text of ['nothing + "a"', '"a" + missing', "nothing < 1", "nothing === null"]) {
        assert.equal(await message(`let nothing = [null][0], missing = [][0]; ${text}`), "null", text);
      }
    });
    it("an operand that neither side understands", async () => {
      const shy = "class Shy { __mul__() { return NotImplemented } __gt__() { return NotImplemented } }\n";
      assert.equal(
        await message(`${shy}new Shy() * { a: 1 }`),
        "TypeError: unsupported operand type(s) for *: 'Shy' and 'Object'",
      );
      assert.equal(
        await message(`${shy}null < new Shy()`),
        "TypeError: '<' not supported between instances of 'null' and 'Shy'",
      );
    });
  });
});

describe("truth", () => {
  const prelude = "const yes = new Vec(1), no = new Vec(0), many = new Vec(1, 2);";
  gives(
    {
      "yes ? 1 : 2": "1",
      "no ? 1 : 2": "2",
      "!no": "true",
      "!!yes": "true",
      "no ? 1 : yes ? 2 : 3": "2",
      "no && 5": "Vec(0)",
      "yes && 5": "5",
      "no || 5": "5",
      "yes || 5": "Vec(1)",
      "no || 0 || yes": "Vec(1)",
      "(yes && no) || 7": "7",
      "null ?? no": "Vec(0)",
      '0 || "x"': '"x"',
      "many !== null && 3": "3",
    },
    prelude,
  );
  it("decides if, while, do and for", async () => {
    const program = `const no = new Vec(0); let n = new Vec(3), steps = 0;
      if (no) out("if"); else out("else");
      if (!no && (new Vec(1) || no)) out("then");
      while (n > 0) { n -= 1; steps++ } out(steps);
      do steps++; while (no)
      for (let m = new Vec(2); m; m -= 1) steps++;
      out(steps)`;
    assert.equal(await outputOf(program), '"else" "then" 3 6');
  });
  it("of several elements is refused", async () => {
    const { error, errorAt } = await run("const many = new Vec(1, 2);\nif (many) out(1);");
    assert.equal(error?.message, "Boolean value of Vec with more than one value is ambiguous");
    assert.equal(errorAt, "many");
  });
});

describe("a template literal", () => {
  gives({
    "`${new Vec(1.5)} ${new Vec(1, 2)} ${1} ${[1, 2]} ${null}`": '"1.5 Vec(1, 2) 1 1,2 null"',
    "((s, ...v) => s.raw.join() + v.length)`a${new Vec(1)}b`": '"a,b1"',
    "`a${`b${new Vec(2)}`}`": '"ab2"',
  });
});
