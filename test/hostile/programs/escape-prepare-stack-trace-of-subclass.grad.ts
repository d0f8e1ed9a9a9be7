// Ends: done
// Prints: "string undefined\n"
let seen: any;
class Mine extends Error { static prepareStackTrace(_: any, frames: any) { seen = frames; return frames; } }
print(typeof new Mine("x").stack, typeof seen);
