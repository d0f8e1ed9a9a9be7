// Ends: stopped time
// Limits: time 400
class Slow { toString(): string { for (;;); } }
print(new Slow());
