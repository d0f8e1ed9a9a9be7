// Ends: stopped time
// Limits: time 400
const found = /(a+)+$/.test("a".repeat(40) + "!");
