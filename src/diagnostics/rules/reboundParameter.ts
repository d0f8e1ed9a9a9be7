import type { Site } from "../../compiler/site";
import type { Seen, Trace } from "../../trace/model";
import { codeOnly } from "../code";
import type { Finding, Fix, Rule } from "../finding";

/** `w = w - lr * w.grad` in a loop: from then on `w` is a result, and no leaf that receives gradients. */
export const reboundParameter: Rule = ({ trace }) => {
  const code = codeOnly(trace.source);
  return [...trace.seen].flatMap(([id, seen]): Finding[] => {
    const site = trace.sites[id]!;
    const { name, start, end } = site;
    const isOften = seen.count > 1 || failedIn(site, trace);
    if (!isOften || !isUpdate(site, seen, code) || isMadeLeafAgain(name!, code)) return [];
    const message = `\`${name} = …\` makes \`${name}\` another tensor, which is no leaf: backward() leaves it no gradient for a second step. Change it in place instead, under no_grad.`;
    return [{ code: "rebound-parameter", message, start, end, fix: inPlace(trace.source, site) }];
  });
};

/** In the second step its gradient is null, which no arithmetic takes. */
function failedIn({ start, end }: Site, { outcome }: Trace): boolean {
  return outcome.kind === "failed" && start <= outcome.error.start && outcome.error.end <= end;
}

function isUpdate({ kind, name, start, end }: Site, { value }: Seen, code: string): boolean {
  if (kind !== "binding" || name === undefined || value.kind !== "tensor") return false;
  const match = /^([A-Za-z_$][\w$]*)\s*=([^=>][\s\S]*)$/.exec(code.slice(start, end));
  if (match === null || (value.requiresGrad && value.gradFn === null)) return false;
  const [, target, made] = match;
  const own = target!.replaceAll("$", "\\$");
  return (
    new RegExp(`(?<![\\w$.])${own}(?![\\w$.])`).test(made!) &&
    new RegExp(`(?<![\\w$.])${own}\\.grad\\b`).test(made!)
  );
}

function isMadeLeafAgain(name: string, code: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}\\.(requires_grad|retain_grad)`).test(code);
}

function inPlace(source: string, { name, start, end }: Site): Fix | undefined {
  const match = /^[\w$]+\s*=\s*([\w$]+)\s*([-+])\s*([\s\S]*)$/.exec(source.slice(start, end));
  if (match === null || match[1] !== name || /[-+]/.test(match[3]!)) return undefined;
  return noGrad(`${name} ${match[2]}= ${match[3]}`, start, end);
}

/** A statement in the place of another, without being recorded. */
export function noGrad(statement: string, start: number, end: number): Fix {
  const text = `torch.no_grad(() => { ${statement} })`;
  return { title: "Change it in place under torch.no_grad", edits: [{ start, end, text }] };
}
