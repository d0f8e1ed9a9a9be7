import { diskFiles } from "../../src/language/files";
import { createLanguageService, type LanguageFolders } from "../../src/language/service";
import { repoRoot } from "../repo";

const root = repoRoot.replaceAll("\\", "/");
export const fixtures = `${root}/test/language/fixtures`;

/** TypeScript's own libraries as built, and a small torch.d.ts of the tests. */
export const folders: LanguageFolders = { lib: `${root}/dist/lib`, types: `${fixtures}/types` };

const service = createLanguageService(diskFiles, folders);

/** The errors of a program, each as `TSnnnn «source text» message`. */
export function errorsOf(program: string, fileName = `${fixtures}/program.grad.ts`): string[] {
  service.update(fileName, program);
  const found = service.diagnostics(fileName).filter(({ severity }) => severity === "error");
  const errors = found.map(({ code, start, end, message }) => {
    return `TS${code} «${program.slice(start, end)}» ${message}`;
  });
  service.close(fileName);
  return errors;
}
