/**
 * The modules a program can import by name, and the declaration file of each below the types folder.
 * One for one with Python's: `import F from "torch/nn/functional"` is `import torch.nn.functional as F`.
 */
export const moduleTypes: Readonly<Record<string, string>> = {
  torch: "torch.d.ts",
  "torch/nn": "nn.d.ts",
  "torch/nn/functional": "nn/functional.d.ts",
  "torch/optim": "optim.d.ts",
  "torch/optim/lr_scheduler": "optim/lr_scheduler.d.ts",
  "torch/autograd": "autograd.d.ts",
  "torch/linalg": "linalg.d.ts",
  "torch/special": "special.d.ts",
  "torch/utils/data": "utils/data.d.ts",
};

/** Reads files by absolute path with forward slashes. */
export interface FileHost {
  fileExists(path: string): boolean;
  readFile(path: string): string | undefined;
}

/**
 * The file that `specifier` means in `importer`, or undefined. Relative specifiers name a file with its
 * ending, or a `.grad.ts` or `.ts` file without it; inside the types folder, a declaration file.
 */
export function resolveModule(
  specifier: string,
  importer: string,
  typesFolder: string,
  host: Pick<FileHost, "fileExists">,
): string | undefined {
  if (Object.hasOwn(moduleTypes, specifier)) return `${typesFolder}/${moduleTypes[specifier]}`;
  if (!isRelative(specifier)) return undefined;
  const file = joinPath(importer.slice(0, importer.lastIndexOf("/")), specifier);
  const candidates = importer.startsWith(`${typesFolder}/`)
    ? [`${file}.d.ts`, `${file}/index.d.ts`]
    : [...(/\.(ts|json)$/.test(file) ? [file] : []), `${file}.grad.ts`, `${file}.ts`];
  return candidates.find((candidate) => host.fileExists(candidate));
}

/** What to say when `resolveModule` finds nothing. */
export function moduleNotFound(specifier: string): string {
  const remedy = isRelative(specifier)
    ? "A relative import reads a .grad.ts, .ts or .json file."
    : `A program can import ${list(Object.keys(moduleTypes))}, and files by a path that begins with "./".`;
  return `Cannot find module "${specifier}". ${remedy}`;
}

function isRelative(specifier: string): boolean {
  return /^\.\.?\//.test(specifier);
}

function joinPath(folder: string, relative: string): string {
  const parts = folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function list(names: string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
