// Ends: stopped time or stopped memory or failed /Invalid string length/
// Limits: memory 600 time 400
let text = "aa";
for (;;) text = text.replaceAll("a", "aa");
