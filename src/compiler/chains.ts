import type {
  CallExpression,
  ElementAccessExpression,
  Expression,
  PropertyAccessExpression,
} from "typescript-js";
import ts from "../language/typescript";
import type { Compilation } from "./compilation";
import { compileKeys, readOf } from "./elements";
import { keysOf } from "./tree";

type Member = PropertyAccessExpression | ElementAccessExpression;
type Link = Member | CallExpression;

/**
 * An optional chain, given its outermost link. One without elements stays as it is. One with elements is
 * cut at each `?.`, as elements compile to expressions around what comes before them, which would no
 * longer be skipped: `a?.b[0].c` becomes `(($1 = a) == null ? void 0 : <$1.b[0].c>)`.
 */
export function compileChain(c: Compilation, node: Expression): void {
  const links = linksOf(node);
  const base = links[0]!.expression;
  const callsElement = ts.isElementAccessExpression(base) && ts.isCallExpression(links[0]!);
  if (!callsElement && !links.some(ts.isElementAccessExpression)) {
    compileLinks(c, links, base);
    return;
  }
  c.insert(c.startOf(node), "(", node);
  let receiver = compileBase(c, base, links[0]!);
  for (let next = 0; next < links.length; ) {
    const start = next;
    for (next++; next < links.length && links[next]!.questionDotToken === undefined; ) next++;
    receiver = compileSegment(c, node, links.slice(start, next), receiver, links[next]);
  }
  c.insert(node.end, ")", node);
}

/** A value just written that the next segment starts from. */
interface Receiver {
  name: string;
  /** What the value was read from, if the next segment calls it. */
  self: string | null;
}

/** The links from the innermost, which has the first `?.`, to the outermost. */
function linksOf(node: Expression): Link[] {
  const links: Link[] = [];
  for (
    let link = node;
    link.flags & ts.NodeFlags.OptionalChain;
    link = (link as Link).expression as Expression
  ) {
    if (!ts.isNonNullExpression(link)) links.unshift(link as Link);
  }
  return links;
}

function compileLinks(c: Compilation, links: Link[], base: Expression): void {
  c.expression(base, ts.isPropertyAccessExpression(base));
  for (const link of links) {
    if (!ts.isCallExpression(link)) continue;
    for (const argument of link.arguments) c.expression(argument);
  }
}

const ABSENT = ")==null?void 0:";

function compileBase(c: Compilation, base: Expression, next: Link): Receiver {
  const name = c.temporary();
  const isMethod = ts.isCallExpression(next) && isMember(base);
  c.insert(c.startOf(base), `(${name}=`, base);
  let self: string | null = null;
  if (isMethod) {
    self = c.temporary();
    c.insert(c.startOf(base), `(${self}=`, base);
    c.expression(base.expression);
    compileMember(c, base, self);
  } else {
    c.expression(base);
  }
  c.insert(base.end, ABSENT, base);
  return { name, self };
}

/** The links between two `?.`, applied to what was found before the first. */
function compileSegment(
  c: Compilation,
  chain: Expression,
  links: Link[],
  receiver: Receiver,
  following: Link | undefined,
): Receiver {
  const start = links[0]!.expression.end;
  const last = links[links.length - 1]!;
  const isMethod = following !== undefined && ts.isCallExpression(following) && isMember(last);
  const result: Receiver = { name: "", self: null };
  if (following !== undefined) {
    result.name = c.temporary();
    c.insert(start, `(${result.name}=`, chain);
  }
  // What encloses the segment's parts begins before all of them, the outermost first.
  const selves = new Map<Link, string>();
  for (let index = links.length - 1; index >= 0; index--) {
    const link = links[index]!;
    const call = links[index + 1];
    if (ts.isElementAccessExpression(link) && call !== undefined && ts.isCallExpression(call)) {
      c.insert(start, "$$.callItem(", chain);
    } else if (ts.isElementAccessExpression(link) || (isMethod && link === last)) {
      const self = c.temporary();
      selves.set(link, self);
      c.insert(start, `(${self}=`, chain);
    }
  }
  c.insert(start, receiver.name, chain);
  for (let index = 0; index < links.length; index++) {
    const link = links[index]!;
    const call = links[index + 1];
    const self = selves.get(link);
    if (ts.isElementAccessExpression(link) && call !== undefined && ts.isCallExpression(call)) {
      compileItem(c, link, call);
      index++;
    } else if (self !== undefined && isMember(link)) {
      compileMember(c, link, self);
      if (isMethod && link === last) result.self = self;
    } else if (ts.isCallExpression(link)) {
      compileArguments(c, link, index === 0 ? receiver.self : null);
    } else if (index === 0 && ts.isPropertyAccessExpression(link)) {
      c.writer.replace(start, c.startOf(link.name), ".", link);
    }
  }
  if (following !== undefined) c.insert(last.end, ABSENT, chain);
  return result;
}

function isMember(node: Expression): node is Member {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

/** Ends `(self=object` with the member of it: `).name`, or the read of an element. */
function compileMember(c: Compilation, node: Member, self: string): void {
  if (ts.isElementAccessExpression(node)) {
    const keys = compileKeys(c, node, keysOf(node.argumentExpression));
    c.insert(node.end, `,${readOf({ object: self, keys })})`, node);
  } else {
    c.writer.replace(node.expression.end, c.startOf(node.name), ").", node);
  }
}

function compileItem(c: Compilation, node: ElementAccessExpression, call: CallExpression): void {
  const argument = node.argumentExpression;
  c.writer.replace(node.expression.end, c.startOf(argument), ",[", call);
  for (const key of keysOf(argument)) c.expression(key);
  const text = JSON.stringify(c.textOf(node));
  const separator = call.arguments.length > 0 ? "," : "";
  c.writer.replace(argument.end, call.arguments.pos, `],${text}${separator}`, call);
  for (const value of call.arguments) c.expression(value);
}

function compileArguments(c: Compilation, call: CallExpression, self: string | null): void {
  const separator = call.arguments.length > 0 ? "," : "";
  const opening = self === null ? "(" : `.call(${self}${separator}`;
  c.writer.replace(call.expression.end, call.arguments.pos, opening, call);
  for (const argument of call.arguments) c.expression(argument);
}
