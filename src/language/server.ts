// The language server's process: checks open programs and publishes their diagnostics. Started by
// src/diagnostics/languageClient.ts.
import { fileURLToPath } from "node:url";
import {
  createConnection,
  type Diagnostic,
  DiagnosticSeverity,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { diskFiles } from "./files";
import { distributedFolders } from "./folders";
import { createLanguageService, type LanguageDiagnostic } from "./service";

const connection = createConnection();
const documents = new TextDocuments(TextDocument);
const service = createLanguageService(diskFiles, distributedFolders());

/** Programs that changed since they were last checked. */
const changed = new Set<string>();

connection.onInitialize(() => ({
  // Incremental changes are sent as they are typed; the client holds back full texts.
  capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental },
}));

/** A check begins when nothing has changed for this long: while someone types, the values beside the lines go first. */
const PAUSE_MS = 100;

let scheduled: NodeJS.Timeout | undefined;

documents.onDidChangeContent(({ document }) => {
  changed.add(document.uri);
  clearTimeout(scheduled);
  scheduled = setTimeout(checkChanged, PAUSE_MS);
});

documents.onDidClose(({ document }) => {
  changed.delete(document.uri);
  service.close(fileNameOf(document.uri));
  void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
});

function checkChanged() {
  const uris = [...changed];
  changed.clear();
  for (const uri of uris) {
    const document = documents.get(uri);
    if (!document) continue;
    const fileName = fileNameOf(uri);
    service.update(fileName, document.getText());
    const diagnostics = service.diagnostics(fileName).map((found) => toDiagnostic(found, document));
    void connection.sendDiagnostics({ uri, version: document.version, diagnostics });
  }
}

function toDiagnostic(found: LanguageDiagnostic, document: TextDocument): Diagnostic {
  return {
    range: { start: document.positionAt(found.start), end: document.positionAt(found.end) },
    message: found.message,
    code: found.code,
    source: "grad-ts",
    severity: severities[found.severity],
  };
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  suggestion: DiagnosticSeverity.Hint,
} as const;

/** A program that was never saved has a name without an ending, by which TypeScript knows a language. */
function fileNameOf(uri: string): string {
  if (uri.startsWith("file:")) return fileURLToPath(uri).replaceAll("\\", "/");
  const name = `/${uri.replaceAll(":", "/")}`;
  return name.endsWith(".grad.ts") ? name : `${name}.grad.ts`;
}

documents.listen(connection);
connection.listen();
