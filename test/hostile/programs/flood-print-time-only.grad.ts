// Ends: stopped time or stopped output
// Limits: time 400
for (;;) print("x".repeat(1000000));
