import type { TensorSummary, Trace } from "../trace/model";
import { codeOnly, lastCall } from "./code";

/** An operand as written, with what it was. */
export interface Operand {
  label: string;
  sizes: readonly number[];
  dtype: string;
}

/** The tensors that an operator, a method or a function was given in a range of the source, as far as known. */
export function operandsOf(trace: Trace, start: number, end: number): Operand[] {
  const text = trace.source.slice(start, end).replace(/^[\w$]+\s*=(?!=)\s*/, "");
  const offset = end - text.length;
  const parts = splitAtOperator(text) ?? callOperands(text);
  return parts.flatMap((part): Operand[] => {
    const label = text.slice(part.start, part.end).trim();
    const value = tensorAt(trace, label, offset + part.start, offset + part.end);
    return value === null ? [] : [{ label, sizes: value.shape, dtype: value.dtype }];
  });
}

/** The operands of the operator that is applied last: the last of lowest precedence outside of brackets. */
function splitAtOperator(text: string) {
  const code = codeOnly(text);
  for (const operators of ["+-", "*/@%"]) {
    let depth = 0;
    for (let i = code.length - 1; i > 0; i--) {
      const char = code[i]!;
      if (")]}".includes(char)) depth++;
      else if ("([{".includes(char)) depth--;
      else if (depth === 0 && operators.includes(char) && code[i - 1] !== "*" && code[i + 1] !== "*") {
        const isBinary = /[\w$)\]]\s*$/.test(code.slice(0, i));
        const isCompound = code[i + 1] === "=";
        if (isBinary) return [bounds(text, 0, i), bounds(text, i + (isCompound ? 2 : 1), text.length)];
      }
    }
  }
  return null;
}

function callOperands(text: string) {
  const call = lastCall(text);
  if (call === null) return [];
  const method = /^([\w$]+(?:\.[\w$]+)*)\.\w+$/.exec(call.callee);
  const receiver = method === null ? [] : [{ start: 0, end: method[1]!.length }];
  return [...receiver, ...call.arguments];
}

function bounds(text: string, from: number, to: number) {
  const part = text.slice(from, to);
  const start = from + part.length - part.trimStart().length;
  return { start, end: start + part.trim().length };
}

/** The value of the expression at a place, or what the variable of that name held last. */
export function tensorAt(
  { sites, seen }: Trace,
  label: string,
  start: number,
  end: number,
): TensorSummary | null {
  let found: TensorSummary | null = null;
  for (const [id, { value }] of seen) {
    if (value.kind !== "tensor") continue;
    const site = sites[id]!;
    if (site.start === start && site.end === end) return value;
    const isIt =
      (site.kind === "binding" || site.kind === "parameter") && site.name === label && site.start <= start;
    if (isIt) found = value;
  }
  return found;
}
