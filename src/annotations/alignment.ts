/** Room between a line and its label, in characters. */
const GAP = 3;

/** How many characters stand between a line and its label: in a column if there is one and the line leaves room. */
export function marginChars(lineText: string, tabSize: number, column: number | null): number {
  return column === null ? GAP : Math.max(GAP, column - widthOf(lineText, tabSize));
}

function widthOf(text: string, tabSize: number): number {
  let width = 0;
  for (const character of text) width += character === "\t" ? tabSize - (width % tabSize) : 1;
  return width;
}
