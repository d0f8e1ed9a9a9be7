// Ends: stopped memory
// Limits: memory 512 time 4000
print("before");
const letters = "x".repeat(2 ** 28).split("");
print("leaked");
