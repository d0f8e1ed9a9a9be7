// The language server's process, started by src/extension/languageClient.ts: what an editor of TypeScript
// expects, for programs on tensors.
import { constants, setPriority } from "node:os";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { diskFiles } from "./files";
import { distributedFolders } from "./folders";
import { serve } from "./serve";

// What a key changed is to be seen first. Where the system does not allow it, nothing is lost but that.
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {}

// The connection itself only looks every few seconds whether the editor's process is still there.
process.on("disconnect", () => process.exit());
serve(createConnection(ProposedFeatures.all), diskFiles, distributedFolders());
