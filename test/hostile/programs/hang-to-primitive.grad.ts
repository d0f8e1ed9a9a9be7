// Ends: stopped time
// Limits: time 400
const x: any = { [Symbol.toPrimitive]() { for (;;); } };
print(x * 2);
