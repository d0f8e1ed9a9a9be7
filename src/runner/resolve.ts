import { type CompileResult, compile, type ImportedModule } from "../compiler/compile";
import type { CompileDiagnostic } from "../compiler/diagnostic";
import { type DataKind, isRelative, moduleTypes } from "../language/modules";
import type { FileContent, ImportAnswer, ImportRequest } from "./messages";
import { type PathsOf, readTsconfigPaths } from "./tsconfigPaths";

/** A place in a source: UTF-16 offsets, end exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** A file that a program imports, itself or through another file. */
export type ImportedFile = Imported & (ProgramFile | DataFile);

interface Imported {
  /** Its path from the program's folder. */
  name: string;
  /** The import in the program through which it was found first. */
  via: Range;
  /** Its own imports: places in the list of all. */
  imports: Record<string, number>;
}

interface ProgramFile {
  kind: "program";
  source: string;
  compiled: CompileResult;
}

interface DataFile {
  kind: DataKind;
  /** In memory that threads share, since it is handed over with every run. */
  bytes: Uint8Array;
}

export type Resolution =
  | {
      kind: "resolved";
      /** Each file after those that it imports. */
      files: ImportedFile[];
      /** The program's imports: places in `files`. */
      imports: Record<string, number>;
    }
  | { kind: "failed"; diagnostics: CompileDiagnostic[] };

/** Gets the files of requests, in their order. */
export type AskForFiles = (requests: ImportRequest[]) => Promise<ImportAnswer[]>;

export interface MainProgram {
  /** Its file's name without folders. */
  name: string;
  source: string;
  compiled: CompileResult;
}

/** Whether running a program needs files besides its own. */
export function importsFiles({ imports }: CompileResult): boolean {
  return imports.some(isFile);
}

function isFile({ specifier }: ImportedModule): boolean {
  return !Object.hasOwn(moduleTypes, specifier);
}

/** The name of an imported program's frames in stacks: no other file's, and without what ends a name there. */
export function frameName({ name }: ImportedFile): string {
  return `./${name.replace(/[\s()%]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}`;
}

/** Where in a file something is: its name, and line and column from 1 of an offset. */
export function placeIn(name: string, source: string, offset: number): string {
  const before = source.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return `${name}:${before.length}:${before[before.length - 1].length + 1}`;
}

/** Finds the files that programs import, and keeps those of the latest program for its next run. */
export class ImportResolver {
  private latest: Search | null = null;

  async resolve(main: MainProgram, ask: AskForFiles): Promise<Resolution> {
    const search = new Search(main, this.latest);
    let pathsOf: PathsOf | null = null;
    for (let wanted = search.begin(); wanted.length > 0; ) {
      if (!wanted.every(isRelativeWant)) pathsOf ??= await readTsconfigPaths(main.name, ask);
      const requests = wanted.map((want) => search.requestFor(want, pathsOf));
      const answers = await ask(requests);
      wanted = answers.flatMap((answer, index) => search.take(wanted[index], answer));
    }
    this.latest = search;
    return search.result();
  }
}

/** The program or a file of it, as the search finds it. */
interface Module {
  name: string;
  /** Null for the program itself. */
  via: Range | null;
  version: string;
  content: ProgramFile | DataFile;
  /** What its imports of files mean. */
  targets: Map<string, { name: string; place: Range }>;
}

interface Want {
  importer: Module;
  place: ImportedModule;
}

class Search {
  private readonly main: Module;
  private readonly modules = new Map<string, Module>();
  private readonly diagnostics: CompileDiagnostic[] = [];
  private before: Search | null;

  /** What the search `before` found need not be sent again. */
  constructor({ name, source, compiled }: MainProgram, before: Search | null) {
    const content = { kind: "program", source, compiled } as const;
    this.main = { name, via: null, version: "", content, targets: new Map() };
    this.modules.set(name, this.main);
    this.before = before;
  }

  begin(): Want[] {
    return wantsOf(this.main);
  }

  /** `pathsOf` leads from the program, whatever file a specifier is written in. */
  requestFor({ importer, place: { specifier } }: Want, pathsOf: PathsOf | null): ImportRequest {
    const known = this.before?.find(importer.name, specifier)?.version ?? null;
    return pathsOf === null || isRelative(specifier)
      ? { importer: importer.name, specifier, paths: [specifier], known }
      : { importer: this.main.name, specifier, paths: pathsOf(specifier), known };
  }

  private find(importer: string, specifier: string): Module | undefined {
    const target = this.modules.get(importer)?.targets.get(specifier);
    return target && this.modules.get(target.name);
  }

  /** Adds an imported file and gives what it imports itself. */
  take({ importer, place }: Want, answer: ImportAnswer): Want[] {
    if (answer.kind === "refused") {
      this.refuse(importer, place, answer.message);
      return [];
    }
    const { name, version } = answer;
    importer.targets.set(place.specifier, { name, place });
    if (this.modules.has(name)) return [];
    const content =
      answer.content === null
        ? this.before!.find(importer.name, place.specifier)!.content
        : contentOf(name, answer.content);
    const module: Module = { name, via: importer.via ?? place, version, content, targets: new Map() };
    this.modules.set(name, module);
    return this.isSound(module) ? wantsOf(module) : [];
  }

  private isSound(module: Module): boolean {
    if (module.content.kind !== "program") return true;
    const { compiled } = module.content;
    const [problem] = compiled.diagnostics;
    if (problem !== undefined) this.refuse(module, problem, problem.message);
    return problem === undefined;
  }

  /** Notes a problem at a place in a module, to be shown at the import in the program. */
  private refuse({ via, name, content }: Module, place: Range, message: string): void {
    const isMain = via === null || content.kind !== "program";
    const text = isMain ? message : `${message} (in ${placeIn(name, content.source, place.start)})`;
    const { start, end } = via ?? place;
    this.diagnostics.push({ message: text, start, end });
  }

  /** To be called last. */
  result(): Resolution {
    this.before = null;
    const order = this.diagnostics.length > 0 ? [] : this.inOrder();
    if (this.diagnostics.length > 0) return { kind: "failed", diagnostics: this.diagnostics };
    const indices = new Map(order.map(({ name }, index) => [name, index]));
    const importsOf = ({ targets }: Module): Record<string, number> =>
      Object.fromEntries(Array.from(targets, ([specifier, { name }]) => [specifier, indices.get(name)!]));
    const files = order.slice(0, -1).map((module) => ({
      name: module.name,
      via: module.via!,
      imports: importsOf(module),
      ...module.content,
    }));
    return { kind: "resolved", files, imports: importsOf(this.main) };
  }

  /** Each module after those that it imports, the program last. Notes a problem where that is impossible. */
  private inOrder(): Module[] {
    const order: Module[] = [];
    const done = new Set<Module>();
    const path: Module[] = [];
    const visit = (module: Module): void => {
      if (done.has(module)) return;
      path.push(module);
      for (const { name, place } of module.targets.values()) {
        const target = this.modules.get(name)!;
        const circle = path.indexOf(target);
        if (circle < 0) visit(target);
        else this.refuse(module, place, circularImport([...path.slice(circle), target]));
      }
      path.pop();
      done.add(module);
      order.push(module);
    };
    visit(this.main);
    return order;
  }
}

function wantsOf(importer: Module): Want[] {
  if (importer.content.kind !== "program") return [];
  const { imports } = importer.content.compiled;
  return imports.filter(isFile).map((place) => ({ importer, place }));
}

function isRelativeWant({ place: { specifier } }: Want): boolean {
  return isRelative(specifier);
}

function contentOf(name: string, content: FileContent): ProgramFile | DataFile {
  if (content.kind === "program") {
    const source = content.source.replace(/^\uFEFF/, "");
    return { kind: "program", source, compiled: compile(source, { fileName: name, probes: false }) };
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(content.bytes.length));
  bytes.set(content.bytes);
  return { kind: content.kind, bytes };
}

function circularImport(circle: readonly Module[]): string {
  const names = circle.map(({ name }) => name).join(" → ");
  return `These files import each other: ${names}. Move what they share into a file of its own, or import with \`import type\` where only types are needed.`;
}
