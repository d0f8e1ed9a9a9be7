import * as vscode from "vscode";
import type { Labels } from "../annotations/labels";
import type { Config } from "./config";
import { newFileFromLesson } from "./lessons";
import type { ProgramOutput } from "./output";
import { activeProgram, type Programs } from "./programs";

interface Parts {
  extensionUri: vscode.Uri;
  programs: Programs;
  config: Config;
  labels: Labels;
  output: ProgramOutput;
}

export function registerCommands(parts: Parts): vscode.Disposable {
  const { programs, config, labels, output, extensionUri } = parts;
  const commands = {
    "gradlens.run": () => runActive(programs, config),
    "gradlens.stop": () => activeSession(programs)?.stop(),
    "gradlens.pause": () => activeSession(programs)?.freeze(),
    "gradlens.continue": () => activeSession(programs)?.thaw(),
    "gradlens.resume": () => activeSession(programs)?.resume(),
    "gradlens.toggleAnnotations": () => {
      const document = activeProgram();
      if (document) labels.toggleFile(document);
    },
    "gradlens.toggleAnnotationsOnLine": () => {
      const editor = vscode.window.activeTextEditor;
      const document = activeProgram();
      if (editor && document)
        labels.toggleLines(
          document,
          editor.selections.map(({ active }) => active.line),
        );
    },
    "gradlens.newFileFromLesson": () => newFileFromLesson(extensionUri),
    "gradlens.showOutput": () => output.show(),
    "gradlens.showMenu": () => showMenu(activeSession(programs)?.state.status.kind === "running"),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

function activeSession(programs: Programs) {
  const document = activeProgram();
  return document && programs.get(document)?.session;
}

/** A run the user asked for takes the time it takes. */
function runActive(programs: Programs, config: Config): void {
  const document = activeProgram();
  if (!document) return;
  const { limits } = config.for(document);
  if (vscode.workspace.isTrusted) programs.get(document)?.session.run({ ...limits, timeMs: null });
  else void vscode.commands.executeCommand("workbench.trust.manage");
}

interface MenuItem extends vscode.QuickPickItem {
  command: string;
  arguments?: unknown[];
}

async function showMenu(isRunning: boolean): Promise<void> {
  const items: MenuItem[] = [
    isRunning
      ? { label: "$(debug-stop) Stop", command: "gradlens.stop" }
      : { label: "$(play) Run", command: "gradlens.run" },
    ...(isRunning ? [{ label: "$(debug-pause) Pause", command: "gradlens.pause" }] : []),
    { label: "$(output) Show Output", command: "gradlens.showOutput" },
    { label: "$(eye) Toggle Annotations in This File", command: "gradlens.toggleAnnotations" },
    { label: "$(new-file) New File from a Lesson…", command: "gradlens.newFileFromLesson" },
    { label: "$(gear) Settings", command: "workbench.action.openSettings", arguments: ["gradlens"] },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: "Gradlens" });
  if (picked) await vscode.commands.executeCommand(picked.command, ...(picked.arguments ?? []));
}
