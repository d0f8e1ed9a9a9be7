// Ends: failed /./ or stopped time
// Limits: time 400
const e = new Error("long");
e.name = "n".repeat(2 ** 27);
throw e;
