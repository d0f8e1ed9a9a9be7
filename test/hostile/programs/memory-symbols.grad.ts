// Ends: stopped memory or stopped time
// Limits: memory 100 time 5000
const kept: any[] = [];
for (let i = 0; ; i++) kept.push(Symbol.for("s" + i));
