// Ends: stopped output
// Limits: output 100000
for (let i = 0; i < 1e9; i++) print(i);
