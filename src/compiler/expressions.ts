import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Expression,
  Node,
  PrefixUnaryExpression,
  TemplateExpression,
} from "typescript-js";
import ts from "../language/typescript";
import {
  compileAssignment,
  compileCompound,
  compileLogicalAssignment,
  compilePlainUpdate,
  compileStep,
} from "./assignments";
import { compileChain } from "./chains";
import type { Compilation } from "./compilation";
import { compileCondition, compileTest } from "./conditions";
import { compileCallItem, compilePlace, compileRead, elementOf } from "./elements";
import { compileClass, compileFunction } from "./functions";
import { isAssignment, isPrimitive, isUpdate, STRING } from "./inference";
import { BINARY, COMPOUND, LOGICAL_ASSIGNMENT, UNARY } from "./operators";
import { childrenOf, isErased, isPrinting } from "./tree";

const { SyntaxKind } = ts;

export function compileExpression(c: Compilation, node: Expression, probed: boolean): void {
  if (node.flags & ts.NodeFlags.OptionalChain) {
    probing(c, node, probed || !isValueOfInterest(node), () => compileChain(c, node));
    return;
  }
  if (ts.isIdentifier(node)) c.checkName(node);
  else if (ts.isParenthesizedExpression(node)) c.expression(node.expression, probed);
  else if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    c.expression(node.expression, probed);
    // Blanking ends a statement here that the source lets run on to its line's end; so do we, later.
    c.eraseSemicolon(node.expression.end);
  } else if (ts.isNonNullExpression(node)) c.expression(node.expression, probed);
  else if (ts.isBinaryExpression(node)) compileBinary(c, node, probed);
  else if (ts.isPrefixUnaryExpression(node)) compilePrefix(c, node, probed);
  else if (ts.isConditionalExpression(node)) compileConditional(c, node);
  else if (ts.isCallExpression(node)) compileCall(c, node, probed);
  else if (ts.isNewExpression(node)) {
    probing(c, node, probed, () => {
      compileConstructor(c, node.expression);
      for (const argument of node.arguments ?? []) c.expression(argument);
    });
  } else if (ts.isTaggedTemplateExpression(node)) compileTaggedTemplate(c, node.tag, node.template);
  else if (ts.isElementAccessExpression(node)) {
    if (elementOf(node) === null) compileChildren(c, node);
    else probing(c, node, probed, () => compileRead(c, node));
  } else if (ts.isPropertyAccessExpression(node)) {
    probing(c, node, probed || !isValueOfInterest(node), () => c.expression(node.expression));
  } else if (ts.isTemplateExpression(node)) compileTemplate(c, node);
  else if (ts.isAwaitExpression(node)) {
    if (c.functionDepth === 0) c.awaits = true;
    probing(c, node, probed, () => c.expression(node.expression, true));
  } else if (ts.isDeleteExpression(node)) compilePlace(c, node.expression);
  else if (ts.isPostfixUnaryExpression(node)) compileStep(c, node.operand);
  else if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) compileFunction(c, node);
  else if (ts.isClassExpression(node)) compileClass(c, node);
  else if (ts.isMetaProperty(node)) {
    if (node.keywordToken === SyntaxKind.ImportKeyword) c.error(node, "`import.meta` is not available here.");
  } else compileChildren(c, node);
}

/** Compiles whatever a node consists of: expressions, functions, and names that are no expressions. */
function compileChildren(c: Compilation, node: Node): void {
  for (const child of childrenOf(node)) {
    if (isErased(child)) continue;
    if (ts.isMethodDeclaration(child) || ts.isAccessor(child)) compileFunction(c, child);
    else if (ts.isShorthandPropertyAssignment(child)) c.checkName(child.name);
    else if (ts.isPropertyName(child) && isNameOf(child, node)) {
      if (ts.isComputedPropertyName(child)) c.expression(child.expression);
    } else if (ts.isExpression(child)) c.expression(child);
    else compileChildren(c, child);
  }
}

function isNameOf(child: Node, node: Node): boolean {
  return (node as { name?: Node }).name === child;
}

/** Records the value of what `compile` writes, unless a probe around it already does. */
function probing(c: Compilation, node: Expression, probed: boolean, compile: () => void): void {
  if (probed || !c.probing) {
    compile();
    return;
  }
  c.insert(c.startOf(node), c.probe("expression", node, c.rangeOf(node)), node);
  compile();
  c.insert(node.end, ")", node);
}

/** Of all properties only the gradient is worth a probe; calls always are. */
function isValueOfInterest(node: Expression): boolean {
  return ts.isPropertyAccessExpression(node) ? node.name.text === "grad" : true;
}

function compileBinary(c: Compilation, node: BinaryExpression, probed: boolean): void {
  const { left, operatorToken, right } = node;
  const { kind } = operatorToken;
  if (kind === SyntaxKind.EqualsToken) compileAssignment(c, node);
  else if (COMPOUND.has(kind)) compileCompound(c, node, COMPOUND.get(kind)!);
  else if (LOGICAL_ASSIGNMENT.has(kind)) compileLogicalAssignment(c, node);
  else if (isAssignment(node)) compilePlainUpdate(c, node);
  else if (BINARY.has(kind)) compileOperator(c, node, BINARY.get(kind)!, probed);
  else if (kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken) {
    compileLogical(c, node);
  } else if (kind === SyntaxKind.CommaToken) {
    // What is written around an expression may be the parentheses of a call.
    c.insert(c.startOf(node), "(", node);
    c.expression(left);
    c.expression(right);
    c.insert(node.end, ")", node);
  } else {
    c.expression(left);
    c.expression(right);
  }
}

function compileOperator(c: Compilation, node: BinaryExpression, name: string, probed: boolean): void {
  const { left, operatorToken, right } = node;
  const leftTypes = c.inference.typesOf(left);
  const isText = name === "add" && leftTypes === STRING; // takes anything, as in JavaScript
  if (isText || (isPrimitive(leftTypes | c.inference.typesOf(right)) && name !== "matmul")) {
    c.expression(left);
    c.expression(right);
    return;
  }
  probing(c, node, probed, () => {
    c.insert(c.startOf(node), `$$.${name}(`, node);
    c.expression(left);
    c.writer.replace(c.startOf(operatorToken), operatorToken.end, ",", node);
    c.expression(right);
    c.insert(node.end, ")", node);
  });
}

/** `a && b` and `a || b` where the value counts: that of `a` must not be lost in testing it. */
function compileLogical(c: Compilation, node: BinaryExpression): void {
  const { left, operatorToken, right } = node;
  if (isPrimitive(c.inference.typesOf(left))) {
    c.expression(left);
    c.expression(right);
    return;
  }
  const isAnd = operatorToken.kind === SyntaxKind.AmpersandAmpersandToken;
  c.insert(c.startOf(node), "($$.holds(", node);
  c.expression(left);
  const otherwise = isAnd ? ")?" : ")?$$.held():";
  c.writer.replace(c.startOf(operatorToken), operatorToken.end, otherwise, node);
  c.expression(right);
  c.insert(node.end, isAnd ? ":$$.held())" : ")", node);
}

function compilePrefix(c: Compilation, node: PrefixUnaryExpression, probed: boolean): void {
  const { operator, operand } = node;
  const start = c.startOf(node);
  if (isUpdate(node)) compileStep(c, operand);
  else if (operator === SyntaxKind.ExclamationToken) compileTest(c, operand);
  else if (isPrimitive(c.inference.typesOf(operand))) {
    // `-x ** 2` is a syntax error in JavaScript.
    const isPower = isPowerOf(operand);
    if (isPower) c.insert(c.startOf(operand), "(", node);
    c.expression(operand);
    if (isPower) c.insert(operand.end, ")", node);
  } else {
    probing(c, node, probed, () => {
      c.writer.replace(start, start + 1, `$$.${UNARY.get(operator)}(`, node);
      c.expression(operand);
      c.insert(node.end, ")", node);
    });
  }
}

function isPowerOf(node: Expression): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.AsteriskAsteriskToken;
}

function compileConditional(c: Compilation, node: ConditionalExpression): void {
  compileCondition(c, node.condition);
  c.expression(node.whenTrue);
  c.expression(node.whenFalse);
}

function compileCall(c: Compilation, node: CallExpression, probed: boolean): void {
  const callee = node.expression;
  if (callee.kind === SyntaxKind.ImportKeyword) {
    c.error(node, "`import()` is not available: import at the top of the file.");
    return;
  }
  const isSilent = callee.kind === SyntaxKind.SuperKeyword || isPrinting(callee);
  probing(c, node, probed || isSilent, () => {
    const item = bareCallee(callee);
    if (ts.isElementAccessExpression(item) && elementOf(item) !== null) {
      compileCallItem(c, node, item);
      return;
    }
    c.expression(callee, ts.isPropertyAccessExpression(item));
    for (const argument of node.arguments) {
      if (isPrinting(callee)) compilePrinted(c, argument);
      else c.expression(argument);
    }
  });
}

/** What a program prints is shown beside the line that prints it, unless the source says it already. */
function compilePrinted(c: Compilation, node: Expression): void {
  if (!c.wantsProbe(node) || ts.isSpreadElement(node) || ts.isLiteralExpression(node)) {
    c.expression(node);
    return;
  }
  c.insert(c.startOf(node), c.probe("printed", node, c.rangeOf(node)), node);
  c.expression(node, true);
  c.insert(node.end, ")", node);
}

/** A callee without what does not change its `this`. */
function bareCallee(node: Expression): Expression {
  return ts.isNonNullExpression(node) ? bareCallee(node.expression) : node;
}

/** The class in `new a.b[c](…)`: a call in it, as a probe is one, would end what `new` applies to. */
function compileConstructor(c: Compilation, node: Expression): void {
  if (ts.isPropertyAccessExpression(node)) compileConstructor(c, node.expression);
  else c.expression(node, true);
}

/** The tag is called with its object as `this`, so an element stays as it is. */
function compileTaggedTemplate(c: Compilation, tag: Expression, template: Expression): void {
  if (ts.isElementAccessExpression(tag)) compilePlace(c, tag);
  else c.expression(tag, true);
  if (!ts.isTemplateExpression(template)) return;
  for (const span of template.templateSpans) c.expression(span.expression);
}

function compileTemplate(c: Compilation, node: TemplateExpression): void {
  for (const { expression } of node.templateSpans) {
    if (isPrimitive(c.inference.typesOf(expression))) {
      c.expression(expression);
      continue;
    }
    c.insert(c.startOf(expression), "$$.format(", expression);
    c.expression(expression);
    c.insert(expression.end, ")", expression);
  }
}
