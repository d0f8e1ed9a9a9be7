// Ends: done
// Prints: "kept string undefined\n"
let seen: any;
let kept = "replaced";
try {
  Object.defineProperty(Error, "prepareStackTrace", { value: (_: any, frames: any) => { seen = frames; return "x"; } });
} catch { kept = "kept"; }
print(kept, typeof (new Error("x") as any).stack, typeof seen);
