// Ends: done
// Source: "const " + "a".repeat(100000) + " = 1"
