// Ends: failed /./
class Deep { toString(): string { return `${this}`; } }
print(new Deep());
