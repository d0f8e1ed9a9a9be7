import { dirname } from "node:path";
import * as vscode from "vscode";
import { importRoot } from "../language/modules";
import { filesAround, noFiles, type ProgramFiles, type RunFiles } from "../runner/files";

/** What a program imports, and whether any of it changed. */
export interface ProgramImports extends ProgramFiles, vscode.Disposable {}

/** A file is often written in several pieces. */
const WRITING_MS = 100;

/**
 * The files around a document, those in editors as they are there. `changed` is called when one that the latest
 * run looked for is edited (`saved` is false) or is written, made or deleted on disk.
 */
export function importsOf(
  document: vscode.TextDocument,
  changed: (how: { saved: boolean }) => void,
): ProgramImports {
  if (document.uri.scheme !== "file") return { forRun: () => noFiles.forRun(), dispose: () => {} };
  return new FolderImports(pathOf(document.uri), changed);
}

class FolderImports implements ProgramImports {
  private readonly program: string;
  private readonly changed: (how: { saved: boolean }) => void;
  private lookedFor = new Set<string>();
  private readonly watchers = new Map<string, vscode.Disposable>();
  private readonly edits: vscode.Disposable;
  private writing: NodeJS.Timeout | undefined;

  constructor(program: string, changed: (how: { saved: boolean }) => void) {
    this.program = program;
    this.changed = changed;
    this.edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const isFile = document.uri.scheme === "file" && contentChanges.length > 0;
      if (isFile && this.lookedFor.has(pathOf(document.uri))) changed({ saved: false });
    });
  }

  forRun(): RunFiles {
    const lookedFor = new Set<string>();
    this.lookedFor = lookedFor;
    const { program } = this;
    const files = filesAround({
      program,
      root: importRoot(program, workspaceFolders()),
      unsaved,
      lookingFor: (path) => {
        if (path === program) return;
        lookedFor.add(path);
        this.watch(dirname(path));
      },
    });
    return files.forRun();
  }

  dispose(): void {
    clearTimeout(this.writing);
    vscode.Disposable.from(this.edits, ...this.watchers.values()).dispose();
  }

  /** By folder: a file's name may hold what a pattern gives a meaning to. */
  private watch(folder: string): void {
    if (this.watchers.has(folder)) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), "*");
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const written = (uri: vscode.Uri) => {
      if (!this.lookedFor.has(pathOf(uri))) return;
      clearTimeout(this.writing);
      this.writing = setTimeout(() => this.changed({ saved: true }), WRITING_MS);
    };
    const events = [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete];
    this.watchers.set(folder, vscode.Disposable.from(watcher, ...events.map((event) => event(written))));
  }
}

function workspaceFolders(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => pathOf(uri));
}

function unsaved(path: string): string | undefined {
  const isIt = ({ uri, isDirty }: vscode.TextDocument) =>
    isDirty && uri.scheme === "file" && pathOf(uri) === path;
  return vscode.workspace.textDocuments.find(isIt)?.getText();
}

function pathOf({ fsPath }: vscode.Uri): string {
  return fsPath.replaceAll("\\", "/");
}
