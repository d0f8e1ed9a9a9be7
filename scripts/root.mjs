// @ts-check
import { join } from "node:path";

/**
 * The repository's folder. Bundled tests have no location of their own: there the test runner's
 * environment says it, or else the working directory, which npm sets to the repository.
 */
export const repoRoot =
  process.env.GRADLENS_ROOT ?? (import.meta.dirname ? join(import.meta.dirname, "..") : process.cwd());
