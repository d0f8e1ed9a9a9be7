import { TextDocument } from "vscode-languageserver-textdocument";
import type { Position, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import type { Program } from "../../src/language/features/program";
import { diskFiles } from "../../src/language/files";
import type { Strictness } from "../../src/language/options";
import { createLanguageService, type LanguageHost } from "../../src/language/service";
import type { SeenValue } from "../../src/language/tensors/seen";
import { uriOf } from "../../src/language/uris";
import { repoRoot } from "../repo";
import { folders as fixtureFolders } from "./programs";

/** The engine's own declarations, as the editor has them. */
export const folders = { lib: fixtureFolders.lib, types: `${repoRoot.replaceAll("\\", "/")}/dist/types` };

export interface Workspace {
  /** Opens a program of the workspace. Its text may mark a place with `‸` or a range with `«»`. */
  open(fileName: string, text: string): Opened;
}

export interface Opened extends Program {
  at: Position;
  range: { start: Position; end: Position };
}

let files: Record<string, string> = {};
let strictness: Strictness = "relaxed";
const opened = new Set<string>();

const host: LanguageHost = {
  fileExists: (path) => path in files || diskFiles.fileExists(path),
  readFile: (path) => files[path] ?? diskFiles.readFile(path),
  readFolder(path) {
    const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
    const names = new Set(inside.map((file) => file.slice(path.length + 1).split("/")[0]!));
    return [...names].map((name) => ({ name, isFolder: !(`${path}/${name}` in files) }));
  },
  programs: () => Object.keys(files).filter((file) => file.endsWith(".grad.ts")),
  strictness: () => strictness,
};

/** One for all tests of a file, so that each need not read the declarations again. */
const language = createLanguageService(host, folders);

/** Files that exist only in a test, in place of those of the test before. */
export function workspaceOf(of: Record<string, string>, strict: Strictness = "relaxed"): Workspace {
  for (const fileName of opened) language.close(fileName);
  opened.clear();
  files = of;
  strictness = strict;
  language.refresh();
  return {
    open(fileName, marked) {
      const start = marked.search(/[‸«]/);
      const end = marked.search(/[‸»]/) - (marked.includes("«") ? 1 : 0);
      const text = marked.replace(/[‸«»]/g, "");
      language.update(fileName, text);
      opened.add(fileName);
      const document = TextDocument.create(uriOf(fileName), "grad-ts", 1, text);
      const at = document.positionAt(Math.max(0, start));
      const range = { start: at, end: document.positionAt(Math.max(0, end)) };
      return { fileName, document, language, folders, uriOf, at, range };
    },
  };
}

/** A single program at /project/program.grad.ts, of which the last run saw `seen`, by the text it stands for. */
export function programOf(text: string, seen: Record<string, Partial<SeenValue>> = {}): Opened {
  const program = workspaceOf({}).open("/project/program.grad.ts", text);
  const source = program.document.getText();
  const values = Object.entries(seen).map(([expression, value]): SeenValue => {
    const start = source.indexOf(expression);
    const label = `(${value.shape?.join(", ")}) float32`;
    return { start, end: start + expression.length, label, ...value };
  });
  program.language.show(program.fileName, source, values);
  return program;
}

export function edited({ document }: Program, edits: TextEdit[] | undefined): string {
  return TextDocument.applyEdits(document, edits ?? []);
}

/** The text of the program after an edit that may change other files too. */
export function editedBy(program: Program, edit: WorkspaceEdit | undefined): string {
  return edited(program, edit?.changes?.[program.document.uri]);
}
