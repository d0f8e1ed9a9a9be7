import { type FileCache, GLOBALS_FILE } from "./cache";
import { moduleTypes, resolveModule } from "./modules";
import type { LanguageFolders, LanguageHost } from "./service";
import { mappedPaths } from "./tsconfig";
import ts from "./typescript";

/** Programs that are checked with the same options. */
export interface Project {
  /** Over the open programs and what they import. */
  service: ts.LanguageService;
  /**
   * Over every program of the workspace besides, for what is asked rarely. A service of its own, so that
   * checking what is being typed costs the same however large the workspace is.
   */
  wide(): ts.LanguageService;
}

interface ProjectParts {
  host: LanguageHost;
  folders: LanguageFolders;
  files: FileCache;
  options: ts.CompilerOptions;
  /** Parsed files, shared by the projects of one service. */
  registry: ts.DocumentRegistry;
  /** The open programs of this project. */
  open(): string[];
}

export function createProject(parts: ProjectParts): Project {
  const { host, open } = parts;
  const service = createService(parts, open);
  let wide: ts.LanguageService | undefined;
  return {
    service,
    wide() {
      wide ??= createService(parts, () => [...new Set([...open(), ...(host.programs?.() ?? [])])]);
      return wide;
    },
  };
}

function createService(parts: ProjectParts, programs: () => string[]): ts.LanguageService {
  const { host, folders, files, options, registry } = parts;
  const isFile = (fileName: string) => files.get(fileName) !== undefined;
  // What is not imported yet can be offered as an import.
  const modules = Object.values(moduleTypes).map((file) => `${folders.types}/${file}`);
  const roots = [GLOBALS_FILE, ...modules.filter(isFile)];
  return ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [...roots, ...programs()],
      getScriptVersion: (fileName) => String(files.get(fileName)?.version),
      getScriptSnapshot: (fileName) => {
        const document = files.get(fileName);
        return document && ts.ScriptSnapshot.fromString(document.text);
      },
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => `${folders.lib}/lib.es2023.d.ts`,
      useCaseSensitiveFileNames: () => true,
      fileExists: isFile,
      readFile: (fileName) => files.get(fileName)?.text,
      ...folderAccess(host),
      ...moduleResolution(parts, isFile),
    },
    registry,
  );
}

/** A question that TypeScript asks of its host, though it is not among the published ones. */
interface InvalidatedResolutions {
  hasInvalidatedResolutions(importer: string): boolean;
}

/** Resolves imports, and notices when a file that one leads to has come or gone. */
function moduleResolution(
  parts: ProjectParts,
  isFile: (fileName: string) => boolean,
): Pick<ts.LanguageServiceHost, "resolveModuleNameLiterals"> & InvalidatedResolutions {
  const { types } = parts.folders;
  const known = new Map<string, Map<string, string | undefined>>();
  return {
    resolveModuleNameLiterals(literals, importer) {
      const found = new Map<string, string | undefined>();
      if (!importer.startsWith(`${types}/`)) known.set(importer, found);
      return literals.map(({ text }) => {
        const resolvedFileName = resolve(text, importer, parts, isFile);
        found.set(text, resolvedFileName);
        if (resolvedFileName === undefined) return { resolvedModule: undefined };
        return { resolvedModule: { resolvedFileName, extension: extensionOf(resolvedFileName) } };
      });
    },
    hasInvalidatedResolutions(importer) {
      const resolved = known.get(importer) ?? [];
      return [...resolved].some(([specifier, file]) => resolve(specifier, importer, parts, isFile) !== file);
    },
  };
}

/** What completing the path of an import asks for. */
function folderAccess({ readFolder }: LanguageHost): Partial<ts.LanguageServiceHost> {
  const entries = (folder: string) => readFolder?.(folder.replace(/(?<=.)\/$/, "")) ?? [];
  return {
    directoryExists: () => true,
    getDirectories: (folder) => entries(folder).flatMap(({ name, isFolder }) => (isFolder ? [name] : [])),
    readDirectory: (folder, extensions = []) =>
      entries(folder)
        .filter(({ name, isFolder }) => !isFolder && extensions.some((extension) => name.endsWith(extension)))
        .map(({ name }) => `${folder.replace(/\/$/, "")}/${name}`),
  };
}

/** By the rules of programs, then by the `paths` of a tsconfig.json. */
function resolve(
  specifier: string,
  importer: string,
  { host, folders, options }: ProjectParts,
  fileExists: (fileName: string) => boolean,
): string | undefined {
  const { mayImport } = host;
  const find = (name: string, from: string) =>
    resolveModule(name, from, folders.types, { fileExists, mayImport });
  const found = find(specifier, importer);
  if (found !== undefined) return found;
  for (const path of mappedPaths(specifier, options.paths)) {
    const mapped = find(`./${path.slice(path.lastIndexOf("/") + 1)}`, path);
    if (mapped !== undefined) return mapped;
  }
  return undefined;
}

function extensionOf(fileName: string): ts.Extension {
  if (fileName.endsWith(".d.ts")) return ts.Extension.Dts;
  return fileName.endsWith(".json") ? ts.Extension.Json : ts.Extension.Ts;
}
