import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import {
  FIND_PROGRAMS,
  INCLUDED_BY_TSCONFIG,
  type IncludedParams,
  READ_FILES,
  RENAME_COMMAND,
  SEEN,
  SERVER_FLAGS,
  type SeenParams,
} from "../language/protocol";
import type { Trace } from "../trace/model";
import type { Program, Programs } from "./programs";
import { Restarts } from "./restarts";
import { seenValues } from "./seenValues";
import { offerExclude } from "./tsconfigExclude";

const PROGRAMS = "**/*.grad.ts";

/** What programs import and read. */
const READ_BY_PROGRAMS = "**/*.{ts,json,csv,npy,safetensors}";

/** Folders in which nobody's own programs are. */
const NOT_OWN = "**/node_modules/**";

/**
 * Starts the language server, in a process of its own, and again whenever that process ends. Returns at once;
 * the client is loaded and the server started after activation, and both end with the returned disposable.
 */
export function startLanguageClient(
  context: vscode.ExtensionContext,
  programs: Programs,
  started: () => void,
): vscode.Disposable {
  const keeper = new LanguageServerKeeper(context, programs, started);
  keeper.start();
  return keeper;
}

/**
 * Each process gets a client of its own: one that starts its server again by itself gives up when the process
 * ends before it has answered for the first time, or while several messages are on their way to it.
 */
class LanguageServerKeeper implements vscode.Disposable {
  private readonly context: vscode.ExtensionContext;
  private readonly programs: Programs;
  /** Called whenever a server answers for the first time, its features registered. */
  private readonly started: () => void;
  private readonly restarts = new Restarts();
  private client: Promise<RunningClient> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private disposed = false;

  constructor(context: vscode.ExtensionContext, programs: Programs, started: () => void) {
    this.context = context;
    this.programs = programs;
    this.started = started;
  }

  start(): void {
    let hasEnded = false;
    const ended = (): void => {
      if (hasEnded || this.disposed) return;
      hasEnded = true;
      void this.startAgain();
    };
    this.client = launch(this.context, this.programs, ended);
    this.client
      .then(({ started }) => started)
      .then(() => {
        this.restarts.started();
        this.started();
      }, ended);
  }

  private async startAgain(): Promise<void> {
    const { delayMs, tell } = this.restarts.ended(Date.now());
    if (tell) {
      void vscode.window.showWarningMessage(
        "Gradlens' language server ended unexpectedly more than once. It is started again each time; " +
          "until then types are not checked and completions are missing. Values and gradients go on.",
      );
    }
    await this.end();
    if (!this.disposed) this.timer = setTimeout(() => this.start(), delayMs);
  }

  private async end(): Promise<void> {
    const client = await this.client?.catch(() => null);
    this.client = null;
    client?.subscriptions.dispose();
    await client?.client.dispose().catch(() => undefined); // its process is gone already
  }

  dispose(): Promise<void> {
    this.disposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    return this.end();
  }
}

interface RunningClient {
  client: LanguageClient;
  subscriptions: vscode.Disposable;
  started: Promise<void>;
}

async function launch(
  context: vscode.ExtensionContext,
  programs: Programs,
  ended: () => void,
): Promise<RunningClient> {
  const { CloseAction, ErrorAction, LanguageClient, State, TransportKind } = await import(
    "vscode-languageclient/node"
  );
  const fileEvents = vscode.workspace.createFileSystemWatcher(READ_BY_PROGRAMS);
  const client = new LanguageClient(
    "gradlens",
    "Gradlens Language Server",
    {
      module: context.asAbsolutePath("dist/language-server.cjs"),
      transport: TransportKind.ipc,
      options: {
        execArgv: SERVER_FLAGS,
        // The compiler is ready sooner the next time; Node before 22 takes no notice.
        env: { NODE_COMPILE_CACHE: vscode.Uri.joinPath(context.globalStorageUri, "compiled").fsPath },
      },
    },
    {
      documentSelector: [{ language: "grad-ts" }],
      diagnosticCollectionName: "gradlens-types",
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          setImmediate(ended); // the client first sees to its own state
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      synchronize: {
        configurationSection: "gradlens.check",
        fileEvents,
      },
    },
  );
  client.onRequest(FIND_PROGRAMS, findPrograms);
  client.onRequest(READ_FILES, (uris: string[]) => Promise.all(uris.map(readFile)));
  client.onNotification(INCLUDED_BY_TSCONFIG, (params: IncludedParams) => offerExclude(params, context));
  const reports = new RunReports(client);
  const subscriptions = vscode.Disposable.from(
    fileEvents,
    programs.onDidSettle((program) => reports.tell(program)),
    programs.onDidClose((program) => reports.forget(program)),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) reports.tellAgain(programs.all());
    }),
    vscode.commands.registerCommand(RENAME_COMMAND, renameAt),
  );
  return { client, subscriptions, started: client.start() };
}

async function findPrograms(): Promise<string[]> {
  const found = await vscode.workspace.findFiles(PROGRAMS, NOT_OWN);
  return found.map((uri) => uri.toString());
}

async function readFile(uri: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true)));
  } catch {
    return null;
  }
}

/** Tells the server what each finished run saw, once. */
class RunReports {
  private readonly client: LanguageClient;
  private readonly told = new Map<Program, Trace>();

  constructor(client: LanguageClient) {
    this.client = client;
  }

  tell(program: Program): void {
    const { document, session } = program;
    const trace = session.state.live?.trace;
    const isNew = trace && trace.outcome.kind !== "running" && this.told.get(program) !== trace;
    if (!isNew || !this.client.isRunning()) return;
    this.told.set(program, trace);
    const params: SeenParams = {
      uri: document.uri.toString(),
      source: trace.source,
      values: seenValues(trace),
    };
    void this.client.sendNotification(SEEN, params);
  }

  forget(program: Program): void {
    this.told.delete(program);
  }

  /** A server that was started again knows nothing of earlier runs. */
  tellAgain(programs: Iterable<Program>): void {
    this.told.clear();
    for (const program of programs) this.tell(program);
  }
}

/** Places as the protocol writes them. */
interface ProtocolPosition {
  line: number;
  character: number;
}

async function renameAt(uri: string, { line, character }: ProtocolPosition): Promise<void> {
  const position = new vscode.Position(line, character);
  await vscode.commands.executeCommand("editor.action.rename", [vscode.Uri.parse(uri, true), position]);
}
