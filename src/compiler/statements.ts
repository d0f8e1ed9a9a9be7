import type {
  Expression,
  ExpressionStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Identifier,
  IterationStatement,
  Node,
  Statement,
  TryStatement,
  VariableDeclarationList,
  VariableStatement,
} from "typescript-js";
import ts from "../language/typescript";
import { compileStep, compileTarget } from "./assignments";
import type { Compilation } from "./compilation";
import { compileCondition, compileTest } from "./conditions";
import { compileBinding, compileClass, compileFunction } from "./functions";
import { isAssignment, isUpdate, targetsOf } from "./inference";
import { compileExport, compileExportAssignment, compileExports, compileImport, unexport } from "./modules";
import {
  bare,
  isAwaitUsing,
  isErased,
  isFunctionLiteral,
  isPrinting,
  isUsing,
  namesOf,
  usingFlags,
} from "./tree";

const { SyntaxKind } = ts;

/** The statements of a block; those after a `using` are wrapped so that it is disposed of. */
export function compileStatements(
  c: Compilation,
  nodes: readonly Statement[],
  start: number,
  end: number,
  owner: Node,
): void {
  const disposal = nodes.some(isUsing) ? c.disposal() : "";
  if (disposal !== "") c.insert(start, openDisposal(disposal), owner);
  for (const node of nodes) {
    if (!isErased(node)) compileStatement(c, node, disposal);
  }
  if (ts.isSourceFile(owner)) compileExports(c, end, owner);
  if (disposal !== "") c.insert(end, closeDisposal(c, disposal, nodes.some(isAwaitUsing)), owner);
}

function openDisposal(name: string): string {
  return `const ${name}=$$.disposal();try{`;
}

function closeDisposal(c: Compilation, name: string, isAsync: boolean): string {
  if (isAsync && c.functionDepth === 0) c.awaits = true;
  const dispose = isAsync ? `await ${name}.disposeAsync()` : `${name}.dispose()`;
  return `}catch($$e){${name}.fail($$e);}finally{${dispose};}`;
}

/** `disposal` names the disposal of the block the statement is in, if it has one. */
function compileStatement(c: Compilation, node: Statement, disposal: string): void {
  const { line } = c;
  c.releaseTemporaries();
  c.line = c.lineAt(endOf(node));
  compileStatementOfKind(c, node, disposal);
  c.line = line;
}

/** Where a statement ends, not counting a semicolon: some write it on the next line. */
function endOf(node: Statement): number {
  if (ts.isVariableStatement(node)) return node.declarationList.end;
  return ts.isExpressionStatement(node) ? node.expression.end : node.end;
}

function compileStatementOfKind(c: Compilation, node: Statement, disposal: string): void {
  if (ts.isVariableStatement(node)) compileVariables(c, node, disposal);
  else if (ts.isExpressionStatement(node)) compileExpressionStatement(c, node);
  else if (ts.isBlock(node)) c.statements(node.statements, c.startOf(node) + 1, node.end - 1, node);
  else if (ts.isIfStatement(node)) {
    compileHead(c, node.thenStatement, () => compileCondition(c, node.expression));
    compileEmbedded(c, node.thenStatement, "");
    if (node.elseStatement === undefined) return;
    if (ts.isIfStatement(node.elseStatement)) compileStatement(c, node.elseStatement, "");
    else compileEmbedded(c, node.elseStatement, "");
  } else if (ts.isIterationStatement(node, false)) compileLoop(c, node);
  else if (ts.isReturnStatement(node)) {
    if (c.functionDepth === 0) c.error(node, "`return` stands only inside a function.");
    if (node.expression !== undefined) compileProbed(c, "return", node.expression);
    c.terminate(node);
  } else if (ts.isThrowStatement(node)) {
    const { expression } = node;
    const site = c.addSite("throw", c.rangeOf(expression));
    c.insert(c.startOf(expression), `$$.thrown(${site},`, expression);
    c.expression(expression, true);
    c.insert(expression.end, ")", expression);
    c.terminate(node);
  } else if (ts.isTryStatement(node)) compileTry(c, node);
  else if (ts.isSwitchStatement(node)) {
    compileHead(c, node.caseBlock, () => c.expression(node.expression));
    for (const clause of node.caseBlock.clauses) {
      if (ts.isCaseClause(clause)) c.expression(clause.expression);
      for (const statement of clause.statements) {
        if (isUsing(statement)) c.error(statement, "Put a `using` declaration into a block of its own here.");
        if (!isErased(statement)) compileStatement(c, statement, "");
      }
    }
  } else if (ts.isLabeledStatement(node)) compileStatement(c, node.statement, "");
  else if (ts.isFunctionDeclaration(node)) {
    unexport(c, node);
    compileFunction(c, node);
  } else if (ts.isClassDeclaration(node)) {
    unexport(c, node);
    compileClass(c, node);
  } else if (ts.isImportDeclaration(node)) compileImport(c, node);
  else if (ts.isExportDeclaration(node)) compileExport(c, node);
  else if (ts.isExportAssignment(node)) compileExportAssignment(c, node);
  else if (node.kind === SyntaxKind.WithStatement) c.error(node, "`with` is not available in strict code.");
  else if (node.kind === SyntaxKind.DebuggerStatement) {
    c.error(node, "`debugger` has no effect here: hover over a value to see it.");
  } else if (ts.isBreakOrContinueStatement(node)) c.terminate(node);
}

/** Compiles what stands before the body of a statement; its labels stand at the end of that part. */
function compileHead(c: Compilation, body: Node, compile: () => void): void {
  const { line } = c;
  c.line = c.lineAt(body.pos);
  compile();
  c.line = line;
}

/** A body that need not be a block becomes one, so that there is room for more. */
function compileEmbedded(c: Compilation, node: Statement, prologue: string, epilogue = ""): void {
  if (ts.isBlock(node)) {
    const start = c.startOf(node) + 1;
    if (prologue !== "") c.insert(start, prologue, node);
    compileStatement(c, node, "");
    if (epilogue !== "") c.insert(node.end - 1, epilogue, node);
  } else {
    c.insert(c.startOf(node), `{${prologue}`, node);
    compileStatement(c, node, "");
    c.insert(node.end, `${epilogue}}`, node);
  }
}

function compileProbed(c: Compilation, kind: "return" | "statement", value: Expression): void {
  const isProbed = c.wantsProbe(value);
  if (isProbed) c.insert(c.startOf(value), c.probe(kind, value, c.rangeOf(value)), value);
  c.expression(value, true);
  if (isProbed) c.insert(value.end, ")", value);
}

function compileExpressionStatement(c: Compilation, node: ExpressionStatement): void {
  const { expression } = node;
  const value = bare(expression);
  if (ts.isPostfixUnaryExpression(value) || (ts.isPrefixUnaryExpression(value) && isUpdate(value))) {
    compileUpdateStatement(c, value);
  } else if (isSilent(value)) c.expression(expression, true);
  else compileProbed(c, "statement", expression);
  c.terminate(node);
  if (ts.isBinaryExpression(value) && isAssignment(value)) {
    const target = bare(value.left);
    if (!ts.isIdentifier(target)) compileNameProbes(c, node, targetsOf(target));
  }
}

/** A statement without a value worth showing, or whose parts record theirs. */
function isSilent(value: Expression): boolean {
  if (ts.isBinaryExpression(value)) return isAssignment(value);
  if (ts.isCallExpression(value)) {
    return value.expression.kind === SyntaxKind.SuperKeyword || isPrinting(value.expression);
  }
  return (
    ts.isVoidExpression(value) || ts.isDeleteExpression(value) || ts.isStringLiteral(value) // a directive
  );
}

/** `x++` as a statement shows the value that `x` then has. */
function compileUpdateStatement(
  c: Compilation,
  node: Expression & { operator: number; operand: Expression },
): void {
  if (!c.probing) {
    c.expression(node);
    return;
  }
  const { operand } = node;
  const probe = c.probe("binding", node, c.rangeOf(node), c.textOf(operand));
  const operator = node.operator === SyntaxKind.PlusPlusToken ? "++" : "--";
  c.writer.replace(c.startOf(node), c.startOf(operand), probe + operator, node);
  compileStep(c, operand);
  c.writer.replace(operand.end, node.end, ")", node);
}

/** Records variables after the statement that set them, or at the start of a loop's body. */
function compileNameProbes(c: Compilation, node: Node, names: readonly Identifier[]): void {
  if (c.probing && names.length > 0) c.insert(node.end, nameProbes(c, names), node);
}

function nameProbes(c: Compilation, names: readonly Identifier[]): string {
  return c
    .nameProbes(names)
    .map((probe) => `${probe};`)
    .join("");
}

function compileVariables(c: Compilation, node: VariableStatement, disposal: string): void {
  const list = node.declarationList;
  unexport(c, node);
  const using = usingFlags(list);
  if (using !== 0) c.writer.replace(c.startOf(list), c.startOf(list.declarations[0]!), "const ", list);
  for (const { name, initializer } of list.declarations) {
    compileBinding(c, name, (_, value) => c.expression(value));
    if (initializer === undefined) continue;
    const start = c.startOf(initializer);
    if (using !== 0) {
      const method = using === ts.NodeFlags.Using ? "use" : "useAsync";
      c.insert(start, `${disposal}.${method}(`, initializer);
      c.expression(initializer);
      c.insert(initializer.end, ")", initializer);
    } else if (ts.isIdentifier(name) && c.wantsProbe(initializer)) {
      const range = { start: c.startOf(name), end: initializer.end };
      c.insert(start, c.probe("binding", initializer, range, name.text), initializer);
      c.expression(initializer, true);
      c.insert(initializer.end, ")", initializer);
    } else c.expression(initializer, isFunctionLiteral(initializer));
  }
  c.terminate(node);
  const destructured = list.declarations.filter(({ name }) => !ts.isIdentifier(name));
  compileNameProbes(
    c,
    node,
    destructured.flatMap(({ name }) => namesOf(name)),
  );
}

function compileLoop(c: Compilation, node: IterationStatement): void {
  const body = node.statement;
  const bodyStart = ts.isDoStatement(node) ? c.startOf(body) : body.pos;
  const range = { start: c.startOf(node), end: ts.isDoStatement(node) ? node.end : bodyStart };
  const { line } = c;
  c.line = c.lineAt(bodyStart);
  const loop = c.addSite("loop", range);
  c.sites[loop]!.bodyEnd = node.end;
  const tick = c.tick(loop);
  if (ts.isDoStatement(node)) {
    c.line = line;
    compileEmbedded(c, body, tick);
    compileCondition(c, node.expression);
    c.terminate(node);
    return;
  }
  if (ts.isWhileStatement(node)) {
    compileCondition(c, node.expression);
    c.line = line;
    compileEmbedded(c, body, tick);
  } else if (ts.isForStatement(node)) {
    c.mute(() => compileForHead(c, node));
    const probes = nameProbes(c, declaredNames(node.initializer));
    c.line = line;
    compileEmbedded(c, body, tick + probes);
  } else compileIteration(c, node as ForOfStatement | ForInStatement, tick, line);
}

function compileForHead(c: Compilation, { initializer, condition, incrementor }: ForStatement): void {
  if (initializer !== undefined) {
    if (ts.isVariableDeclarationList(initializer)) compileDeclarations(c, initializer);
    else c.expression(initializer);
  }
  if (condition !== undefined) compileTest(c, condition);
  if (incrementor !== undefined) c.expression(incrementor);
}

function compileDeclarations(c: Compilation, list: VariableDeclarationList): void {
  if (usingFlags(list) !== 0) c.error(list, "Declare what a loop is `using` before the loop.");
  for (const { name, initializer } of list.declarations) {
    compileBinding(c, name, (_, value) => c.expression(value));
    if (initializer !== undefined) c.expression(initializer);
  }
}

function compileIteration(
  c: Compilation,
  node: ForOfStatement | ForInStatement,
  tick: string,
  line: number,
): void {
  const { initializer } = node;
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined && c.functionDepth === 0) c.awaits = true;
  let names: Identifier[];
  let disposal = "";
  let using = 0;
  if (ts.isVariableDeclarationList(initializer)) {
    const { name } = initializer.declarations[0]!;
    names = namesOf(name);
    using = usingFlags(initializer);
    if (using !== 0) {
      c.writer.replace(c.startOf(initializer), c.startOf(name), "const ", initializer);
      disposal = c.disposal();
    }
    compileBinding(c, name, (_, value) => c.expression(value));
  } else {
    names = targetsOf(initializer);
    compileTarget(c, initializer);
  }
  c.expression(node.expression);
  const probes = nameProbes(c, names);
  c.line = line;
  if (disposal === "") compileEmbedded(c, node.statement, tick + probes);
  else {
    const method = using === ts.NodeFlags.Using ? "use" : "useAsync";
    const prologue = `${tick}${openDisposal(disposal)}${disposal}.${method}(${names[0]!.text});${probes}`;
    compileEmbedded(c, node.statement, prologue, closeDisposal(c, disposal, using !== ts.NodeFlags.Using));
  }
}

function declaredNames(initializer: Node | undefined): Identifier[] {
  if (initializer === undefined || !ts.isVariableDeclarationList(initializer)) return [];
  return initializer.declarations.flatMap(({ name }) => namesOf(name));
}

function compileTry(c: Compilation, node: TryStatement): void {
  compileStatement(c, node.tryBlock, "");
  const clause = node.catchClause;
  if (clause !== undefined) {
    const { block, variableDeclaration } = clause;
    let probes = "";
    if (variableDeclaration !== undefined) {
      compileHead(c, block, () => {
        compileBinding(c, variableDeclaration.name, (_, value) => c.expression(value));
        probes = nameProbes(c, namesOf(variableDeclaration.name));
      });
    }
    compileEmbedded(c, block, probes);
  }
  if (node.finallyBlock !== undefined) compileStatement(c, node.finallyBlock, "");
}
