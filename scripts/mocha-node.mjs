// @ts-check
import { runMocha } from "./mocha.mjs";

const { failed } = await runMocha(process.argv.slice(2));
// Ends here even if a test left a timer or a child behind.
process.exit(failed > 0 ? 1 : 0);
