import { posix } from "node:path";
import * as vscode from "vscode";
import type { Runner } from "../runner/client";
import type { ProgramFiles } from "../runner/files";
import { Session } from "../session/session";
import type { Config } from "./config";
import { importsOf, type ProgramImports } from "./imports";

/** A document on the screen and the session that runs it. */
export interface Program {
  readonly document: vscode.TextDocument;
  readonly session: Session;
}

/** How long a document that is no longer on the screen keeps its session, for the one who comes back to it. */
const HIDDEN_MS = 60_000;

/** So long the editor has for painting labels, before it is sent the rest of what changed. */
const PAINT_MS = 60;

interface Entry extends Program {
  readonly imports: ProgramImports;
  /** Set from a change until it was told to those who come after the labels. */
  settling: NodeJS.Timeout | null;
  /** Set while no editor shows the document. */
  hidden: NodeJS.Timeout | null;
}

/** The programs in the visible editors. In a workspace that is not trusted there are none. */
export class Programs implements vscode.Disposable {
  private readonly config: Config;
  private readonly createRunner: (files: ProgramFiles) => Runner;
  private readonly entries = new Map<string, Entry>();
  private readonly changed = new vscode.EventEmitter<Program>();
  private readonly settled = new vscode.EventEmitter<Program>();
  private readonly movedLines = new vscode.EventEmitter<Program>();
  private readonly closed = new vscode.EventEmitter<Program>();
  private readonly subscriptions: vscode.Disposable[];
  /** The program whose editor was active last. */
  private activeLast: vscode.TextDocument | undefined;
  /** There is something else to show of a program. */
  readonly onDidChange = this.changed.event;
  /** The same for what may be seen after the labels: once for several changes. */
  readonly onDidSettle = this.settled.event;
  /** An edit added or removed lines; what is shown is otherwise the same. */
  readonly onDidMoveLines = this.movedLines.event;
  readonly onDidClose = this.closed.event;

  constructor(config: Config, createRunner: (files: ProgramFiles) => Runner) {
    this.config = config;
    this.createRunner = createRunner;
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor((editor) => this.activated(editor)),
      vscode.workspace.onDidChangeTextDocument((event) => this.edit(event)),
      vscode.workspace.onDidSaveTextDocument((document) => this.get(document)?.session.saved()),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(document)),
      vscode.workspace.onDidOpenTextDocument(() => this.update()), // also when a document's language changes
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.update()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.update()),
      config.onDidChange(() => this.configure()),
    ];
    this.activated(vscode.window.activeTextEditor);
  }

  /** Opens the programs that are on the screen already. */
  start(): void {
    this.update();
  }

  get(document: vscode.TextDocument): Program | undefined {
    const entry = this.entries.get(document.uri.toString());
    return entry?.document === document ? entry : undefined;
  }

  all(): Iterable<Program> {
    return this.entries.values();
  }

  /**
   * The active editor, if it shows a program; where no text is active, as in a panel, the one in sight that was
   * active last.
   */
  get activeEditor(): vscode.TextEditor | undefined {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    if (activeTextEditor !== undefined)
      return isProgram(activeTextEditor.document) ? activeTextEditor : undefined;
    const inSight = visibleTextEditors.filter(({ document }) => isProgram(document));
    return inSight.find(({ document }) => document === this.activeLast) ?? inSight[0];
  }

  /** The document of `activeEditor`. */
  get activeDocument(): vscode.TextDocument | undefined {
    return this.activeEditor?.document;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
    for (const entry of [...this.entries.values()]) this.end(entry);
    for (const emitter of [this.changed, this.settled, this.movedLines, this.closed]) emitter.dispose();
  }

  private activated(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && isProgram(editor.document)) this.activeLast = editor.document;
  }

  private edit({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const entry = this.get(document) as Entry | undefined;
    if (entry === undefined || contentChanges.length === 0) return;
    if (entry.hidden !== null) {
      this.end(entry);
      return;
    }
    const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      length: rangeLength,
      text,
    }));
    entry.session.edit(document.getText(), document.version, changes);
    const isMoved = contentChanges.some(({ range, text }) => !range.isSingleLine || text.includes("\n"));
    if (isMoved) this.movedLines.fire(entry);
  }

  private close(document: vscode.TextDocument): void {
    const entry = this.get(document) as Entry | undefined;
    if (entry !== undefined) this.end(entry);
  }

  /** Gives every visible program a session, and those of hidden ones a while to come back. */
  private update(): void {
    if (!vscode.workspace.isTrusted) return;
    const visible = new Set(
      vscode.window.visibleTextEditors.map(({ document }) => document).filter(isProgram),
    );
    for (const document of visible) this.show(document);
    for (const entry of this.entries.values()) {
      if (!visible.has(entry.document)) entry.hidden ??= setTimeout(() => this.end(entry), HIDDEN_MS);
    }
  }

  private show(document: vscode.TextDocument): void {
    const entry = this.get(document) as Entry | undefined;
    if (entry === undefined) {
      this.open(document);
      return;
    }
    if (entry.hidden !== null) clearTimeout(entry.hidden);
    entry.hidden = null;
  }

  private open(document: vscode.TextDocument): void {
    const { runOn, startPaused, limits } = this.config.for(document);
    const fileName = posix.basename(document.uri.path);
    const imports = importsOf(document, ({ saved }) => session.importChanged(saved));
    const session = new Session(this.createRunner(imports), fileName, document.getText(), document.version, {
      runOn,
      startPaused,
      limits,
    });
    const entry: Entry = { document, session, imports, hidden: null, settling: null };
    this.entries.set(document.uri.toString(), entry);
    session.onDidChange(() => this.sessionChanged(entry));
    session.open();
  }

  private sessionChanged(entry: Entry): void {
    this.changed.fire(entry);
    entry.settling ??= setTimeout(() => {
      entry.settling = null;
      this.settled.fire(entry);
    }, PAINT_MS);
  }

  private end(entry: Entry): void {
    for (const timer of [entry.hidden, entry.settling]) if (timer !== null) clearTimeout(timer);
    this.entries.delete(entry.document.uri.toString());
    entry.session.dispose();
    entry.imports.dispose();
    this.closed.fire(entry);
  }

  private configure(): void {
    for (const { document, session } of this.entries.values()) {
      const { runOn, limits } = this.config.for(document);
      session.configure({ runOn, limits });
    }
  }
}

export function isProgram(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  // The read-only side of a comparison is looked at, not worked on.
  const isReadOnly = vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false;
  return languageId === "grad-ts" && (uri.scheme === "untitled" || !isReadOnly);
}
