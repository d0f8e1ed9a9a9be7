// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Which of PyTorch's public names the engine has.
 *
 * @typedef {object} PublicNames
 * @property {string} pytorch the version that was asked
 * @property {Record<string, string[]>} names by namespace: `torch`, `torch.Tensor`, `torch.nn` …
 */

/** What a name that is not there belongs to; the first that fits. */
const GROUPS = /** @type {const} */ ([
  [
    "devices and their libraries",
    /cuda|cudnn|miopen|mkldnn|mps|mtia|xpu|ipu|vulkan|maia|is_xla|hip|pin_memory|is_pinned|record_stream|get_device|DataParallel|Distributed/,
  ],
  [
    "quantized numbers",
    /quant|^q_|qscheme|int_repr|fbgemm|int8|fp16|qint|choose_qparams|ScalingType|SwizzleType|scaled_(grouped_)?mm|grouped_mm/,
  ],
  [
    "sparse tensors",
    /sparse|Sparse|coalesce|crow_indices|col_indices|row_indices|ccol_indices|^(indices|values|smm|hsmm|hspmm|dsmm|saddmm|spmm|sspaddmm)(_copy)?$|dense_dim|to_dense/,
  ],
  [
    "complex numbers and Fourier transforms",
    /complex|conj|^(polar|angle|stft|istft|vdot|cfloat|cdouble|chalf|view_as_real\w*|view_as_complex\w*|resolve_neg|is_neg)$|eigvals$|eig$/,
  ],
  ["half precision", /bfloat16|^half$|autocast|GradScaler/],
  [
    "compiling, exporting and loading compiled programs",
    /compile|jit|import_ir|script|vmap|func|while_loop|^cond$|parse_|merge_type|unify_type|read_vitals|set_vital|fork|wait|typename|sym_|symint|Sym|export|_fusion|DataPipe|datapipe|DataChunk|validation|determinis/,
  ],
  [
    "threads, memory and backends of the process",
    /thread|storage|Storage|data_ptr|memory|share|precision|warn|default_|from_file|vital|num_|backend|profil|kineto|autograd_|crash|module_load/,
  ],
  ["Python's protocols", /^__\w+__$/],
  ["in-place forms", /[^_]_$/],
  ["views as copies, and unchecked forms", /_copy$|^unsafe_|_scatter$|slice_inverse/],
]);

const OTHER = "others";

/**
 * @typedef {object} Difference
 * @property {string} where one name or several, with commas between
 * @property {string} what what differs, and why
 */

/**
 * docs/compatibility.md as text.
 *
 * @param {PublicNames} expected
 * @param {(namespace: string, name: string) => boolean} has whether the engine offers a name
 * @param {Difference[]} differences
 */
export function compatibilityPage({ pytorch, names }, has, differences) {
  const sections = Object.entries(names).map(([namespace, all]) => {
    const there = all.filter((name) => has(namespace, name));
    return { namespace, all, there, missing: all.filter((name) => !there.includes(name)) };
  });
  const rows = sections.map(
    ({ namespace, all, there }) =>
      `| [\`${namespace}\`](#${anchor(namespace)}) | ${there.length} | ${all.length} |`,
  );
  return `# Compatibility

Which of the functions, classes and methods of PyTorch ${pytorch} the engine has. Written by
\`npm run compatibility\` from the engine and PyTorch's own list of names; a test keeps it current.

| namespace | there | in PyTorch |
| --- | ---: | ---: |
${rows.join("\n")}

## What differs

What is there gives PyTorch's results, but for this:

| where | what differs and why |
| --- | --- |
${differences.map(({ where, what }) => `| ${listed(where.split(", "))} | ${what} |`).join("\n")}

${sections.map(section).join("\n")}`;
}

/** @param {string} namespace as a heading is linked to */
function anchor(namespace) {
  return namespace.toLowerCase().replaceAll(".", "");
}

/** @param {{ namespace: string, there: string[], missing: string[] }} section */
function section({ namespace, there, missing }) {
  const groups = [...GROUPS.map(([title]) => title), OTHER]
    .map((title) => ({ title, names: missing.filter((name) => groupOf(name) === title) }))
    .filter(({ names }) => names.length > 0);
  const absent = groups.map(({ title, names }) => `| ${title} | ${listed(names)} |`);
  const table = absent.length === 0 ? "" : `\n| not there | |\n| --- | --- |\n${absent.join("\n")}\n`;
  return `## ${namespace}\n\nThere: ${listed(there)}\n${table}`;
}

/** @param {string} name */
function groupOf(name) {
  return GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? OTHER;
}

/** @param {string[]} names */
function listed(names) {
  return names.map((name) => `\`${name}\``).join(" ");
}

/**
 * The differences that the engine's comments note: `@differs torch.empty: new memory holds zeros.`
 *
 * @param {string} folder the engine's
 * @returns {Difference[]}
 */
export function differencesNoted(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("generated"))
    .sort();
  const notes = files.flatMap((file) => [
    ...readFileSync(join(folder, file), "utf8").matchAll(/@differs ([^:]+): (.+)$/gm),
  ]);
  return notes.map(([, where, what]) => ({ where, what })).sort((a, b) => (a.where < b.where ? -1 : 1));
}

/**
 * The differences that the tests of PyTorch's own samples except, by operator.
 *
 * @param {readonly { operator: string, because: string }[]} exceptions
 * @returns {Difference[]}
 */
export function differencesExcepted(exceptions) {
  /** @type {Map<string, Set<string>>} */
  const operators = new Map();
  for (const { operator, because } of exceptions) {
    const name = operator.split("/")[0];
    operators.set(because, (operators.get(because) ?? new Set()).add(name));
  }
  return [...operators].map(([because, names]) => ({
    where: [...names].join(", "),
    what: `not compared on some samples: ${because}`,
  }));
}

/**
 * Whether the engine offers a name: a method or property of tensors, or a member of a namespace.
 *
 * @param {any} torch
 * @returns {(namespace: string, name: string) => boolean}
 */
export function namesOffered(torch) {
  const tensor = torch.zeros([]);
  return (namespace, name) => {
    if (namespace === "torch.Tensor") return name in tensor;
    let scope = torch;
    for (const key of namespace.split(".").slice(1)) scope = scope?.[key];
    return scope !== undefined && name in scope;
  };
}
