import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import {
  commands,
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  type Hover,
  languages,
  type MarkdownString,
  Uri,
  window,
  workspace,
} from "vscode";

/** Files that are on no disk, by their path. */
class Memory implements FileSystemProvider {
  private readonly files: ReadonlyMap<string, string>;
  readonly onDidChangeFile = new EventEmitter<FileChangeEvent[]>().event;

  constructor(files: Record<string, string>) {
    this.files = new Map(Object.entries(files));
  }

  watch = (): Disposable => ({ dispose: () => undefined }) as Disposable;
  readDirectory = () =>
    [...this.files.keys()].map((path): [string, FileType] => [path.slice(1), FileType.File]);
  stat(uri: Uri) {
    if (uri.path === "/") return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).length };
  }
  readFile(uri: Uri): Uint8Array {
    const text = this.files.get(uri.path);
    if (text === undefined) throw FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(text);
  }
  createDirectory = refuse;
  writeFile = refuse;
  delete = refuse;
  rename = refuse;
}

function refuse(): never {
  throw FileSystemError.NoPermissions();
}

/** Asks until the answer matches; fails with the last one soon enough to be told. */
async function eventually(ask: () => string | Promise<string>, expected: RegExp): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (expected.test(answer)) return;
    if (Date.now() > deadline) assert.match(answer, expected);
    await delay(50);
  }
}

describe("a program on a virtual file system", function () {
  this.timeout(60_000);

  const main = Uri.parse("gradlens-memory:/main.grad.ts");
  const alone = Uri.parse("gradlens-memory:/alone.grad.ts");
  let registered: Disposable;
  before(() => {
    const files = {
      "/main.grad.ts": 'import { scale } from "./scale.grad"\nconst y = scale @ "text"\n',
      "/scale.grad.ts": 'import torch from "torch"\nexport const scale = torch.tensor([3.])\n',
      "/alone.grad.ts": 'import torch from "torch"\nconst y = torch.tensor([3.]) * 2\n',
    };
    registered = workspace.registerFileSystemProvider("gradlens-memory", new Memory(files));
  });
  after(() => registered.dispose());

  it("is checked with the programs beside it", async () => {
    await window.showTextDocument(await workspace.openTextDocument(main));
    const messages = () =>
      languages
        .getDiagnostics(main)
        .map(({ message }) => message)
        .join("\n");
    await eventually(messages, /Operator '@' cannot be applied to types 'Tensor' and 'string'/);
  });

  it("runs", async () => {
    await window.showTextDocument(await workspace.openTextDocument(alone));
    const hover = async () => {
      const found = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", alone, {
        line: 1,
        character: 6,
      });
      return found
        .flatMap(({ contents }) => contents.map((part) => (part as MarkdownString).value))
        .join("\n");
    };
    await eventually(hover, /tensor\(\[6\.\]\)/);
    await eventually(hover, /const y: torch\.Tensor/);
  });
});
