// Ends: stopped output or stopped time
// Limits: output 100000 time 400
const text = "x".repeat(2 ** 27);
print(text);
