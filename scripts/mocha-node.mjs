// @ts-check
// `node mocha-node.mjs JOBS FILE…`
import { runMocha } from "./mocha.mjs";

const [jobs, ...files] = process.argv.slice(2);
const { failed } = await runMocha(files, Number(jobs));
// Ends here even if a test left a timer or a child behind.
process.exit(failed > 0 ? 1 : 0);
