import * as vscode from "vscode";
import type { Program, Programs } from "../extension/programs";
import type { TextFormat } from "../trace/queries";
import type { ValueReference } from "./hover";
import type { SiteReference } from "./places";
import { tableText } from "./table";

const SCHEME = "gradlens-value";

/** What the links of hovers run: going to a place, copying a value, and showing it in a table. */
export function registerHoverActions(programs: Programs): vscode.Disposable {
  const tables = new Map<string, string>();
  const commands = {
    "gradlens.revealSite": (reference: SiteReference) => reveal(programs, reference),
    "gradlens.copyValue": async (reference: ValueReference & { format: TextFormat }) => {
      const text = await textOf(programs, reference, reference.format);
      if (text === null) return;
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(`$(check) Copied ${reference.what}`, 2000);
    },
    "gradlens.openTable": async (reference: ValueReference) => {
      const json = await textOf(programs, reference, "json");
      if (json === null) return;
      const uri = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${fileName(reference.what)}`,
        query: `${tables.size}`,
      });
      tables.set(uri.toString(), tableText(json, reference.what));
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => tables.get(uri.toString()) ?? "",
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => tables.delete(uri.toString())),
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** The program whose last run a link refers to; one that was replaced has nothing left to tell. */
function programOf(programs: Programs, { uri, run }: SiteReference): Program | null {
  for (const program of programs.all()) {
    if (program.document.uri.toString() !== uri) continue;
    if (program.session.state.live?.trace.run === run) return program;
  }
  void vscode.window.showInformationMessage("The program has run again since. Hover once more.");
  return null;
}

async function reveal(programs: Programs, reference: SiteReference): Promise<void> {
  const program = programOf(programs, reference);
  const live = program?.session.state.live;
  const site = live?.trace.sites[reference.site];
  if (!program || !live || !site) return;
  const before = live.trace.source.slice(0, site.start);
  const line = live.lineNow(before.split("\n").length - 1);
  if (line === null) return;
  const start = new vscode.Position(line, before.length - before.lastIndexOf("\n") - 1);
  const end = program.document.positionAt(program.document.offsetAt(start) + site.end - site.start);
  await vscode.window.showTextDocument(program.document, { selection: new vscode.Range(start, end) });
}

async function textOf(
  programs: Programs,
  reference: ValueReference,
  format: TextFormat,
): Promise<string | null> {
  const program = programOf(programs, reference);
  if (program === null) return null;
  const { site, at } = reference;
  return program.session.query({ kind: "text", site, format, ...(at === null ? {} : { at }) });
}

function fileName(what: string): string {
  return `${what.replace(/[^\p{L}\p{N}_.]+/gu, "-").slice(0, 40)}.txt`;
}
