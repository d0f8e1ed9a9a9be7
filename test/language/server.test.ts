import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import { repoRoot } from "../repo";

const uri = "untitled:Untitled-1";

describe("the language server", () => {
  let server: ChildProcess;
  const published: PublishDiagnosticsParams[] = [];
  let onPublished = () => {};

  before(async () => {
    server = await startServer();
    server.on("message", ({ method, params }: { method?: string; params: PublishDiagnosticsParams }) => {
      if (method !== "textDocument/publishDiagnostics") return;
      published.push(params);
      onPublished();
    });
    send({ method: "initialized", params: {} });
  });

  after(async () => {
    server.kill();
    await once(server, "exit");
  });

  function send(message: object) {
    server.send({ jsonrpc: "2.0", ...message });
  }

  function open(text: string) {
    const textDocument = { uri, languageId: "grad-ts", version: 1, text };
    send({ method: "textDocument/didOpen", params: { textDocument } });
  }

  /** Types `text` at the start of the program. */
  function type(version: number, text: string) {
    const start = { line: 0, character: 0 };
    const contentChanges = [{ range: { start, end: start }, text }];
    send({ method: "textDocument/didChange", params: { textDocument: { uri, version }, contentChanges } });
  }

  async function publishedVersion(version: number | undefined): Promise<PublishDiagnosticsParams> {
    for (;;) {
      const found = published.find((params) => params.version === version);
      if (found) return found;
      await new Promise<void>((resolve) => {
        onPublished = resolve;
      });
    }
  }

  it("publishes the errors of a program that was never saved, where they are", async () => {
    open('let n: number = 1;\n  n = "a";\n');
    const { diagnostics } = await publishedVersion(1);
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 1),
      [
        {
          range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
          message: "Type 'string' is not assignable to type 'number'.",
          code: 2322,
          source: "grad-ts",
          severity: 1,
        },
      ],
    );
  });

  it("publishes the newest text's errors once when keys come faster than checks", async () => {
    for (let version = 2; version < 30; version++) type(version, "\n");
    const { diagnostics } = await publishedVersion(29);
    assert.equal(diagnostics[0]?.range.start.line, 29);
    assert.ok(published.length < 15, `${published.length} checks for 28 keys`);
  });

  it("withdraws the errors of a program that was closed", async () => {
    send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
    const { diagnostics } = await publishedVersion(undefined);
    assert.deepEqual(diagnostics, []);
  });

  it("ends with its channel", async () => {
    const ending = await startServer();
    ending.disconnect();
    assert.deepEqual(await once(ending, "exit"), [0, null]);
  });
});

/** One that knows this process as its editor's. */
async function startServer(): Promise<ChildProcess> {
  const server = fork(join(repoRoot, "dist/language-server.cjs"), ["--node-ipc"]);
  const params = { processId: process.pid, rootUri: null, capabilities: {} };
  server.send({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  await once(server, "message");
  return server;
}
