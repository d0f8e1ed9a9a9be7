import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "../../src/language/typescript";
import { repoRoot } from "../repo";

const unpatched: typeof ts = createRequire(join(repoRoot, "package.json"))("typescript-js");
const modules = join(repoRoot, "node_modules").replaceAll("\\", "/");
const libraries = `${modules}/typescript-js/lib`;

/** Their `.ts` files are AssemblyScript, or the same once more for another runtime. */
const otherLanguages = /\/(assemblyscript|edition-deno|msal-browser)\//;

describe("ordinary TypeScript", () => {
  it("has the tree that it had before: 500 files of other projects", function () {
    this.timeout(60_000);
    const sources = sourceFiles(300);
    const declarations = typescriptFiles(modules, (file) => isDeclaration(file), 200);
    for (const file of [...sources, ...declarations]) {
      const text = readFileSync(file, "utf8");
      assert.equal(fingerprint(ts, file, text), fingerprint(unpatched, file, text), file);
    }
  });

  it("has the errors that it had before: 300 files of other projects", function () {
    this.timeout(240_000);
    const files = sourceFiles(300);
    const expected = diagnosticsOf(unpatched, files);
    assert.deepEqual(diagnosticsOf(ts, files), expected);
    // Without their own dependencies and settings they have some.
    assert.ok(expected.length > 10, `only ${expected.length} errors to compare`);
  });
});

function sourceFiles(count: number): string[] {
  const files = typescriptFiles(
    modules,
    (file) => !isDeclaration(file) && !otherLanguages.test(file),
    Number.POSITIVE_INFINITY,
  );
  // From end to end, so that several projects take part.
  const step = files.length / count;
  assert.ok(step >= 1, `${files.length} files`);
  return Array.from({ length: count }, (_, i) => files[Math.floor(i * step)]!);
}

function isDeclaration(file: string): boolean {
  return /\.d\.[mc]?ts$/.test(file);
}

/** The first `count` TypeScript files of a folder that are not huge. */
function typescriptFiles(folder: string, isWanted: (file: string) => boolean, count: number): string[] {
  const files: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && files.length < count; next = folders.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = `${next}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (/\.[mc]?ts$/.test(entry.name) && isWanted(path) && statSync(path).size < 400_000)
        files.push(path);
    }
  }
  return files.slice(0, count).sort();
}

/** The kinds, ranges and errors of a file's tree. */
function fingerprint(compiler: typeof ts, fileName: string, text: string): string {
  const file = compiler.createSourceFile(fileName, text, compiler.ScriptTarget.Latest);
  const parts: (number | string)[] = [];
  const visit = (node: ts.Node): void => {
    parts.push(node.kind, node.pos, node.end);
    compiler.forEachChild(node, visit);
  };
  visit(file);
  const { parseDiagnostics } = file as ts.SourceFile & { parseDiagnostics: ts.Diagnostic[] };
  for (const { code, start } of parseDiagnostics) parts.push(`TS${code}`, start ?? 0);
  return parts.join(" ");
}

/** All errors of a program of these files, strictly checked. */
function diagnosticsOf(compiler: typeof ts, files: string[]): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node"],
    typeRoots: [`${modules}/@types`],
    skipLibCheck: true,
    noEmit: true,
  };
  const host = compiler.createCompilerHost(options);
  host.getDefaultLibLocation = () => libraries;
  host.getDefaultLibFileName = () => `${libraries}/lib.esnext.full.d.ts`;
  const program = compiler.createProgram(files, options, host);
  return compiler
    .getPreEmitDiagnostics(program)
    .map(({ file, start, code, messageText }) => {
      const message = compiler.flattenDiagnosticMessageText(messageText, "\n");
      return `${file?.fileName}:${start} TS${code} ${message}`;
    })
    .sort();
}
