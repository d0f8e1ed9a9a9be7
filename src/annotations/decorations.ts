import * as vscode from "vscode";
import type { Config } from "../extension/config";
import type { Program, Programs } from "../extension/programs";
import { marginChars } from "./alignment";
import type { Labels } from "./labels";
import type { PlacedLabel } from "./placement";

/** Lines above and below the visible ones that are painted too, so that scrolling finds them there. */
const MARGIN_LINES = 50;

/** The lines of an editor that were painted last, and with what. */
interface Painted {
  first: number;
  last: number;
  key: string;
}

/** Paints labels at the ends of lines, or in a column, in every editor that shows a program. */
export function paintLabels(programs: Programs, labels: Labels, config: Config): vscode.Disposable {
  const type = createLabelType();
  const painted = new WeakMap<vscode.TextEditor, Painted>();

  const paint = (program: Program) => {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === program.document) paintEditor(editor, program);
    }
  };

  const paintEditor = (editor: vscode.TextEditor, program: Program) => {
    const { document } = program;
    const { display, column } = config.for(document);
    const { first, last } = linesToPaint(editor);
    const placed = display === "decoration" ? labels.of(program, first, last) : [];
    // The same again costs a message to the editor and a layout there; edits move what is painted by themselves.
    const key = `${document.version} ${column} ${JSON.stringify(placed)}`;
    if (painted.get(editor)?.key !== key) {
      editor.setDecorations(
        type,
        placed.map((label) => toDecoration(label, editor, column)),
      );
    }
    painted.set(editor, { first, last, key });
  };

  const scrolled = ({ textEditor }: vscode.TextEditorVisibleRangesChangeEvent) => {
    const program = programs.get(textEditor.document);
    if (program !== undefined && !isPainted(textEditor, painted.get(textEditor)))
      paintEditor(textEditor, program);
  };

  const paintAll = () => {
    for (const program of programs.all()) paint(program);
  };

  return vscode.Disposable.from(
    type,
    labels.onDidChange(paint),
    vscode.window.onDidChangeVisibleTextEditors(paintAll),
    vscode.window.onDidChangeTextEditorVisibleRanges(scrolled),
  );
}

function linesToPaint({ visibleRanges }: vscode.TextEditor): { first: number; last: number } {
  const first = visibleRanges[0]?.start.line ?? 0;
  const last = visibleRanges.at(-1)?.end.line ?? first;
  return { first: Math.max(0, first - MARGIN_LINES), last: last + MARGIN_LINES };
}

function isPainted({ visibleRanges }: vscode.TextEditor, painted: Painted | undefined): boolean {
  return (
    painted !== undefined &&
    visibleRanges.every(({ start, end }) => painted.first <= start.line && end.line <= painted.last)
  );
}

/**
 * A decoration of the whole line, held at its first column: its label stands after the line's last character
 * whatever is typed there, and Enter at the line's end leaves it where it is. Fresh and dimmed labels are of
 * one type, because two are not replaced at the same moment: a label changing from one to the other flickers.
 */
function createLabelType(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({ isWholeLine: true });
}

const freshColor = new vscode.ThemeColor("gradlens.annotationForeground");
const dimmedColor = new vscode.ThemeColor("gradlens.staleAnnotationForeground");
const errorColor = new vscode.ThemeColor("errorForeground");

function toDecoration(
  { line, text, dimmed, isError }: PlacedLabel,
  { document, options }: vscode.TextEditor,
  column: number | null,
): vscode.DecorationOptions {
  const lineText = line < document.lineCount ? document.lineAt(line).text : "";
  const after = {
    // Ordinary spaces would run together.
    contentText: text.replaceAll(" ", "\u00a0"),
    color: dimmed ? dimmedColor : isError ? errorColor : freshColor,
    margin: `0 0 0 ${marginChars(lineText, Number(options.tabSize) || 4, column)}ch`,
  };
  return { range: new vscode.Range(line, 0, line, 0), renderOptions: { after } };
}
