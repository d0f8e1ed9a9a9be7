import { realpathSync } from "node:fs";
import { importRoot, isInside } from "./modules";

/**
 * The rule by which a program imports files of this machine: they lie in its folder of the workspace, or in its
 * own where it lies in none of them, and symbolic links lead nowhere else. `folders` are the workspace's, absolute
 * and with forward slashes.
 */
export function mayImportWithin(
  folders: () => readonly string[],
): (importer: string, file: string) => boolean {
  return (importer, file) => {
    const root = importRoot(importer, folders());
    return isInside(root, file) && isInside(realPathOf(root), realPathOf(file));
  };
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path).replaceAll("\\", "/");
  } catch {
    return path;
  }
}
