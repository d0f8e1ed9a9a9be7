import type * as vscode from "vscode";
import { paintLabels } from "../annotations/decorations";
import { provideLabelHints } from "../annotations/inlayHints";
import { Labels } from "../annotations/labels";
import { Lenses } from "../codeLens/provider";
import { publishRunDiagnostics } from "../diagnostics/runDiagnostics";
import { GradientCheckCommand } from "../gradientCheck/command";
import { GraphView } from "../graph/graphView";
import { ValueHover } from "../hover/provider";
import { TrainingPanel } from "../panel/panel";
import { createRunner } from "../runner/client";
import { registerCommands } from "./commands";
import { Config } from "./config";
import { startLanguageClient } from "./languageClient";
import { ProgramOutput } from "./output";
import { Programs } from "./programs";
import { showStatus } from "./statusBar";
import { TimeTravelControls } from "./timeTravel";

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri } = context;
  const config = new Config();
  const programs = new Programs(config, (files) => createRunner({ folder: __dirname, files }));
  const labels = new Labels(programs, config);
  const hover = new ValueHover(programs, context.extension);
  const check = new GradientCheckCommand(programs);
  const output = new ProgramOutput(programs);
  context.subscriptions.push(
    config,
    programs,
    labels,
    paintLabels(programs, labels, config),
    provideLabelHints(programs, labels, config),
    new TimeTravelControls(programs),
    output,
    hover,
    publishRunDiagnostics(programs, config, extensionUri),
    check,
    new Lenses(programs, config, check),
    showStatus(programs),
    new GraphView(extensionUri, programs),
    new TrainingPanel(context, programs, config),
    registerCommands({ extensionUri, programs, config, labels, output }),
  );
  programs.start();
  context.subscriptions.push(startLanguageClient(context, programs, () => hover.moveToTop()));
}
