/** The repository's folder, from which tests open files. Set by the test runner; npm starts in it too. */
export const repoRoot = process.env["GRADLENS_ROOT"] ?? process.cwd();
