// Writes engine/generated/: the typed signatures of every operator and the functions of each namespace,
// from the entries in engine/ops, their schemas and the comments above them. Part of the build.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import ts from "typescript-js";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "engine/generated/operators.ts");

/** Every `op(schema, …)` call of a source file, with the comment above it. */
function entriesOf(path) {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true);
  return source.statements.flatMap((statement) => {
    const call = ts.isExpressionStatement(statement) ? statement.expression : null;
    if (!call || !ts.isCallExpression(call) || call.expression.getText(source) !== "op") return [];
    const [schema, definition, options] = call.arguments;
    const settings = ts.isObjectLiteralExpression(definition) ? definition : options;
    const comments = ts.getLeadingCommentRanges(source.text, statement.pos) ?? [];
    const doc = comments.filter((c) => source.text.startsWith("/**", c.pos)).at(-1);
    return [
      {
        schema: schema.text,
        doc: doc ? source.text.slice(doc.pos, doc.end) : "",
        inplace: property(settings, "inplace")?.getText(source) ?? "",
        method: property(settings, "method")?.getText(source) !== "false",
        alias: property(settings, "alias")?.elements.map((e) => e.text) ?? [],
      },
    ];
  });
}

function property(object, name) {
  return object?.properties.find((p) => p.name?.text === name)?.initializer;
}

const TYPES = {
  Tensor: "Tensor",
  "Tensor[]": "readonly Tensor[]",
  "Tensor...": "readonly Tensor[]",
  Number: "number",
  int: "number",
  "int[]": "number | readonly number[]",
  "int?[]": "number | readonly (number | null)[]",
  "int...": "readonly number[]",
  "int[][]": "readonly (readonly number[])[]",
  float: "number",
  "float[]": "number | readonly number[]",
  bool: "boolean",
  str: "string",
  dtype: "DType",
  bigint: "bigint",
  Generator: "Generator",
  device: "Device | string",
  layout: "Layout",
  memory_format: "MemoryFormat",
  "Index[]": "readonly Index[]",
  "Sublist...": 'readonly (Tensor | readonly (number | "...")[])[]',
  null: "null",
};

/** Lists that may be spread over a call, as the rest parameter they are then. */
const SPREAD = {
  "int...": "number[]",
  "Tensor...": "Tensor[]",
  "Sublist...": '(Tensor | readonly (number | "...")[])[]',
};

const typeOf = (param) => [...new Set(param.types.map((t) => TYPES[t]))].join(" | ");

function resultType(schema) {
  if (schema.resultNames === null)
    return { bool: "boolean", int: "number", float: "number" }[schema.result] ?? schema.result;
  const names = schema.resultNames;
  return `[${names.map(() => "Tensor").join(", ")}] & { ${names.map((name) => `${name}: Tensor`).join("; ")} }`;
}

/** The ways to call: all positional; or positional up to some point and the rest as keywords. */
function signatures(schema, skipSelf) {
  const params = schema.params.slice(skipSelf ? 1 : 0);
  const positional = params.filter((p) => !p.keywordOnly);
  const result = resultType(schema);
  const spread = positional.find((p) => SPREAD[p.types[0]]);
  const spreadType = spread && SPREAD[spread.types[0]];
  const list = [];
  for (let n = positional.length; n >= 0; n--) {
    const given = positional.slice(0, n);
    const rest = params.filter((p) => !given.includes(p));
    const leading = given.map((p) => `${parameterName(p)}${optionalFrom(given, p) ? "?" : ""}: ${typeOf(p)}`);
    const keywords = rest.length === 0 ? null : keywordsType(schema, rest);
    const optional = rest.every((p) => !p.required);
    // A shorter call without keywords is already covered by the one before it.
    if (n < positional.length && keywords === null) continue;
    if (keywords !== null && !optional && given.some((p) => !p.required)) continue;
    const all =
      keywords === null
        ? leading
        : [
            ...leading.map((l) => (n < positional.length || !optional ? l.replace("?:", ":") : l)),
            `options${n === positional.length && optional ? "?" : ""}: ${keywords}`,
          ];
    list.push(`(${all.join(", ")}): ${result}`);
    if (spread && given.at(-1) === spread) {
      const before = given.slice(0, -1).map((p) => `${p.name}: ${typeOf(p)}`);
      list.unshift(`(${[...before, `...${spread.name}: ${spreadType}`].join(", ")}): ${result}`);
      if (keywords !== null)
        list.push(
          `(...args: [${[...given.slice(0, -1).map((p) => `${p.name}: ${typeOf(p)}`), `...${spread.name}: ${spreadType}`, `options: ${keywords}`].join(", ")}]): ${result}`,
        );
    }
  }
  return [...new Set(list)];
}

/** The schema of a function that writes its result into `out` where that is given. */
function withOut(schema) {
  const types = [schema.resultNames === null ? "Tensor" : "Tensor[]", "null"];
  const out = { name: "out", types, required: false, defaultValue: null, keywordOnly: true };
  return { ...schema, params: [...schema.params, out] };
}

/** What PyTorch takes for the sake of NumPy's users beside its own names. */
const NUMPY_NAMES = { dim: "axis", keepdim: "keepdims" };

/** The other names of a function's keywords. */
function aliasesOf({ name }) {
  if (name === "split") return { split_size_or_sections: "split_size" };
  return name.startsWith("nn.functional") || name === "norm" ? {} : NUMPY_NAMES;
}

/** The type of a call's keywords. */
function keywordsType(schema, params) {
  const member = (p, name) => `${name}${p.required ? "" : "?"}: ${typeOf(p)}`;
  const aliases = aliasesOf(schema);
  const aliased = params.filter((p) => aliases[p.name] !== undefined);
  const optional = aliased.filter((p) => !p.required).map((p) => member(p, aliases[p.name]));
  const all = params.map((p) => member(p, p.name));
  const own = `{ ${[...all, ...optional].join("; ")} }`;
  if (aliased.every((p) => !p.required)) return own;
  const others = params.map((p) => member(p, p.required && aliased.includes(p) ? aliases[p.name] : p.name));
  return `${own} | { ${[...others, ...optional].join("; ")} }`;
}

/** `var`, a name of PyTorch's, cannot name a parameter in TypeScript; as a keyword it keeps its name. */
function parameterName(param) {
  return param.name === "var" ? "variance" : param.name;
}

/** A parameter may be left out only if all after it may. */
function optionalFrom(given, param) {
  return given.slice(given.indexOf(param)).every((p) => !p.required);
}

async function importSource(path) {
  const built = await esbuild.build({
    entryPoints: [join(root, path)],
    bundle: true,
    write: false,
    format: "esm",
  });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString("base64")}`);
}

const { parseSchema } = await importSource("engine/op/schema.ts");
const { takesOut } = await importSource("engine/op/out_names.ts");
const opsFolder = join(root, "engine/ops");
const files = readdirSync(opsFolder)
  .filter((f) => f.endsWith(".ts") && f !== "index.ts")
  .sort();
/** Public name (`torch.add`) → its overloads. */
const functions = new Map();

for (const file of files) {
  for (const entry of entriesOf(join(opsFolder, file))) {
    const schema = parseSchema(entry.schema);
    const first = schema.params[0];
    const isMethod = entry.method && first?.name === "input" && first.types[0] === "Tensor";
    const names = [];
    if (entry.inplace !== '"only"') {
      if (schema.name.includes(".")) names.push(schema.name);
      else names.push(`torch.${schema.name}`, ...(isMethod ? [`Tensor.${schema.name}`] : []));
    }
    names.push(...entry.alias);
    if (entry.inplace) {
      const aliases = entry.alias.filter((name) => name.startsWith("Tensor."));
      names.push(`Tensor.${schema.name.replace("Tensor.", "")}_`, ...aliases.map((name) => `${name}_`));
    }
    for (const name of names) {
      if (!functions.has(name)) functions.set(name, []);
      functions.get(name).push({ schema, doc: entry.doc });
    }
  }
}

function members(prefix) {
  return [...functions]
    .filter(([name]) => name.startsWith(prefix) && !name.slice(prefix.length).includes("."))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, overloads]) =>
      overloads
        .flatMap(({ schema, doc }) =>
          signatures(takesOut(name) ? withOut(schema) : schema, prefix === "Tensor.").map(
            (s) => `${doc}\n${name.slice(prefix.length)}${s};`,
          ),
        )
        .join("\n"),
    )
    .join("\n");
}

const text = `// Generated by scripts/generate-operators.mjs from the entries in engine/ops. Do not edit.
import type { Device } from "../device";
import type { DType } from "../dtype";
import type { Index } from "../indexing";
import type { Layout, MemoryFormat } from "../layout";
import type { Generator } from "../random/generator";
import type { Tensor } from "../tensor";

/** The methods of \`Tensor\`. Written into the class itself they would make every comparison of tensors a deep one. */
export interface TensorOperators {
${members("Tensor.")}
}

declare module "../tensor" {
  interface Tensor extends TensorOperators {}
}

/** The functions of \`torch\`. */
export interface TorchFunctions {
${members("torch.")}
}

/** The functions of \`torch.nn.functional\`. */
export interface FunctionalFunctions {
${members("nn.functional.")}
}

/** The functions of \`torch.linalg\`. */
export interface LinalgFunctions {
${members("linalg.")}
}

/** The functions of \`torch.special\`. */
export interface SpecialFunctions {
${members("special.")}
}

/** The functions of \`torch.masked\`. */
export interface MaskedFunctions {
${members("masked.")}
}
`;

/** One \`export const\` per function, so that each is a named export with its own documentation. */
function constants(object, prefix, type) {
  const names = [...functions.keys()]
    .filter((n) => n.startsWith(prefix) && !n.slice(prefix.length).includes("."))
    .sort();
  const reserved = new Set(["var"]);
  return names
    .map((name) => {
      const short = name.slice(prefix.length);
      const doc = functions.get(name)[0].doc;
      if (reserved.has(short))
        return `${doc}\nconst ${short}_: ${type}["${short}"] = ${object}.${short};\nexport { ${short}_ as ${short} };`;
      return `${doc}\nexport const ${short}: ${type}["${short}"] = ${object}.${short};`;
    })
    .join("\n");
}

const outputs = new Map([
  [target, text],
  [join(root, "engine/generated/torch_functions.ts"), exportsOf("torch", "torch.", "TorchFunctions")],
  [join(root, "engine/generated/nn_functional.ts"), exportsOf("F", "nn.functional.", "FunctionalFunctions")],
  [join(root, "engine/generated/linalg.ts"), exportsOf("linalg", "linalg.", "LinalgFunctions")],
  [join(root, "engine/generated/special.ts"), exportsOf("special", "special.", "SpecialFunctions")],
  [join(root, "engine/generated/masked.ts"), exportsOf("masked", "masked.", "MaskedFunctions")],
]);

function exportsOf(object, prefix, type) {
  const exported = constants(object, prefix, type);
  if (exported === "") return "export {};\n";
  return `// Generated by scripts/generate-operators.mjs from the entries in engine/ops. Do not edit.
import "../ops";
import { ${object} } from "../op/define";
import type { ${type} } from "./operators";

${exported}
`;
}

mkdirSync(join(root, "engine/generated"), { recursive: true });
// An unchanged file keeps its time, so that watchers need not look at it again.
for (const [path, content] of outputs) if (readIfThere(path) !== content) writeFileSync(path, content);

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
