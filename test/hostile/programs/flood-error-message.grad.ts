// Ends: failed /xxx/ or stopped time
// Limits: time 400
throw new Error("x".repeat(2 ** 28));
