// Ends: stopped memory or stopped time
// Limits: memory 100 time 5000
const kept: any[] = [];
for (;;) kept.push(new Promise(() => {}).then(() => {}));
