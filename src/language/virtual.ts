import type { LanguageHost } from "./service";
import { isVirtual } from "./uris";

/**
 * Files of which some are not on this machine. Those are asked of the editor: they do not exist until it has
 * answered, and `changed` then says that programs should be checked again.
 */
export function withVirtualFiles(
  disk: LanguageHost,
  read: (fileNames: string[]) => Promise<(string | null)[]>,
  changed: () => void,
): LanguageHost & { forget(fileNames?: readonly string[]): void } {
  const texts = new Map<string, string | null>();
  let asked: Set<string> | undefined;

  function ask(fileName: string) {
    if (!asked) {
      asked = new Set();
      // All that one check misses is asked for at once.
      setImmediate(() => void answer([...asked!]));
    }
    asked.add(fileName);
  }

  async function answer(fileNames: string[]) {
    asked = undefined;
    const answers = await read(fileNames).catch(() => fileNames.map(() => null));
    fileNames.forEach((fileName, i) => {
      texts.set(fileName, answers[i] ?? null);
    });
    if (answers.some((text) => text !== null)) changed();
  }

  function text(fileName: string): string | undefined {
    const known = texts.get(fileName);
    if (known === undefined) ask(fileName);
    return known ?? undefined;
  }

  return {
    fileExists: (path) => (isVirtual(path) ? text(path) !== undefined : disk.fileExists(path)),
    readFile: (path) => (isVirtual(path) ? text(path) : disk.readFile(path)),
    readFolder: (path) => (isVirtual(path) ? [] : (disk.readFolder?.(path) ?? [])),
    forget(fileNames = [...texts.keys()]) {
      for (const fileName of fileNames) texts.delete(fileName);
    },
  };
}
