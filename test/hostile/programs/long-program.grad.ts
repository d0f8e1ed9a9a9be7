// Ends: done or rejected /./ or stopped time
// Limits: time 400
// Source: Array.from({ length: 50000 }, (_, i) => `const a${i} = ${i}`).join("\n")
