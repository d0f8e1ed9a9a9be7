/** What each engine reached, and how many times that we reach. */
export function peerTables(rows, engines, results) {
  const head = ["work", ...engines.map(({ title }) => title)];
  const medians = rows.map((row) => [
    row.flops === undefined ? `${row.title}, steps/s` : `${row.title}, GFLOP/s`,
    ...engines.map(({ id }) => shownRate(row, results[row.id][id])),
  ]);
  const peers = engines.filter(({ id }) => id !== "gradlens");
  const ratios = rows.map((row) => [
    row.title,
    ...peers.map(({ id }) => shownRatio(results[row.id].gradlens, results[row.id][id])),
  ]);
  return [
    `Medians of ${samplesOf(results)} samples ± half of what lies between the slowest and the fastest:`,
    table(head, medians),
    "How many times as fast as each of the others Gradlens is:",
    table(["work", ...peers.map(({ title }) => title)], ratios),
  ];
}

/**
 * What it costs to be watched; the best of each, since whatever else a machine with an editor does only adds.
 * `live` comes from `measureLive`.
 */
export function liveTable({ programs, lessons, compileMs }) {
  const programRows = programs.map(({ title, bare, plain, probed }) => [
    title,
    shown(Math.max(...bare)),
    shown(Math.max(...plain)),
    shown(Math.max(...probed)),
    percent(Math.max(...plain) / Math.max(...probed) - 1),
  ]);
  const lessonRows = lessons.map(({ title, plain, probed, trace }) => [
    title,
    ...[plain, probed, trace].map((times) => Math.min(...times).toFixed(1)),
  ]);
  return [
    "The same work as `.grad.ts` programs in the runner, steps/s, the best of several rounds:",
    table(["work", "in Node", "runner, no probes", "runner, probes", "probes cost"], programRows),
    "Lessons, in milliseconds: 50 epochs (the whole lesson in a loop), and one warm run from text to trace:",
    table(["lesson", "50, no probes", "50, probes", "text to trace"], lessonRows),
    `Compiling 200 lines, warm: ${compileMs.toFixed(1)} ms.`,
  ].join("\n\n");
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function shownRate({ flops }, result) {
  if (result === null) return "–";
  const scale = flops === undefined ? 1 : flops / 1e9;
  const spread = (Math.max(...result.rates) - Math.min(...result.rates)) / 2 / median(result.rates);
  return `${shown(median(result.rates) * scale)} ±${percent(spread)}`;
}

function shownRatio(ours, theirs) {
  if (theirs === null) return "–";
  return shown(median(ours.rates) / median(theirs.rates));
}

/** Three digits. */
function shown(value) {
  if (value >= 10_000) return `${shown(value / 1000)} k`;
  return value >= 100
    ? value.toFixed(0)
    : value
        .toPrecision(3)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");
}

function percent(part) {
  return `${Math.round(part * 100)} %`;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function samplesOf(results) {
  const [first] = Object.values(results).flatMap((row) =>
    Object.values(row).filter((result) => result !== null),
  );
  return first.rates.length;
}
