// Ends: failed /Invalid string length|Invalid count value/
const s = "x".repeat(2 ** 30);
