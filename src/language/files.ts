import { readdirSync, readFileSync, statSync } from "node:fs";
import type { LanguageHost } from "./service";

/** The files on this machine. A file that cannot be read does not exist. */
export const diskFiles: LanguageHost = {
  fileExists: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  readFile(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  readFolder(path) {
    try {
      const entries = readdirSync(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    } catch {
      return [];
    }
  },
};
