import type * as vscode from "vscode";

/**
 * Starts the language server, which publishes type errors of every open program. Returns at once; the
 * client is loaded and the server started after activation, and both end with the returned disposable.
 */
export function startLanguageClient(context: vscode.ExtensionContext): vscode.Disposable {
  const client = launch(context.asAbsolutePath("dist/language-server.cjs"));
  return { dispose: () => client.then((running) => running.dispose()) };
}

async function launch(module: string) {
  const { LanguageClient, TransportKind } = await import("vscode-languageclient/node");
  const client = new LanguageClient(
    "gradlens",
    "Gradlens Language Server",
    { module, transport: TransportKind.ipc },
    { documentSelector: [{ language: "grad-ts" }], diagnosticCollectionName: "gradlens-types" },
  );
  await client.start().catch(() => undefined); // the client has told the user why
  return client;
}
