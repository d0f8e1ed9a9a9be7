import type { Rule } from "../finding";

/** A softmax or sigmoid before a loss that takes it by itself. */
export const doubleSoftmax: Rule = ({ trace, facts }) =>
  facts.squashedTwice.map(({ site, gradFn, squashedAt }) => {
    const { start, end } = trace.sites[squashedAt >= 0 ? squashedAt : site]!;
    const [name, loss] =
      gradFn === "SigmoidBackward0"
        ? ["sigmoid", "binary cross-entropy with logits"]
        : ["softmax", "cross-entropy"];
    const message = `The ${name} is taken twice: ${loss} takes it by itself and wants the values before it. Taken twice, gradients become small and learning slow.`;
    return { code: "double-softmax", message, start, end };
  });
