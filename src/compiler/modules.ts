import type {
  ClassDeclaration,
  ExportAssignment,
  ExportDeclaration,
  Expression,
  FunctionDeclaration,
  ImportDeclaration,
  Node,
  Statement,
  VariableStatement,
} from "typescript-js";
import ts from "../language/typescript";
import type { Compilation } from "./compilation";
import { hasModifier, namesOf } from "./tree";

const { SyntaxKind } = ts;

/** The name of a default export that has none of its own. */
const DEFAULT = "$$default";

/** `import d, { a as b } from "m"`: constants taken from the module, each at the name's own place. */
export function compileImport(c: Compilation, node: ImportDeclaration): void {
  const clause = node.importClause;
  if (clause?.isTypeOnly) return;
  const specifier = addImport(c, node.moduleSpecifier);
  const constants: string[] = [];
  const take = (local: string, name?: string): void => {
    if (!c.inference.isUsed(local)) return; // perhaps a type: only the checker knows
    constants.push(`${local}=$$.import(${specifier}${name === undefined ? "" : `,${JSON.stringify(name)}`})`);
  };
  if (clause?.name !== undefined) {
    c.checkName(clause.name);
    take(clause.name.text, "default");
  }
  const bindings = clause?.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) take(bindings.name.text);
  else if (bindings !== undefined) {
    for (const { isTypeOnly, name, propertyName } of bindings.elements) {
      c.checkName(name);
      if (!isTypeOnly) take(name.text, (propertyName ?? name).text);
    }
  }
  const text = constants.length > 0 ? `const ${constants.join(",")};` : `$$.import(${specifier});`;
  c.writer.replace(c.startOf(node), node.end, text, node.moduleSpecifier);
}

/** Notes an import and gives its specifier as code. */
function addImport(c: Compilation, node: Expression): string {
  if (!ts.isStringLiteral(node)) {
    c.error(node, "String literal expected.");
    return '""';
  }
  const { text } = node;
  c.imports.push({ specifier: text, ...c.rangeOf(node) });
  return JSON.stringify(text);
}

/** `export { a as b }`, with or without `from`, and `export *`; nothing of it stays in place. */
export function compileExport(c: Compilation, node: ExportDeclaration): void {
  if (node.isTypeOnly) return;
  const clause = node.exportClause;
  const specifier = node.moduleSpecifier === undefined ? null : addImport(c, node.moduleSpecifier);
  c.writer.replace(c.startOf(node), node.end, ";", node);
  if (clause === undefined) {
    c.exportedModules.push(specifier!);
    return;
  }
  if (ts.isNamespaceExport(clause)) {
    c.exports.set(clause.name.text, `$$.import(${specifier})`);
    return;
  }
  for (const { isTypeOnly, name, propertyName } of clause.elements) {
    if (isTypeOnly) continue;
    const exported = propertyName ?? name;
    const local = exported.text;
    if (specifier === null && ts.isIdentifier(exported) && c.inference.isOnlyType(exported)) continue;
    c.exports.set(name.text, specifier === null ? local : `$$.import(${specifier},${JSON.stringify(local)})`);
  }
}

/** `export default value`. */
export function compileExportAssignment(c: Compilation, node: ExportAssignment): void {
  if (node.isExportEquals) return; // reported where types are blanked
  c.exports.set("default", DEFAULT);
  c.writer.replace(c.startOf(node), c.startOf(node.expression), `const ${DEFAULT}=`, node);
  c.expression(node.expression);
  c.terminate(node);
}

/** Takes `export` and `default` off a declaration and notes what it exports. */
export function unexport(
  c: Compilation,
  node: VariableStatement | FunctionDeclaration | ClassDeclaration,
): void {
  if (!hasModifier(node, SyntaxKind.ExportKeyword)) return;
  for (const modifier of node.modifiers ?? []) {
    if (modifier.kind === SyntaxKind.ExportKeyword || modifier.kind === SyntaxKind.DefaultKeyword) {
      c.writer.erase(c.startOf(modifier), modifier.end);
    }
  }
  if (ts.isVariableStatement(node)) {
    for (const { name } of node.declarationList.declarations) {
      for (const { text } of namesOf(name)) c.exports.set(text, text);
    }
    return;
  }
  const name = node.name?.text ?? DEFAULT;
  c.exports.set(hasModifier(node, SyntaxKind.DefaultKeyword) ? "default" : name, name);
  if (node.name === undefined) c.insert(nameplace(node), ` ${DEFAULT}`, node);
}

/** Where an anonymous default export would have its name. */
function nameplace(node: Statement & (FunctionDeclaration | ClassDeclaration)): number {
  if (node.typeParameters !== undefined) return node.typeParameters.pos - 1;
  if (ts.isFunctionDeclaration(node)) return node.parameters.pos - 1;
  return node.heritageClauses?.pos ?? node.members.pos - 1;
}

/** Hands over what the program exports, once its last statement has run. */
export function compileExports(c: Compilation, end: number, owner: Node): void {
  if (c.exports.size === 0 && c.exportedModules.length === 0) return;
  const members = [
    ...c.exportedModules.map((specifier) => `...$$.exportsOf(${specifier})`),
    ...Array.from(c.exports, ([name, value]) => `${JSON.stringify(name)}:${value}`),
  ];
  c.insert(end, `$$.export({${members.join(",")}});`, owner);
}
