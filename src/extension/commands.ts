import * as vscode from "vscode";
import type { Labels } from "../annotations/labels";
import { rootAt } from "../gradientCheck/site";
import type { Config } from "./config";
import { newFileFromLesson } from "./lessons";
import type { ProgramOutput } from "./output";
import type { Programs } from "./programs";

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
    "gradlens.rerunWithNewSeed": () => runActive(programs, config, newSeed()),
    "gradlens.showLossGraph": (uri: string, offset: number) => showLossGraph(programs, uri, offset),
    "gradlens.stop": () => activeSession(programs)?.stop(),
    "gradlens.pause": () => activeSession(programs)?.freeze(),
    "gradlens.continue": () => activeSession(programs)?.thaw(),
    "gradlens.resume": () => activeSession(programs)?.resume(),
    "gradlens.toggleAnnotations": () => {
      const document = programs.activeDocument;
      if (document) labels.toggleFile(document);
    },
    "gradlens.toggleAnnotationsOnLine": () => {
      const editor = vscode.window.activeTextEditor;
      const document = programs.activeDocument;
      if (editor && document)
        labels.toggleLines(
          document,
          editor.selections.map(({ active }) => active.line),
        );
    },
    "gradlens.newFileFromLesson": (file?: unknown) =>
      newFileFromLesson(extensionUri, typeof file === "string" ? file : undefined),
    "gradlens.showOutput": () => output.show(),
    "gradlens.showMenu": () => showMenu(activeSession(programs)?.state.status.kind === "running"),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

function activeSession(programs: Programs) {
  const document = programs.activeDocument;
  return document && programs.get(document)?.session;
}

/** Four digits: they are read, and typed into a program that is to begin there. */
function newSeed(): number {
  return 1000 + Math.floor(Math.random() * 9000);
}

/** Draws the graph of what a `backward()` at an offset of the run's text is called on. */
function showLossGraph(programs: Programs, uri: string, offset: number): void {
  for (const { document, session } of programs.all()) {
    const trace = session.state.live?.trace;
    if (document.uri.toString() !== uri || trace === undefined) continue;
    const root = rootAt(trace, offset);
    const value = root && { uri, run: trace.run, ...root, at: null };
    void vscode.commands.executeCommand("gradlens.showGraph", ...(value ? [value] : []));
  }
}

/** A run the user asked for takes the time it takes. */
function runActive(programs: Programs, config: Config, seed: number | null = null): void {
  const document = programs.activeDocument;
  if (!document) return;
  const { limits } = config.for(document);
  if (vscode.workspace.isTrusted) programs.get(document)?.session.run({ ...limits, timeMs: null }, seed);
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
