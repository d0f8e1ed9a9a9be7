import { Disposal } from "./disposal";
import { callItem, slot } from "./indexing";
import { operators } from "./operators";
import { methodOf } from "./protocol";
import { Latest, type Recorder } from "./recorder";
import { truth } from "./truth";

/** What a module's `import` statements take from: `default` and the named exports. */
export type ModuleNamespace = Record<string, unknown>;

/** Finds a module by the specifier as written. Throws if there is none. */
export type ModuleLookup = (specifier: string) => ModuleNamespace;

export type Runtime = ReturnType<typeof createRuntime>;

/**
 * What compiled code calls as `$$`. One runtime serves one run of one program. It captures what it needs
 * of the realm's globals, so that a program which overwrites them breaks only itself.
 */
export function createRuntime(recorder: Recorder, modules: ModuleLookup) {
  const { last, latest, left, due } = recorder.counters;
  const { assign, create, hasOwn } = Object;
  const { apply } = Reflect;
  const exported: Record<string, unknown> = create(null);
  let held: unknown;

  function sample(site: number, value: number): void {
    const wait = recorder.sample(site, value);
    left[site] = wait;
    due[site]! += wait;
  }

  function check(site: number): number {
    const wait = recorder.tick(site);
    left[site] = wait;
    due[site]! += wait;
    return wait;
  }

  return {
    ...operators,
    truth,
    callItem,
    slot,

    /** A value that is surely a number. Small enough to be inlined: a store and a countdown. */
    num: (site: number, value: number): number => {
      last[site] = value;
      if (--left[site]! === 0) {
        latest[site] = Latest.number;
        sample(site, value);
      }
      return value;
    },

    /** Any value. */
    see: <T>(site: number, value: T): T => {
      if (typeof value === "number") {
        latest[site] = Latest.number;
        last[site] = value;
        if (--left[site]! === 0) sample(site, value);
      } else if (typeof value === "boolean") {
        latest[site] = Latest.boolean;
        last[site] = value ? 1 : 0;
        if (--left[site]! === 0) sample(site, value ? 1 : 0);
      } else {
        latest[site] = Latest.other;
        due[site]!++;
        recorder.see(site, value);
      }
      return value;
    },

    /** Begins an iteration of a loop, in code with probes. */
    tick: (site: number): void => {
      if (--left[site]! === 0) check(site);
    },
    /** In code without probes each loop counts by itself, starting from `left`, and calls this at zero. */
    check,
    left,

    thrown: (site: number, error: unknown): unknown => recorder.thrown(site, error),

    /**
     * The left side of a valued `&&` or `||`: tells its truth and keeps it for `held`, which the compiled
     * code calls next or not at all.
     */
    holds: (value: unknown): boolean => {
      held = value;
      return truth(value);
    },
    held: (): unknown => {
      const value = held;
      held = undefined;
      return value;
    },

    /** A value inside a template literal. */
    format: (value: unknown): unknown => {
      const method = methodOf(value, "__format__");
      return method === undefined ? value : apply(method, value, [""]);
    },

    disposal: () => new Disposal(),

    /** A whole module (`import * as m`), or one of its exports. */
    import: (specifier: string, name?: string): unknown => {
      const namespace = modules(specifier);
      if (name === undefined) return namespace;
      if (hasOwn(namespace, name)) return namespace[name];
      throw new SyntaxError(
        name === "default"
          ? `The module "${specifier}" has no default export`
          : `The module "${specifier}" has no export named '${name}'`,
      );
    },

    /** What `export * from` passes on: all but the default export. */
    exportsOf: (specifier: string): ModuleNamespace => {
      const { default: _, ...named } = modules(specifier);
      return named;
    },

    /** What the program exports, once it has run. */
    export: (values: Record<string, unknown>): void => {
      assign(exported, values);
    },

    /** What was exported; for whoever imports the program. */
    exported,
  };
}
