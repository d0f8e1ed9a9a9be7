import * as vscode from "vscode";
import { readSettings, type Settings } from "./settings";

/** The user's settings, as they are now. */
export class Config implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly known = new Map<string, Settings>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration("gradlens")) return;
      this.known.clear();
      this.changed.fire();
    });
  }

  for({ uri }: vscode.TextDocument): Settings {
    const key = uri.toString();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const configuration = vscode.workspace.getConfiguration("gradlens", uri);
    const settings = readSettings((name) => configuration.get(name));
    this.known.set(key, settings);
    return settings;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}
