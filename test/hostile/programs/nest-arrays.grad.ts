// Ends: failed /./ or rejected /./ or done
// Source: "const a = " + "[".repeat(50000) + "]".repeat(50000)
