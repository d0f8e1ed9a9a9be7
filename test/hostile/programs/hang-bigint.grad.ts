// Ends: stopped time or failed /Maximum BigInt size exceeded/
// Limits: time 400
let b = 3n;
for (;;) b = b * b;
