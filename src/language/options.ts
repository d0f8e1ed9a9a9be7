import { moduleTypes } from "./modules";
import ts from "./typescript";

/**
 * How strictly a program is checked. `relaxed` is for lessons, which declare no types and rely on PyTorch's
 * conventions: parameters may be untyped and `w.grad` is a tensor, not "possibly null". The program has
 * run by the time an error could be read, and a null that matters is reported at its line. `strict` is
 * TypeScript's own `strict`.
 */
export type Strictness = "relaxed" | "strict";

/** The options of a tsconfig.json that say how strictly to check and where modules are. */
const RESPECTED = [
  "strict",
  "noImplicitAny",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictPropertyInitialization",
  "noImplicitThis",
  "useUnknownInCatchVariables",
  "exactOptionalPropertyTypes",
  "noUncheckedIndexedAccess",
  "noPropertyAccessFromIndexSignature",
  "noImplicitOverride",
  "noImplicitReturns",
  "noFallthroughCasesInSwitch",
  "noUnusedLocals",
  "noUnusedParameters",
  "allowUnreachableCode",
  "allowUnusedLabels",
  "paths",
] as const satisfies (keyof ts.CompilerOptions)[];

const RELAXED: ts.CompilerOptions = {
  strict: true,
  noImplicitAny: false,
  strictNullChecks: false,
  strictPropertyInitialization: false,
  useUnknownInCatchVariables: false,
};

const ALWAYS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // There are no packages to look into.
  resolvePackageJsonExports: false,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noUncheckedSideEffectImports: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * How TypeScript checks a program: as the settings of the editor say, unless the `tsconfig` beside the program
 * says otherwise. A `strict` there replaces what follows from the settings as a whole.
 */
export function optionsFor(
  strictness: Strictness,
  tsconfig: ts.CompilerOptions,
  typesFolder: string,
): ts.CompilerOptions {
  const fromSettings = strictness === "strict" || tsconfig.strict ? { strict: true } : RELAXED;
  const respected = Object.fromEntries(
    RESPECTED.filter((name) => tsconfig[name] !== undefined).map((name) => [name, tsconfig[name]]),
  );
  return {
    ...ALWAYS,
    ...fromSettings,
    ...respected,
    paths: { ...tsconfig.paths, ...modulePaths(typesFolder) },
  };
}

/** TypeScript reads from these how to write an import that it adds. */
function modulePaths(typesFolder: string): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(moduleTypes).map(([name, file]) => [name, [`${typesFolder}/${file}`]]),
  );
}
