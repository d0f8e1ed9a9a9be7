// Ends: failed /./ or rejected /./ or done
// Source: "const a = " + "`${".repeat(5000) + "1" + "}`".repeat(5000)
