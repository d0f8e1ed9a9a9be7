// Ends: stopped time or stopped memory
// Limits: memory 300 time 400
const endless: any = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) };
const list = Array.from(endless);
