// Ends: stopped time
// Limits: time 400
const text = ("x".repeat(30) + "y").repeat(3).replace(/(x+x+)+z/g, "");
