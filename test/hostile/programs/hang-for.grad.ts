// Ends: stopped time
// Limits: time 400
for (;;);
