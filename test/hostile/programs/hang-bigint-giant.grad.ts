// Ends: failed /BigInt/
print(2n ** (2n ** 40n));
