// Ends: stopped time or stopped memory
// Limits: memory 300 time 400
const endless: any = { *[Symbol.iterator]() { for (;;) yield 1; } };
const list = [...endless];
