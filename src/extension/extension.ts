import type * as vscode from "vscode";
import { Annotations } from "../annotations/decorations";
import { publishRunDiagnostics } from "../diagnostics/runDiagnostics";
import { registerHover } from "../hover/provider";
import { TrainingPanel } from "../panel/panel";
import { createRunner } from "../runner/client";
import { registerCommands } from "./commands";
import { Config } from "./config";
import { startLanguageClient } from "./languageClient";
import { ProgramOutput } from "./output";
import { Programs } from "./programs";
import { showStatus } from "./statusBar";

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri } = context;
  const config = new Config();
  const programs = new Programs(config, (files) => createRunner({ folder: __dirname, files }));
  const annotations = new Annotations(programs, config);
  const output = new ProgramOutput(programs);
  context.subscriptions.push(
    config,
    programs,
    annotations,
    output,
    registerHover(programs),
    publishRunDiagnostics(programs),
    showStatus(programs),
    new TrainingPanel(context, programs, config),
    registerCommands({ extensionUri, programs, config, annotations, output }),
  );
  programs.start();
  context.subscriptions.push(startLanguageClient(context, programs));
}
