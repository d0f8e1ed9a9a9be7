// Ends: stopped time
// Limits: time 400
const found = /^((?:a|b|ab)*)\1*c$/.exec("ab".repeat(4000));
for (;;) /^(([a-z])+.)+[A-Z]([a-z])+$/.exec("a".repeat(60));
