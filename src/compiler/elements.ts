import type { CallExpression, ElementAccessExpression, Expression } from "typescript-js";
import ts from "../language/typescript";
import type { Compilation } from "./compilation";
import { bare, keysOf } from "./tree";

const { SyntaxKind } = ts;

/**
 * The parts of `x[i, j]`; null where JavaScript alone decides what an element is (`super[key]`).
 *
 * Elements are compiled in place, to `x?.__getitem__ ? x.__getitem__(i, j) : x[j]`, not to a call: V8
 * profiles each place by itself, so that arrays stay as fast as they are in JavaScript.
 */
export function elementOf(node: ElementAccessExpression): { object: Expression; keys: Expression[] } | null {
  const object = node.expression;
  if (object.kind === SyntaxKind.SuperKeyword) return null;
  return { object, keys: keysOf(node.argumentExpression) };
}

/** The names by which the parts of an element can be read again and again. */
export interface ElementNames {
  object: string;
  keys: string[];
}

export function compileRead(c: Compilation, node: ElementAccessExpression): void {
  const { object, keys } = elementOf(node)!;
  if ([object, ...keys].every(isAtom)) {
    const names = { object: c.textOf(object), keys: keys.map((key) => c.textOf(key)) };
    for (const atom of [object, ...keys]) c.expression(atom, true);
    c.writer.replace(c.startOf(node), node.end, `(${readOf(names)})`, node);
    return;
  }
  c.insert(c.startOf(node), "(", node);
  const names = compileParts(c, node);
  c.insert(node.end, `,${readOf(names)})`, node);
}

/** Writes `$1=object,$2=key`, without the brackets, and gives the names. */
export function compileParts(c: Compilation, node: ElementAccessExpression): ElementNames {
  const { object, keys } = elementOf(node)!;
  const names: ElementNames = { object: c.temporary(), keys: [] };
  c.insert(c.startOf(object), `${names.object}=`, node);
  c.expression(object);
  names.keys = compileKeys(c, node, keys);
  return names;
}

/** Writes `,$1=key` for each key in the brackets, without them. */
export function compileKeys(c: Compilation, node: ElementAccessExpression, keys: Expression[]): string[] {
  let end = node.questionDotToken === undefined ? node.expression.end : node.questionDotToken.pos;
  const names: string[] = [];
  for (const key of keys) {
    const name = c.temporary();
    names.push(name);
    // From the object's end, or the previous key's, to this key stands a bracket or a comma.
    c.writer.replace(end, c.startOf(key), `,${name}=`, node);
    c.expression(key);
    end = key.end;
  }
  c.writer.replace(end, node.end, "", node);
  return names;
}

export function readOf({ object, keys }: ElementNames): string {
  const last = keys[keys.length - 1]!;
  return `${object}?.__getitem__?${object}.__getitem__(${keys.join(",")}):${object}[${last}]`;
}

export function writeOf({ object, keys }: ElementNames, value: string): string {
  const last = keys[keys.length - 1]!;
  const indices = keys.join(",");
  return `${object}?.__setitem__?(${object}.__setitem__([${indices}],${value}),${value}):${object}[${last}]=${value}`;
}

/** `x[i](…)`, whose `this` is `x` if `x` is an ordinary object. */
export function compileCallItem(c: Compilation, call: CallExpression, node: ElementAccessExpression): void {
  const { object, keys } = elementOf(node)!;
  const text = JSON.stringify(c.textOf(node));
  c.insert(c.startOf(object), "$$.callItem(", call);
  c.expression(object);
  c.writer.replace(object.end, c.startOf(node.argumentExpression), ",[", call);
  for (const key of keys) c.expression(key);
  const opening = call.arguments.pos;
  c.writer.replace(
    node.argumentExpression.end,
    opening,
    `],${text}${call.arguments.length > 0 ? "," : ""}`,
    call,
  );
  for (const argument of call.arguments) c.expression(argument);
}

/** The operand of `delete`, `++`, `|=` and so on, where only a place can stand and JavaScript's meaning stays. */
export function compilePlace(c: Compilation, node: Expression): void {
  const place = bare(node);
  if (ts.isPropertyAccessExpression(place)) c.expression(place.expression);
  else if (ts.isElementAccessExpression(place)) {
    c.expression(place.expression);
    c.expression(place.argumentExpression);
  } else c.expression(place);
}

/** Whether an expression can be written twice among others of its kind: reading it changes nothing. */
function isAtom(node: Expression): boolean {
  if (ts.isNonNullExpression(node)) return isAtom(node.expression);
  if (ts.isIdentifier(node) || ts.isStringLiteral(node) || ts.isNumericLiteral(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand);
  return node.kind === SyntaxKind.ThisKeyword || node.kind === SyntaxKind.NullKeyword;
}
