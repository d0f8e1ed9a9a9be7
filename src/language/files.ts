import { readFileSync, statSync } from "node:fs";
import type { FileHost } from "./modules";

/** The files on this machine. A file that cannot be read does not exist. */
export const diskFiles: FileHost = {
  fileExists: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  readFile(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
};
