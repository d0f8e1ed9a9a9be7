// Ends: failed /./ or rejected /./ or done
// Source: "const a = " + "() => ".repeat(20000) + "1"
