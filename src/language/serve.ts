import {
  type Connection,
  type InitializeResult,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import * as actions from "./features/actions";
import * as completion from "./features/completion";
import { diagnostics } from "./features/diagnostics";
import * as formatting from "./features/formatting";
import { hover } from "./features/hover";
import * as navigation from "./features/navigation";
import type { Program } from "./features/program";
import { moveFile, prepareRename, RenameError, rename } from "./features/rename";
import { semanticTokens, semanticTokensLegend } from "./features/semanticTokens";
import * as signatures from "./features/signatureHelp";
import * as structure from "./features/structure";
import { includingTsconfig } from "./inclusion";
import type { Strictness } from "./options";
import {
  FIND_PROGRAMS,
  INCLUDED_BY_TSCONFIG,
  READ_FILES,
  SEEN,
  type SeenParams,
  STRICTNESS_SETTING,
} from "./protocol";
import { mayImportWithin } from "./reach";
import { createLanguageService, type LanguageFolders, type LanguageHost } from "./service";
import { fileNameOf, isVirtual, programNameOf, uriOf } from "./uris";
import { withVirtualFiles } from "./virtual";

/** A check begins when nothing has changed for this long: while someone types, the values beside the lines go first. */
const PAUSE_MS = 100;
const OTHERS_PAUSE_MS = 500;

/** Answers a client about the programs it has open, until the connection ends. */
export function serve(connection: Connection, disk: LanguageHost, folders: LanguageFolders): void {
  const documents = new TextDocuments(TextDocument);
  /** Names under which a document's uri would not be found again. */
  const uris = new Map<string, string>();
  const strictness = new Map<string, Strictness>();
  let programs: Promise<string[]> | undefined;
  let knownPrograms: readonly string[] = [];
  let canConfigure = false;
  let hasFolders = false;
  let workspace: string[] = [];

  const files = withVirtualFiles(
    disk,
    (fileNames) => connection.sendRequest(READ_FILES, fileNames.map(toUri)),
    checkAll,
  );
  const language = createLanguageService(
    {
      ...files,
      programs: () => knownPrograms,
      strictness: (fileName) => strictness.get(fileName) ?? "relaxed",
      mayImport: mayImportWithin(() => workspace),
    },
    folders,
  );

  function toUri(fileName: string): string {
    return uris.get(fileName) ?? uriOf(fileName);
  }

  function programOf(uri: string): Program | undefined {
    const document = documents.get(uri);
    if (!document) return undefined;
    const fileName = programNameOf(uri);
    language.update(fileName, document.getText());
    return { fileName, document, language, folders, uriOf: toUri };
  }

  /** Answers about an open document; about any other there is nothing to say. */
  function ask<P extends { textDocument: { uri: string } }, R>(
    answer: (program: Program, params: P) => R,
  ): (params: P) => R | null {
    return (params) => {
      const program = programOf(params.textDocument.uri);
      return program ? answer(program, params) : null;
    };
  }

  /** As `ask`, for what concerns all programs of the workspace. */
  function askWidely<P extends { textDocument: { uri: string } }, R>(
    answer: (program: Program, params: P) => R,
  ): (params: P) => Promise<R | null> {
    return async (params) => {
      await findPrograms();
      return ask(answer)(params);
    };
  }

  async function findPrograms(): Promise<void> {
    programs ??= connection.sendRequest<string[]>(FIND_PROGRAMS).catch(() => []);
    knownPrograms = (await programs).map(fileNameOf);
  }

  connection.onInitialize(({ capabilities, workspaceFolders }): InitializeResult => {
    workspace = (workspaceFolders ?? []).map(({ uri }) => fileNameOf(uri));
    canConfigure = capabilities.workspace?.configuration ?? false;
    hasFolders = capabilities.workspace?.workspaceFolders ?? false;
    return { capabilities: serverCapabilities };
  });

  connection.onInitialized(() => {
    if (!hasFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => fileNameOf(uri)));
      const kept = workspace.filter((folder) => !gone.has(folder));
      workspace = [...kept, ...added.map(({ uri }) => fileNameOf(uri))];
      programs = undefined;
      checkAll();
    });
  });

  // Checks

  const changed = new Set<string>();
  const reported = new Set<string>();
  let isWarm = false;
  let scheduled: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;

  function checkSoon(uri: string, delayMs = PAUSE_MS) {
    changed.add(uri);
    clearTimeout(scheduled);
    scheduled = setTimeout(checkChanged, delayMs);
  }

  function checkAll() {
    for (const uri of documents.keys()) checkSoon(uri);
  }

  /** Other open programs may import what was changed. They are checked when typing has come to an end. */
  function checkOthersLater(uri: string) {
    clearTimeout(later);
    later = setTimeout(() => {
      for (const other of documents.keys()) if (other !== uri) checkSoon(other);
    }, OTHERS_PAUSE_MS);
  }

  function checkChanged() {
    const waiting = [...changed];
    changed.clear();
    for (const uri of waiting) {
      const program = programOf(uri);
      if (!program) continue;
      const found = diagnostics(program);
      void connection.sendDiagnostics({ uri, version: program.document.version, diagnostics: found });
      reportInclusion(program);
      warmUp(program);
    }
  }

  /** The first completion looks through all that could be imported. It is made before someone waits for it. */
  function warmUp(program: Program) {
    if (isWarm) return;
    isWarm = true;
    const end = program.document.positionAt(program.document.getText().length);
    setTimeout(() => completion.completion(program, end), PAUSE_MS);
  }

  function reportInclusion({ fileName, document }: Program) {
    if (isVirtual(fileName)) return;
    const tsconfig = includingTsconfig(fileName, files);
    if (tsconfig === undefined || reported.has(tsconfig)) return;
    reported.add(tsconfig);
    const params = { tsconfig: uriOf(tsconfig), program: document.uri };
    void connection.sendNotification(INCLUDED_BY_TSCONFIG, params);
  }

  async function configure(uri: string): Promise<void> {
    if (!canConfigure) return;
    const value = await connection.workspace.getConfiguration({ scopeUri: uri, section: STRICTNESS_SETTING });
    const fileName = programNameOf(uri);
    const before = strictness.get(fileName) ?? "relaxed";
    const now = value === "strict" ? "strict" : "relaxed";
    strictness.set(fileName, now);
    if (now !== before) checkSoon(uri, 0);
  }

  documents.onDidChangeContent(({ document: { uri } }) => {
    const isNew = !uris.has(programNameOf(uri));
    if (isNew) {
      uris.set(programNameOf(uri), uri);
      void configure(uri);
    }
    checkSoon(uri, isNew ? 0 : PAUSE_MS);
    checkOthersLater(uri);
  });

  documents.onDidClose(({ document: { uri } }) => {
    changed.delete(uri);
    uris.delete(programNameOf(uri));
    strictness.delete(programNameOf(uri));
    language.close(programNameOf(uri));
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onDidChangeConfiguration(() => {
    for (const uri of documents.keys()) void configure(uri);
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    programs = undefined;
    files.forget(changes.map(({ uri }) => fileNameOf(uri)));
    language.refresh();
    checkAll();
  });

  connection.onNotification(SEEN, ({ uri, source, values }: SeenParams) => {
    const program = programOf(uri);
    if (!program) return;
    language.show(program.fileName, source, values);
    checkSoon(uri);
  });

  // What is asked

  connection.onCompletion(
    ask((program, { position, context }) =>
      completion.completion(program, position, context?.triggerCharacter),
    ),
  );
  connection.onCompletionResolve((item) => {
    const program = programOf(completion.uriOfItem(item) ?? "");
    return program ? completion.resolveCompletion(program, item) : item;
  });
  connection.onSignatureHelp(ask((program, { position }) => signatures.signatureHelp(program, position)));
  connection.onHover(ask((program, { position }) => hover(program, position)));
  connection.onDefinition(ask((program, { position }) => navigation.definition(program, position)));
  connection.onTypeDefinition(ask((program, { position }) => navigation.typeDefinition(program, position)));
  connection.onImplementation(
    askWidely((program, { position }) => navigation.implementation(program, position)),
  );
  connection.onReferences(
    askWidely((program, { position, context }) => navigation.references(program, position, context)),
  );
  connection.onDocumentHighlight(ask((program, { position }) => navigation.highlights(program, position)));
  connection.onSelectionRanges(
    ask((program, { positions }) => navigation.selectionRanges(program, positions)),
  );
  connection.onPrepareRename(orRefusal(ask((program, { position }) => prepareRename(program, position))));
  connection.onRenameRequest(
    orRefusal(askWidely((program, { position, newName }) => rename(program, position, newName))),
  );
  connection.onDocumentSymbol(ask((program) => structure.documentSymbols(program)));
  connection.onFoldingRanges(ask((program) => structure.foldingRanges(program)));
  connection.onDocumentFormatting(ask((program, { options }) => formatting.formatDocument(program, options)));
  connection.onDocumentRangeFormatting(
    ask((program, { range, options }) => formatting.formatRange(program, range, options)),
  );
  connection.onDocumentOnTypeFormatting(
    ask((program, { position, ch, options }) => formatting.formatOnType(program, position, ch, options)),
  );
  connection.languages.semanticTokens.on(
    (params) => ask((program) => semanticTokens(program))(params) ?? { data: [] },
  );
  connection.languages.semanticTokens.onRange(
    (params) =>
      ask((program, { range }: typeof params) => semanticTokens(program, range))(params) ?? { data: [] },
  );
  connection.onCodeAction(
    ask((program, { range, context }) => actions.codeActions(program, range, context.only)),
  );
  connection.onCodeActionResolve((action) => {
    const program = programOf(actions.uriOfAction(action) ?? "");
    return program ? actions.resolveAction(program, action) : action;
  });
  connection.onWorkspaceSymbol(async ({ query }) => {
    await findPrograms();
    const [uri] = documents.keys();
    const program = uri === undefined ? undefined : programOf(uri);
    return program ? structure.workspaceSymbols(program, query) : null;
  });
  connection.workspace.onWillRenameFiles(async ({ files: moved }) => {
    await findPrograms();
    const [uri] = documents.keys();
    const program = uri === undefined ? undefined : programOf(uri);
    if (!program) return null;
    const edits = moved.map(({ oldUri, newUri }) =>
      moveFile(program, fileNameOf(oldUri), fileNameOf(newUri)),
    );
    return { changes: Object.assign({}, ...edits.map(({ changes }) => changes)) };
  });

  documents.listen(connection);
  connection.listen();
}

/** What cannot be renamed is refused in words, which an editor shows beside the name. */
function orRefusal<P, R>(answer: (params: P) => R | Promise<R>): (params: P) => Promise<R> {
  return async (params) => {
    try {
      return await answer(params);
    } catch (error) {
      if (!(error instanceof RenameError)) throw error;
      throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
    }
  };
}

const serverCapabilities: InitializeResult["capabilities"] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  completionProvider: {
    resolveProvider: true,
    triggerCharacters: [...completion.COMPLETION_CHARACTERS],
  },
  signatureHelpProvider: {
    triggerCharacters: signatures.SIGNATURE_CHARACTERS,
    retriggerCharacters: signatures.SIGNATURE_RETRIGGER_CHARACTERS,
  },
  hoverProvider: true,
  definitionProvider: true,
  typeDefinitionProvider: true,
  implementationProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  renameProvider: { prepareProvider: true },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: {
    firstTriggerCharacter: formatting.FORMATTING_CHARACTERS[0],
    moreTriggerCharacter: formatting.FORMATTING_CHARACTERS.slice(1),
  },
  semanticTokensProvider: { legend: semanticTokensLegend, full: true, range: true },
  codeActionProvider: { codeActionKinds: actions.CODE_ACTION_KINDS, resolveProvider: true },
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: {
      willRename: {
        filters: [{ pattern: { glob: "**/*.{ts,json}" } }, { pattern: { glob: "**", matches: "folder" } }],
      },
    },
  },
};
