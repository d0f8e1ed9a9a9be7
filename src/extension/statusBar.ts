import * as vscode from "vscode";
import type { Status } from "../session/session";
import type { Programs } from "./programs";
import { StatusItem } from "./statusItem";
import { describeStatus, seedText } from "./statusText";

/** A status bar item about the program in the active editor, and the context key its menus ask for. */
export function showStatus(programs: Programs): vscode.Disposable {
  const item = new StatusItem("gradlens.status", "Gradlens", 100);
  let wasRunning = false;
  let wasHalted = false;
  let wasFrozen = false;
  const update = () => {
    const document = programs.activeDocument;
    const state = document && programs.get(document)?.session.state;
    const status = state?.status;
    const isFrozen = status?.kind === "frozen";
    const isRunning = isFrozen || status?.kind === "running";
    if (isRunning !== wasRunning) {
      void vscode.commands.executeCommand("setContext", "gradlens.running", isRunning);
    }
    wasRunning = isRunning;
    if (isFrozen !== wasFrozen)
      void vscode.commands.executeCommand("setContext", "gradlens.frozen", isFrozen);
    wasFrozen = isFrozen;
    const isHalted = status?.kind === "halted";
    if (isHalted !== wasHalted)
      void vscode.commands.executeCommand("setContext", "gradlens.halted", isHalted);
    wasHalted = isHalted;
    if (!document) {
      item.hide();
      return;
    }
    const { isTrusted } = vscode.workspace;
    const { text, tooltip } = describeStatus(isTrusted ? (status ?? { kind: "idle" }) : undefined);
    const seed = seedText(state?.seed ?? null);
    const ranWith = seed === "" ? "" : ` It ran with ${seed.slice(3)} in place of its own.`;
    item.show({
      text: text + seed,
      tooltip: `Gradlens: ${tooltip}${ranWith}`,
      command: isTrusted ? commandFor(status) : "workbench.trust.manage",
    });
  };
  update();
  return vscode.Disposable.from(
    item,
    programs.onDidSettle(update),
    programs.onDidClose(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidOpenTextDocument(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
}

/** What a click on the item does. */
function commandFor(status: Status | undefined): string {
  if (status?.kind === "halted") return "gradlens.resume";
  return status?.kind === "frozen" ? "gradlens.continue" : "gradlens.showMenu";
}
