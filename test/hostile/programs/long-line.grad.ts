// Ends: done or rejected /./ or stopped time
// Limits: time 400
// Source: "const a = [" + "1, ".repeat(100000) + "]"
