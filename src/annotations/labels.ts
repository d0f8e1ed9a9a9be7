import * as vscode from "vscode";
import type { Line0 } from "../compiler/site";
import type { Config } from "../extension/config";
import type { Program, Programs } from "../extension/programs";
import { HiddenLines } from "./hiddenLines";
import { type PlacedLabel, placeLabels } from "./placement";

/** The labels of the programs on the screen, as far as the user wants to see them. */
export class Labels implements vscode.Disposable {
  private readonly programs: Programs;
  private readonly config: Config;
  private readonly hiddenFiles = new Set<string>();
  private readonly hiddenLines = new WeakMap<vscode.TextDocument, HiddenLines>();
  /** Whether the labels last told were stale, by document. */
  private readonly stale = new WeakMap<vscode.TextDocument, boolean>();
  private readonly changed = new vscode.EventEmitter<Program>();
  private readonly subscriptions: vscode.Disposable[];
  /** A program's labels are others, or elsewhere. */
  readonly onDidChange = this.changed.event;

  constructor(programs: Programs, config: Config) {
    this.programs = programs;
    this.config = config;
    this.subscriptions = [
      this.changed,
      vscode.workspace.onDidChangeTextDocument((event) => this.moveHidden(event)),
      programs.onDidChange((program) => this.programChanged(program)),
      programs.onDidMoveLines((program) => this.changed.fire(program)),
      config.onDidChange(() => this.allChanged()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.hiddenFiles.delete(uri.toString())),
    ];
  }

  /** The labels of the lines from `first` to `last`. */
  of({ document, session }: Program, first: Line0, last: Line0): PlacedLabel[] {
    const { annotations, layout } = this.config.for(document);
    if (!annotations || this.hiddenFiles.has(document.uri.toString())) return [];
    // Labels follow their lines at once; whether they are dimmed is decided when the edit's own run is heard of.
    const stale = this.stale.get(document) ?? false;
    const labels = placeLabels({ ...session.state, stale }, layout, first, last);
    const hidden = this.hiddenLines.get(document);
    return hidden === undefined ? labels : labels.filter(({ line }) => !hidden.has(line));
  }

  /** Hides the labels of one document, or shows them again. */
  toggleFile({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    if (!this.hiddenFiles.delete(key)) this.hiddenFiles.add(key);
    this.allChanged();
  }

  /** Hides the labels of some lines, or shows them again. */
  toggleLines(document: vscode.TextDocument, lines: readonly Line0[]): void {
    const hidden = this.hiddenLines.get(document) ?? new HiddenLines();
    this.hiddenLines.set(document, hidden);
    for (const line of new Set(lines)) hidden.toggle(line);
    this.allChanged();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private allChanged(): void {
    for (const program of this.programs.all()) this.changed.fire(program);
  }

  private programChanged(program: Program): void {
    const { document, session } = program;
    const { version, stale } = session.state;
    if (version !== document.version) return; // a newer edit owns these editors
    this.stale.set(document, stale);
    this.changed.fire(program);
  }

  private moveHidden({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    this.hiddenLines.get(document)?.move(
      contentChanges.map(({ range, text }) => ({
        firstLine: range.start.line,
        lastLine: range.end.line,
        fromLineStart: range.start.character === 0 && (range.isEmpty || range.end.character === 0),
        breaks: text.split("\n").length - 1,
      })),
    );
  }
}
