// Ends: failed /./ or rejected /./ or done
// Source: "const a = 1" + " + 1".repeat(30000)
