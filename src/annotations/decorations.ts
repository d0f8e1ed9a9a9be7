import * as vscode from "vscode";
import type { Config } from "../extension/config";
import type { Program, Programs } from "../extension/programs";
import { type PlacedLabel, placeLabels } from "./placement";

/** Shows each program's labels at the ends of its lines, in every editor it is open in. */
export class Annotations implements vscode.Disposable {
  private readonly programs: Programs;
  private readonly config: Config;
  private readonly type = createLabelType();
  private readonly hidden = new Set<string>();
  /** Whether the labels last painted were stale, by document. */
  private readonly stale = new WeakMap<vscode.TextDocument, boolean>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(programs: Programs, config: Config) {
    this.programs = programs;
    this.config = config;
    this.subscriptions = [
      this.type,
      programs.onDidChange((program) => this.paint(program)),
      programs.onDidMoveLines((program) => this.paintMoved(program)),
      config.onDidChange(() => this.paintAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.paintAll()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.hidden.delete(uri.toString())),
    ];
  }

  /** Hides the labels of one document, or shows them again. */
  toggle({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    if (!this.hidden.delete(key)) this.hidden.add(key);
    this.paintAll();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private paintAll(): void {
    for (const program of this.programs.all()) this.paint(program);
  }

  private paint(program: Program): void {
    const { document, session } = program;
    const { state } = session;
    if (state.version !== document.version) return; // a newer edit owns these editors
    this.stale.set(document, state.stale);
    this.show(program, state.stale);
  }

  /** Labels follow their lines at once; whether they are dimmed is decided when the edit's own run is heard of. */
  private paintMoved(program: Program): void {
    this.show(program, this.stale.get(program.document) ?? false);
  }

  private show({ document, session }: Program, stale: boolean): void {
    const { annotations, layout } = this.config.for(document);
    const isShown = annotations && !this.hidden.has(document.uri.toString());
    const labels = isShown ? placeLabels({ ...session.state, stale }, layout) : [];
    const decorations = labels.map(toDecoration);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.type, decorations);
    }
  }
}

/**
 * A decoration of the whole line, held at its first column: its label stands after the line's last character
 * whatever is typed there, and Enter at the line's end leaves it where it is. Fresh and dimmed labels are of
 * one type, because two are not replaced at the same moment: a label changing from one to the other flickers.
 */
function createLabelType(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({ isWholeLine: true, after: { margin: "0 0 0 3ch" } });
}

const freshColor = new vscode.ThemeColor("gradlens.annotationForeground");
const dimmedColor = new vscode.ThemeColor("gradlens.staleAnnotationForeground");

function toDecoration({ line, text, dimmed }: PlacedLabel): vscode.DecorationOptions {
  // Ordinary spaces would run together.
  const contentText = text.replaceAll(" ", "\u00a0");
  const after = { contentText, color: dimmed ? dimmedColor : freshColor };
  return { range: new vscode.Range(line, 0, line, 0), renderOptions: { after } };
}
