// Ends: stopped memory
// Limits: memory 150 time 20000
const kept: any[] = [];
for (;;) kept.push(new Float64Array(100000).fill(1));
