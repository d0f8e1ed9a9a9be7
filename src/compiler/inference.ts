import type {
  BinaryExpression,
  Symbol as Declared,
  Expression,
  Identifier,
  Node,
  SourceFile,
} from "typescript-js";
import ts from "../language/typescript";
import { bare, isErased } from "./tree";

const { SyntaxKind } = ts;

/** A set of the types a value may have when the program runs, as bits. 0 is that of code never reached. */
export type Types = number;
export const NUMBER = 1;
export const STRING = 2;
export const BOOLEAN = 4;
export const NULLISH = 8;
export const BIGINT = 16;
/** Anything, tensors among them. */
export const OTHER = 32;

/** Whether an operator on the value surely has JavaScript's own meaning. */
export function isPrimitive(types: Types): boolean {
  return (types & OTHER) === 0;
}

/**
 * Which types each expression may have, from syntax alone and whatever the order of execution: a variable
 * has all types ever assigned to it anywhere. Type annotations are not believed, since `any` may have
 * passed a tensor through them.
 */
export class Inference {
  readonly #variables = new Map<Declared, { types: Types; sources: Expression[] }>();
  readonly #reassigned = new Set<Declared>();
  /** Final types by node; kept only once the variables' types are settled. */
  #known: Map<Node, Types> | null = null;
  readonly #used = new Set<string>();
  #definesLength = false;

  constructor(file: SourceFile) {
    const assignments: { target: Identifier; types: Types; source?: Expression }[] = [];
    this.#collect(file, assignments);
    for (const { target, types, source } of assignments) this.#assign(target, types, source);
    this.#settle();
    this.#known = new Map();
  }

  typesOf(node: Expression): Types {
    const known = this.#known?.get(node);
    if (known !== undefined) return known;
    const types = this.#evaluate(node);
    this.#known?.set(node, types);
    return types;
  }

  /** Whether a name means the same value throughout, so that it may be read twice for once. */
  isStable(name: Identifier): boolean {
    const symbol = resolve(name);
    return symbol === undefined || !this.#reassigned.has(symbol);
  }

  /** Whether a name occurs as a value, not only in types. */
  isUsed(name: string): boolean {
    return this.#used.has(name);
  }

  /** Whether a name is declared as a type and nothing else. */
  isOnlyType(name: Identifier): boolean {
    const symbol = resolve(name);
    return symbol !== undefined && (symbol.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Alias)) === 0;
  }

  /** Whether nothing in the program declares the name, so that it is the realm's. */
  isGlobal(name: Identifier): boolean {
    return resolve(name) === undefined;
  }

  #collect(node: Node, assignments: { target: Identifier; types: Types; source?: Expression }[]): void {
    const assignPattern = (pattern: Node): void => {
      for (const target of targetsOf(pattern)) assignments.push({ target, types: OTHER });
    };
    if (ts.isIdentifier(node)) {
      if (isReference(node)) this.#used.add(node.text);
    } else if (ts.isVariableDeclarationList(node)) {
      for (const { name, initializer } of node.declarations) {
        if (!ts.isIdentifier(name)) continue;
        this.#declare(name, this.#declaredTypes(node, initializer), initializer);
      }
    } else if (ts.isBinaryExpression(node) && isAssignment(node)) {
      const target = bare(node.left);
      if (!ts.isIdentifier(target)) assignPattern(target);
      else {
        const isPlain = node.operatorToken.kind === SyntaxKind.EqualsToken;
        assignments.push({ target, types: 0, source: isPlain ? node.right : node });
      }
    } else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isUpdate(node)) {
      const target = bare(node.operand);
      if (ts.isIdentifier(target)) assignments.push({ target, types: 0, source: node });
    } else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
      if (!ts.isVariableDeclarationList(node.initializer)) assignPattern(node.initializer);
    } else if (isLengthMember(node)) {
      this.#definesLength = true;
    }
    ts.forEachChild(node, (child) => {
      if (!isErased(child)) this.#collect(child, assignments);
    });
  }

  #declaredTypes(list: Node, initializer: Expression | undefined): Types {
    if (ts.isForInStatement(list.parent)) return STRING;
    if (ts.isForOfStatement(list.parent)) return OTHER;
    const isBlockScoped = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
    return initializer !== undefined && isBlockScoped ? 0 : NULLISH;
  }

  #declare(name: Identifier, types: Types, source: Expression | undefined): void {
    const symbol = resolve(name);
    if (symbol?.declarations?.every(ts.isVariableDeclaration) !== true) return;
    const variable = this.#variables.get(symbol) ?? { types: 0, sources: [] };
    variable.types |= types;
    if (source !== undefined) variable.sources.push(source);
    if (this.#variables.has(symbol)) this.#reassigned.add(symbol);
    this.#variables.set(symbol, variable);
  }

  #assign(target: Identifier, types: Types, source: Expression | undefined): void {
    const symbol = resolve(target);
    if (symbol === undefined) return;
    this.#reassigned.add(symbol);
    const variable = this.#variables.get(symbol);
    if (variable === undefined) return;
    variable.types |= types;
    if (source !== undefined) variable.sources.push(source);
  }

  /** Types only grow, so this ends. */
  #settle(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const variable of this.#variables.values()) {
        let { types } = variable;
        for (const source of variable.sources) types |= this.#evaluate(source);
        if (types === variable.types) continue;
        variable.types = types;
        changed = true;
      }
    }
  }

  #evaluate(node: Expression): Types {
    switch (node.kind) {
      case SyntaxKind.NumericLiteral:
        return NUMBER;
      case SyntaxKind.BigIntLiteral:
        return BIGINT;
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
      case SyntaxKind.TemplateExpression:
      case SyntaxKind.TypeOfExpression:
        return STRING;
      case SyntaxKind.TrueKeyword:
      case SyntaxKind.FalseKeyword:
      case SyntaxKind.DeleteExpression:
        return BOOLEAN;
      case SyntaxKind.NullKeyword:
      case SyntaxKind.VoidExpression:
        return NULLISH;
    }
    if (ts.isIdentifier(node)) return this.#name(node);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node);
    if (ts.isConditionalExpression(node)) return this.typesOf(node.whenTrue) | this.typesOf(node.whenFalse);
    if (ts.isPropertyAccessExpression(node)) return this.#property(node.expression, node.name.text);
    if (ts.isCallExpression(node)) return this.#call(node.expression);
    const inner = bare(node);
    return inner === node ? OTHER : this.typesOf(inner);
  }

  #name(node: Identifier): Types {
    const symbol = resolve(node);
    if (symbol !== undefined) return this.#variables.get(symbol)?.types ?? OTHER;
    if (node.text === "NaN" || node.text === "Infinity") return NUMBER;
    return node.text === "undefined" ? NULLISH : OTHER;
  }

  #binary(node: BinaryExpression): Types {
    const left = this.typesOf(node.left);
    const right = this.typesOf(node.right);
    const kind = node.operatorToken.kind;
    switch (kind) {
      case SyntaxKind.EqualsToken:
      case SyntaxKind.CommaToken:
        return right;
      case SyntaxKind.EqualsEqualsToken:
      case SyntaxKind.ExclamationEqualsToken:
      case SyntaxKind.EqualsEqualsEqualsToken:
      case SyntaxKind.ExclamationEqualsEqualsToken:
      case SyntaxKind.InKeyword:
      case SyntaxKind.InstanceOfKeyword:
        return BOOLEAN;
      case SyntaxKind.AmpersandAmpersandToken:
      case SyntaxKind.AmpersandAmpersandEqualsToken:
      case SyntaxKind.BarBarToken:
      case SyntaxKind.BarBarEqualsToken:
      case SyntaxKind.QuestionQuestionToken:
      case SyntaxKind.QuestionQuestionEqualsToken:
        return left | right;
    }
    if (left === 0 || right === 0) return 0;
    if (isShift(kind)) return numeric(left, right);
    if ((kind === SyntaxKind.PlusToken || kind === SyntaxKind.PlusEqualsToken) && left === STRING)
      return STRING;
    if (!isPrimitive(left | right)) return OTHER;
    switch (kind) {
      case SyntaxKind.LessThanToken:
      case SyntaxKind.LessThanEqualsToken:
      case SyntaxKind.GreaterThanToken:
      case SyntaxKind.GreaterThanEqualsToken:
        return BOOLEAN;
      case SyntaxKind.PlusToken:
      case SyntaxKind.PlusEqualsToken:
        if (left === STRING || right === STRING) return STRING;
        return ((left | right) & STRING) | numeric(left, right);
      default:
        return numeric(left, right); // `@` has no value for primitives: it throws
    }
  }

  #unary(node: { operator: number; operand: Expression }): Types {
    if (node.operator === SyntaxKind.ExclamationToken) return BOOLEAN;
    const operand = this.typesOf(node.operand);
    if (operand === 0) return 0;
    if (!isPrimitive(operand)) return OTHER;
    return node.operator === SyntaxKind.PlusToken ? NUMBER : numeric(operand, operand);
  }

  #property(object: Expression, name: string): Types {
    if (name === "length" && !this.#definesLength) {
      return object.flags & ts.NodeFlags.OptionalChain ? NUMBER | NULLISH : NUMBER;
    }
    const isConstant = /^[A-Z][A-Z0-9_]*$/.test(name);
    return isConstant && (this.#isGlobalNamed(object, "Math") || this.#isGlobalNamed(object, "Number"))
      ? NUMBER
      : OTHER;
  }

  #call(callee: Expression): Types {
    if (ts.isPropertyAccessExpression(callee)) {
      return this.#isGlobalNamed(callee.expression, "Math") ? NUMBER : OTHER;
    }
    if (!ts.isIdentifier(callee) || !this.isGlobal(callee)) return OTHER;
    return RESULTS_OF_GLOBALS.get(callee.text) ?? OTHER;
  }

  #isGlobalNamed(node: Expression, name: string): boolean {
    return ts.isIdentifier(node) && node.text === name && this.isGlobal(node);
  }
}

const RESULTS_OF_GLOBALS = new Map<string, Types>([
  ["Number", NUMBER],
  ["parseInt", NUMBER],
  ["parseFloat", NUMBER],
  ["String", STRING],
  ["Boolean", BOOLEAN],
]);

/** Arithmetic mixes no bigint with anything else: one operand that cannot be one makes a number. */
function numeric(left: Types, right: Types): Types {
  const mayBeBigint = BIGINT | OTHER;
  return left & mayBeBigint && right & mayBeBigint ? NUMBER | BIGINT : NUMBER;
}

/** The operators that tensors take no part in. */
function isShift(kind: number): boolean {
  switch (kind) {
    case SyntaxKind.LessThanLessThanToken:
    case SyntaxKind.LessThanLessThanEqualsToken:
    case SyntaxKind.GreaterThanGreaterThanToken:
    case SyntaxKind.GreaterThanGreaterThanEqualsToken:
    case SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
    case SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken:
      return true;
    default:
      return false;
  }
}

export function isAssignment(node: BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

export function isUpdate(node: { operator: number }): boolean {
  return node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
}

function isLengthMember(node: Node): boolean {
  return (
    (ts.isClassElement(node) || ts.isObjectLiteralElementLike(node)) &&
    node.name !== undefined &&
    (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) &&
    node.name.text === "length"
  );
}

function isReference(node: Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return false;
  const isMember = ts.isPropertyAssignment(parent) || ts.isClassElement(parent);
  return !isMember || parent.name !== node;
}

/** The names a destructuring assignment assigns to. */
export function targetsOf(pattern: Node): Identifier[] {
  const node = ts.isExpression(pattern) ? bare(pattern) : pattern;
  if (ts.isIdentifier(node)) return [node];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(targetsOf);
  if (ts.isObjectLiteralExpression(node)) return node.properties.flatMap(targetsOf);
  if (ts.isPropertyAssignment(node)) return targetsOf(node.initializer);
  if (ts.isShorthandPropertyAssignment(node)) return [node.name];
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) return targetsOf(node.expression);
  if (ts.isBinaryExpression(node)) return targetsOf(node.left); // with a default value
  return [];
}

/** The binder's scopes, which TypeScript keeps out of its declarations. */
interface Scope extends Node {
  locals?: Map<string, Declared>;
}

function resolve(name: Identifier): Declared | undefined {
  const key = name.escapedText as string;
  for (let scope: Scope | undefined = name; scope !== undefined; scope = scope.parent as Scope | undefined) {
    const symbol = scope.locals?.get(key);
    if (symbol !== undefined) return symbol;
  }
  return undefined;
}
