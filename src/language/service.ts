import { createFileCache } from "./cache";
import { type LanguageDiagnostic, toLanguageDiagnostic } from "./diagnostic";
import { type FileHost, withDataFiles } from "./modules";
import { optionsFor, type Strictness } from "./options";
import { createProject, type Project } from "./project";
import { tensorDiagnostics } from "./tensors/checks";
import { NOTHING_SEEN, type SeenValue, SeenValues } from "./tensors/seen";
import { tsconfigOptions } from "./tsconfig";
import ts from "./typescript";

export type { LanguageDiagnostic } from "./diagnostic";

/** Where declarations are found: absolute paths with forward slashes. */
export interface LanguageFolders {
  /** TypeScript's `lib.*.d.ts`. */
  lib: string;
  /** `torch.d.ts` and the other declarations of `moduleTypes`. */
  types: string;
}

/** The files around the open programs. */
export interface LanguageHost extends FileHost {
  /** What is in a folder; nothing if it cannot be read. */
  readFolder?(path: string): { name: string; isFolder: boolean }[];
  /** The programs of the workspace, open or not. */
  programs?(): readonly string[];
  /** How strictly a program is checked where no tsconfig.json says so; relaxed without this function. */
  strictness?(fileName: string): Strictness;
}

/** Checks programs as they are typed. File names are absolute paths with forward slashes. */
export interface LanguageService {
  /** Opens a program, or replaces its text. It is checked from then on in place of the file on disk. */
  update(fileName: string, text: string): void;
  close(fileName: string): void;
  /** Forgets what was read of other files and of settings. */
  refresh(): void;
  /** Problems of an open program, in the order of the source: syntax, types, and what only tensors get wrong. */
  diagnostics(fileName: string): LanguageDiagnostic[];
  /** What an open program could do without, or better. */
  suggestions(fileName: string): LanguageDiagnostic[];
  /** TypeScript's service for a program, over the open programs and their imports or over the whole workspace. */
  typescript(fileName: string, reach?: "open" | "workspace"): ts.LanguageService;
  /** What the last run saw of an open program, at its places in the text as it is now. */
  seen(fileName: string): SeenValues;
  /** A run of `source` saw these values. Ignored for a program that is not open. */
  show(fileName: string, source: string, values: readonly SeenValue[]): void;
}

interface OpenProgram {
  seen: SeenValues;
  /** Undefined until it is needed, and again after settings may have changed. */
  project: Project | undefined;
}

export function createLanguageService(host: LanguageHost, folders: LanguageFolders): LanguageService {
  const programs = new Map<string, OpenProgram>();
  const projects = new Map<string, Project>();
  const files = createFileCache(withDataFiles(host, folders.types), folders);
  const registry = ts.createDocumentRegistry(/*useCaseSensitiveFileNames*/ true);

  const optionsOf = (fileName: string) =>
    optionsFor(host.strictness?.(fileName) ?? "relaxed", tsconfigOptions(fileName, host), folders.types);

  function projectOf(fileName: string): Project {
    const program = programs.get(fileName);
    const project = program?.project ?? projectFor(optionsOf(fileName));
    if (program) program.project = project;
    return project;
  }

  /** Programs that are checked alike share a project, and so their imports. */
  function projectFor(options: ts.CompilerOptions): Project {
    const key = JSON.stringify(options);
    const known = projects.get(key);
    if (known) return known;
    const open = () => [...programs.keys()].filter((fileName) => projectOf(fileName) === project);
    const project = createProject({ host, folders, files, options, registry, open });
    projects.set(key, project);
    return project;
  }

  function refresh() {
    files.refresh();
    for (const program of programs.values()) program.project = undefined;
  }

  return {
    refresh,
    update(fileName, text) {
      const before = files.get(fileName)?.text;
      files.open(fileName, text);
      const program = programs.get(fileName);
      if (!program) programs.set(fileName, { seen: NOTHING_SEEN, project: undefined });
      else program.seen = program.seen.after(before ?? "", text);
    },
    close(fileName) {
      files.close(fileName);
      programs.delete(fileName);
    },
    diagnostics(fileName) {
      refresh();
      const { service } = projectOf(fileName);
      const ofTypes = [
        ...service.getSyntacticDiagnostics(fileName),
        ...service.getSemanticDiagnostics(fileName),
      ];
      const program = service.getProgram()!;
      const ofTensors = tensorDiagnostics(program, fileName, this.seen(fileName));
      return [...ofTypes.map(toLanguageDiagnostic), ...ofTensors].sort((a, b) => a.start - b.start);
    },
    suggestions(fileName) {
      return projectOf(fileName).service.getSuggestionDiagnostics(fileName).map(toLanguageDiagnostic);
    },
    typescript(fileName, reach = "open") {
      const project = projectOf(fileName);
      if (reach === "open") return project.service;
      files.refresh();
      return project.wide();
    },
    seen: (fileName) => programs.get(fileName)?.seen ?? NOTHING_SEEN,
    show(fileName, source, values) {
      const program = programs.get(fileName);
      if (program) program.seen = new SeenValues(values).after(source, files.get(fileName)?.text ?? "");
    },
  };
}
