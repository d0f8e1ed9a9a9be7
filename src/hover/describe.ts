import { shapeText } from "../annotations/layout";
import type { Seen } from "../trace/model";
import type { Inspection } from "../trace/queries";

/** What a hover shows of a value, as Markdown. Nothing in a program's texts can act as markup. */
export function describeHover({ text, count, tensor }: Inspection): string {
  const parts = [codeBlock(text)];
  if (tensor !== null) {
    parts.push(factsOf(tensor).join(" · "));
    if (tensor.gradFn !== null) parts.push(historyOf(tensor.gradFn, tensor.nextFunctions));
    if (tensor.grad !== null) parts.push(`∇ gradient\n\n${codeBlock(tensor.grad)}`);
  }
  if (count > 1) parts.push(`The last of ${count} times.`);
  return parts.join("\n\n");
}

/** What is known without asking the runner: shown when the value itself is gone. */
export function inspectionOf({ count, value }: Seen): Inspection {
  if (value.kind === "plain") return { text: value.text, count, tensor: null };
  const { text, shape, dtype, requiresGrad, gradFn, grad } = value;
  const tensor = {
    shape,
    dtype,
    requiresGrad,
    isLeaf: gradFn === null,
    gradFn,
    nextFunctions: [],
    grad,
    ...UNKNOWN,
  };
  return { text, count, tensor };
}

const UNKNOWN = { statistics: null, gradStatistics: null, why: null };

type Tensor = NonNullable<Inspection["tensor"]>;

function factsOf({ shape, dtype, requiresGrad, isLeaf }: Tensor): string[] {
  const facts = [`shape ${code(shapeText(shape))}`, code(dtype)];
  if (requiresGrad) facts.push(code("requires_grad"));
  if (requiresGrad && isLeaf) facts.push("leaf");
  return facts;
}

function historyOf(gradFn: string, nextFunctions: readonly (string | null)[]): string {
  const inputs = nextFunctions.map((name) => code(name ?? "None")).join(", ");
  return `grad_fn ${code(gradFn)}${inputs === "" ? "" : ` ← ${inputs}`}`;
}

function codeBlock(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}text\n${text}\n${fence}`;
}

function code(text: string): string {
  const fence = fenceFor(text, 1);
  const padding = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${padding}${text.replace(/\s+/g, " ")}${padding}${fence}`;
}

/** A fence ends at the first run of backticks of its own length, so it is made longer than any inside. */
function fenceFor(text: string, shortest: number): string {
  const runs = text.match(/`+/g) ?? [];
  return "`".repeat(Math.max(shortest, ...runs.map((run) => run.length + 1)));
}
