import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import {
  FIND_PROGRAMS,
  INCLUDED_BY_TSCONFIG,
  type IncludedParams,
  READ_FILES,
  RENAME_COMMAND,
  SEEN,
  type SeenParams,
} from "../language/protocol";
import type { Trace } from "../trace/model";
import type { Program, Programs } from "./programs";
import { seenValues } from "./seenValues";
import { offerExclude } from "./tsconfigExclude";

/** More is a fault: a program of some thousand lines takes a fifth of it. */
const MEMORY_LIMIT_MB = 1024;

/** The server is started again this often in three minutes before the user is told: only if it cannot start at all. */
const RESTARTS = 100;

const PROGRAMS = "**/*.grad.ts";

/** Folders in which nobody's own programs are. */
const NOT_OWN = "**/node_modules/**";

/**
 * Starts the language server, in a process of its own. Returns at once; the client is loaded and the server
 * started after activation, and both end with the returned disposable.
 */
export function startLanguageClient(context: vscode.ExtensionContext, programs: Programs): vscode.Disposable {
  const module = context.asAbsolutePath("dist/language-server.cjs");
  const launched = launch(module, context, programs);
  return {
    dispose: () =>
      launched.then(({ client, subscriptions }) => {
        subscriptions.dispose();
        return client.dispose();
      }),
  };
}

async function launch(module: string, context: vscode.ExtensionContext, programs: Programs) {
  const { LanguageClient, State, TransportKind } = await import("vscode-languageclient/node");
  const client = new LanguageClient(
    "gradlens",
    "Gradlens Language Server",
    {
      module,
      transport: TransportKind.ipc,
      options: {
        // Reading the declarations makes garbage for a second, which a larger nursery seldom has to collect.
        execArgv: [`--max-old-space-size=${MEMORY_LIMIT_MB}`, "--max-semi-space-size=64"],
        // The compiler is ready sooner the next time; Node before 22 takes no notice.
        env: { NODE_COMPILE_CACHE: vscode.Uri.joinPath(context.globalStorageUri, "compiled").fsPath },
      },
    },
    {
      documentSelector: [{ language: "grad-ts" }],
      diagnosticCollectionName: "gradlens-types",
      connectionOptions: { maxRestartCount: RESTARTS },
      synchronize: {
        configurationSection: "gradlens.check",
        fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{ts,json,csv,npy,safetensors}"),
      },
    },
  );
  client.onRequest(FIND_PROGRAMS, findPrograms);
  client.onRequest(READ_FILES, (uris: string[]) => Promise.all(uris.map(readFile)));
  client.onNotification(INCLUDED_BY_TSCONFIG, (params: IncludedParams) => offerExclude(params, context));
  const reports = new RunReports(client);
  const subscriptions = vscode.Disposable.from(
    programs.onDidChange((program) => reports.tell(program)),
    programs.onDidClose((program) => reports.forget(program)),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) reports.tellAgain(programs.all());
    }),
    vscode.commands.registerCommand(RENAME_COMMAND, renameAt),
  );
  await client.start().catch(() => undefined); // the client has told the user why
  return { client, subscriptions };
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
