// Runs a script in the Node that VS Code runs extensions in: `node bench/vscode-node.mjs SCRIPT [ARGUMENT…]`.
// Its V8 is newer than that of the oldest Node that the command line works with, and what users of VS Code get.
import { spawnSync } from "node:child_process";
import { installServer } from "../scripts/vscode/install.mjs";

const { node } = await installServer();
const { status } = spawnSync(node, process.argv.slice(2), { stdio: "inherit" });
process.exit(status ?? 1);
