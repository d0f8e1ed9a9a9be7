import type { RunError, TensorSummary, Trace } from "../trace/model";
import type { TrainingFacts } from "../trace/queries";
import { codeOnly, endingAt, lastCall, namesIn } from "./code";
import { findCut } from "./cuts";
import type { Explanation, Fix } from "./finding";
import { operandsOf, tensorAt } from "./operands";
import { noGrad } from "./rules/reboundParameter";
import { alignedAtEnd, alignedForProduct, drawShapes } from "./shapes";

/** What the error that ended a run means to a learner; null where its message says it all. `facts` if known. */
export function explainError(trace: Trace, error: RunError, facts: TrainingFacts | null): Explanation | null {
  for (const explain of EXPLANATIONS) {
    const found = explain(error, trace, facts);
    if (found !== null) return found;
  }
  return null;
}

type Explain = (error: RunError, trace: Trace, facts: TrainingFacts | null) => Explanation | null;

const EXPLANATIONS: readonly Explain[] = [
  matrixProduct,
  broadcast,
  concatenation,
  view,
  batches,
  dtypes,
  backwardTwice,
  leafInPlace,
  nothingToDifferentiate,
  gradientMissing,
];

function matrixProduct({ message }: RunError): Explanation | null {
  const match = /mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)/.exec(message);
  if (match === null) return null;
  const [n, k, rows, m] = match.slice(1).map(Number) as [number, number, number, number];
  const [a, b] = [
    { label: "mat1", sizes: [n, k] },
    { label: "mat2", sizes: [rows, m] },
  ] as const;
  const picture = drawShapes(a, b, alignedForProduct(a.sizes, b.sizes));
  return {
    code: "shape-mismatch",
    text: `The inner sizes must be equal, ${k} and ${rows} are not:\n\n${picture}`,
  };
}

function broadcast({ message, start, end }: RunError, trace: Trace): Explanation | null {
  const match = /^The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)/.exec(message);
  if (match === null) return null;
  const rule = "Read from the right, two sizes must be equal or one of them 1";
  const [a, b] = operandsOf(trace, start, end);
  if (a === undefined || b === undefined)
    return { code: "shape-mismatch", text: `${rule}; ${match[1]} and ${match[2]} are not.` };
  const picture = drawShapes(a, b, alignedAtEnd(a.sizes, b.sizes));
  return { code: "shape-mismatch", text: `${rule}:\n\n${picture}` };
}

function concatenation({ message }: RunError): Explanation | null {
  const match =
    /^Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+) for tensor number (\d+)/.exec(
      message,
    );
  if (match === null) return null;
  const [, dimension, expected, got, number] = match;
  const text = `Tensors can be joined along dimension ${dimension} if all their other sizes are equal: the first has ${expected} where tensor ${number} of the list (counting from 0) has ${got}.`;
  return { code: "shape-mismatch", text };
}

function view({ message }: RunError): Explanation | null {
  const match = /^shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)/.exec(message);
  if (match === null) return null;
  const sizes = match[1]!.split(", ").map(Number);
  const known = sizes.filter((size) => size >= 0);
  const product = known.reduce((a, b) => a * b, 1);
  const wanted = `${known.join(" × ")}${known.length > 1 ? ` = ${product}` : ""}`;
  const text =
    known.length === sizes.length
      ? `The new shape holds ${wanted} elements, the tensor has ${match[2]}.`
      : `The tensor's ${match[2]} elements cannot be divided into ${wanted} of equal size for the -1.`;
  return { code: "shape-mismatch", text };
}

function batches({ message }: RunError): Explanation | null {
  const match = /^Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)/.exec(message);
  if (match === null) return null;
  const text = `There is one target per row of the prediction: ${match[1]} rows here, but ${match[2]} targets. Is a reshape mixing up batch and classes?`;
  return { code: "shape-mismatch", text };
}

function dtypes({ message, start, end }: RunError, trace: Trace): Explanation | null {
  const isAboutTypes =
    /(same dtype|Found dtype|expected scalar type|must have the same dtype|result type .* can't be cast)/.test(
      message,
    );
  if (!isAboutTypes) return null;
  const given = operandsOf(trace, start, end).map(
    ({ label, dtype }) => `\`${label}\` is ${dtype.replace("torch.", "")}`,
  );
  const what = given.length === 0 ? "" : `${given.join(", ")}. `;
  return {
    code: "dtype-mismatch",
    text: `${what}Both must have one type: \`.float()\` turns numbers into float32, \`.long()\` class ids into int64.`,
  };
}

function backwardTwice({ message, start, end }: RunError, { source }: Trace): Explanation | null {
  if (!message.startsWith("Trying to backward through the graph a second time")) return null;
  return {
    code: "backward-twice",
    text: "The first backward() freed what the graph had saved. Compute the loss anew in each step, inside the loop; or keep the graph with retain_graph.",
    fix: retainGraph(source, start, end),
  };
}

function retainGraph(source: string, start: number, end: number): Fix | undefined {
  const call = lastCall(source.slice(start, end));
  if (call === null || !call.callee.endsWith(".backward") || call.arguments.length > 0) return undefined;
  const open = source.indexOf("(", start + call.callee.length) + 1;
  return {
    title: "Keep the graph for another backward()",
    edits: [{ start: open, end: open, text: "{ retain_graph: true }" }],
  };
}

function leafInPlace({ message, start, end }: RunError, { source }: Trace): Explanation | null {
  if (!/^a leaf Variable that requires grad is being used in an in-place operation/.test(message))
    return null;
  const statement = source.slice(start, end);
  const isStatement = /^[\w$.]+\s*[-+*/]=/.test(statement);
  return {
    code: "leaf-in-place",
    text: "A parameter must not be changed by a step that is itself recorded. Updates belong under no_grad.",
    fix: isStatement ? noGrad(statement, start, end) : undefined,
  };
}

function nothingToDifferentiate(
  { message, start, end }: RunError,
  trace: Trace,
  facts: TrainingFacts | null,
) {
  if (!/^element 0 of tensors does not require grad/.test(message)) return null;
  const code: Explanation["code"] = "no-gradient";
  const leaves = facts?.leaves.flatMap(({ name }) => (name === null ? [] : [name])) ?? [];
  if (facts !== null && leaves.length === 0) {
    return {
      code,
      text: "Nothing here was made with requires_grad: true, so there is nothing to differentiate by.",
    };
  }
  const from = leaves.flatMap((name) => {
    const [root, layer] = name.split(".");
    return layer === undefined ? [root!] : [root!, `this.${layer}`];
  });
  const cut = findCut(trace, from, namesIn(codeOnly(trace.source).slice(start, end)));
  if (cut === null)
    return { code, text: "Nothing that this was computed from requires a gradient, or its history was cut." };
  return {
    code,
    text: `Its history was cut on line ${cut.site.line + 1}: ${cut.how} gives values without it.`,
  };
}

function gradientMissing({ message, start, end }: RunError, trace: Trace): Explanation | null {
  if (!/^unsupported operand type\(s\) .*'null'/.test(message)) return null;
  const code = codeOnly(trace.source).slice(start, end);
  for (const { index } of code.matchAll(/\.grad\b/g)) {
    const label = endingAt(code, index, /[\w$.]/);
    const dot = start + index;
    const tensor = tensorAt(trace, label, dot - label.length, dot);
    if (tensor !== null && tensor.grad !== null && tensor.gradFn === null) continue;
    return { code: "no-gradient", text: `\`${label}.grad\` is null: ${whyNoGradient(label, tensor)}` };
  }
  return null;
}

function whyNoGradient(label: string, tensor: TensorSummary | null): string {
  if (tensor !== null && tensor.gradFn !== null)
    return `\`${label}\` is the result of an operation (${tensor.gradFn}), and backward() leaves gradients only in leaves.`;
  if (tensor !== null && !tensor.requiresGrad)
    return `\`${label}\` was not made with requires_grad: true, so backward() leaves no gradient in it.`;
  return "no backward() has left a gradient there yet, or zero_grad() took it away.";
}
