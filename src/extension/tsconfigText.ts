// The package's default for Node cannot be bundled: it finds its parts at run time.
import { applyEdits, modify, parse } from "jsonc-parser/lib/esm/main.js";

const PATTERN = "**/*.grad.ts";

interface Tsconfig {
  exclude?: string[];
  compilerOptions?: { outDir?: string };
}

/** A tsconfig.json that leaves `.grad.ts` files out, comments and all; what was left out by default still is. */
export function withExclude(text: string): string {
  const { exclude, compilerOptions }: Tsconfig = parse(text) ?? {};
  const { outDir } = compilerOptions ?? {};
  const before = exclude ?? ["node_modules", ...(outDir ? [outDir] : [])];
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize: 2, eol: "\n" };
  return applyEdits(text, modify(text, ["exclude"], [...before, PATTERN], { formattingOptions }));
}
