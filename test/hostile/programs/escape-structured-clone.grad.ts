// Ends: failed /structuredClone is not defined/
print("leaked", structuredClone({ a: 1 }));
