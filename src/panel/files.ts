import * as vscode from "vscode";
import type { Files } from "./storage";

/** The files of a folder that need not be there yet; without a folder nothing is kept. */
export function folderFiles(storage: vscode.Uri | undefined): Files {
  if (storage === undefined)
    return { read: async () => null, write: async () => {}, list: async () => [], delete: async () => {} };
  const { fs } = vscode.workspace;
  const folder = vscode.Uri.joinPath(storage, "runs");
  const at = (name: string) => vscode.Uri.joinPath(folder, name);
  return {
    read: async (name) => {
      try {
        return new TextDecoder().decode(await fs.readFile(at(name)));
      } catch {
        return null; // it was not written yet
      }
    },
    write: async (name, text) => fs.writeFile(at(name), new TextEncoder().encode(text)),
    list: async () => {
      const entries = await fs.readDirectory(folder);
      const times = await Promise.all(
        entries.map(async ([name]) => ({ name, time: (await fs.stat(at(name))).mtime })),
      );
      return times.sort((a, b) => a.time - b.time).map(({ name }) => name);
    },
    delete: async (name) => fs.delete(at(name)),
  };
}
