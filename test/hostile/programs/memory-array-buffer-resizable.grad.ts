// Ends: stopped memory or failed /./
// Limits: memory 100 time 5000
const kept: any[] = [];
for (;;) kept.push(new Uint8Array(new (ArrayBuffer as any)(2 ** 24, { maxByteLength: 2 ** 26 })).fill(1));
