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

/** What the declarations call the parameter of a call's keywords. */
const OPTIONS = "options";

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
  const active = options ? withOptions(items) : positional(items);
  return {
    signatures: items.items.map((item) => signature(item, items.argumentIndex, keywords)),
    activeSignature: active,
    activeParameter: activeParameter(items.items[active]!, items.argumentIndex),
  };
}

/** Of the signatures that take keywords here, the one that takes most: they are written in that order. */
function withOptions({ items, selectedItemIndex, argumentIndex }: ts.SignatureHelpItems): number {
  const last = items.findLastIndex(({ parameters }) => parameters[argumentIndex]?.name === OPTIONS);
  return last < 0 ? selectedItemIndex : last;
}

/** Every call also takes keywords; until they are begun, the next argument is shown by its own name. */
function positional({ items, selectedItemIndex, argumentIndex }: ts.SignatureHelpItems): number {
  const takesOptions = ({ parameters }: ts.SignatureHelpItem) => parameters[argumentIndex]?.name === OPTIONS;
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

/** The keywords that an options object takes by any of a call's signatures, those still missing first. */
function keywordsOf(
  options: OptionsArgument,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): string | undefined {
  const given = new Set(options.properties.map(({ name }) => name?.getText(file)));
  const keywords = keywordSymbols(options, checker).map((property) => {
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

function keywordSymbols(options: OptionsArgument, checker: ts.TypeChecker): ts.Symbol[] {
  const call = options.parent;
  const index = call.arguments!.indexOf(options);
  const callee = checker.getTypeAtLocation(call.expression);
  const signatures = ts.isNewExpression(call) ? callee.getConstructSignatures() : callee.getCallSignatures();
  const found = new Map<string, ts.Symbol>();
  for (const { parameters } of signatures) {
    const parameter = parameters[index];
    if (parameter?.name !== OPTIONS) continue;
    const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, call));
    for (const property of checker.getPropertiesOfType(type)) found.set(property.name, property);
  }
  return [...found.values()];
}

type OptionsArgument = ts.ObjectLiteralExpression & { parent: ts.CallExpression | ts.NewExpression };

/** The object at this place that is an argument of a call. */
function optionsAround(file: ts.SourceFile, offset: number): OptionsArgument | undefined {
  for (let node = nodeAt(file, offset); node; node = node.parent) {
    const { parent } = node;
    const isArgument =
      parent && (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== node;
    if (isArgument) {
      const isInside =
        ts.isObjectLiteralExpression(node) && node.getStart(file) < offset && offset <= node.end;
      return isInside ? (node as OptionsArgument) : undefined;
    }
    if (ts.isStatement(node)) return undefined;
  }
  return undefined;
}
