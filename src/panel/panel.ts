import { posix } from "node:path";
import * as vscode from "vscode";
import type { Config } from "../extension/config";
import type { Program, Programs } from "../extension/programs";
import { saveAs } from "../webview/save";
import { Feed, type FeedHost } from "./feed";
import { folderFiles } from "./files";
import type { PanelCommand, ToHost } from "./messages";
import type { Runs } from "./model/runs";
import { readView } from "./model/view";
import { PanelPage } from "./page";
import { RunStorage } from "./storage";

const TAB_TYPE = "gradlens.trainingPanel";
const SIDE_VIEW = "gradlens.trainingView";
const VIEW_KEY = "gradlens.trainingPanel.view";
/** Runs are written to the disk when nothing changed for this long. */
const KEEP_MS = 1000;

/** The training panel, as an editor tab and in the side bar; about the program that was looked at last. */
export class TrainingPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly context: vscode.ExtensionContext;
  private readonly programs: Programs;
  private readonly config: Config;
  private readonly storage: RunStorage;
  private readonly feed: Feed;
  private readonly pages = new Set<PanelPage>();
  private readonly keeping = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];
  private tab: vscode.WebviewPanel | null = null;

  constructor(context: vscode.ExtensionContext, programs: Programs, config: Config) {
    this.context = context;
    this.programs = programs;
    this.config = config;
    this.storage = new RunStorage(folderFiles(context.storageUri));
    const host: FeedHost = {
      tell: async (message) => {
        await Promise.all([...this.pages].map((page) => page.post(message)));
      },
      isSeen: () => [...this.pages].some((page) => page.isReady),
      load: (key, runs) => this.storage.load(key, runs),
      keep: (key, runs) => this.keepSoon(key, runs),
    };
    this.feed = new Feed(host, readView(context.workspaceState.get(VIEW_KEY)));
    this.subscriptions = [
      vscode.commands.registerCommand("gradlens.openTrainingPanel", () => this.open()),
      vscode.window.registerWebviewPanelSerializer(TAB_TYPE, this),
      vscode.window.registerWebviewViewProvider(SIDE_VIEW, {
        resolveWebviewView: (view) => this.addView(view),
      }),
      programs.onDidChange((program) => {
        if (program.session === this.feed.shown?.session) this.feed.changed();
        else this.follow();
      }),
      programs.onDidClose(() => this.follow()),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
    ];
  }

  /** Beside the code; what is open is brought to the front. */
  open(): void {
    if (this.tab !== null) {
      this.tab.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.addTab(vscode.window.createWebviewPanel(TAB_TYPE, "Training", place));
  }

  async deserializeWebviewPanel(tab: vscode.WebviewPanel): Promise<void> {
    this.addTab(tab);
  }

  dispose(): void {
    for (const timer of this.keeping.values()) clearTimeout(timer);
    this.feed.dispose();
    vscode.Disposable.from(...this.subscriptions, ...this.pages).dispose();
    this.tab?.dispose();
  }

  private keepSoon(key: string, runs: Runs): void {
    clearTimeout(this.keeping.get(key));
    this.keeping.set(
      key,
      setTimeout(() => void this.storage.keep(key, runs), KEEP_MS),
    );
  }

  private addTab(tab: vscode.WebviewPanel): void {
    this.tab = tab;
    tab.iconPath = vscode.Uri.joinPath(this.context.extensionUri, "media/icons/training.svg");
    const page = this.addPage(tab.webview);
    tab.onDidChangeViewState(() => {
      if (!tab.visible) page.hidden();
    });
    tab.onDidDispose(() => {
      this.tab = null;
      this.removePage(page);
    });
  }

  private addView(view: vscode.WebviewView): void {
    const page = this.addPage(view.webview);
    view.onDidChangeVisibility(() => {
      if (!view.visible) page.hidden();
    });
    view.onDidDispose(() => this.removePage(page));
  }

  private addPage(webview: vscode.Webview): PanelPage {
    const page: PanelPage = new PanelPage(webview, this.context.extensionUri, (message) =>
      this.receive(page, message),
    );
    this.pages.add(page);
    this.follow();
    return page;
  }

  private removePage(page: PanelPage): void {
    page.dispose();
    this.pages.delete(page);
  }

  /** Shows the program in the active editor; the last one, as long as it is there, while another editor is active. */
  private follow(): void {
    if (this.pages.size === 0) return;
    const document = this.programs.activeDocument;
    const active = document && this.programs.get(document);
    const [first] = this.programs.all();
    void this.feed.show(describe(active ?? this.programShown() ?? first));
  }

  private receive(page: PanelPage, message: ToHost): void {
    switch (message.kind) {
      case "ready":
        this.feed.tellEverything((told) => void page.post(told));
        this.feed.changed();
        return;
      case "view":
        this.feed.view = readView(message.view);
        void this.context.workspaceState.update(VIEW_KEY, this.feed.view);
        return;
      case "command":
        this.run(message.command);
        return;
      case "leaf":
        void this.feed.leaf(message).then((answer) => page.post(answer));
        return;
      case "picture":
        void this.feed.picture(message).then((answer) => page.post(answer));
        return;
      case "save":
        void saveAs(this.folderOfProgram(), "Export Chart", message.fileName, message.content);
        return;
      case "reveal":
        void this.reveal(message.line);
        return;
      default:
        this.feed.receive(message);
    }
  }

  private async reveal(line: number): Promise<void> {
    const document = this.programShown()?.document;
    if (document === undefined) return;
    const editor = vscode.window.visibleTextEditors.find((visible) => visible.document === document);
    const start = new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(document, {
      selection: new vscode.Range(start, start),
      ...(editor?.viewColumn === undefined ? {} : { viewColumn: editor.viewColumn }),
    });
  }

  private programShown(): Program | undefined {
    return [...this.programs.all()].find(({ session }) => session === this.feed.shown?.session);
  }

  private run(command: PanelCommand): void {
    const program = this.programShown();
    if (program === undefined) return;
    const { document, session } = program;
    switch (command) {
      case "run":
        session.run({ ...this.config.for(document).limits, timeMs: null });
        return;
      case "pause":
        session.freeze();
        return;
      case "continue":
        session.thaw();
        return;
      case "stop":
        session.stop();
    }
  }

  private folderOfProgram(): vscode.Uri | null {
    const key = this.feed.shown?.key;
    const uri = key === undefined ? null : vscode.Uri.parse(key);
    if (uri !== null && uri.scheme !== "untitled") return vscode.Uri.joinPath(uri, "..");
    return vscode.workspace.workspaceFolders?.[0]?.uri ?? null;
  }
}

function describe(program: Program | undefined) {
  if (program === undefined) return null;
  const { document, session } = program;
  return {
    key: document.uri.toString(),
    title: posix.basename(document.uri.path),
    session,
    lineAt: (offset: number) => document.positionAt(offset).line + 1,
  };
}
