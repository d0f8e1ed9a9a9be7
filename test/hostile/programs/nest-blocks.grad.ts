// Ends: failed /./ or rejected /./ or done
// Source: "{".repeat(20000) + "}".repeat(20000)
