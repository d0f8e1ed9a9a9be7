import type { ClassLikeDeclaration, Node, PrivateIdentifier, SourceFile } from "typescript-js";
import ts from "../language/typescript";
import type { CompileDiagnostic } from "./diagnostic";

/**
 * Private names that no class around them declares: an early error of JavaScript's that TypeScript leaves to
 * the type checker, and that V8 does not place well.
 */
export function privateNameErrors(file: SourceFile): CompileDiagnostic[] {
  if (!file.text.includes("#")) return [];
  const errors: CompileDiagnostic[] = [];
  const declared: Set<string>[] = [];
  const visit = (node: Node): void => {
    if (ts.isPrivateIdentifier(node) && !declared.some((names) => names.has(node.text))) {
      errors.push(notDeclared(node, file));
    }
    if (!ts.isClassLike(node)) {
      ts.forEachChild(node, visit);
      return;
    }
    declared.push(privateNamesOf(node));
    ts.forEachChild(node, visit);
    declared.pop();
  };
  ts.forEachChild(file, visit);
  return errors;
}

function privateNamesOf({ members }: ClassLikeDeclaration): Set<string> {
  return new Set(members.flatMap(({ name }) => (name && ts.isPrivateIdentifier(name) ? name.text : [])));
}

function notDeclared(node: PrivateIdentifier, file: SourceFile): CompileDiagnostic {
  return {
    message: `Private field '${node.text}' must be declared in an enclosing class.`,
    start: node.getStart(file),
    end: node.end,
  };
}
