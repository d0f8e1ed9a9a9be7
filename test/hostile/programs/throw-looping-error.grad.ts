// Ends: failed /./ or stopped time
// Limits: time 400
const e = new Error("x");
Object.defineProperty(e, "message", { get() { for (;;); } });
Object.defineProperty(e, "stack", { get() { for (;;); } });
throw e;
