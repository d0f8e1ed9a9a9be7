// Ends: done or stopped time
// Limits: time 400
const values: any[] = [];
for (let i = 0; i < 20000; i++) values.push("v".repeat(1000) + i);
const keys = Object.fromEntries(values.map((v) => [v, v]));
print("ok");
