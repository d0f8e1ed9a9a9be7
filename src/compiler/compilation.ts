import type { Expression, Identifier, Node, SourceFile, Statement } from "typescript-js";
import type { CompileDiagnostic } from "./diagnostic";
import { Inference, NUMBER } from "./inference";
import type { Line0, Site, SiteKind } from "./site";
import { isFunctionLiteral } from "./tree";
import { SourceWriter } from "./writer";

/** How the kinds of nodes are compiled; given from outside because each needs the others. */
export interface Visitors {
  expression(c: Compilation, node: Expression, probed: boolean): void;
  statements(c: Compilation, nodes: readonly Statement[], start: number, end: number, owner: Node): void;
}

/** What is known while one program is compiled, shared by everything that lowers a part of it. */
export class Compilation {
  readonly file: SourceFile;
  readonly writer: SourceWriter;
  readonly inference: Inference;
  readonly probes: boolean;
  readonly sites: Site[] = [];
  readonly diagnostics: CompileDiagnostic[] = [];
  readonly imports: { specifier: string; start: number; end: number }[] = [];
  /** The code for each exported value, by the name it is exported under. */
  readonly exports = new Map<string, string>();
  /** The specifiers, as code, of the modules whose exports are all exported. */
  readonly exportedModules: string[] = [];
  /** Whether code at the top level awaits. */
  awaits = false;
  /** How many functions enclose the current node. */
  functionDepth = 0;
  /** How many of those have `this` and `arguments` of their own. */
  ownArgumentsDepth = 0;
  /** The line that carries labels for what is being compiled. */
  line: Line0 = 0;
  /** The type-blanked source; offsets are those of the source. */
  readonly #text: string;
  #muted = 0;
  #temporaries: Temporaries = { used: 0, most: 0, countdowns: [] };
  #disposals = 0;
  readonly #visitors: Visitors;

  constructor(file: SourceFile, text: string, probes: boolean, visitors: Visitors) {
    this.file = file;
    this.#visitors = visitors;
    this.#text = text;
    this.writer = new SourceWriter(text);
    this.inference = new Inference(file);
    this.probes = probes;
  }

  /** Compiles an expression; `probed` says that a probe around it already records its value. */
  expression(node: Expression, probed = false): void {
    this.#visitors.expression(this, node, probed);
  }

  /** Compiles the statements of a block whose inside is the range given. */
  statements(nodes: readonly Statement[], start: number, end: number, owner: Node): void {
    this.#visitors.statements(this, nodes, start, end, owner);
  }

  startOf(node: Node): number {
    return node.getStart(this.file, false);
  }

  /** The text of an expression that may be written a second time: it must need no compiling. */
  textOf(node: Node): string {
    return this.#text.slice(this.startOf(node), node.end).trim();
  }

  lineAt(position: number): Line0 {
    return this.file.getLineAndCharacterOfPosition(position).line;
  }

  error(node: Node, message: string): void {
    this.diagnostics.push({ message, start: this.startOf(node), end: node.end });
  }

  checkName(node: Identifier): void {
    if (node.text.startsWith("$$")) this.error(node, "Names that begin with `$$` are reserved.");
    if (node.text === "arguments" && this.ownArgumentsDepth === 0) {
      this.error(node, "`arguments` exists only inside a function.");
    }
  }

  insert(position: number, text: string, owner: Node): void {
    this.writer.insert(position, text, owner);
  }

  /** Erases the semicolon with which blanking a type ended a statement, if there is one at `position`. */
  eraseSemicolon(position: number): void {
    if (this.#text[position] === ";" && this.file.text[position] !== ";") {
      this.writer.erase(position, position + 1);
    }
  }

  /**
   * Ends a statement or field that leaves its semicolon to the line's end: what follows may now begin
   * with a parenthesis.
   */
  terminate(node: Node): void {
    if (this.file.text[node.end - 1] !== ";") this.insert(node.end, ";", node);
  }

  /** Compiles without probes: a loop's head, which its body's probes already tell about. */
  mute(compile: () => void): void {
    this.#muted++;
    compile();
    this.#muted--;
  }

  /** Whether probes are written here. */
  get probing(): boolean {
    return this.probes && this.#muted === 0;
  }

  addSite(kind: SiteKind, range: { start: number; end: number }, name?: string): number {
    const site: Site = { kind, start: range.start, end: range.end, line: this.line };
    if (name !== undefined) site.name = name;
    if (this.functionDepth > 0) site.isInner = true;
    return this.sites.push(site) - 1;
  }

  rangeOf(node: Node): { start: number; end: number } {
    return { start: this.startOf(node), end: node.end };
  }

  /** The start of a call that records the value of `value`; the caller closes it. */
  probe(kind: SiteKind, value: Expression, range: { start: number; end: number }, name?: string): string {
    const isNumber = this.inference.typesOf(value) === NUMBER;
    return `$$.${isNumber ? "num" : "see"}(${this.addSite(kind, range, name)},`;
  }

  /** Calls that record variables by name. */
  nameProbes(names: readonly Identifier[]): string[] {
    if (!this.probing) return [];
    return names.map((name) => `${this.probe("binding", name, this.rangeOf(name), name.text)}${name.text})`);
  }

  /** What records the parameters of a function with this body. Numbers are let go: functions of them may be hot. */
  parameterProbes(names: readonly Identifier[], body: Node): string[] {
    if (!this.probing) return [];
    return names.map((name) => {
      const probe = this.probe("parameter", name, this.rangeOf(name), name.text);
      this.sites[this.sites.length - 1]!.bodyEnd = body.end;
      return `typeof ${name.text}==="object"&&${probe}${name.text})`;
    });
  }

  /** Whether a value is worth a probe: functions and classes have nothing to show, but would lose their name. */
  wantsProbe(value: Expression): boolean {
    return this.probing && !isFunctionLiteral(value);
  }

  /** A variable for the rest of the current statement. Statements of one function share them. */
  temporary(): string {
    const temporaries = this.#temporaries;
    temporaries.used++;
    temporaries.most = Math.max(temporaries.most, temporaries.used);
    return `$$${temporaries.used}`;
  }

  /** A new statement begins: what earlier ones kept in temporaries is no longer needed. */
  releaseTemporaries(): void {
    this.#temporaries.used = 0;
  }

  /** Compiles code with temporaries of its own, and gives what must be declared for it. */
  withTemporaries(compile: () => void): string[] {
    const outer = this.#temporaries;
    const own: Temporaries = { used: 0, most: 0, countdowns: [] };
    this.#temporaries = own;
    compile();
    this.#temporaries = outer;
    const names = Array.from({ length: own.most }, (_, index) => `$$${index + 1}`);
    return [...names, ...own.countdowns.map((site) => `$$k${site}=$$.left[${site}]`)];
  }

  /**
   * The start of a loop's body. Without probes nobody wants to know how often it ran, so that a variable
   * can count, which costs a loop over numbers next to nothing.
   */
  tick(site: number): string {
    if (this.probes) return `$$.tick(${site});`;
    this.#temporaries.countdowns.push(site);
    return `if(--$$k${site}===0)$$k${site}=$$.check(${site});`;
  }

  /** A fresh name for the disposal of a block with `using`. */
  disposal(): string {
    this.#disposals++;
    return `$$d${this.#disposals}`;
  }
}

interface Temporaries {
  used: number;
  most: number;
  /** Sites of the loops that count by themselves. */
  countdowns: number[];
}
