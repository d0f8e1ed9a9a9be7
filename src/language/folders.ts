import type { LanguageFolders } from "./service";
import ts from "./typescript";

/** The declarations that the build puts beside the compiler, in dist/. */
export function distributedFolders(): LanguageFolders {
  const compiler = ts.sys.getExecutingFilePath().replaceAll("\\", "/");
  const folder = compiler.slice(0, compiler.lastIndexOf("/"));
  return { lib: `${folder}/lib`, types: `${folder}/types` };
}
