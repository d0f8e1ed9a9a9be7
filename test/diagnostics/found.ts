import type { Edit, Finding } from "../../src/diagnostics/finding";
import { findMistakes } from "../../src/diagnostics/rules";
import type { Trace } from "../../src/trace/model";
import type { TestRunner } from "../runner/harness";

const IMPORTS = 'import torch from "torch"\nimport nn from "torch/nn"\nimport F from "torch/nn/functional"\n';

/** Runs a program and gives what the rules find in it, and why it ended if it failed. */
export async function mistakesIn(runner: TestRunner, body: string) {
  const source = body.startsWith("import") ? body : `${IMPORTS}${body}\n`;
  const { handle, result } = runner.start(source);
  const { trace } = await result;
  if (trace === null) throw new Error("the program cannot run");
  const facts = await runner.runner.query(handle.run, { kind: "training" });
  if (facts === null) throw new Error("no facts");
  return { source, trace: trace as Trace, facts, found: findMistakes({ trace, facts }) };
}

/** The source with a fix applied. */
export function fixed(source: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), source);
}

export const codesOf = (found: readonly Finding[]) => found.map(({ code }) => code);
