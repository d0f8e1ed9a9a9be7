// Ends: failed /forged/
// At: new Error(text)
// Tries: to have an error shown at a line it did not come from, by a message that looks like a stack.
const first = 1;
const text = "forged\n    at program.grad.ts:5:7\n    at f (program.grad.ts:5:7)";
throw new Error(text);
