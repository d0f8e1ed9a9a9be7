import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import torch from "../../engine/torch";
import {
  compatibilityPage,
  differencesExcepted,
  differencesNoted,
  namesOffered,
} from "../../scripts/compatibility-table.mjs";
import { repoRoot } from "../repo";
import { exceptions } from "./opinfo/exceptions";
import publicNames from "./vectors/public-names.json";

describe("docs/compatibility.md", () => {
  it("says which of PyTorch's names the engine has now; `npm run compatibility` writes it", () => {
    const written = readFileSync(join(repoRoot, "docs/compatibility.md"), "utf8");
    const differences = [...differencesNoted(join(repoRoot, "engine")), ...differencesExcepted(exceptions)];
    assert.equal(written, compatibilityPage(publicNames, namesOffered(torch), differences));
  });
});
