import type { BindingName, Expression, Identifier, Node, Statement } from "typescript-js";
import ts from "../language/typescript";

const { SyntaxKind } = ts;

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

/** Whether a node exists only for the type checker, so that nothing of it is left when the program runs. */
export function isErased(node: Node): boolean {
  const { kind } = node;
  if (kind >= SyntaxKind.FirstTypeNode && kind <= SyntaxKind.LastTypeNode) return true;
  switch (kind) {
    case SyntaxKind.TypeParameter:
    case SyntaxKind.InterfaceDeclaration:
    case SyntaxKind.TypeAliasDeclaration:
    case SyntaxKind.IndexSignature:
    case SyntaxKind.NamespaceExportDeclaration:
      return true;
    case SyntaxKind.FunctionDeclaration:
    case SyntaxKind.MethodDeclaration:
    case SyntaxKind.Constructor:
    case SyntaxKind.GetAccessor:
    case SyntaxKind.SetAccessor:
      return (node as { body?: Node }).body === undefined;
    case SyntaxKind.HeritageClause:
      return (node as { token?: number }).token === SyntaxKind.ImplementsKeyword;
    case SyntaxKind.VariableStatement:
    case SyntaxKind.ClassDeclaration:
    case SyntaxKind.EnumDeclaration:
    case SyntaxKind.ModuleDeclaration:
      return hasModifier(node, SyntaxKind.DeclareKeyword);
    case SyntaxKind.PropertyDeclaration:
      return hasModifier(node, SyntaxKind.DeclareKeyword) || hasModifier(node, SyntaxKind.AbstractKeyword);
    case SyntaxKind.Parameter: {
      const { name } = node as unknown as { name: Node };
      return ts.isIdentifier(name) && name.text === "this";
    }
    default:
      return false;
  }
}

export function hasModifier(node: Node, kind: number): boolean {
  return ts.canHaveModifiers(node) && node.modifiers?.some((modifier) => modifier.kind === kind) === true;
}

/** The names a declaration binds, in order. */
export function namesOf(name: BindingName): Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}

/** An expression without the parentheses and type assertions around it. */
export function bare(node: Expression): Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** Whether a value is a function or class written out: it takes its name from where it stands. */
export function isFunctionLiteral(node: Expression): boolean {
  const inner = bare(node);
  return ts.isFunctionExpression(inner) || ts.isArrowFunction(inner) || ts.isClassExpression(inner);
}

/** The keys in the brackets of `x[i, j]`. */
export function keysOf(argument: Expression): Expression[] {
  return ts.isBinaryExpression(argument) && argument.operatorToken.kind === SyntaxKind.CommaToken
    ? [...keysOf(argument.left), argument.right]
    : [argument];
}

export function isUsing(node: Statement): boolean {
  return ts.isVariableStatement(node) && usingFlags(node.declarationList) !== 0;
}

export function isAwaitUsing(node: Statement): boolean {
  return ts.isVariableStatement(node) && usingFlags(node.declarationList) === ts.NodeFlags.AwaitUsing;
}

/** `NodeFlags.Using`, `NodeFlags.AwaitUsing` or 0. The flags of `using` include that of `const`'s place. */
export function usingFlags(list: Node): number {
  const flags = list.flags & ts.NodeFlags.BlockScoped;
  return flags === ts.NodeFlags.Using || flags === ts.NodeFlags.AwaitUsing ? flags : 0;
}

/** Whether a call is made for its output: its value is undefined. */
export function isPrinting(callee: Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === "print";
  return (
    ts.isPropertyAccessExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "console"
  );
}
