/**
 * The modules a program can import by name, and the declaration file of each below the types folder.
 * One for one with Python's: `import F from "torch/nn/functional"` is `import torch.nn.functional as F`. And what
 * programs show in the editor by themselves.
 */
export const moduleTypes: Readonly<Record<string, string>> = {
  torch: "torch.d.ts",
  "torch/nn": "nn.d.ts",
  "torch/nn/functional": "nn/functional.d.ts",
  "torch/nn/init": "modules/nn/init.d.ts",
  "torch/nn/parameter": "modules/nn/parameter.d.ts",
  "torch/nn/utils": "modules/nn/utils.d.ts",
  "torch/nn/utils/parametrizations": "modules/nn/utils/parametrizations.d.ts",
  "torch/nn/utils/parametrize": "modules/nn/utils/parametrize.d.ts",
  "torch/nn/utils/rnn": "modules/nn/utils/rnn.d.ts",
  "torch/optim": "optim.d.ts",
  "torch/optim/lr_scheduler": "optim/lr_scheduler.d.ts",
  "torch/autograd": "autograd.d.ts",
  "torch/autograd/functional": "modules/autograd/functional.d.ts",
  "torch/autograd/graph": "modules/autograd/graph.d.ts",
  "torch/linalg": "linalg.d.ts",
  "torch/masked": "modules/masked.d.ts",
  "torch/random": "modules/random.d.ts",
  "torch/special": "special.d.ts",
  "torch/utils": "utils.d.ts",
  "torch/utils/checkpoint": "modules/utils/checkpoint.d.ts",
  "torch/utils/data": "utils/data.d.ts",
  "gradlens/plot": "plot/plot.d.ts",
};

/** What a file that a program imports is read as. */
export type FileKind = "program" | DataKind;
export type DataKind = "json" | "csv" | "npy" | "safetensors";

/** What the file at `path` is read as, by its ending; undefined for one that cannot be imported. */
export function fileKindOf(path: string): FileKind | undefined {
  const ending = /\.(ts|json|csv|npy|safetensors)$/.exec(path)?.[1];
  return ending === "ts" ? "program" : (ending as DataKind | undefined);
}

function isDataFile(path: string): boolean {
  const kind = fileKindOf(path);
  return kind !== undefined && kind !== "program";
}

/** Reads files by absolute path with forward slashes. */
export interface FileHost {
  fileExists(path: string): boolean;
  readFile(path: string): string | undefined;
  /** Whether the program or file `importer` may import `file`. */
  mayImport?(importer: string, file: string): boolean;
}

/**
 * The file that `specifier` means in `importer`, or undefined. Relative specifiers name a file with its
 * ending, or a `.grad.ts` or `.ts` file without it; inside the types folder, a declaration file.
 */
export function resolveModule(
  specifier: string,
  importer: string,
  typesFolder: string,
  host: Pick<FileHost, "fileExists" | "mayImport">,
): string | undefined {
  if (Object.hasOwn(moduleTypes, specifier)) return `${typesFolder}/${moduleTypes[specifier]}`;
  // What declares a data file's contents names a declaration of the engine.
  if (specifier.startsWith(`${typesFolder}/`) && isDataFile(importer)) return `${specifier}.d.ts`;
  if (!isRelative(specifier)) return undefined;
  if (importer.startsWith(`${typesFolder}/`)) {
    const file = joinPath(folderOf(importer), specifier);
    return [`${file}.d.ts`, `${file}/index.d.ts`].find((candidate) => host.fileExists(candidate));
  }
  const found = importCandidates(specifier, importer).find((candidate) => host.fileExists(candidate));
  return found !== undefined && (host.mayImport?.(importer, found) ?? true) ? found : undefined;
}

/** The files that a relative specifier may mean in `importer`; the first that exists is meant. */
export function importCandidates(specifier: string, importer: string): string[] {
  if (/\/\.{0,2}$/.test(specifier)) return []; // a folder
  const file = joinPath(folderOf(importer), specifier);
  return [...(fileKindOf(file) === undefined ? [] : [file]), `${file}.grad.ts`, `${file}.ts`];
}

/** A larger file would hold the checker up; what it holds is `any`. */
const MAX_TYPED_JSON_CHARS = 1_000_000;

/** `host` with data files as TypeScript that declares what they export. */
export function withDataFiles<H extends FileHost>(host: H, typesFolder: string): H {
  const declare = (type: string, from: string) =>
    `import type { ${type} } from "${typesFolder}/${from}";\ndeclare const value: ${type};\nexport default value;\n`;
  const declarations: Partial<Record<FileKind, string>> = {
    csv: declare("Table", "io/csv"),
    npy: declare("Tensor", "tensor"),
    safetensors: declare("StateDict", "nn/state_dict"),
  };
  return {
    ...host,
    readFile(path) {
      const kind = path.startsWith(`${typesFolder}/`) ? undefined : fileKindOf(path);
      const declaration = kind && declarations[kind];
      if (declaration !== undefined) return host.fileExists(path) ? declaration : undefined;
      const text = host.readFile(path);
      return kind === "json" && text !== undefined && text.length > MAX_TYPED_JSON_CHARS ? "null" : text;
    },
  };
}

/** What to say when `resolveModule` finds nothing. */
export function moduleNotFound(specifier: string): string {
  return `Cannot find module "${specifier}". ${remedyFor(specifier)}`;
}

function remedyFor(specifier: string): string {
  if (isRelative(specifier)) {
    return "A relative import reads a .grad.ts, .ts, .json, .csv, .npy or .safetensors file in the same folder or workspace.";
  }
  const names = Object.keys(moduleTypes).map((name) => `"${name}"`);
  const modules = specifier.startsWith("torch")
    ? names.join(", ")
    : '"torch", modules of it such as "torch/nn", "gradlens/plot"';
  return `A program can import ${modules}, and files by a path that begins with "./".`;
}

export function isRelative(specifier: string): boolean {
  return /^\.\.?\//.test(specifier);
}

/** Whether `path` lies in `folder`; both absolute and without dots. */
export function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/**
 * The folder that imports of `file` do not leave: the innermost of the workspace's `folders` that it lies in,
 * else its own.
 */
export function importRoot(file: string, folders: readonly string[]): string {
  const around = folders.filter((folder) => isInside(folder, file));
  return around.sort((a, b) => b.length - a.length)[0] ?? folderOf(file);
}

export function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}

function joinPath(folder: string, relative: string): string {
  const parts = folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.splice(Math.max(1, parts.length - 1));
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
