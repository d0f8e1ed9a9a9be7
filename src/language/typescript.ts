// The one way to TypeScript's API: the patched compiler (docs/decisions/typescript-patch.md).
// `#typescript` is an entry of package.json's "imports", so it resolves from every bundle and test.
import ts from "#typescript";

export default ts;
