// Ends: stopped time
// Limits: time 400
const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));
print(fib(80));
