import assert from "node:assert/strict";
import { registry } from "../../engine/op/define";
import type { Operator } from "../../engine/op/operator";
import { NAMESPACES } from "../../engine/op/schema";
import torch from "../../engine/torch";
import { drawArguments, showArguments, type Tensor } from "./fuzz/arguments";
import { Random } from "./fuzz/random";

/** Another one draws other calls: GRADLENS_FUZZ_SEED=1 npm test -- --unit --grep "random arguments". */
const seed = process.env["GRADLENS_FUZZ_SEED"] ?? "0";
const CALLS_PER_OPERATOR = Number(process.env["GRADLENS_FUZZ_CALLS"] ?? 30);
const LONGEST_CALL_MS = 2000;

/** What JavaScript says where a program forgot a case; none of it helps the one who wrote the call. */
const INTERNAL =
  /undefined|Cannot (read|set|convert|mix|access|destructure)|is not (a function|iterable|a constructor|defined)|Invalid (typed )?array (length|buffer)|Invalid array length|call stack|allocation failed|out of bounds of|offset is out|Reduce of empty|\[object |BigInt/;

const publicNames = [...registry.keys()].filter((name) => !/^_(?!_)/.test(lastPart(name)));

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function namespaceOf(name: string): string {
  return NAMESPACES.find((each) => name.startsWith(`${each}.`)) ?? "torch";
}

// biome-ignore lint/suspicious/noExplicitAny: the operator is known by its name only
type AnyFunction = (...args: any[]) => any;

function functionOf(name: string): AnyFunction {
  if (namespaceOf(name) === "Tensor") {
    const method = torch.Tensor.prototype[lastPart(name) as "add"] as AnyFunction;
    return (self, ...rest) => method.call(self, ...rest);
  }
  const path = name.replace(/^torch\./, "").split(".");
  return path.reduce<unknown>((scope, key) => (scope as Record<string, unknown>)[key], torch) as AnyFunction;
}

function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).flatMap(tensorsIn);
  return [];
}

/** Whether the operator writes into what it is given, and is meant to. */
function changesInputs(name: string, args: readonly unknown[], { schema }: Operator): boolean {
  if (/[^_]_$|^__i(?!nvert|ndex)/.test(lastPart(name))) return true;
  if (schema.params.some((param) => /^running_|^inplace$|^max_norm$/.test(param.name))) return true;
  return args.some((each) => typeof each === "object" && each !== null && "out" in each);
}

function contents(tensors: readonly Tensor[]): string {
  return tensors.map((each) => `${each.dtype}[${each.shape}]${each.detach().tolist()}`).join(" ");
}

/** Calls, reads the results and walks back through them, as a program would. */
function callAndDifferentiate(call: AnyFunction, args: unknown[], leaves: Tensor[]): void {
  const results = tensorsIn(call(...args));
  for (const result of results) result.tolist();
  const differentiable = results.filter((result) => result.requires_grad);
  if (differentiable.length === 0 || leaves.length === 0) return;
  const cotangents = differentiable.map((result) => torch.ones_like(result));
  torch.autograd.grad(differentiable, leaves, cotangents, { allow_unused: true });
}

/** What is wrong with how one random call ends; null if nothing is. */
function complaint(name: string, number: number): string | null {
  const random = Random.from(seed, name, number);
  const operator = random.pick(registry.get(name)!);
  const args = drawArguments(operator.schema, random);
  if (namespaceOf(name) === "Tensor" && !(args[0] instanceof torch.Tensor)) return null;
  torch.manual_seed(0);
  const tensors = tensorsIn(args);
  const leaves = [...new Set(tensors.filter((tensor) => tensor.requires_grad))];
  const mayChange = changesInputs(name, args, operator);
  const before = contents(tensors);
  const title = `${name}(${showArguments(args)}) [seed ${seed}, call ${number}]`;
  const start = performance.now();
  try {
    callAndDifferentiate(functionOf(name), args, leaves);
  } catch (error) {
    if (!(error instanceof Error)) return `${title} throws ${error}`;
    if (error instanceof RangeError || error.message === "" || INTERNAL.test(error.message))
      return `${title}: ${error.name}: ${error.message}`;
  }
  const elapsedMs = performance.now() - start;
  if (elapsedMs > LONGEST_CALL_MS) return `${title} takes ${Math.round(elapsedMs)} ms`;
  if (!mayChange && contents(tensors) !== before) return `${title} changes what it is given`;
  return null;
}

describe("operators, called with random arguments", () => {
  for (const namespace of ["torch", ...NAMESPACES]) {
    it(`${namespace}: each call ends in a result or in words a user can act on, its inputs as they were`, function () {
      this.timeout(60_000);
      const complaints: string[] = [];
      for (const name of publicNames.filter((each) => namespaceOf(each) === namespace)) {
        for (let number = 0; number < CALLS_PER_OPERATOR; number++) {
          const found = complaint(name, number);
          if (found !== null) complaints.push(found);
        }
      }
      assert.deepEqual(complaints, []);
    });
  }
});
