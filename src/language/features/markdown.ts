import type { MarkupContent } from "vscode-languageserver-types";
import ts from "../typescript";

/** Documentation as Markdown: the text, then each tag on a line. */
export function documentation(
  parts: readonly ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] | undefined = [],
): string {
  const lines = tags.map(({ name, text }) => {
    const body = plain(text);
    return body === "" ? `*@${name}*` : `*@${name}* — ${body}`;
  });
  return [linked(parts), ...lines].filter((text) => text !== "").join("\n\n");
}

export function plain(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString(parts ? [...parts] : []);
}

export function markdown(value: string): MarkupContent {
  return { kind: "markdown", value };
}

export function codeBlock(text: string): string {
  return `\`\`\`typescript\n${text}\n\`\`\``;
}

/** `{@link x}` shows the name alone: its target may be a file that only TypeScript knows. */
function linked(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return plain(parts?.filter(({ kind }) => kind !== "link")).replace(/`{2,}/g, "`");
}
