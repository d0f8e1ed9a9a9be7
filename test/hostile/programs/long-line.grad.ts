// Ends: done or rejected /./ or stopped time
// Limits: time 30000
// Source: "const a = [" + "1, ".repeat(100000) + "]"
