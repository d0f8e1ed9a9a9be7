import type { TextEdit } from "vscode-languageserver-types";
import { moduleTypes } from "../modules";
import ts from "../typescript";
import { type Program, rangeOf } from "./program";

/** The names that PyTorch programs give its modules, where it is not the module's own. */
const CONVENTIONAL: Readonly<Record<string, string>> = { "torch/nn/functional": "F" };

/** The modules of torch by the name that a program imports each as. */
export const conventionalImports: ReadonlyMap<string, string> = new Map(
  Object.keys(moduleTypes).map((specifier) => [
    CONVENTIONAL[specifier] ?? specifier.slice(specifier.lastIndexOf("/") + 1),
    specifier,
  ]),
);

/** The edit that imports a module's default after the imports there are, written as they are. */
export function importEdit(
  { document }: Program,
  file: ts.SourceFile,
  name: string,
  specifier: string,
): TextEdit {
  const imports = file.statements.filter((statement) => ts.isImportDeclaration(statement));
  const last = imports.at(-1);
  const { text } = file;
  const written = last?.moduleSpecifier.getText(file) ?? '"';
  const quote = written[0]!;
  const end = last && text[last.end - 1] !== ";" ? "" : last || /;\s*$/m.test(text) ? ";" : "";
  const statement = `import ${name} from ${quote}${specifier}${quote}${end}`;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  if (last) return { range: rangeOf(document, { start: last.end, length: 0 }), newText: newline + statement };
  const start = startOfCode(file);
  const gap = file.statements.length > 0 ? newline : "";
  return { range: rangeOf(document, { start, length: 0 }), newText: statement + newline + gap };
}

/** Behind the comment that a file begins with. */
function startOfCode(file: ts.SourceFile): number {
  return file.statements[0]?.getStart(file) ?? file.text.length;
}
