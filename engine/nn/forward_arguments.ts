/** What a module computes. */
// biome-ignore lint/suspicious/noExplicitAny: every module has its own arguments and result
type Forward = (...args: any[]) => unknown;

const known = new WeakMap<Forward, readonly string[] | null>();

/**
 * The arguments of a call that ends in `keywords`, in the order in which `forward` declares them:
 * `loss_fn({ input, target })`. An object that is not made of their names alone is an argument itself, as it is for a
 * `forward` that takes its arguments by names of its own accord.
 */
export function positionalArguments(
  forward: Forward,
  args: readonly unknown[],
  keywords: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  const names = namesOf(forward);
  const given = Object.keys(keywords);
  const places = given.map((name) => names?.indexOf(name) ?? -1);
  if (given.length === 0 || places.some((place) => place < args.length - 1)) return args;
  const ordered = args.slice(0, -1);
  places.forEach((place, i) => {
    ordered[place] = keywords[given[i]];
  });
  return ordered;
}

/** The names of a function's parameters; null where one has none. */
function namesOf(forward: Forward): readonly string[] | null {
  let names = known.get(forward);
  if (names === undefined) {
    const text = Function.prototype.toString.call(forward);
    const listed = splitParameters(text.slice(text.indexOf("(") + 1));
    const found = listed.map((parameter) => /^\s*([\w$]+)\s*(=|$)/.exec(parameter)?.[1] ?? "");
    names = found.includes("") ? null : found;
    known.set(forward, names);
  }
  return names;
}

/** The texts between the commas of a parameter list, up to its closing parenthesis. */
function splitParameters(text: string): string[] {
  const parameters = [""];
  let depth = 0;
  for (const character of text.replaceAll(/\/\*.*?\*\//gs, "")) {
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character) && --depth < 0) break;
    if (character === "," && depth === 0) parameters.push("");
    else parameters[parameters.length - 1] += character;
  }
  return parameters.length > 1 && parameters.at(-1)!.trim() === "" ? parameters.slice(0, -1) : parameters;
}
