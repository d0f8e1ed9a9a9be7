import * as vscode from "vscode";
import type { Program, Programs } from "../extension/programs";
import type { GraphAnswer } from "../trace/queries";
import { pageHtml, webviewOptions } from "../webview/html";
import { saveAs } from "../webview/save";
import { readToHost, type ToHost, type ToPage } from "./messages";
import { findRoot, type Root, rememberRoot, rootAt } from "./model/root";

const TYPE = "gradlens.graph";
/** A running program is asked again at most this often. */
const REFRESH_MS = 400;

/** The backward graph of the tensor at the cursor, beside the code. It follows the cursor and each new run. */
export class GraphView implements vscode.Disposable {
  private readonly extensionUri: vscode.Uri;
  private readonly programs: Programs;
  private readonly mark: vscode.TextEditorDecorationType;
  private readonly subscriptions: vscode.Disposable[];
  private panel: vscode.WebviewPanel | null = null;
  private isReady = false;
  private program: Program | null = null;
  private root: Root | null = null;
  /** What the page shows, by its run and site. */
  private shown: { run: number; site: number } | null = null;
  private last: ToPage = { kind: "graph", title: "", iteration: null, graph: null, lines: {} };
  /** Where the page sent the cursor, which is no reason to show another graph. */
  private sentTo: vscode.Range | null = null;
  private refresh: NodeJS.Timeout | null = null;
  private asked = 0;

  constructor(extensionUri: vscode.Uri, programs: Programs) {
    this.extensionUri = extensionUri;
    this.programs = programs;
    this.mark = vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
      borderColor: new vscode.ThemeColor("contrastActiveBorder"),
    });
    this.subscriptions = [
      this.mark,
      vscode.commands.registerCommand("gradlens.showGraph", (value?: unknown) => this.open(value)),
      vscode.window.onDidChangeTextEditorSelection((event) => this.selected(event)),
      programs.onDidChange((program) => this.changed(program)),
      programs.onDidClose((program) => {
        if (program === this.program) this.show(null, null);
      }),
    ];
  }

  dispose(): void {
    if (this.refresh !== null) clearTimeout(this.refresh);
    vscode.Disposable.from(...this.subscriptions).dispose();
    this.panel?.dispose();
  }

  /** Opens the page for the tensor at the cursor; from a hover for the one that it is about. */
  private open(value: unknown): void {
    const document = this.programs.activeDocument;
    const reference = readReference(value);
    const program =
      [...this.programs.all()].find((one) => one.document.uri.toString() === reference?.uri) ??
      (document && this.programs.get(document));
    if (this.panel === null) this.createPanel();
    else this.panel.reveal(undefined, true);
    if (program === undefined) return;
    const live = program.session.state.live;
    const isCurrent = reference !== null && live?.trace.run === reference.run;
    if (isCurrent) this.show(program, reference.site);
    else this.follow(program);
  }

  private createPanel(): void {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(TYPE, "Backward Graph", place, {
      ...webviewOptions(this.extensionUri),
      retainContextWhenHidden: true, // zoom, selection and what is unfolded
    });
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, "media/icons/training.svg");
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(readToHost(message)));
    panel.onDidDispose(() => {
      this.panel = null;
      this.isReady = false;
      this.program = null;
      this.root = null;
      this.shown = null;
      this.highlight(null);
    });
    const files = { name: "graph", title: "Gradlens Graph", worker: "graphLayout.js" };
    panel.webview.html = pageHtml(panel.webview, this.extensionUri, files);
  }

  private receive(message: ToHost | null): void {
    switch (message?.kind) {
      case "ready":
        this.isReady = true;
        this.post(this.last);
        return;
      case "reveal":
        void this.reveal(message.site);
        return;
      case "highlight":
        this.highlight(message.site);
        return;
      case "save": {
        const uri = this.program?.document.uri;
        const folder = uri === undefined || uri.scheme === "untitled" ? null : vscode.Uri.joinPath(uri, "..");
        void saveAs(folder, "Export Graph", message.fileName, message.content);
      }
    }
  }

  private post(message: ToPage): void {
    if (this.isReady) void this.panel?.webview.postMessage(message);
  }

  private selected({ textEditor, selections }: vscode.TextEditorSelectionChangeEvent): void {
    if (this.panel === null) return;
    const program = this.programs.get(textEditor.document);
    const isSent = this.sentTo?.isEqual(selections[0]) ?? false;
    if (program !== undefined && !isSent) this.follow(program);
  }

  /** Shows the graph at the cursor. Where there is none, what was shown stays: an edit happens in such places. */
  private follow(program: Program): void {
    const { live, stale } = program.session.state;
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === program.document);
    if (live === null || stale || editor === undefined) {
      this.program ??= program;
      return;
    }
    const site = rootAt(live.trace, program.document.offsetAt(editor.selection.active));
    if (site !== null) this.show(program, site);
    else this.program ??= program;
  }

  private changed(program: Program): void {
    if (this.panel === null || program !== this.program) return;
    const { live, stale, status } = program.session.state;
    this.post({ kind: "stale", on: stale });
    if (live === null || stale) return;
    if (this.root === null) {
      this.follow(program);
      return;
    }
    if (status.kind === "running") {
      this.refresh ??= setTimeout(() => {
        this.refresh = null;
        this.ask();
      }, REFRESH_MS);
    } else this.ask();
  }

  private show(program: Program | null, site: number | null): void {
    const live = program?.session.state.live;
    this.program = program;
    this.root = live && site !== null ? rememberRoot(live.trace, site) : null;
    if (this.shown !== null && this.shown.run === live?.trace.run && this.shown.site === site) return;
    this.ask();
  }

  /** Asks the run for the graph; what is answered too late is dropped. */
  private async ask(): Promise<void> {
    const { program, root } = this;
    const live = program?.session.state.live;
    const ticket = ++this.asked;
    const site = live && root !== null ? findRoot(live.trace, root) : null;
    const at = program?.session.travel.position ?? null;
    const query = { kind: "graph", ...(at === null ? {} : { at }) } as const;
    const graph = program && site !== null ? await program.session.query({ ...query, site }) : null;
    if (ticket !== this.asked || program?.session.state.live !== live) return;
    this.shown = live && site !== null ? { run: live.trace.run, site } : null;
    this.last = {
      kind: "graph",
      title: root === null ? "" : root.text.slice(root.text.indexOf(":") + 1),
      iteration: graph === null ? null : (at?.iteration ?? null),
      graph,
      lines: graph === null ? {} : this.linesOf(graph),
    };
    this.post(this.last);
  }

  private linesOf({ nodes }: GraphAnswer): Record<number, number> {
    const lines: Record<number, number> = {};
    for (const { site } of nodes) {
      const range = site === null ? null : this.rangeOf(site);
      if (range !== null) lines[site!] = range.start.line + 1;
    }
    return lines;
  }

  /** Where a site is in the present text; null if it is gone. */
  private rangeOf(id: number): vscode.Range | null {
    const live = this.program?.session.state.live;
    const site = live?.trace.sites[id];
    if (!this.program || !live || !site) return null;
    const before = live.trace.source.slice(0, site.start);
    const line = live.lineNow(before.split("\n").length - 1);
    if (line === null) return null;
    const { document } = this.program;
    const start = new vscode.Position(line, before.length - before.lastIndexOf("\n") - 1);
    return new vscode.Range(start, document.positionAt(document.offsetAt(start) + site.end - site.start));
  }

  private async reveal(site: number): Promise<void> {
    const range = this.rangeOf(site);
    if (range === null || !this.program) return;
    this.sentTo = range;
    const { document } = this.program;
    const editor = vscode.window.visibleTextEditors.find((visible) => visible.document === document);
    await vscode.window.showTextDocument(document, {
      selection: range,
      ...(editor?.viewColumn === undefined ? {} : { viewColumn: editor.viewColumn }),
    });
  }

  private highlight(site: number | null): void {
    const range = site === null ? null : this.rangeOf(site);
    for (const editor of vscode.window.visibleTextEditors) {
      const isShown = range !== null && editor.document === this.program?.document;
      editor.setDecorations(this.mark, isShown ? [range] : []);
    }
  }
}

/** What a hover's link is about. */
function readReference(value: unknown): { uri: string; run: number; site: number } | null {
  const { uri, run, site } = (value ?? {}) as Record<string, unknown>;
  const fits = typeof uri === "string" && typeof run === "number" && typeof site === "number";
  return fits ? { uri, run, site } : null;
}
