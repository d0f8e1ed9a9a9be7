import { bindArguments } from "./arguments";
import { type Arguments, parseSchema, type Schema } from "./schema";

/** Binds and checks the arguments of a constructor or function that is no operator, as operators do theirs. */
export function signature<const S extends string>(text: S): (args: readonly unknown[]) => Arguments<S> {
  let schema: Schema | null = null;
  return (args) => {
    schema ??= parseSchema(text); // not before it is needed: a program uses few of all classes
    const bound = bindArguments(schema, args, false, true);
    if (typeof bound === "string") throw new TypeError(bound);
    return bound as Arguments<S>;
  };
}
