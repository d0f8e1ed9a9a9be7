import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { repoRoot } from "../repo";
import { fixtures } from "./programs";

const require = createRequire(join(repoRoot, "package.json"));

/** TypeScript's grammar is VS Code's; ours includes it. */
const grammars: Record<string, string> = {
  "source.ts": require.resolve("tm-grammars/grammars/typescript.json"),
  "source.grad-ts": join(repoRoot, "syntaxes/grad-ts.tmLanguage.json"),
};

/** Each line, and below it each token with the innermost scope the grammar gives it. */
function describeTokens(text: string, grammar: textmate.IGrammar): string {
  let state = textmate.INITIAL;
  return text
    .split("\n")
    .map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      const shown = tokens
        .map(({ startIndex, endIndex, scopes }) => ({
          token: line.slice(startIndex, endIndex),
          scope: scopes.at(-1),
        }))
        .filter(({ token }) => token.trim() !== "")
        .map(({ token, scope }) => `  ${token.trim()}  ${scope}`);
      return [line, ...shown].join("\n");
    })
    .join("\n");
}

describe("the grammar", () => {
  let grammar: textmate.IGrammar;
  let typescript: textmate.IGrammar;

  before(async () => {
    await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
    const registry = new textmate.Registry({
      onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
      }),
      loadGrammar: async (scope) => {
        const path = grammars[scope];
        return path ? textmate.parseRawGrammar(readFileSync(path, "utf8"), path) : null;
      },
    });
    const load = async (scope: string) => (await registry.loadGrammar(scope)) ?? assert.fail(`no ${scope}`);
    grammar = await load("source.grad-ts");
    typescript = await load("source.ts");
  });

  it("tells matrix products, gradients and torch's names from the TypeScript around them", () => {
    const tokens = describeTokens(readFileSync(`${fixtures}/grammar.grad.ts`, "utf8"), grammar);
    assert.equal(tokens, readFileSync(`${fixtures}/grammar.tokens.txt`, "utf8"));
  });

  it("knows the operators of tensors wherever they stand", () => {
    const tokens = describeTokens(readFileSync(`${fixtures}/operators.grad.ts`, "utf8"), grammar);
    assert.equal(tokens, readFileSync(`${fixtures}/operators.tokens.txt`, "utf8"));
  });

  it("leaves the scope of everything else as TypeScript's grammar has it", () => {
    const lesson = readFileSync(`${fixtures}/lesson.grad.ts`, "utf8").replaceAll(" @ ", " * ");
    const withOurs = scopesOf(lesson, grammar);
    const differing = scopesOf(lesson, typescript).filter(({ scope, ...at }, i) => {
      const ours = withOurs[i]!.scope;
      return scope !== ours && !ours.endsWith(".grad-ts") && at.character.trim() !== "";
    });
    assert.deepEqual(differing, []);
  });
});

/** The innermost scope of each character. */
function scopesOf(text: string, grammar: textmate.IGrammar) {
  let state = textmate.INITIAL;
  return text.split("\n").flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.flatMap(({ startIndex, endIndex, scopes }) =>
      [...line.slice(startIndex, endIndex)].map((character) => ({
        line,
        character,
        scope: scopes.at(-1) ?? "",
      })),
    );
  });
}
