// Ends: failed /Code generation from strings disallowed/
// Tries: this.constructor.constructor, the classic way out of a realm.
const leaked = (globalThis as any).constructor.constructor("return process")();
print("leaked", leaked);
