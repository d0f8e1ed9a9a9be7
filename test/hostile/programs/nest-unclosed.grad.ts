// Ends: rejected /./
// Source: "const a = " + "({[".repeat(3000)
