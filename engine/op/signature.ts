import { bindArguments } from "./arguments";
import { isKeywords } from "./keywords";
import { type Arguments, type Param, parseSchema, type Schema } from "./schema";

/**
 * Binds and checks the arguments of a function, constructor or method that is no operator, as operators do theirs:
 * each by its place or by its name in one trailing object, the first of them too.
 *
 * The text is a schema whose name says what is called: a function's (`clip_grad_norm_`), a class's for its
 * constructor (`StepLR`), or a method's with its class (`Module.register_buffer`). `called` is another such name,
 * for what several classes share.
 */
export function signature<const S extends string>(
  text: S,
): (args: readonly unknown[], called?: string) => Arguments<S> {
  let schema: Schema | null = null;
  const path = text.slice(0, text.indexOf("("));
  const name = path.slice(path.lastIndexOf(".") + 1);
  return (args, called = path) => {
    // Not before it is needed: a program uses few of all classes.
    schema ??= parseSchema(text.slice(path.length - name.length));
    const bound = bindArguments(schema, args, false, true);
    if (typeof bound === "string")
      throw new TypeError(doesNotFit(schema, args, called) ?? bound.replace(`${name}()`, `${called}()`));
    return bound as Arguments<S>;
  };
}

/**
 * What Python says of a call of a function of its own that does not fit, whatever the types are; null where it fits.
 * What is no operator is written in Python, which looks at keywords first and counts `self`.
 */
export function doesNotFit({ params }: Schema, args: readonly unknown[], called: string): string | null {
  const isConstructor = /^_?[A-Z]\w*$/.test(called);
  const name = isConstructor ? `${called}.__init__` : called;
  const self = isConstructor || called.includes(".") ? 1 : 0;
  const last = args.at(-1);
  const keywords = isKeywords(last) ? last : {};
  const count = isKeywords(last) ? args.length - 1 : args.length;
  const positional = params.filter((param) => !param.keywordOnly);
  for (const keyword of Object.keys(keywords)) {
    const at = params.findIndex((param) => param.name === keyword);
    if (at < 0 && !isLegacyReduction(params, keyword))
      return `${name}() got an unexpected keyword argument '${keyword}' (its arguments are: ${params.map((param) => param.name).join(", ")})`;
    if (at >= 0 && at < Math.min(count, positional.length))
      return `${name}() got multiple values for argument '${keyword}'`;
  }
  if (count > positional.length && !positional.some((param) => param.types[0].endsWith("...")))
    return `${name}() takes ${tooMany(params, positional, keywords, count, self)}`;
  const missing = (param: Param, i: number) =>
    param.required && (i < count ? args[i] : keywords[param.name]) === undefined;
  const names = positional.filter(missing).map((param) => `'${param.name}'`);
  if (names.length === 0) return null;
  return `${name}() missing ${names.length} required positional ${plural("argument", names.length)}: ${listed(names)}`;
}

/** What losses took before they had `reduction`. */
function isLegacyReduction(params: readonly Param[], keyword: string): boolean {
  return /^(size_average|reduce)$/.test(keyword) && params.some((param) => param.name === "reduction");
}

function tooMany(
  params: readonly Param[],
  positional: readonly Param[],
  keywords: Readonly<Record<string, unknown>>,
  count: number,
  self: number,
): string {
  const most = positional.length + self;
  const least = positional.filter((param) => param.required).length + self;
  const takes =
    least === most
      ? `${most} positional ${plural("argument", most)}`
      : `from ${least} to ${most} positional arguments`;
  const given = count + self;
  const only = params.filter((param) => param.keywordOnly && param.name in keywords).length;
  if (only > 0)
    return `${takes} but ${given} positional ${plural("argument", given)} (and ${only} keyword-only ${plural("argument", only)}) were given`;
  return `${takes} but ${given} ${given === 1 ? "was" : "were"} given`;
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`. */
function listed(names: readonly string[]): string {
  if (names.length < 3) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names.at(-1)}`;
}
