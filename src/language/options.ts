import ts from "./typescript";

/**
 * How strictly a program is checked. Lessons declare no types and rely on PyTorch's conventions, so
 * parameters may be untyped and `w.grad` is a tensor, not "possibly null": the program has run by the
 * time an error could be read, and a null that matters is reported at its line. The rest is strict.
 */
export const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noUncheckedSideEffectImports: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  strict: true,
  noImplicitAny: false,
  strictNullChecks: false,
  strictPropertyInitialization: false,
  useUnknownInCatchVariables: false,
  skipLibCheck: true,
  noEmit: true,
};
