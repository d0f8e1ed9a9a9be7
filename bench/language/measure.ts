import { fork } from "node:child_process";
import { performance } from "node:perf_hooks";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Program } from "../../src/language/features/program";
import { diskFiles } from "../../src/language/files";
import { SERVER_FLAGS } from "../../src/language/protocol";
import { createLanguageService, type LanguageFolders } from "../../src/language/service";
import { folders } from "../../test/language/editing";
import { questions } from "../../test/language/halfTyped";

export { answerHalfTyped, percentile } from "../../test/language/halfTyped";
export { folders };

/** Milliseconds from starting the server's process to the diagnostics of the program opened first. */
export async function measureOpening(root: string, text: string): Promise<number> {
  const start = performance.now();
  const server = fork(`${root}dist/language-server.cjs`, ["--node-ipc"], { execArgv: SERVER_FLAGS });
  const send = (message: object) => server.send({ jsonrpc: "2.0", ...message });
  const uri = "file:///project/program.grad.ts";
  const elapsed = new Promise<number>((resolve) => {
    server.on("message", ({ id, method }: { id?: number; method?: string }) => {
      if (id === 1) {
        send({ method: "initialized", params: {} });
        const textDocument = { uri, languageId: "grad-ts", version: 1, text };
        send({ method: "textDocument/didOpen", params: { textDocument } });
      }
      if (method === "textDocument/publishDiagnostics") resolve(performance.now() - start);
    });
  });
  const params = { processId: process.pid, rootUri: null, capabilities: {} };
  send({ id: 1, method: "initialize", params });
  try {
    return await elapsed;
  } finally {
    server.kill();
  }
}

/** Milliseconds of the processor that each question takes after an edit, while a line is typed in the middle of a text. */
export function measureEdits(text: string, of: LanguageFolders, edits: number): Record<string, number[]> {
  const language = createLanguageService(diskFiles, of);
  const fileName = "/project/program.grad.ts";
  const middle = text.indexOf("\n", text.length / 2) + 1;
  const took = Object.fromEntries(Object.keys(questions).map((question) => [question, [] as number[]]));
  const typed = `const typed = torch.ones(2, 3).sum({ dim: 1, keepdim: true }) @ torch.ones(3)\n`;
  for (let i = 0; i < edits; i++) {
    const end = middle + (i % typed.length);
    const now = text.slice(0, middle) + typed.slice(0, end - middle) + text.slice(middle);
    const document = TextDocument.create("file:///project/program.grad.ts", "grad-ts", i, now);
    const program: Program = { fileName, document, language, folders: of, uriOf: (name) => name };
    for (const [question, ask] of Object.entries(questions)) {
      // Each question as if it were the first after the edit.
      language.update(fileName, `${now}// ${question} ${i}\n`);
      const before = process.cpuUsage();
      ask(program, document.positionAt(end));
      const { user, system } = process.cpuUsage(before);
      took[question]!.push((user + system) / 1000);
    }
  }
  return took;
}
