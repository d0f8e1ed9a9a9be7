import * as vscode from "vscode";
import type { Programs } from "../extension/programs";
import { describeHover, inspectionOf } from "./describe";
import { siteAt } from "./resolve";

/** Hovering shows the whole value of the variable or expression under the pointer. */
export function registerHover(programs: Programs): vscode.Disposable {
  return vscode.languages.registerHoverProvider("grad-ts", {
    async provideHover(document, position, token) {
      const session = programs.get(document)?.session;
      const state = session?.state;
      if (!session || !state?.live || state.stale || state.version !== document.version) return undefined;
      const { trace } = state.live;
      const found = siteAt(trace, document.offsetAt(position));
      const seen = found && trace.seen.get(found.site);
      if (!seen) return undefined;
      const inspection = await session.query({ kind: "inspect", site: found.site });
      if (token.isCancellationRequested || state.version !== document.version) return undefined;
      const range = new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
      return new vscode.Hover(
        new vscode.MarkdownString(describeHover(inspection ?? inspectionOf(seen))),
        range,
      );
    },
  });
}
