// Ends: stopped time
// Limits: time 400
let n = 0;
while (true) n += 1;
