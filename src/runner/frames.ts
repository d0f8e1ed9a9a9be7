/** A position as V8 counts it: both from 1. */
export interface StackPosition {
  line: number;
  column: number;
}

/** The innermost frame of any of these files in an error's `stack`, and whose it is. */
export function innermostFrame(
  stack: string,
  fileNames: readonly string[],
): { file: number; position: StackPosition } | null {
  for (const line of stack.split("\n")) {
    if (!/^\s*at /.test(line)) continue;
    for (const [file, fileName] of fileNames.entries()) {
      const position = positionIn(line, fileName);
      if (position !== null) return { file, position };
    }
  }
  return null;
}

/** Where the program itself was when the error with this `stack` was made: its innermost frame. */
export function programFrame(stack: string, fileName: string): StackPosition | null {
  return innermostFrame(stack, [fileName])?.position ?? null;
}

function positionIn(frame: string, fileName: string): StackPosition | null {
  const at = frame.lastIndexOf(`${fileName}:`);
  if (at < 0) return null;
  // A longer name that merely ends in this one belongs to another file.
  if (at > 0 && !/[\s(]/.test(frame[at - 1])) return null;
  const position = /^(\d+):(\d+)\)?$/.exec(frame.slice(at + fileName.length + 1));
  return position === null ? null : { line: Number(position[1]), column: Number(position[2]) };
}
