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
export function registerHover(programs: Programs, extension: vscode.Extension<unknown>): vscode.Disposable {
  const contributed: { command: string }[] = extension.packageJSON.contributes?.commands ?? [];
  const views = new Set(contributed.map(({ command }) => command));
  const provider = vscode.languages.registerHoverProvider("grad-ts", {
    async provideHover(document, position, token) {
      const program = programs.get(document);
      const source = program && hoverSource(program, views);
      if (!program || !source) return undefined;
      const hover = await hoverAt(source, document.offsetAt(position));
      const isCurrent = hoverSource(program, views)?.trace.run === source.trace.run;
      if (hover === null || token.isCancellationRequested || !isCurrent) return undefined;
      const contents = new vscode.MarkdownString(hover.markdown);
      contents.isTrusted = { enabledCommands: COMMANDS };
      const range = new vscode.Range(document.positionAt(hover.start), document.positionAt(hover.end));
      return new vscode.Hover(contents, range);
    },
  });
  return vscode.Disposable.from(provider, registerHoverActions(programs));
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
