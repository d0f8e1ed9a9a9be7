import * as vscode from "vscode";
import type { Config } from "../extension/config";
import type { Programs } from "../extension/programs";
import type { Labels } from "./labels";
import type { PlacedLabel } from "./placement";

/** Shows labels as inlay hints, for those who prefer their look and shortcuts to fast typing. */
export function provideLabelHints(programs: Programs, labels: Labels, config: Config): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const isWanted = (document: vscode.TextDocument) => config.for(document).display === "inlayHint";
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    provideInlayHints(document, { start, end }) {
      const program = programs.get(document);
      if (program === undefined || !isWanted(document)) return [];
      return labels.of(program, start.line, end.line).map((label) => toHint(label, document));
    },
  };
  // Where nobody wants them there is no provider: VS Code would ask it after each key, before it paints the labels.
  let registration: vscode.Disposable | null = null;
  const update = () => {
    const isWantedNow = [...programs.all()].some(({ document }) => isWanted(document));
    if (isWantedNow === (registration !== null)) return;
    registration?.dispose();
    registration = isWantedNow ? vscode.languages.registerInlayHintsProvider("grad-ts", provider) : null;
  };
  return vscode.Disposable.from(
    changed,
    labels.onDidChange(({ document }) => {
      update();
      if (isWanted(document)) changed.fire();
    }),
    config.onDidChange(() => {
      update();
      changed.fire();
    }),
    { dispose: () => registration?.dispose() },
  );
}

function toHint({ line, text }: PlacedLabel, document: vscode.TextDocument): vscode.InlayHint {
  const hint = new vscode.InlayHint(document.lineAt(line).range.end, text);
  hint.paddingLeft = true;
  return hint;
}
