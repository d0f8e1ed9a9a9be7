import type {
  BindingName,
  Block,
  ClassElement,
  ClassLikeDeclaration,
  Expression,
  FunctionLikeDeclaration,
  Identifier,
  Node,
  PropertyDeclaration,
} from "typescript-js";
import ts from "../language/typescript";
import type { Compilation } from "./compilation";
import { bare, hasModifier, isErased, isPrinting, namesOf } from "./tree";

export function compileFunction(c: Compilation, node: FunctionLikeDeclaration): void {
  checkDecorators(c, node);
  if (node.name !== undefined) compileName(c, node.name);
  const { line } = c;
  const isArrow = ts.isArrowFunction(node);
  c.functionDepth++;
  if (!isArrow) c.ownArgumentsDepth++;
  const parameters = node.parameters.filter((parameter) => !isErased(parameter));
  for (const parameter of parameters) {
    checkDecorators(c, parameter);
    compileBinding(c, parameter.name, compileInitializer);
    if (parameter.initializer !== undefined) compileInitializer(c, parameter.initializer);
  }
  if (node.body !== undefined) {
    const names = parameters.flatMap(({ name }) => namesOf(name));
    if (ts.isBlock(node.body)) compileBody(c, node.body, names);
    else compileArrowBody(c, node.body, names);
  }
  if (!isArrow) c.ownArgumentsDepth--;
  c.functionDepth--;
  c.line = line;
}

/** A declared name, or the default values and computed keys of a pattern. */
export function compileBinding(
  c: Compilation,
  name: BindingName,
  compileDefault: (c: Compilation, node: Expression) => void,
): void {
  if (ts.isIdentifier(name)) {
    c.checkName(name);
    return;
  }
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue;
    const { propertyName, initializer } = element;
    if (propertyName !== undefined && ts.isComputedPropertyName(propertyName)) {
      compileDefault(c, propertyName.expression);
    }
    compileBinding(c, element.name, compileDefault);
    if (initializer !== undefined) compileDefault(c, initializer);
  }
}

/** A default value or a field's value: it has no function body to declare temporaries in. */
function compileInitializer(c: Compilation, node: Expression, compile = () => c.expression(node)): void {
  const opening = c.writer.reserve(c.startOf(node), node);
  const names = c.withTemporaries(compile);
  if (names.length === 0) return;
  opening.text = `((${names.join(",")})=>(`;
  c.insert(node.end, "))()", node);
}

function compileBody(c: Compilation, body: Block, parameters: readonly Identifier[]): void {
  const start = c.startOf(body) + 1;
  const declaration = c.writer.reserve(start, body);
  for (const probe of c.parameterProbes(parameters, body)) c.insert(start, `${probe};`, body);
  const names = c.withTemporaries(() => c.statements(body.statements, start, body.end - 1, body));
  if (names.length > 0) declaration.text = `let ${names.join(",")};`;
}

function compileArrowBody(c: Compilation, body: Expression, parameters: readonly Identifier[]): void {
  const value = bare(body);
  const isSilent = ts.isCallExpression(value) && isPrinting(value.expression);
  const isProbed = c.wantsProbe(body) && !isSilent;
  c.line = c.lineAt(body.end);
  const opening = c.writer.reserve(c.startOf(body), body);
  const seen = c
    .parameterProbes(parameters, body)
    .map((probe) => `${probe},`)
    .join("");
  const names = c.withTemporaries(() => {
    if (seen !== "") c.insert(c.startOf(body), `(${seen}`, body);
    if (isProbed) c.insert(c.startOf(body), c.probe("return", body, c.rangeOf(body)), body);
    c.expression(body, true);
    if (isProbed) c.insert(body.end, ")", body);
    if (seen !== "") c.insert(body.end, ")", body);
  });
  if (names.length === 0) return;
  opening.text = `{let ${names.join(",")};return `;
  c.insert(body.end, ";}", body);
}

export function compileClass(c: Compilation, node: ClassLikeDeclaration): void {
  checkDecorators(c, node);
  if (node.name !== undefined) c.checkName(node.name);
  for (const clause of node.heritageClauses ?? []) {
    if (isErased(clause)) continue;
    for (const { expression } of clause.types) c.expression(expression, true);
  }
  for (const member of node.members) {
    if (!isErased(member)) compileMember(c, member);
  }
}

function compileMember(c: Compilation, member: ClassElement): void {
  if (ts.isPropertyDeclaration(member)) compileField(c, member);
  else if (ts.isClassStaticBlockDeclaration(member)) {
    inFunction(c, () => compileBody(c, member.body, []));
  } else if (!ts.isSemicolonClassElement(member)) compileFunction(c, member as FunctionLikeDeclaration);
}

function compileField(c: Compilation, node: PropertyDeclaration): void {
  checkDecorators(c, node);
  if (hasModifier(node, ts.SyntaxKind.AccessorKeyword)) {
    c.error(node, "Accessor fields are not supported: write a getter and a setter.");
  }
  compileName(c, node.name);
  const value = node.initializer;
  if (value !== undefined) {
    const { line } = c;
    c.line = c.lineAt(node.end);
    inFunction(c, () => {
      const isProbed = c.wantsProbe(value);
      if (isProbed) {
        const probe = c.probe("binding", value, c.rangeOf(node), c.textOf(node.name));
        c.insert(c.startOf(value), probe, node);
      }
      compileInitializer(c, value, () => c.expression(value, true));
      if (isProbed) c.insert(value.end, ")", node);
    });
    c.line = line;
  }
  c.terminate(node);
}

function inFunction(c: Compilation, compile: () => void): void {
  const { line } = c;
  c.functionDepth++;
  c.ownArgumentsDepth++;
  compile();
  c.ownArgumentsDepth--;
  c.functionDepth--;
  c.line = line;
}

function compileName(c: Compilation, name: Node): void {
  if (ts.isComputedPropertyName(name)) c.expression(name.expression);
  else if (ts.isIdentifier(name)) c.checkName(name);
}

function checkDecorators(c: Compilation, node: Node): void {
  if (!ts.canHaveDecorators(node)) return;
  for (const decorator of ts.getDecorators(node) ?? []) {
    c.error(decorator, "Decorators are not supported. (Inside an expression, `@` is the matrix product.)");
  }
}
