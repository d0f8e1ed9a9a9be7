// Ends: stopped memory or failed /Array buffer allocation failed|Invalid typed array length/
// Limits: memory 200 time 20000
const kept: any[] = [];
for (;;) kept.push(new Uint8Array(2 ** 30).fill(1));
