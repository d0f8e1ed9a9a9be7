import type {
  BinaryExpression,
  ElementAccessExpression,
  Expression,
  Node,
  PropertyAccessExpression,
} from "typescript-js";
import ts from "../language/typescript";
import type { Compilation } from "./compilation";
import { compileParts, compilePlace, elementOf, readOf, writeOf } from "./elements";
import { isPrimitive } from "./inference";
import { bare, keysOf } from "./tree";

const { SyntaxKind } = ts;

export function compileAssignment(c: Compilation, node: BinaryExpression): void {
  const { left, right } = node;
  const target = bare(left);
  if (ts.isElementAccessExpression(target) && elementOf(target) !== null) {
    c.writer.replace(c.startOf(node), c.startOf(target), "(", node);
    const names = compileParts(c, target);
    const value = c.temporary();
    c.writer.replace(target.end, c.startOf(right), `,${value}=`, node);
    compileValue(c, node, target);
    c.insert(node.end, `,${writeOf(names, value)})`, node);
    return;
  }
  compileTarget(c, left);
  if (isPattern(target)) c.expression(right);
  else compileValue(c, node, target);
}

/** The value of an assignment, recorded under the target's name. */
function compileValue(c: Compilation, node: BinaryExpression, target: Node): void {
  const { right } = node;
  const isProbed = c.wantsProbe(right);
  if (isProbed) c.insert(c.startOf(right), bindingProbe(c, node, right, target), node);
  c.expression(right, true);
  if (isProbed) c.insert(right.end, ")", node);
}

function bindingProbe(c: Compilation, node: Expression, value: Expression, target: Node): string {
  return c.probe("binding", value, c.rangeOf(node), c.textOf(target).replace(/\s+/g, " "));
}

function isPattern(node: Expression): boolean {
  return ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);
}

const ASSIGNED = "The left-hand side of an assignment expression";
const STEPPED = "The operand of an increment or decrement operator";

/** Refuses to assign to what is no place, which V8 would do at another line. */
function checkPlace(c: Compilation, node: Expression, what = ASSIGNED): void {
  const target = bare(node);
  const isMember = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  if (isMember && ts.isOptionalChain(target)) {
    c.error(target, `${what} may not be an optional property access.`);
  } else if (!isMember && !ts.isIdentifier(target)) {
    c.error(target, `${what} must be a variable or a property access.`);
  }
}

/** What `++` and `--` change. */
export function compileStep(c: Compilation, operand: Expression): void {
  checkPlace(c, operand, STEPPED);
  compilePlace(c, operand);
}

/** What stands on the left of `=` or before `of`: a name, a member, or a pattern of those. */
export function compileTarget(c: Compilation, node: Expression): void {
  const target = bare(node);
  if (ts.isArrayLiteralExpression(target)) {
    for (const element of target.elements) compileTargetWithDefault(c, element);
  } else if (ts.isObjectLiteralExpression(target)) {
    for (const property of target.properties) {
      if (property.name !== undefined && ts.isComputedPropertyName(property.name)) {
        c.expression(property.name.expression);
      }
      if (ts.isPropertyAssignment(property)) compileTargetWithDefault(c, property.initializer);
      else if (ts.isSpreadAssignment(property)) compileTarget(c, property.expression);
      else if (ts.isShorthandPropertyAssignment(property) && property.objectAssignmentInitializer) {
        c.expression(property.objectAssignmentInitializer);
      }
    }
  } else {
    checkPlace(c, target);
    if (ts.isPropertyAccessExpression(target)) c.expression(target.expression);
    else if (ts.isElementAccessExpression(target) && elementOf(target) !== null) compileSlot(c, target);
    else c.expression(target);
  }
}

function compileTargetWithDefault(c: Compilation, node: Expression): void {
  if (ts.isSpreadElement(node)) compileTarget(c, node.expression);
  else if (ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.EqualsToken) {
    compileTarget(c, node.left);
    c.expression(node.right);
  } else compileTarget(c, node);
}

function compileSlot(c: Compilation, node: ElementAccessExpression): void {
  const argument = node.argumentExpression;
  c.insert(c.startOf(node), "$$.slot(", node);
  c.expression(node.expression);
  c.writer.replace(node.expression.end, c.startOf(argument), ",[", node);
  for (const key of keysOf(argument)) c.expression(key);
  c.writer.replace(argument.end, node.end, "]).value", node);
}

export function compileCompound(c: Compilation, node: BinaryExpression, name: string): void {
  const { left, operatorToken, right } = node;
  checkPlace(c, left);
  const target = bare(left);
  if (isPrimitive(c.inference.typesOf(target) | c.inference.typesOf(right))) {
    compilePlainUpdate(c, node);
    return;
  }
  const combine = (current: string): void => {
    const probe = c.probing ? bindingProbe(c, node, node, target) : "";
    c.writer.replace(c.startOf(operatorToken), operatorToken.end, `=${probe}$$.${name}(${current},`, node);
    c.expression(right);
    c.insert(node.end, c.probing ? "))" : ")", node);
  };
  if (ts.isPropertyAccessExpression(target)) combine(compileMemberTarget(c, target));
  else if (!ts.isElementAccessExpression(target) || elementOf(target) === null) {
    c.expression(target);
    combine(c.textOf(target));
  } else {
    c.writer.replace(c.startOf(node), c.startOf(target), "(", node);
    const names = compileParts(c, target);
    const value = c.temporary();
    const probe = c.probing ? bindingProbe(c, node, node, target) : "";
    const opening = `,${value}=${probe}$$.${name}(${readOf(names)},`;
    c.writer.replace(target.end, c.startOf(right), opening, node);
    c.expression(right);
    c.insert(node.end, `${c.probing ? "))" : ")"},${writeOf(names, value)})`, node);
  }
}

/** An assignment that JavaScript alone understands: it stays, and its own value is recorded. */
export function compilePlainUpdate(c: Compilation, node: BinaryExpression): void {
  checkPlace(c, node.left);
  const isProbed = c.probing;
  if (isProbed) c.insert(c.startOf(node), bindingProbe(c, node, node, bare(node.left)), node);
  compilePlace(c, node.left);
  c.expression(node.right);
  if (isProbed) c.insert(node.end, ")", node);
}

/** Writes `object.name` with the object evaluated once, and gives a text that reads it again. */
function compileMemberTarget(c: Compilation, target: PropertyAccessExpression): string {
  const { expression: object, name } = target;
  if (isStable(c, object)) {
    c.expression(object);
    return `${c.textOf(object)}.${name.text}`;
  }
  const self = c.temporary();
  c.insert(c.startOf(object), `(${self}=`, target);
  c.expression(object);
  c.insert(object.end, ")", target);
  return `${self}.${name.text}`;
}

function isStable(c: Compilation, node: Expression): boolean {
  if (ts.isIdentifier(node)) return c.inference.isStable(node);
  return node.kind === SyntaxKind.ThisKeyword || node.kind === SyntaxKind.SuperKeyword;
}

/** `x &&= y`, `x ||= y`, `x ??= y`: assigned only if the present value does not stand. */
export function compileLogicalAssignment(c: Compilation, node: BinaryExpression): void {
  const { left, operatorToken, right } = node;
  checkPlace(c, left);
  const target = bare(left);
  const { kind } = operatorToken;
  const start = c.startOf(node);
  if (ts.isElementAccessExpression(target) && elementOf(target) !== null) {
    c.writer.replace(start, c.startOf(target), "(", node);
    const names = compileParts(c, target);
    const current = c.temporary();
    const value = c.temporary();
    const opening = `,${current}=${readOf(names)},${yields(kind, current)}?(${value}=`;
    c.writer.replace(target.end, c.startOf(right), opening, node);
    compileValue(c, node, target);
    c.insert(node.end, `,${writeOf(names, value)}):${current})`, node);
  } else if (ts.isPropertyAccessExpression(target)) {
    const { expression: object, name } = target;
    const current = c.temporary();
    const isSuper = object.kind === SyntaxKind.SuperKeyword;
    const self = isSuper ? "super" : c.temporary();
    c.writer.replace(start, c.startOf(object), isSuper ? "(" : `(${self}=`, node);
    if (!isSuper) c.expression(object);
    const member = `${self}.${name.text}`;
    const opening = `${isSuper ? "" : ","}${current}=${member},${yields(kind, current)}?${member}=`;
    c.writer.replace(isSuper ? c.startOf(object) : object.end, c.startOf(right), opening, node);
    compileValue(c, node, target);
    c.insert(node.end, `:${current})`, node);
  } else {
    const name = c.textOf(target);
    c.insert(start, `(${yields(kind, name)}?`, node);
    c.expression(target);
    c.writer.replace(c.startOf(operatorToken), operatorToken.end, "=", node);
    compileValue(c, node, target);
    c.insert(node.end, `:${name})`, node);
  }
}

/** A test of whether the present value gives way to the assigned one. */
function yields(operator: number, current: string): string {
  if (operator === SyntaxKind.QuestionQuestionEqualsToken) return `${current}==null`;
  return `${operator === SyntaxKind.BarBarEqualsToken ? "!" : ""}$$.truth(${current})`;
}
