// The language server's process, started by src/extension/languageClient.ts: what an editor of TypeScript
// expects, for programs on tensors.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { diskFiles } from "./files";
import { distributedFolders } from "./folders";
import { serve } from "./serve";

// The connection itself only looks every few seconds whether the editor's process is still there.
process.on("disconnect", () => process.exit());
serve(createConnection(ProposedFeatures.all), diskFiles, distributedFolders());
