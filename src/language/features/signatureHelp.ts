import type {
  ParameterInformation,
  Position,
  SignatureHelp,
  SignatureInformation,
} from "vscode-languageserver-types";
import { nodeAt } from "../syntax";
import ts from "../typescript";
import { documentation, markdown, plain } from "./markdown";
import { type Program, typescriptOf } from "./program";

export const SIGNATURE_CHARACTERS = ["(", ",", "<", "{"];
export const SIGNATURE_RETRIGGER_CHARACTERS = [")"];

/** The signatures of the call around a place; inside its keyword options also which there are. */
export function signatureHelp(program: Program, position: Position): SignatureHelp | null {
  const { document, fileName } = program;
  const { service, file, checker } = typescriptOf(program);
  const offset = document.offsetAt(position);
  const items = service.getSignatureHelpItems(fileName, offset, undefined);
  if (!items) return null;
  const options = optionsAround(file, offset);
  const keywords = options && keywordsOf(options, file, checker);
  const active = options ? items.selectedItemIndex : positional(items);
  return {
    signatures: items.items.map((item) => signature(item, items.argumentIndex, keywords)),
    activeSignature: active,
    activeParameter: activeParameter(items.items[active]!, items.argumentIndex),
  };
}

/** Every call also takes keywords; until they are begun, the next argument is shown by its own name. */
function positional({ items, selectedItemIndex, argumentIndex }: ts.SignatureHelpItems): number {
  const takesOptions = ({ parameters }: ts.SignatureHelpItem) =>
    parameters[argumentIndex]?.name === "options";
  if (!takesOptions(items[selectedItemIndex]!)) return selectedItemIndex;
  const other = items.findIndex((item) => item.parameters.length > argumentIndex && !takesOptions(item));
  return other < 0 ? selectedItemIndex : other;
}

function activeParameter({ isVariadic, parameters }: ts.SignatureHelpItem, argumentIndex: number): number {
  return isVariadic ? Math.min(argumentIndex, parameters.length - 1) : argumentIndex;
}

function signature(
  item: ts.SignatureHelpItem,
  argumentIndex: number,
  keywords: string | undefined,
): SignatureInformation {
  let label = plain(item.prefixDisplayParts);
  const separator = plain(item.separatorDisplayParts);
  const parameters = item.parameters.map((parameter, i): ParameterInformation => {
    if (i > 0) label += separator;
    const start = label.length;
    label += plain(parameter.displayParts);
    const text = documentation(parameter.documentation);
    const isOptions = i === Math.min(argumentIndex, item.parameters.length - 1);
    const parts = [text, isOptions && keywords ? keywords : ""].filter((part) => part !== "");
    return { label: [start, label.length], documentation: markdown(parts.join("\n\n")) };
  });
  label += plain(item.suffixDisplayParts);
  return { label, parameters, documentation: markdown(documentation(item.documentation, item.tags)) };
}

/** The keywords that an options object takes, those still missing first. */
function keywordsOf(
  options: ts.ObjectLiteralExpression,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): string | undefined {
  const type = checker.getContextualType(options);
  if (!type) return undefined;
  const given = new Set(options.properties.map(({ name }) => name?.getText(file)));
  const keywords = checker.getPropertiesOfType(checker.getNonNullableType(type)).map((property) => {
    const isOptional = property.flags & ts.SymbolFlags.Optional;
    const typeText = checker.typeToString(checker.getNonNullableType(checker.getTypeOfSymbol(property)));
    const text = plain(property.getDocumentationComment(checker));
    return {
      isGiven: given.has(property.name),
      line: `- \`${property.name}${isOptional ? "?" : ""}: ${typeText}\`${text ? ` — ${text}` : ""}`,
    };
  });
  const lines = [...keywords.filter(({ isGiven }) => !isGiven), ...keywords.filter(({ isGiven }) => isGiven)];
  return lines.length > 0 ? lines.map(({ line }) => line).join("\n") : undefined;
}

/** The object at this place that is an argument of a call. */
function optionsAround(file: ts.SourceFile, offset: number): ts.ObjectLiteralExpression | undefined {
  for (let node = nodeAt(file, offset); node; node = node.parent) {
    const { parent } = node;
    const isArgument =
      parent && (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node;
    if (isArgument) {
      const isInside =
        ts.isObjectLiteralExpression(node) && node.getStart(file) < offset && offset <= node.end;
      return isInside ? (node as ts.ObjectLiteralExpression) : undefined;
    }
    if (ts.isStatement(node)) return undefined;
  }
  return undefined;
}
