// The language server's process, started by src/extension/languageClient.ts: what an editor of TypeScript
// expects, for programs on tensors.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { diskFiles } from "./files";
import { distributedFolders } from "./folders";
import { serve } from "./serve";

serve(createConnection(ProposedFeatures.all), diskFiles, distributedFolders());
