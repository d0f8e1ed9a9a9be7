import plot from "../../engine/plot/plot";
import torch from "../../engine/torch";
import { moduleTypes } from "../language/modules";
import type { ModuleLookup, ModuleNamespace } from "../runtime/runtime";

/** Modules that were asked for: copying the names of `torch` takes milliseconds. */
const loaded: Record<string, ModuleNamespace> = Object.create(null);

/**
 * A module by its specifier, one for one with Python's: "torch/nn" is `torch.nn`, as default export and by
 * the names in it.
 */
export const modules: ModuleLookup = (specifier) => {
  loaded[specifier] ??= load(specifier);
  return loaded[specifier];
};

function load(specifier: string): ModuleNamespace {
  if (specifier === "gradlens/plot") return { default: plot };
  const namespace = Object.hasOwn(moduleTypes, specifier) ? find(specifier) : undefined;
  if (namespace === undefined) throw new SyntaxError(`There is no module "${specifier}"`);
  return { ...namespace, default: namespace };
}

function find(specifier: string): ModuleNamespace | undefined {
  let found: unknown = torch;
  for (const name of specifier.split("/").slice(1)) found = (found as ModuleNamespace | undefined)?.[name];
  return found as ModuleNamespace | undefined;
}
