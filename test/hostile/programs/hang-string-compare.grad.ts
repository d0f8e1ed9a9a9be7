// Ends: stopped time or stopped memory or failed /Invalid string length/
// Limits: memory 600 time 400
let a = "x";
for (;;) { a += a; if (a === a + "y") break; }
