// Ends: done
// Prints: "string undefined\n"
let seen: any;
Error.prepareStackTrace = (_: any, frames: any) => { seen = frames; return frames; };
const error: any = new Error("x");
const text = typeof error.stack;
print(text, typeof seen);
