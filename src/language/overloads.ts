import { nodeAt } from "./syntax";
import ts from "./typescript";

/** "No overload matches this call." */
const NO_OVERLOAD = 2769;
const UNKNOWN_KEYWORD = 2353;
const MISSPELT_KEYWORD = 2561;

/** A misspelt keyword of a call with several signatures. */
export interface UnexpectedKeyword {
  start: number;
  end: number;
  message: string;
  code: number;
}

/**
 * Why no signature of a call applies, if it is a keyword that there is not: TypeScript goes through the
 * signatures one by one, and says it somewhere on the way.
 */
export function unexpectedKeyword({
  code,
  file,
  start,
  messageText,
}: ts.Diagnostic): UnexpectedKeyword | undefined {
  if (code !== NO_OVERLOAD || !file || start === undefined) return undefined;
  const text = ts.flattenDiagnosticMessageText(messageText, "\n");
  const [, name, , meant] =
    /Object literal may only specify known properties, (?:and|but) '(\w+)' does not exist in type .*?'\.( Did you mean to write '(\w+)'\?)?(?:\n|$)/.exec(
      text,
    ) ?? [];
  const property = name && propertyNamed(name, file, start);
  if (!property) return undefined;
  return {
    start: property.getStart(file),
    end: property.end,
    message: `Unexpected keyword '${name}'.${meant ? ` Did you mean to write '${meant}'?` : ""}`,
    code: meant ? MISSPELT_KEYWORD : UNKNOWN_KEYWORD,
  };
}

/** The name in an options object of the call that an error is about. */
function propertyNamed(name: string, file: ts.SourceFile, start: number): ts.PropertyName | undefined {
  for (let node = nodeAt(file, start); node; node = node.parent) {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) continue;
    const options = node.arguments?.find((argument) => ts.isObjectLiteralExpression(argument));
    const found = options?.properties.find((property) => property.name?.getText(file) === name);
    if (found) return found.name;
  }
  return undefined;
}
