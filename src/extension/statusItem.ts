import * as vscode from "vscode";

/** What an item of the status bar looks like and does. */
export interface StatusFace {
  text: string;
  tooltip: string;
  command: string;
  /** What a screen reader says; the tooltip where it is missing. */
  label?: string;
  backgroundColor?: vscode.ThemeColor | undefined;
}

/**
 * An item of the status bar that sends the window only what changed: VS Code itself sends all of an item whenever
 * something is set, and again that it is hidden, which would hold up the labels of each key that is typed.
 */
export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  /** The face that is shown, null while the item is hidden. */
  private shown: string | null = null;

  constructor(id: string, name: string, priority: number) {
    this.item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Right, priority);
    this.item.name = name;
  }

  show(face: StatusFace): void {
    const key = JSON.stringify(face);
    if (key === this.shown) return;
    this.shown = key;
    const { text, tooltip, command, label = tooltip, backgroundColor } = face;
    const accessibilityInformation = { label, role: "button" };
    Object.assign(this.item, { text, tooltip, command, accessibilityInformation, backgroundColor });
    this.item.show();
  }

  hide(): void {
    if (this.shown === null) return;
    this.shown = null;
    this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}
