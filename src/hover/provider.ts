import * as vscode from "vscode";
import type { Program, Programs } from "../extension/programs";
import { registerHoverActions } from "./actions";
import { type HoverSource, hoverAt } from "./hover";

/** What a hover may run: nothing else is a link, whatever a program's texts hold. */
const COMMANDS = [
  "gradlens.revealSite",
  "gradlens.copyValue",
  "gradlens.openTable",
  "gradlens.showGraph",
  "gradlens.openTrainingPanel",
];

/** Hovering shows the whole value of the variable or expression under the pointer, and why its gradient is so. */
export class ValueHover implements vscode.HoverProvider, vscode.Disposable {
  private readonly programs: Programs;
  /** The commands of this extension that are there. */
  private readonly offered: ReadonlySet<string>;
  private readonly actions: vscode.Disposable;
  private registration: vscode.Disposable;

  constructor(programs: Programs, extension: vscode.Extension<unknown>) {
    this.programs = programs;
    const contributed: { command: string }[] = extension.packageJSON.contributes?.commands ?? [];
    this.offered = new Set(contributed.map(({ command }) => command));
    this.actions = registerHoverActions(programs);
    this.registration = this.register();
  }

  /** VS Code shows the hover of who registered last at the top: values are to stand above types. */
  moveToTop(): void {
    const before = this.registration;
    this.registration = this.register();
    before.dispose();
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const program = this.programs.get(document);
    // The first values of a run are shown while its gradients are still to come.
    await program?.session.settled();
    const source = program && hoverSource(program, this.offered);
    if (!program || !source) return undefined;
    const hover = await hoverAt(source, document.offsetAt(position));
    const isCurrent = hoverSource(program, this.offered)?.trace.run === source.trace.run;
    if (hover === null || token.isCancellationRequested || !isCurrent) return undefined;
    const contents = new vscode.MarkdownString(hover.markdown);
    contents.isTrusted = { enabledCommands: COMMANDS };
    const range = new vscode.Range(document.positionAt(hover.start), document.positionAt(hover.end));
    return new vscode.Hover(contents, range);
  }

  dispose(): void {
    vscode.Disposable.from(this.registration, this.actions).dispose();
  }

  private register(): vscode.Disposable {
    return vscode.languages.registerHoverProvider("grad-ts", this);
  }
}

/** What the labels show, if it is of the present text. */
function hoverSource({ document, session }: Program, views: ReadonlySet<string>): HoverSource | null {
  const { live, moment, stale, version } = session.state;
  if (live === null || stale || version !== document.version) return null;
  if (moment !== null && moment.trace.run !== live.trace.run) return null;
  return {
    uri: document.uri.toString(),
    trace: (moment ?? live).trace,
    past: moment?.past ?? null,
    query: (query) => session.query(query),
    offers: (command) => views.has(command),
  };
}
