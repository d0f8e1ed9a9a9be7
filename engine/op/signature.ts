import { bindArguments } from "./arguments";
import { type Arguments, parseSchema, type Schema } from "./schema";

/** Binds and checks the arguments of a constructor or function that is no operator, as operators do theirs. */
export function signature<const S extends string>(text: S): (args: readonly unknown[]) => Arguments<S> {
  let schema: Schema | null = null;
  return (args) => {
    schema ??= parseSchema(text); // not before it is needed: a program uses few of all classes
    const bound = bindArguments(schema, args, false, true);
    if (typeof bound === "string") throw new TypeError(inPythonsWords(bound));
    return bound as Arguments<S>;
  };
}

/** What is no operator is written in Python, whose own words for a call that does not fit are others. */
function inPythonsWords(message: string): string {
  const [, name, rest] =
    /^(\w+)\(\) (missing \d+ required positional arguments: |got an unexpected .*)/s.exec(message) ?? [];
  if (name === undefined) return message;
  const called = /^[A-Z]/.test(name) ? `${name}.__init__()` : `${name}()`;
  if (!rest.startsWith("missing")) return `${called} ${rest}`;
  const names = [...message.matchAll(/"(\w+)"/g)].map(([, param]) => `'${param}'`);
  const noun = names.length === 1 ? "argument" : "arguments";
  return `${called} missing ${names.length} required positional ${noun}: ${listed(names)}`;
}

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`. */
function listed(names: readonly string[]): string {
  if (names.length < 3) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names.at(-1)}`;
}
